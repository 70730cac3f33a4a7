"""What is taken out: conversations of an export, whole exports, what a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct

from app.core.search_text import match_expression
from app.errors import InvalidInput, NotFound
from app.files.export_folder import find_export
from app.library import Library
from app.operations.named import export_row
from db import conversations as catalog
from db import exports
from db import search as index
from db.models import Export


class Wanted(Struct, frozen=True):
    """One conversation to take out, as the catalog has it."""

    id: str
    file: str
    title: str
    seconds: float | None
    project: str


class Chosen(Struct, frozen=True):
    """Conversations of one export; ``below`` is the folder they go to in the save's."""

    export: str
    key: str
    path: Path
    wanted: tuple[Wanted, ...]
    below: str = ""


def of_export(library: Library, export: str, ids: Sequence[str]) -> Chosen:
    """Answer conversations of one export, all of them without ids. Raises NotFound."""
    row = export_row(library, export)
    chosen = _chosen(library, row, ids or None)
    if len(chosen.wanted) < len(set(ids)):
        known = {wanted.id for wanted in chosen.wanted}
        missing = next(id_ for id_ in ids if id_ not in known)
        raise NotFound(
            f"“{row.name}” has no conversation with the id {missing[:100]}.",
            hint="The list of conversations shows the ids. Nothing was saved.",
            id=missing[:200],
        )
    return chosen


def of_exports(library: Library, names: Sequence[str]) -> list[Chosen]:
    """Answer whole exports, each in a folder of its own. Raises NotFound, InvalidInput."""
    if not names:
        raise InvalidInput("No export was named.", hint="Name at least one.")
    rows = {row.row: row for row in (export_row(library, name) for name in names)}
    return [_chosen(library, row, None, below=row.folder) for row in rows.values()]


def of_search(library: Library, q: str, export: str, role: str) -> list[Chosen]:
    """Answer the conversations in which a search finds something, by export."""
    expression = match_expression(q)
    folder = find_export(library.exports, export).path.name if export else ""
    found = index.conversations(expression, export=folder, role=role) if expression else []
    if not found:
        raise NotFound(
            "Nothing was found, so there is nothing to save.",
            hint="Search for other words, or in another export.",
        )
    by_export: dict[int, list[str]] = {}
    for row, id_ in found:
        by_export.setdefault(row, []).append(id_)
    rows = [row for row in exports.every() if row.row in by_export]
    return [
        _chosen(library, row, by_export[row.row], below=row.folder if len(rows) > 1 else "")
        for row in rows
    ]


def _chosen(library: Library, row: Export, ids: Iterable[str] | None, below: str = "") -> Chosen:
    wanted = {entry[0]: Wanted(*entry) for entry in catalog.entries(row.row)}
    picked = wanted.values() if ids is None else [wanted[id_] for id_ in set(ids) if id_ in wanted]
    ordered = sorted(picked, key=lambda each: each.file)
    return Chosen(row.name, row.key, library.exports / row.folder, tuple(ordered), below)
