"""A tar archive as a source, plain or packed with gzip, bzip2 or xz: read from front to back."""

from __future__ import annotations

import io
import lzma
import tarfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO, cast

from app.core.archive.entries import Entry, Found, listed, normalised
from app.errors import AppError
from app.files.sources import refusals
from app.files.sources.blocks import BlockReader, OnBytes, stream_blocks, write_blocks
from app.files.sources.contract import (
    DamagedEntry,
    ExportSource,
    Extracted,
    Pair,
    left_out,
    nothing,
)

_UNREADABLE = (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError, ValueError, OverflowError)


class TarSource(ExportSource):
    """A tar archive. Its list of files is made by reading all of it once."""

    kind = "tar"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._members: list[tarfile.TarInfo] = []
        found = list(self._find())
        self._entries, told = listed(found)
        self.problems += told

    def entries(self) -> Sequence[Entry]:
        """List the archive's files in its order."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open one entry; in a packed archive everything before it is unpacked to get there."""
        archive = self._archive()
        blocks = self._blocks(entry, archive.extractfile(self._members[entry.position]))
        return cast("BinaryIO", io.BufferedReader(BlockReader(blocks, archive)))

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Write entries in one pass over the archive."""
        ordered = sorted(pairs, key=lambda pair: self._members[pair[0].position].offset_data)
        with self._archive() as archive:
            for entry, target in ordered:
                stream = archive.extractfile(self._members[entry.position])
                try:
                    digest = write_blocks(self._blocks(entry, stream), target, on_bytes)
                except DamagedEntry as damaged:
                    yield entry, damaged.problem
                else:
                    yield entry, digest

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _archive(self) -> tarfile.TarFile:
        try:
            return tarfile.open(self.path, "r:*")
        except _UNREADABLE as error:
            raise refusals.damaged(self.path, str(error)) from error
        except OSError as error:
            raise refusals.reading_failed(self.path, error) from error

    def _find(self) -> Iterator[Found]:
        with self._archive() as archive:
            try:
                for member in archive:
                    if self._is_usable(member):
                        position = len(self._members)
                        self._members.append(member)
                        yield Found(member.name, member.size, _moment(member), position)
                self._require_whole(archive)
            except _UNREADABLE as error:
                self._end_early(refusals.incomplete(self.path), error)
            except OSError as error:  # gzip and bz2 tell damage this way
                self._end_early(refusals.damaged(self.path, str(error)), error)

    def _end_early(self, refusal: AppError, error: Exception) -> None:
        """Refuse an archive of which not everything can be listed."""
        raise refusal from error

    def _require_whole(self, archive: tarfile.TarFile) -> None:
        """Refuse an archive without the empty block at its end: tarfile reads on silently."""
        stream = archive.fileobj
        if stream is not None:
            stream.seek(archive.offset)
            if stream.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
                raise EOFError

    def _is_usable(self, member: tarfile.TarInfo) -> bool:
        if member.isdir():
            return False
        if not member.isreg() or member.issparse():
            why = "it is a link or a device, not a file"
            self.problems.append(left_out("link", member.name, why))
            return False
        return True

    def _blocks(self, entry: Entry, stream: IO[bytes] | None) -> Iterator[bytes]:
        if stream is None:
            raise DamagedEntry(entry, "it has no bytes")
        size = 0
        try:
            for block in stream_blocks(cast("BinaryIO", stream)):
                size += len(block)
                yield block
        except (*_UNREADABLE, OSError) as error:
            raise DamagedEntry(entry, "its packed bytes make no sense") from error
        if size != entry.size_bytes:
            raise DamagedEntry(entry, "the archive ends before it does")


class CutTarSource(TarSource):
    """A tar archive of which only the beginning may be left: lists what there is of it."""

    cut_short = False

    def _end_early(self, refusal: AppError, error: Exception) -> None:
        """Note that there was more."""
        del refusal, error
        self.cut_short = True


def first_name(path: Path) -> str:
    """Answer the name of the first file in a tar archive; empty if there is none to be read."""
    try:
        with tarfile.open(path, "r:*") as archive:
            found = next((member.name for member in archive if member.isreg()), "")
    except (*_UNREADABLE, OSError):
        return ""
    return normalised(found) or ""


def _moment(member: tarfile.TarInfo) -> datetime | None:
    try:
        return datetime.fromtimestamp(member.mtime, UTC)
    except (OverflowError, ValueError, OSError):
        return None
