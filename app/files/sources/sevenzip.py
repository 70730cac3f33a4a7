"""A 7z archive as a source: unpacked from front to back, one packed block after another."""

from __future__ import annotations

import io
import lzma
import struct
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import py7zr
from py7zr.compressor import SevenZipDecompressor
from py7zr.exceptions import ArchiveError, PasswordRequired, UnsupportedCompressionMethodError

from app.core.archive.entries import Entry, Found, listed
from app.errors import AppError
from app.files.sources import refusals
from app.files.sources.blocks import CHUNK, BlockReader, OnBytes, write_blocks
from app.files.sources.contract import (
    DamagedEntry,
    ExportSource,
    Extracted,
    Pair,
    left_out,
    nothing,
)

# What py7zr and its decoders raise on bytes that make no sense; their own types share no base.
_UNREADABLE = (
    ArchiveError,
    lzma.LZMAError,
    zlib.error,
    EOFError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    NotImplementedError,
    MemoryError,
    struct.error,
    OSError,
)
_UNBOUNDED = (b"\x04\xf7\x11\x01", b"\x04\xf7\x11\x02")  # Zstandard, Brotli
_SMALL_BLOCK = 1 << 10  # so little of those can't unpack to more than some 32 MB at once


class SevenZipSource(ExportSource):
    """A 7z archive. Files packed together can only be read one after the other."""

    kind = "7z"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._archive = _opened(path)
        try:
            if self._archive.needs_password():
                raise refusals.encrypted(path)
            self._files = list(self._archive.files)
            if len(self._files) > refusals.MAX_ENTRIES:
                raise refusals.too_many(path)
            self._entries, told = listed(self._find())
            self.problems += told
        except BaseException:
            self.close()
            raise

    def entries(self) -> Sequence[Entry]:
        """List the archive's files in its order."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open one entry; what is packed before it is unpacked to get there."""
        return cast("BinaryIO", io.BufferedReader(BlockReader(self._blocks_of(entry))))

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Write entries in one pass over the archive, whatever the order asked."""
        wanted = {pair[0].position: pair for pair in pairs}
        for position, (entry, target) in wanted.items():
            if self._files[position].emptystream:
                yield entry, write_blocks(iter(()), target, on_bytes)
        for number, packed in enumerate(self._packed):
            last = max((position for position in packed if position in wanted), default=-1)
            if last >= 0:
                yield from self._unpack_folder(number, wanted, last, on_bytes)

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def _find(self) -> Iterator[Found]:
        for position, file in enumerate(self._files):
            if file.is_directory:
                continue
            if file.is_symlink or file.is_junction or file.is_socket:
                why = "it is a link or a device, not a file"
                self.problems.append(left_out("link", file.filename, why))
                continue
            size = 0 if file.emptystream else file.uncompressed
            yield Found(file.filename, size, _moment(file), position)

    def _folders(self) -> list[Any]:
        streams = getattr(self._archive.header, "main_streams", None)
        return list(streams.unpackinfo.folders) if streams is not None else []

    @cached_property
    def _packed(self) -> list[list[int]]:
        """The positions of the files in each packed block, in the order they are packed.

        Counted here: the numbers py7zr gives them are off where folders stand between files.
        """
        full = (place for place, file in enumerate(self._files) if not file.emptystream)
        return [list(islice(full, len(folder.files or ()))) for folder in self._folders()]

    def _blocks_of(self, entry: Entry) -> Iterator[bytes]:
        for number, packed in enumerate(self._packed):
            if entry.position in packed:
                reader = _FolderReader(self._archive, number)
                for position in packed:
                    file = self._files[position]
                    blocks = reader.blocks(entry, file)
                    if position == entry.position:
                        yield from _checked(entry, file, blocks)
                        return
                    for _ in blocks:
                        pass

    def _unpack_folder(
        self, number: int, wanted: dict[int, Pair], last: int, on_bytes: OnBytes
    ) -> Generator[Extracted, None, None]:
        reader = _FolderReader(self._archive, number)
        broken: DamagedEntry | None = None
        for position in self._packed[number]:
            if position > last:
                return
            file = self._files[position]
            entry, target = wanted.get(position, (None, None))
            named = entry or Entry(file.filename, file.filename, "", file.uncompressed)
            try:
                if broken is not None:
                    raise DamagedEntry(named, "what is packed before it is damaged")
                blocks = reader.blocks(named, file)
                if target is None:
                    for _ in blocks:
                        on_bytes(0)  # nothing of it is wanted, but the wait can be stopped
                else:
                    digest = write_blocks(_checked(named, file, blocks), target, on_bytes)
                    yield named, digest
            except DamagedEntry as damaged:
                broken = damaged if reader.broken else None
                if entry is not None:
                    yield entry, damaged.problem


class _FolderReader:
    """Unpacks the files of one packed block ("folder") in order, in bounded memory."""

    def __init__(self, archive: py7zr.SevenZipFile, number: int) -> None:
        streams = archive.header.main_streams
        folder = streams.unpackinfo.folders[number]
        positions = streams.packinfo.packpositions
        self.broken = False
        self._start = archive.afterheader + positions[number]
        self._stream = archive.fp
        self._where = self._start
        self._decoder: SevenZipDecompressor | None = None
        self._make = partial(_decoder, folder, positions[number + 1] - positions[number])

    def blocks(self, entry: Entry, file: Any) -> Iterator[bytes]:
        """Yield the bytes of the next file. Raises DamagedEntry."""
        left = file.uncompressed
        idle = 0
        while left:
            block = self._next(entry, min(left, CHUNK))
            idle = 0 if block else idle + 1
            if idle > 64:
                self.broken = True
                raise DamagedEntry(entry, "the archive ends before it does")
            left -= len(block)
            if block:
                yield block

    def _next(self, entry: Entry, limit: int) -> bytes:
        try:
            if self._decoder is None:
                self._decoder = self._make()
            self._stream.seek(self._where)
            block = bytes(self._decoder.decompress(self._stream, limit))
            self._where = self._stream.tell()
        except (PasswordRequired, UnsupportedCompressionMethodError) as error:
            self.broken = True
            raise DamagedEntry(entry, "it is packed in a way that can't be unpacked") from error
        except _UNREADABLE as error:
            self.broken = True
            raise DamagedEntry(entry, "its packed bytes make no sense") from error
        return block


def _decoder(folder: Any, packed_bytes: int) -> SevenZipDecompressor:
    """Make what unpacks a folder; Zstandard and Brotli are fed little at a time."""
    small = any(coder["method"] in _UNBOUNDED for coder in folder.coders)
    return SevenZipDecompressor(
        folder.coders,
        packed_bytes,
        folder.unpacksizes,
        folder.crc,
        None,
        _SMALL_BLOCK if small else None,
    )


def _checked(entry: Entry, file: Any, blocks: Iterator[bytes]) -> Iterator[bytes]:
    checksum = 0
    for block in blocks:
        checksum = zlib.crc32(block, checksum)
        yield block
    if file.crc32 is not None and checksum != file.crc32:
        raise DamagedEntry(entry, "its bytes are not those that were packed")


def _opened(path: Path) -> py7zr.SevenZipFile:
    try:
        return py7zr.SevenZipFile(path)
    except PasswordRequired as error:
        raise refusals.encrypted(path) from error
    except PermissionError as error:
        raise refusals.reading_failed(path, error) from error
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: BaseException) -> AppError:
    """Tell a 7z whose end is missing (its directory stands there) from one damaged otherwise."""
    with path.open("rb") as handle:
        head = handle.read(32)
        size = handle.seek(0, io.SEEK_END)
    if len(head) < 32:
        return refusals.incomplete(path)
    offset, length = struct.unpack_from("<QQ", head, 12)
    if 32 + offset + length > size:
        return refusals.incomplete(path)
    return refusals.damaged(path, str(error))


def _moment(file: Any) -> datetime | None:
    stamp = file.lastwritetime
    try:
        return datetime.fromtimestamp(stamp.totimestamp(), UTC) if stamp is not None else None
    except (OverflowError, ValueError, OSError):
        return None
