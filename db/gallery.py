"""All media in any order, a page at a time: by keyset, over an index for each order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from db.conversations import UNDATED
from db.models import database

KINDS = ("image", "audio", "video", "file")
SORTS = {  # column, highest first
    "newest": ("created_sort", True),
    "oldest": ("created_sort", False),
    "largest": ("size_bytes", True),
    "name": ("name_key", False),
}
_FILES = (
    "SELECT asset.row, asset.{}, asset.name_key, export.folder, asset.path, asset.kind,"
    " asset.size_bytes, nullif(asset.created_sort, -1e18), coalesce(conversation.id, ''),"
    " coalesce(conversation.title, ''), asset.message_id, asset.width, asset.height"
    " FROM asset LEFT JOIN export ON export.row = asset.export_id"
    " LEFT JOIN conversation ON conversation.row = asset.conversation_row"
)
_FEW = 2_000
_ROWS = "SELECT asset.row FROM asset"
_OF_ROWS = "WHERE asset.row IN (SELECT value FROM json_each(?))"
_TOTALS = "SELECT kind, count(*), sum(size_bytes) FROM asset"
Place = tuple[object, int]  # where a page ended: the value it is sorted by, and the row


class MediaRow(Struct, frozen=True):
    """One file, and the first message that shows it."""

    row: int
    sorted_by: float | int | str
    name_key: str
    export: str  # its folder
    path: str
    kind: str
    size_bytes: int
    created_at: float | None
    conversation_id: str
    conversation_title: str
    message_id: str
    width: int | None
    height: int | None


class Filter(Struct, frozen=True):
    """Which media: of one export (its row), of one kind, whose name or title holds a text."""

    export: int | None = None
    kind: str = ""
    search: str = ""


def page(wanted: Filter, sort: str, limit: int, after: Place | None) -> list[MediaRow]:
    """Answer the files behind ``after``, at most ``limit``; undated ones come last.

    Each kind is asked for by itself, and the answers are merged: so each question is a walk
    along one index, however few files are of a kind.
    """
    few = _few(wanted) if wanted.search else None
    if few is not None:
        return _sorted_page(few, sort, limit, after)
    column, descending = SORTS[sort]
    kinds = (wanted.kind,) if wanted.kind else KINDS
    found: list[MediaRow] = []
    if sort != "oldest" or after is None or after[0] != UNDATED:
        dated = " AND asset.created_sort > ?" if sort == "oldest" else ""
        for kind in kinds:
            found += _of_kind(wanted, kind, (column, descending), limit, after, dated)
    if sort == "oldest" and len(found) < limit:
        start = after if after is not None and after[0] == UNDATED else None
        undated = " AND asset.created_sort = ?"
        late = [
            row
            for kind in kinds
            for row in _of_kind(wanted, kind, (column, False), limit - len(found), start, undated)
        ]
        return (sorted(found, key=_place) + sorted(late, key=_place))[:limit]
    return sorted(found, key=_place, reverse=descending)[:limit]


def _few(wanted: Filter) -> list[MediaRow] | None:
    """Answer all that a search finds if that is little: no walk along an order meets it soon."""
    where, values = _where(wanted)
    kind = " AND asset.kind = ?" if wanted.kind else ""
    values += [wanted.kind] if wanted.kind else []
    cursor = database.execute_sql(f"{_ROWS} WHERE {where}{kind} LIMIT {_FEW + 1}", tuple(values))
    rows = [row for (row,) in cursor.fetchall()]
    if len(rows) > _FEW:
        return None
    cursor = database.execute_sql(f"{_FILES.format('row')} {_OF_ROWS}", (json.dumps(rows),))
    return [MediaRow(*row) for row in cursor.fetchall()]


def _sorted_page(
    rows: list[MediaRow], sort: str, limit: int, after: Place | None
) -> list[MediaRow]:
    """Answer a page of rows that are all at hand, in the order a walk would meet them."""
    column, descending = SORTS[sort]
    sign = -1 if descending else 1

    def order(value: Any, row: int) -> tuple[bool, Any, int]:
        last = column == "created_sort" and value == UNDATED
        return last, sign * value if descending else value, sign * row

    valued = [replace(row, sorted_by=_value(row, column)) for row in rows]
    places = sorted(
        ((order(each.sorted_by, each.row), each) for each in valued), key=lambda pair: pair[0]
    )
    start = order(*after) if after is not None else None
    return [each for place, each in places if start is None or place > start][:limit]


def _value(row: MediaRow, column: str) -> float | int | str:
    if column == "created_sort":
        return UNDATED if row.created_at is None else row.created_at
    return row.size_bytes if column == "size_bytes" else row.name_key


def totals(wanted: Filter) -> dict[str, tuple[int, int]]:
    """Answer how many files there are of each kind, and their bytes; ``kind`` is not asked."""
    where, values = _where(wanted)
    cursor = database.execute_sql(f"{_TOTALS} WHERE {where} GROUP BY kind", tuple(values))
    return {kind: (count, size) for kind, count, size in cursor.fetchall()}


def _place(row: MediaRow) -> tuple[float | int | str, int]:
    return row.sorted_by, row.row


def _where(wanted: Filter) -> tuple[str, list[object]]:
    where, values = ["1"], list[object]()
    if wanted.export is not None:
        where.append("asset.export_id = ?")
        values.append(wanted.export)
    if wanted.search:
        where.append("instr(asset.name_key, ?) > 0")
        values.append(wanted.search)
    return " AND ".join(where), values


def _of_kind(
    wanted: Filter,
    kind: str,
    order: tuple[str, bool],
    limit: int,
    after: Place | None,
    dated: str,
) -> Sequence[MediaRow]:
    column, descending = order
    where, values = _where(wanted)
    way, than = ("DESC", "<") if descending else ("ASC", ">")
    if dated:
        values.append(UNDATED)
    if after is not None:
        values += after
        dated += f" AND (asset.{column}, asset.row) {than} (?, ?)"
    cursor = database.execute_sql(
        f"{_FILES.format(column)} WHERE {where}{dated} AND asset.kind = ?"
        f" ORDER BY asset.{column} {way}, asset.row {way} LIMIT ?",
        (*values, kind, limit),
    )
    return [MediaRow(*row) for row in cursor.fetchall()]
