"""Where else in the library a file is that an export is missing.

A pointer means the same file in every export that knows it; a file whose name begins with
the pointer's id is that file, whoever's export it is in. Names alone are never trusted:
they could be anyone's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from app.core.archive.pointers import asset_id, parse
from app.files.export_folder import MEDIA
from app.files.paths import join_inside
from app.library import Library
from db import assets, exports
from db.models import Export


class Place(Struct, frozen=True):
    """A file of another export; ``path`` is below its media/."""

    export: str
    path: str
    file: Path


class Elsewhere:
    """The other exports, those of the same account first, then the one changed last."""

    def __init__(self, library: Library, row: Export, pointers: Sequence[str]) -> None:
        others = [each for each in exports.every() if each.row != row.row]
        others.sort(key=lambda each: not row.account or each.account != row.account)
        self._library = library
        self._others = {each.row: each for each in others}
        self._rank = {each.row: number for number, each in enumerate(others)}
        self._found: dict[str, dict[tuple[int, str], None]] = {}
        self._look(row.row, pointers)

    def places(self, pointer: str) -> Iterator[Place]:
        """Yield where the file of a pointer is, the likeliest first; only what is there."""
        found = sorted(self._found.get(pointer, ()), key=lambda each: self._rank[each[0]])
        for number, path in found:
            other = self._others[number]
            file = join_inside(self._library.exports / other.folder / MEDIA, path)
            if file.is_file() and file.stat().st_size:
                yield Place(other.name, path, file)

    def _look(self, row: int, pointers: Sequence[str]) -> None:
        for pointer, export, path in assets.held_elsewhere(row, pointers):
            self._found.setdefault(pointer, {})[export, path] = None
        wanted: dict[str, list[str]] = {}
        for pointer in pointers:
            parsed = parse(pointer)
            if parsed is not None and parsed.id and parsed.page is None:
                wanted.setdefault(parsed.id, []).append(pointer)
        for export, path in assets.files_elsewhere(row) if wanted else ():
            if (id_ := asset_id(path)) in wanted and "#p_" not in path:
                for pointer in wanted[id_]:
                    self._found.setdefault(pointer, {})[export, path] = None
