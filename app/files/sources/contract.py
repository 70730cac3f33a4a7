"""What every kind of source promises: its entries, their bytes, and what it had to leave out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, ClassVar, Self

from app.core.archive.entries import Entry, shown
from app.core.problems import Problem
from app.errors import StorageProblem
from app.files.sources.blocks import OnBytes, stream_blocks, write_blocks

PEEK = 1 << 16  # bytes a look into an entry reads unless told otherwise

Pair = tuple[Entry, Path]
Extracted = tuple[Entry, str | Problem]


class DamagedEntry(StorageProblem):
    """One entry of a source can't be read; the others can. ``problem`` is for the report."""

    code = "damaged-file"

    def __init__(self, entry: Entry, why: str) -> None:
        name = shown(entry.name)
        super().__init__(
            f"“{name}” is damaged in the archive: {why}.",
            hint="Download or copy the archive again, then import it again.",
            item=name,
        )
        self.problem = Problem("damaged-file", self.message, name, self.hint, loss=True)


def left_out(code: str, raw_name: str, why: str) -> Problem:
    """Tell that an entry was left out, and why."""
    name = shown(raw_name)
    return Problem(code, f"“{name}” was left out: {why}.", item=name, loss=True)


def nothing(_count: int) -> None:
    """Take a count of bytes and do nothing with it."""


class ExportSource(ABC):
    """Files that may be an export, wherever they are: archive, folder or single file.

    A context manager. Nothing it lists leads outside a folder; what had to be left out
    is in ``problems``, which may grow while entries are read. Bytes are counted to
    ``on_bytes`` on the caller's thread, and an exception from it (Cancelled) stops the work.
    """

    kind: ClassVar[str]  # zip, 7z, tar, folder, json, html

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.session = ""  # id of the legacy session it is of
        self.fingerprint = ""  # that session's, when it was read

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The file or folder name the person knows the source by."""
        return self.path.name

    @abstractmethod
    def entries(self) -> Sequence[Entry]:
        """List the files of the source, in its own order."""

    @abstractmethod
    def open(self, entry: Entry) -> BinaryIO:
        """Open an entry to read from its start. Raises DamagedEntry, also while reading."""

    @abstractmethod
    def close(self) -> None:
        """Let go of files and scratch space."""

    def total_bytes(self) -> int:
        """Answer the size of all entries together, as the source declares it."""
        return sum(entry.size_bytes for entry in self.entries())

    def peek(self, entry: Entry, limit: int = PEEK) -> bytes:
        """Read at most ``limit`` bytes from the start of an entry. Raises DamagedEntry."""
        with self.open(entry) as stream:
            return stream.read(limit)

    def extract(self, entry: Entry, target: Path, on_bytes: OnBytes = nothing) -> str:
        """Write one entry to ``target`` and answer the SHA-256 of its bytes, in hex.

        ``target``'s folder is made. On failure no file is left. Raises DamagedEntry if the
        entry's bytes are not what the archive says, StorageProblem if the disk fails.
        """
        for _entry, outcome in self.extract_all([(entry, target)], on_bytes):
            if isinstance(outcome, Problem):
                raise _again(entry, outcome)
            return outcome
        raise DamagedEntry(entry, "it can no longer be found")

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Write many entries to their targets, as fast as this source can, in any order.

        Yields each entry with its SHA-256, or with the Problem that kept it from being
        written. Stopping early (or an exception from ``on_bytes``) leaves whole files only;
        whoever may stop early closes the generator, and nothing is written after that.
        """
        for entry, target in pairs:
            try:
                with self.open(entry) as stream:
                    digest = write_blocks(stream_blocks(stream), target, on_bytes)
            except DamagedEntry as damaged:
                yield entry, damaged.problem
            else:
                yield entry, digest


def _again(entry: Entry, problem: Problem) -> DamagedEntry:
    error = DamagedEntry(entry, "")
    error.message, error.hint, error.problem = problem.message, problem.hint, problem
    error.args = (problem.message,)
    return error
