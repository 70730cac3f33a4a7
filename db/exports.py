"""Queries over exports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

import peewee as pw
from msgspec import Struct

from db.models import Conversation, Export, as_tuples, database


def every() -> list[Export]:
    """Answer every export, the one changed last first."""
    return list(Export.select().order_by(Export.updated_at.desc(), Export.row))


def by_folder(folder: str) -> Export | None:
    """Answer the export whose folder has this name, if the catalog knows it."""
    found: Export | None = Export.get_or_none(Export.folder == folder)
    return found


def by_name(name: str) -> Export | None:
    """Answer the export of exactly this name, if the catalog knows it."""
    found: Export | None = Export.get_or_none(Export.name == name)
    return found


def stamps() -> dict[str, str]:
    """Answer folder -> stamp of every export the catalog knows."""
    # plain SQL: asked at every look at the folders
    return dict(database.execute_sql("SELECT folder, stamp FROM export").fetchall())


def begin(key: str, name: str, folder: str) -> int:
    """Make or find the row of a folder's export; answer its number."""
    known = by_folder(folder)
    if known is not None:
        return int(known.row)
    return int(Export.create(key=key, name=name, folder=folder).row)


def change(row: int, values: Mapping[str, object]) -> None:
    """Write an export's figures."""
    Export.update(**values).where(Export.row == row).execute()


def remove(folder: str) -> None:
    """Forget an export and everything in it, all at once."""
    known = by_folder(folder)
    if known is not None:
        with database.atomic():
            empty(known.row)
            known.delete_instance()


def empty(row: int) -> None:
    """Forget what an export holds, its words in the index included; keep its row.

    Only within a transaction: words taken out of the index twice damage it.
    """
    database.execute_sql(
        "INSERT INTO messageindex(messageindex, rowid, text) "
        "SELECT 'delete', message.row, message.text FROM message "
        "JOIN conversation ON conversation.row = message.conversation_id "
        "WHERE conversation.export_id = ?",
        (row,),
    )
    database.execute_sql("DELETE FROM conversation WHERE export_id = ?", (row,))
    database.execute_sql("DELETE FROM asset WHERE export_id = ?", (row,))


class Figures(Struct, frozen=True):
    """What an export's conversations add up to."""

    conversations: int
    messages: int
    first_at: float | None
    last_at: float | None
    months: dict[str, int]
    models: dict[str, int]


def figures(row: int) -> Figures:
    """Add up an export's conversations."""
    here = Conversation.export == row
    sums = Conversation.select(
        pw.fn.count(Conversation.row),
        pw.fn.coalesce(pw.fn.sum(Conversation.message_count), 0),
        pw.fn.min(Conversation.created_at),
        pw.fn.max(Conversation.updated_at),
    ).where(here)
    ((count, messages, first_at, last_at),) = as_tuples(sums)
    month = pw.fn.strftime("%Y-%m", Conversation.created_at, "unixepoch")
    months = (
        Conversation.select(month, pw.fn.count(Conversation.row))
        .where(here & Conversation.created_at.is_null(False))
        .group_by(month)
        .order_by(month)
    )
    models: Counter[str] = Counter()
    for (used,) in as_tuples(Conversation.select(Conversation.models).where(here)):
        models.update(json.loads(used))
    known_months = {name: number for name, number in as_tuples(months) if name}
    by_use = dict(sorted(models.items(), key=lambda each: (-each[1], each[0])))
    return Figures(count, messages, first_at, last_at, known_months, by_use)


def totals() -> dict[str, int]:
    """Answer how much the catalog looks after: exports, conversations, messages, bytes."""
    sums = Export.select(
        pw.fn.count(Export.row),
        pw.fn.coalesce(pw.fn.sum(Export.conversation_count), 0),
        pw.fn.coalesce(pw.fn.sum(Export.message_count), 0),
        pw.fn.coalesce(pw.fn.sum(Export.size_bytes), 0),
    )
    ((count, conversations, messages, size),) = as_tuples(sums)
    return {"exports": count, "conversations": conversations, "messages": messages, "bytes": size}
