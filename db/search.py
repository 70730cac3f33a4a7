"""Full-text queries over messages."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from db.models import database

OPEN, CLOSE = "\ue0f0", "\ue0f1"  # stand around the words found, until they become <mark>
SNIPPET_WORDS = 24


class Hit(Struct, frozen=True):
    """A message found; ``score`` is higher for better ones."""

    export: str  # its folder
    conversation_id: str
    message_id: str
    title: str
    role: str
    created_at: float | None
    snippet: str
    score: float


# By hand, not by peewee: FTS5's own functions want the table's name, not an alias of it.
_TABLES = (
    " FROM messageindex"
    " JOIN message ON message.row = messageindex.rowid"
    " JOIN conversation ON conversation.row = message.conversation_id"
    " JOIN export ON export.row = conversation.export_id"
    " WHERE messageindex MATCH ?"
)
_FIELDS = (
    "SELECT export.folder, conversation.id, message.id, conversation.title, message.role,"
    " message.created_at, snippet(messageindex, 0, ?, ?, '…', ?), -bm25(messageindex)"
)


def find(
    expression: str, *, export: str = "", role: str = "", limit: int, offset: int = 0
) -> Sequence[Hit]:
    """Answer the messages an FTS5 expression finds, best first."""
    where, values = _wanted(expression, export, role)
    cursor = database.execute_sql(
        f"{_FIELDS}{_TABLES}{where} ORDER BY bm25(messageindex), message.row LIMIT ? OFFSET ?",
        (OPEN, CLOSE, SNIPPET_WORDS, *values, limit, offset),
    )
    return [Hit(*row) for row in cursor.fetchall()]


def count(expression: str, *, export: str = "", role: str = "") -> int:
    """Answer how many messages an FTS5 expression finds."""
    where, values = _wanted(expression, export, role)
    return int(database.execute_sql(f"SELECT count(*){_TABLES}{where}", values).fetchone()[0])


def conversations(
    expression: str, *, export: str = "", role: str = ""
) -> Sequence[tuple[int, str]]:
    """Answer (export's row, id) of each conversation an FTS5 expression finds something in."""
    where, values = _wanted(expression, export, role)
    cursor = database.execute_sql(
        f"SELECT DISTINCT conversation.export_id, conversation.id{_TABLES}{where}", values
    )
    return list(cursor.fetchall())


def _wanted(expression: str, export: str, role: str) -> tuple[str, tuple[object, ...]]:
    where, values = "", [expression]
    if export:
        where += " AND export.folder = ?"
        values.append(export)
    if role:
        where += " AND message.role = ?"
        values.append(role)
    return where, tuple(values)
