"""Queries over the files of an export and the messages that use them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import peewee as pw
from msgspec import Struct

from db.conversations import UNDATED
from db.models import Asset, AssetUse, Conversation, as_tuples, database


class NewUse(Struct, frozen=True):
    """A message's pointer to a file; ``path`` is None where no source held it."""

    conversation: str  # its id
    message: str
    pointer: str
    kind: str
    path: str | None
    name: str = ""
    created_at: float | None = None
    width: int | None = None
    height: int | None = None


class NewFile(Struct, frozen=True):
    """A file below media/; ``name_key`` is its name, folded."""

    path: str
    kind: str
    size_bytes: int
    sha256: str
    name_key: str


_AT_ONCE = 400  # values in one question
_ADD_FILE = (
    "INSERT INTO asset(export_id, path, kind, size_bytes, sha256, name_key, created_sort,"
    " conversation_row, message_id, width, height) VALUES(?,?,?,?,?,?,?,?,?,?,?)"
)
_ADD_USE = (
    "INSERT INTO assetuse(conversation_id, message_id, pointer, kind, path, name, created_at,"
    " width, height) VALUES(?,?,?,?,?,?,?,?,?)"
)
_FIRST_USES = (
    "SELECT assetuse.path, conversation.title_key,"
    " coalesce(assetuse.created_at, conversation.created_at, ?), conversation.row,"
    " assetuse.message_id, assetuse.width, assetuse.height"
    " FROM assetuse JOIN conversation ON conversation.row = assetuse.conversation_id"
    " WHERE conversation.export_id = ? AND assetuse.path IS NOT NULL"
    " ORDER BY assetuse.row DESC"
)


def replace_files(export: int, files: Iterable[NewFile]) -> None:
    """Say which files an export has now; where they are shown is taken from their uses."""
    Asset.delete().where(Asset.export == export).execute()
    shown = {path: rest for path, *rest in database.execute_sql(_FIRST_USES, (UNDATED, export))}
    nowhere = ("", UNDATED, None, "", None, None)
    rows = []
    for file in files:
        title, *place = shown.get(file.path, nowhere)
        name = f"{file.name_key}\n{title}"
        rows.append((export, file.path, file.kind, file.size_bytes, file.sha256, name, *place))
    database.connection().executemany(_ADD_FILE, rows)


def add_uses(export: int, uses: Iterable[NewUse]) -> None:
    """Add messages' pointers; those of conversations this export has not are passed over."""
    ours = Conversation.select(Conversation.id, Conversation.row)
    rows = dict(as_tuples(ours.where(Conversation.export == export)))
    database.connection().executemany(
        _ADD_USE,
        (
            (
                rows[use.conversation],
                use.message,
                use.pointer,
                use.kind,
                use.path,
                use.name,
                use.created_at,
                use.width,
                use.height,
            )
            for use in uses
            if use.conversation in rows
        ),
    )


def remove_uses(export: int, conversations: Iterable[str]) -> None:
    """Forget the pointers of these conversations' messages."""
    for id_ in conversations:
        ours = Conversation.select(Conversation.row).where(
            (Conversation.export == export) & (Conversation.id == id_)
        )
        AssetUse.delete().where(AssetUse.conversation.in_(ours)).execute()


def place(export: int, found: Mapping[str, str]) -> None:
    """Say where files are that were missing, or elsewhere: pointer -> path."""
    ours = Conversation.select(Conversation.row).where(Conversation.export == export)
    for pointer, path in found.items():
        AssetUse.update(path=path).where(
            AssetUse.conversation.in_(ours) & (AssetUse.pointer == pointer)
        ).execute()


def hashes(export: int) -> dict[str, str]:
    """Answer path -> sha256 of the files whose hash is known."""
    query = Asset.select(Asset.path, Asset.sha256).where(Asset.export == export)
    return {path: digest for path, digest in as_tuples(query) if digest}


def kinds(export: int) -> list[tuple[str, int, int]]:
    """Answer each kind of files an export has: how many there are, and their bytes."""
    size = pw.fn.sum(Asset.size_bytes)
    query = (
        Asset.select(Asset.kind, pw.fn.count(Asset.row), size)
        .where(Asset.export == export)
        .group_by(Asset.kind)
        .order_by(size.desc(), Asset.kind)
    )
    return list(as_tuples(query))


class KnownUse(Struct, frozen=True):
    """A message's pointer to a file, and the conversation it is in."""

    conversation: str
    title: str
    message: str
    pointer: str
    kind: str
    path: str | None


def uses(export: int) -> list[KnownUse]:
    """Answer every pointer of an export's messages."""
    query = (
        AssetUse.select(
            Conversation.id,
            Conversation.title,
            AssetUse.message_id,
            AssetUse.pointer,
            AssetUse.kind,
            AssetUse.path,
        )
        .join(Conversation)
        .where(Conversation.export == export)
        .order_by(AssetUse.row)
    )
    return [KnownUse(*each) for each in as_tuples(query)]


def missing(export: int, limit: int) -> Sequence[AssetUse]:
    """Answer uses whose file no source held, with their conversations."""
    return list(
        AssetUse.select(AssetUse, Conversation)
        .join(Conversation)
        .where((Conversation.export == export) & AssetUse.path.is_null())
        .order_by(AssetUse.row)
        .limit(limit)
    )


def missing_count(export: int) -> int:
    """Answer how many different pointers no source held the file of."""
    query = (
        AssetUse.select(pw.fn.count(AssetUse.pointer.distinct()))
        .join(Conversation)
        .where((Conversation.export == export) & AssetUse.path.is_null())
    )
    return int(query.scalar() or 0)


class MissingUse(Struct, frozen=True):
    """The first use of a file no source held; ``pointer`` is its key in `assets.json`."""

    row: int
    pointer: str
    name: str
    kind: str
    conversation_id: str
    conversation_title: str
    message_id: str


def missing_pointers(export: int) -> list[MissingUse]:
    """Answer each pointer no source held the file of, once, as its first message has it."""
    cursor = database.execute_sql(
        "SELECT min(assetuse.row), assetuse.pointer, assetuse.name, assetuse.kind,"
        " conversation.id, conversation.title, assetuse.message_id"
        " FROM assetuse JOIN conversation ON conversation.row = assetuse.conversation_id"
        " WHERE conversation.export_id = ? AND assetuse.path IS NULL"
        " GROUP BY assetuse.pointer ORDER BY 1",
        (export,),
    )
    return [MissingUse(*row) for row in cursor.fetchall()]


def held_elsewhere(export: int, pointers: Sequence[str]) -> list[tuple[str, int, str]]:
    """Answer (pointer, export, path) of files other exports have under the same pointers."""
    found: list[tuple[str, int, str]] = []
    for at in range(0, len(pointers), _AT_ONCE):
        query = (
            AssetUse.select(AssetUse.pointer, Conversation.export, AssetUse.path)
            .join(Conversation)
            .where(AssetUse.pointer.in_(pointers[at : at + _AT_ONCE]))
            .where(AssetUse.path.is_null(False) & (Conversation.export != export))
            .distinct()
        )
        found.extend(as_tuples(query))  # a query takes "+=" for a UNION
    return found


def files_elsewhere(export: int) -> Iterable[tuple[int, str]]:
    """Answer (export, path) of every file of the other exports that is called by an id."""
    query = Asset.select(Asset.export, Asset.path).where(
        (Asset.export != export) & Asset.name_key.startswith("file")
    )
    return as_tuples(query)
