"""The predecessor's archives of its exports, `backups-exports/backup-*.tar.gz`, shown as sources.

A full one holds `<name>/<name>/…`, an incremental one paths relative to the export. Which
export one is of stands in `backup-index.json`; where that is lost, a full one says it itself.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec.structs import replace

from app.core import naming
from app.core.archive.entries import Entry
from app.core.loose import items, mapping, string
from app.core.problems import Problem
from app.core.text import one_line
from app.errors import InvalidInput, NotAnExport
from app.files.sources.blocks import OnBytes
from app.files.sources.contract import DamagedEntry, ExportSource, Extracted, Pair, nothing
from app.files.sources.tarball import CutTarSource, first_name

FOLDER = "backups-exports"
INDEX = "backup-index.json"
_NAME = re.compile(r"backup-.{10,40}-[0-9a-f]{8}\.tar\.gz", re.IGNORECASE)
_INSIDE = ("conversations/", "media/", "assets.json")  # of every export of the predecessor
_TEXTS = (".json", ".html", ".htm")  # looked into again and again, so unpacked once


def archives_below(base: Path) -> dict[str, list[Path]]:
    """List the archives below a base by the export they are of, newest first.

    One that nothing tells of stands for itself, by its own name.
    """
    folder = base / FOLDER
    if folder.is_symlink():
        return {}
    try:
        files = sorted(each for each in folder.iterdir() if _NAME.fullmatch(each.name))
    except OSError:
        return {}
    owners = _index(folder / INDEX)
    found: dict[str, list[Path]] = {}
    for path in reversed(files):
        if path.is_file() and not path.is_symlink():
            stem = path.name[: -len(".tar.gz")]
            found.setdefault(owners.get(stem) or owner_inside(path) or stem, []).append(path)
    return found


def _index(file: Path) -> dict[str, str]:
    """Read which export each archive is of; nothing if the index is lost or damaged."""
    try:
        told = mapping(msgspec.json.decode(file.read_bytes()))
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return {
        string(mapping(row).get("id")): one_line(name)
        for name, export in mapping(told.get("exports")).items()
        for row in items(mapping(export).get("backups"))
    }


def owner_inside(path: Path) -> str:
    """Answer the name a full archive carries twice; empty if it does not."""
    top, _, rest = first_name(path).partition("/")
    return one_line(top) if top and rest.partition("/")[0] == top else ""


class ArchivedExport(ExportSource):
    """One archive of an export, read once from front to back; its texts are unpacked.

    ``whole`` is False where anything in it cannot be read: what can be, is used.
    """

    kind = "legacy-backup"

    def __init__(self, path: Path, scratch: Path) -> None:
        super().__init__(path)
        self._scratch = scratch
        self._entries: list[Entry] = []
        self._own: list[Entry] = []  # the archive's, at the same positions
        self._digests: dict[int, str] = {}
        self.whole = True
        try:
            self._archive: CutTarSource | None = CutTarSource(path)
            self._name_entries(self._archive.entries())
            self._unpack(self._archive)
        except (NotAnExport, InvalidInput) as refused:
            self._archive = None
            self._told(refused.message.rstrip("."))

    def entries(self) -> Sequence[Entry]:
        """List its files under the names the export gave them."""
        return [each for each in self._entries if each.position in self._digests]

    def digest(self, entry: Entry) -> str:
        """Answer the SHA-256 of a file, known since it was read."""
        return self._digests[entry.position]

    def open(self, entry: Entry) -> BinaryIO:
        """Open a file: its unpacked copy, or else the archive up to there."""
        copy = self._copy(entry.position)
        if copy.is_file():
            return copy.open("rb")
        if self._archive is None:
            raise DamagedEntry(entry, "the archive can't be read")
        return self._archive.open(self._own[entry.position])

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Write texts from their copies, and all the rest in one pass over the archive."""
        wanted = list(pairs)
        near = [pair for pair in wanted if self._copy(pair[0].position).is_file()]
        yield from super().extract_all(near, on_bytes)
        far = {
            self._own[e.position]: (e, target) for e, target in wanted if (e, target) not in near
        }
        if far and self._archive is not None:
            own_pairs = [(own, target) for own, (_, target) in far.items()]
            for own, outcome in self._archive.extract_all(own_pairs, on_bytes):
                yield far[own][0], outcome

    def close(self) -> None:
        """Remove the unpacked texts."""
        for position in range(len(self._own)):
            self._copy(position).unlink(missing_ok=True)

    def _copy(self, position: int) -> Path:
        return self._scratch / f"{self.path.stem}-{position}"

    def _name_entries(self, listed: Sequence[Entry]) -> None:
        """Give every file the name it had in the export."""
        tops = _tops([entry.name for entry in listed])
        taken: set[str] = set()
        for own in listed:
            name = own.name.removeprefix(tops)
            name = name.removeprefix("media/") or name
            name = naming.unique(name, taken)
            taken.add(naming.key(name))
            safe = naming.safe_path(name)
            position = len(self._own)
            self._own.append(own)
            self._entries.append(
                replace(own, name=name, raw_name=name, safe_name=safe, position=position)
            )

    def _unpack(self, archive: CutTarSource) -> None:
        """Read everything once: keep the texts, and of all files the SHA-256."""
        positions = {own: position for position, own in enumerate(self._own)}
        pairs = [(own, self._copy(position)) for own, position in positions.items()]
        for own, outcome in archive.extract_all(pairs):
            position = positions[own]
            if isinstance(outcome, Problem):
                self._told(f"“{outcome.item}” in it is damaged")
                continue
            self._digests[position] = outcome
            if not own.leaf.lower().endswith(_TEXTS):
                self._copy(position).unlink()
        if archive.cut_short:
            self._told("its end is missing")
        self.problems += archive.problems

    def _told(self, why: str) -> None:
        self.whole = False
        self.problems.append(
            Problem(
                "damaged-backup",
                f"Not all of the backup {self.name} can be read: {why}.",
                self.name,
                "The backup itself is kept as it is; what can be read of it is used.",
            )
        )


def _tops(names: Sequence[str]) -> str:
    """Answer what a full archive puts before every name: the export's own, twice or once."""
    first = next(iter(names), "").partition("/")[0]
    for prefix in (f"{first}/{first}/", f"{first}/"):
        if first and all(name.startswith(prefix) for name in names):
            inner = [name.removeprefix(prefix) for name in names]
            if prefix.count("/") == 2 or any(each.startswith(_INSIDE) for each in inner):
                return prefix
    return ""
