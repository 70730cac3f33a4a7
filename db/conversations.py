"""Queries over conversations and their messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import peewee as pw
from msgspec import Struct

from db.models import Conversation, MessagePlaces, as_tuples, database

SORTS: Mapping[str, tuple[pw.Field, bool]] = {  # column, newest or largest first
    "updated": (Conversation.updated_sort, True),
    "created": (Conversation.created_sort, True),
    "title": (Conversation.title_key, False),
    "messages": (Conversation.message_count, True),
}


class NewMessage(Struct, frozen=True):
    """The words of one message, segmented for the index."""

    id: str
    role: str
    kind: str
    created_at: float | None
    model: str
    text: str


class NewPlaces(Struct, frozen=True):
    """Where the messages stand in a long conversation's file of this size and time."""

    size: int
    modified_ns: int
    encoded: bytes


class NewConversation(Struct, frozen=True):
    """One conversation to index, with its messages."""

    id: str
    file: str
    title: str
    title_key: str
    created_at: float | None
    updated_at: float | None
    message_count: int
    models: str
    starred: bool
    archived: bool
    gone: bool
    has_media: bool
    branches: int
    project: str
    messages: Sequence[NewMessage]
    places: NewPlaces | None = None
    size_bytes: int = 0  # of its file
    modified: int = 0  # when its file was last changed, in nanoseconds since 1970


UNDATED = -1e18  # sorts after every real time when the newest come first

_ADD_CONVERSATION = (
    "INSERT INTO conversation(row, export_id, id, file, title, title_key, created_at, updated_at,"
    " created_sort, updated_sort, message_count, models, starred, archived, gone, has_media,"
    " branches, project, size_bytes, modified)"
    " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
_ADD_MESSAGE = (
    "INSERT INTO message(row, conversation_id, id, role, kind, created_at, model, text)"
    " VALUES(?,?,?,?,?,?,?,?)"
)
_ADD_PLACES = (
    "INSERT INTO messageplaces(conversation_id, size, modified_ns, encoded) VALUES(?,?,?,?)"
)
_ADD_WORDS = "INSERT INTO messageindex(rowid, text) SELECT row, text FROM message WHERE row >= ?"


def add(export: int, conversations: Iterable[NewConversation]) -> None:
    """Add conversations and index their words, in one transaction.

    Plain SQL with row numbers counted here: this is the innermost loop of an import.
    The words are read from the message table, so they cross from Python only once.
    """
    connection = database.connection()
    with database.atomic():
        row = _next_row("conversation")
        first_message = message_row = _next_row("message")
        conversation_rows: list[tuple[object, ...]] = []
        message_rows: list[tuple[object, ...]] = []
        places_rows: list[tuple[object, ...]] = []
        for each in conversations:
            conversation_rows.append(_values(row, export, each))
            for message in each.messages:
                message_rows.append(
                    (
                        message_row,
                        row,
                        message.id,
                        message.role,
                        message.kind,
                        message.created_at,
                        message.model,
                        message.text,
                    )
                )
                message_row += 1
            if (places := each.places) is not None:
                places_rows.append((row, places.size, places.modified_ns, places.encoded))
            row += 1
        connection.executemany(_ADD_CONVERSATION, conversation_rows)
        connection.executemany(_ADD_MESSAGE, message_rows)
        connection.executemany(_ADD_PLACES, places_rows)
        connection.execute(_ADD_WORDS, (first_message,))


def _next_row(table: str) -> int:
    cursor = database.execute_sql(f"SELECT coalesce(max(row), 0) + 1 FROM {table}")  # noqa: S608
    return int(cursor.fetchone()[0])


def _values(row: int, export: int, each: NewConversation) -> tuple[object, ...]:
    return (
        row,
        export,
        each.id,
        each.file,
        each.title,
        each.title_key,
        each.created_at,
        each.updated_at,
        UNDATED if each.created_at is None else each.created_at,
        UNDATED if each.updated_at is None else each.updated_at,
        each.message_count,
        each.models,
        each.starred,
        each.archived,
        each.gone,
        each.has_media,
        each.branches,
        each.project,
        each.size_bytes,
        each.modified,
    )


def remove(rows: Sequence[int]) -> None:
    """Forget conversations, their words in the index included."""
    with database.atomic():
        for row in rows:
            database.execute_sql(
                "INSERT INTO messageindex(messageindex, rowid, text) "
                "SELECT 'delete', row, text FROM message WHERE conversation_id = ?",
                (row,),
            )
            database.execute_sql("DELETE FROM conversation WHERE row = ?", (row,))


def remove_by_id(export: int, id_: str) -> None:
    """Forget the conversation of this id, if the export has one."""
    found = find(export, id_)
    if found is not None:
        remove([found.row])


def rows_by_id(export: int) -> dict[str, tuple[int, str]]:
    """Answer the row and file of each conversation of an export, by its id."""
    query = Conversation.select(Conversation.id, Conversation.row, Conversation.file).where(
        Conversation.export == export
    )
    return {id_: (row, file) for id_, row, file in as_tuples(query)}


def entries(export: int) -> Iterable[tuple[str, str, str, float | None, str]]:
    """Answer (id, file, title, seconds of its last change, project) of each conversation."""
    when = pw.fn.coalesce(Conversation.updated_at, Conversation.created_at)
    fields = (Conversation.id, Conversation.file, Conversation.title, when, Conversation.project)
    return as_tuples(Conversation.select(*fields).where(Conversation.export == export))


def files(export: int) -> set[str]:
    """Answer the names of the files of an export's conversations."""
    query = Conversation.select(Conversation.file).where(Conversation.export == export)
    return {file for (file,) in as_tuples(query)}


def states(export: int) -> dict[str, tuple[int, int, int]]:
    """Answer the row, and the size and time of its file, of each conversation by its file."""
    found = database.execute_sql(
        "SELECT file, row, size_bytes, modified FROM conversation WHERE export_id = ?", (export,)
    )
    return {file: tuple(state) for file, *state in found.fetchall()}


def every(export: int) -> Iterable[Conversation]:
    """Answer all conversations of an export, without their messages."""
    query = Conversation.select(
        Conversation.id,
        Conversation.title,
        Conversation.updated_at,
        Conversation.message_count,
        Conversation.gone,
    )
    found: Iterable[Conversation] = query.where(Conversation.export == export)
    return found


def largest(export: int, limit: int) -> list[Conversation]:
    """Answer the conversations with the largest files."""
    query = Conversation.select().where(Conversation.export == export)
    return list(query.order_by(Conversation.size_bytes.desc(), Conversation.row).limit(limit))


def projects(export: int) -> list[tuple[str, int]]:
    """Answer the projects and custom GPTs of an export, those of most conversations first."""
    count = pw.fn.count(Conversation.row)
    query = (
        Conversation.select(Conversation.project, count)
        .where((Conversation.export == export) & (Conversation.project != ""))
        .group_by(Conversation.project)
        .order_by(count.desc(), Conversation.project)
    )
    return list(as_tuples(query))


def mark_gone(export: int, ids: Iterable[str]) -> None:
    """Mark exactly these conversations as no longer in the latest source."""
    with database.atomic():
        Conversation.update(gone=False).where(
            (Conversation.export == export) & Conversation.gone
        ).execute()
        for id_ in ids:
            Conversation.update(gone=True).where(
                (Conversation.export == export) & (Conversation.id == id_)
            ).execute()


def find(export: int, id_: str) -> Conversation | None:
    """Answer one conversation of an export by its id."""
    found: Conversation | None = Conversation.get_or_none(
        (Conversation.export == export) & (Conversation.id == id_)
    )
    return found


def places(conversation: int) -> MessagePlaces | None:
    """Answer where a long conversation's messages stand, if that was noted."""
    found: MessagePlaces | None = MessagePlaces.get_or_none(
        MessagePlaces.conversation == conversation
    )
    return found


Place = tuple[object, int]  # a conversation's value in an order, and its row


def page(
    export: int,
    *,
    sort: str,
    search: str = "",
    limit: int,
    after: Place | None = None,
    before: Place | None = None,
) -> list[Conversation]:
    """Answer a page of the list by keyset: the rows behind ``after``, or those up to ``before``.

    ``search`` is a folded part of a title. The cost does not grow with how far one is.
    """
    column, descending = SORTS[sort]
    query = Conversation.select().where(_matches(export, search))
    if after is not None:
        query = query.where(_beyond(sort, after, descending))
    if before is not None:
        query = query.where(_beyond(sort, before, not descending))
    backwards = before is not None
    falling = descending is not backwards
    order = (column.desc(), Conversation.row.desc()) if falling else (column, Conversation.row)
    found = list(query.order_by(*order).limit(limit))
    return found[::-1] if backwards else found


def position(export: int, *, sort: str, search: str, place: Place) -> int:
    """Answer how many conversations stand before a place of the list."""
    _, descending = SORTS[sort]
    ahead = _matches(export, search) & _beyond(sort, place, not descending)
    return int(Conversation.select().where(ahead).count())


def _beyond(sort: str, place: Place, falling: bool) -> pw.Expression:
    column, _ = SORTS[sort]
    key, bound = pw.Tuple(column, Conversation.row), pw.Tuple(*place)
    beyond: pw.Expression = key < bound if falling else key > bound
    return beyond


def count(export: int, search: str) -> int:
    """Answer how many titles hold the folded text ``search``."""
    return int(Conversation.select().where(_matches(export, search)).count())


def _matches(export: int, search: str) -> pw.Expression:
    here = Conversation.export == export
    if not search:
        return here
    return here & (pw.fn.instr(Conversation.title_key, search) > 0)
