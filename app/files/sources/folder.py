"""A folder as a source: an unpacked archive, or whatever else holds an export's files."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.core.archive.entries import Entry, Found, listed
from app.files.sources import refusals
from app.files.sources.blocks import OnBytes, stream_blocks, write_blocks
from app.files.sources.contract import (
    DamagedEntry,
    ExportSource,
    Extracted,
    Pair,
    left_out,
    nothing,
)
from app.files.sources.parallel import extract_in_threads, thread_count

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class FolderSource(ExportSource):
    """The files below a folder. Links are never followed; nothing in it is changed."""

    kind = "folder"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._paths: list[str] = []
        found = sorted(self._walk(), key=lambda file: file.raw_name)
        self._entries, told = listed(found)
        self.problems += told

    def entries(self) -> Sequence[Entry]:
        """List the files below the folder, by name."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open a file, unless it was replaced by a link since it was listed."""
        path = self._paths[entry.position]
        try:
            descriptor = os.open(path, os.O_RDONLY | _NO_FOLLOW)
        except OSError as error:
            raise DamagedEntry(entry, error.strerror or "it can't be opened") from error
        return os.fdopen(descriptor, "rb")

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Copy files with two threads, hashing what is copied."""
        wanted = list(pairs)
        yield from extract_in_threads(wanted, [self._copy] * thread_count(wanted), on_bytes)

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _copy(self, entry: Entry, target: Path, count: OnBytes) -> str:
        with self.open(entry) as stream:
            return write_blocks(self._blocks(entry, stream), target, count)

    def _blocks(self, entry: Entry, stream: BinaryIO) -> Iterator[bytes]:
        try:
            yield from stream_blocks(stream)
        except OSError as error:
            raise DamagedEntry(entry, error.strerror or "it can't be read") from error

    def _walk(self) -> Iterator[Found]:
        """Find every file, folder by folder, without following anything out of the tree."""
        waiting = [""]
        while waiting:
            inside = waiting.pop()
            try:
                with os.scandir(self.path / inside) as children:
                    for child in children:
                        name = f"{inside}/{child.name}" if inside else child.name
                        if _is_folder(child):
                            waiting.append(name)
                        elif (file := self._file(child, name)) is not None:
                            yield file
            except OSError as error:
                self._unreadable(inside, error)

    def _unreadable(self, inside: str, error: OSError) -> None:
        if not inside:
            raise refusals.reading_failed(self.path, error) from error
        why = f"it can't be read ({error.strerror})"
        self.problems.append(left_out("unreadable-folder", inside, why))

    def _file(self, child: os.DirEntry[str], name: str) -> Found | None:
        try:
            facts = child.stat(follow_symlinks=False)
        except OSError:
            self.problems.append(left_out("unreadable-file", name, "it can't be read"))
            return None
        if not stat.S_ISREG(facts.st_mode):
            self.problems.append(left_out("link", name, "it is a link or a device, not a file"))
            return None
        self._paths.append(child.path)
        return Found(name, facts.st_size, _moment(facts.st_mtime), len(self._paths) - 1)


def _is_folder(child: os.DirEntry[str]) -> bool:
    """Whether to look inside; a junction (Windows' link to a folder) counts as a link."""
    junction = getattr(child, "is_junction", None)
    return child.is_dir(follow_symlinks=False) and not (junction is not None and junction())


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
