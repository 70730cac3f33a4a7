"""Archives within a privacy-portal archive, shown as parts of the one source they came in."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from msgspec.structs import replace

from app.core import naming
from app.core.archive.entries import Entry
from app.core.problems import Problem
from app.errors import AppError
from app.files.sources import refusals
from app.files.sources.blocks import OnBytes
from app.files.sources.contract import DamagedEntry, ExportSource, Extracted, Pair, nothing

# The only archives looked into: an export may hold an earlier export as an attachment.
_NESTED = re.compile(r"(?:Conversations|Files)__[^/]*\.zip", re.IGNORECASE)
_MAX_DEPTH = 2

Open = Callable[[Path], ExportSource]


def with_nested(source: ExportSource, scratch: Path, opened: Open) -> ExportSource:
    """Answer ``source``, or, if it is a privacy-portal archive, it and what is nested in it."""
    if not any(is_nested(entry) for entry in source.entries()):
        return source
    try:
        return PortalSource(source, scratch, opened)
    except BaseException:
        source.close()
        raise


def is_nested(entry: Entry) -> bool:
    """Whether an entry is an archive that the privacy portal puts into its own."""
    return _NESTED.fullmatch(entry.leaf) is not None


class PortalSource(ExportSource):
    """A source whose nested archives have been unpacked: one list, names led by their part."""

    kind = "zip"

    def __init__(self, outer: ExportSource, scratch: Path, opened: Open) -> None:
        super().__init__(outer.path)
        self.kind = outer.kind  # type: ignore[misc] # as told to people: what they chose
        self._scratch = TemporaryDirectory(dir=scratch, prefix="nested-")
        self._sources: list[ExportSource] = [outer]
        self._entries: list[Entry] = []
        self._origins: list[tuple[int, Entry]] = []
        self._taken: set[str] = set()
        try:
            self._add(outer, "", opened, depth=0)
        except BaseException:
            self.close()
            raise

    def entries(self) -> Sequence[Entry]:
        """List the files of every part."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open an entry of whichever part it is in."""
        number, own = self._origins[entry.position]
        return self._sources[number].open(own)

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Write entries part by part."""
        by_part: dict[int, list[tuple[Entry, Pair]]] = {}
        for entry, target in pairs:
            number, own = self._origins[entry.position]
            by_part.setdefault(number, []).append((entry, (own, target)))
        for number, waiting in by_part.items():
            ours = {own.position: entry for entry, (own, _) in waiting}
            own_pairs = [pair for _, pair in waiting]
            with closing(self._sources[number].extract_all(own_pairs, on_bytes)) as extracted:
                for own, outcome in extracted:
                    yield ours[own.position], outcome

    def close(self) -> None:
        """Close every part and remove what was unpacked."""
        for source in reversed(self._sources):
            source.close()
        self._scratch.cleanup()

    def _add(self, source: ExportSource, part: str, opened: Open, *, depth: int) -> None:
        number = self._sources.index(source)
        for entry in source.entries():
            nested = self._nested(source, entry, opened) if depth < _MAX_DEPTH else None
            if nested is None:
                self._keep(number, entry, part)
            else:
                inner = entry.name.rpartition(".")[0]
                self._sources.append(nested)
                self._add(nested, f"{part}/{inner}" if part else inner, opened, depth=depth + 1)
        self.problems += source.problems

    def _keep(self, number: int, entry: Entry, part: str) -> None:
        name = f"{part}/{entry.name}" if part else entry.name
        safe = f"{naming.safe_path(part)}/{entry.safe_name}" if part else entry.safe_name
        safe = naming.unique(safe, self._taken)
        self._taken.add(naming.key(safe))
        kept = replace(entry, name=name, safe_name=safe, part=part, position=len(self._entries))
        self._entries.append(kept)
        self._origins.append((number, entry))

    def _nested(self, source: ExportSource, entry: Entry, opened: Open) -> ExportSource | None:
        """Unpack and open a nested archive; None, and the problem told, if that can't be done."""
        if not is_nested(entry):
            return None
        folder = Path(self._scratch.name)
        refusals.require_room(entry.size_bytes, folder)
        target = folder / f"{len(self._sources)}" / naming.safe_component(entry.leaf)
        try:
            source.extract(entry, target)
            return opened(target)
        except DamagedEntry as damaged:
            self.problems.append(damaged.problem)
        except AppError as refused:
            if refused.code == "storage-problem":
                raise
            self.problems.append(
                Problem("damaged-part", refused.message, entry.name, refused.hint, loss=True)
            )
        return None
