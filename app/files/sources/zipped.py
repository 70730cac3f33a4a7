"""A ZIP archive as a source: read with two threads, every byte checked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

from app.core.archive.entries import Entry, Found, listed
from app.core.problems import Problem
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
from app.files.sources.parallel import Write, extract_in_threads, thread_count

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_LOCAL_MAGIC = b"PK\x03\x04"
_END_MAGIC = b"PK\x05\x06"
_END_REACH = (1 << 16) + 22  # bytes before the end the end record may start at
_IN_64 = 0xFFFFFFFF  # stands for "see the 64-bit record"
_COMPRESSED_CHUNK = 1 << 18
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1
_UNICODE_PATH, _UNIX_TIME = 0x7075, 0x5455
_METHODS = frozenset(
    {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA}
)


class ZipSource(ExportSource):
    """A ZIP archive (ZIP64 and data descriptors included)."""

    kind = "zip"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._infos = _directory(path)
        if len(self._infos) > refusals.MAX_ENTRIES:
            raise refusals.too_many(path)
        usable = [pair for pair in enumerate(self._infos) if self._is_usable(pair[1])]
        if self._infos and not usable and any(i.flag_bits & _ENCRYPTED for i in self._infos):
            raise refusals.encrypted(path)
        overlapping = _overlapping(self._infos)
        self.problems += [_overlap(self._infos[position]) for position in sorted(overlapping)]
        self._entries, told = listed(
            Found(_raw_name(info), info.file_size, _modified(info), position)
            for position, info in usable
            if position not in overlapping
        )
        self.problems += told

    def entries(self) -> Sequence[Entry]:
        """List the archive's files in the order of its directory."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open an entry; each stream has a handle of its own."""
        handle = self._handle()
        return cast("BinaryIO", io.BufferedReader(BlockReader(self._blocks(entry, handle), handle)))

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Write entries with two threads, in the order they lie on the disk."""
        ordered = sorted(pairs, key=lambda pair: self._infos[pair[0].position].header_offset)
        handles = [self._handle() for _ in range(thread_count(ordered))]
        try:
            writers = [self._writer(handle) for handle in handles]
            yield from extract_in_threads(ordered, writers, on_bytes)
        finally:
            for handle in handles:
                handle.close()

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _handle(self) -> BinaryIO:
        try:
            return self.path.open("rb", buffering=1 << 17)
        except OSError as error:
            raise refusals.reading_failed(self.path, error) from error

    def _writer(self, handle: BinaryIO) -> Write:
        def write(entry: Entry, target: Path, count: OnBytes) -> str:
            return write_blocks(self._blocks(entry, handle), target, count)

        return write

    def _is_usable(self, info: zipfile.ZipInfo) -> bool:
        """Whether an entry is a file whose bytes can be read; tell of those that are not."""
        name, mode = _raw_name(info), stat.S_IFMT(info.external_attr >> 16)
        if mode == stat.S_IFDIR or name.endswith(("/", "\\")):
            return False
        if mode not in (0, stat.S_IFREG):
            self.problems.append(left_out("link", name, "it is a link or a device, not a file"))
        elif info.flag_bits & _ENCRYPTED:
            self.problems.append(left_out("encrypted-entry", name, "it wants a password"))
        elif info.compress_type not in _METHODS:
            why = "it is packed in a way this program can't unpack"
            self.problems.append(left_out("unsupported-entry", name, why))
        else:
            return True
        return False

    def _blocks(self, entry: Entry, handle: BinaryIO) -> Iterator[bytes]:
        info = self._infos[entry.position]
        try:
            yield from _checked(entry, info, _unpacked(entry, info, handle))
        except (zlib.error, zipfile.BadZipFile, EOFError, struct.error) as error:
            raise DamagedEntry(entry, "its packed bytes make no sense") from error
        except OSError as error:
            raise refusals.reading_failed(self.path, error) from error


def _directory(path: Path) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            _require_own_end(path, archive.start_dir)
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise _unreadable(path, str(error)) from error
    except (ValueError, struct.error, OverflowError) as error:
        raise refusals.damaged(path, str(error)) from error
    except OSError as error:
        # A directory that is said to start before the file does: zipfile seeks there.
        raise _unreadable(path, str(error)) from error


def _require_own_end(path: Path, directory_at: int) -> None:
    """Refuse a truncated archive whose last bytes are the end of an archive packed within it.

    zipfile takes the bytes before that for something else and lists the inner archive.
    """
    with path.open("rb") as handle:
        if handle.read(4) != _LOCAL_MAGIC:
            return
        handle.seek(max(directory_at, handle.seek(0, io.SEEK_END) - _END_REACH))
        tail = handle.read()
    at = tail.rfind(_END_MAGIC)
    declared = struct.unpack_from("<I", tail, at + 16)[0] if 0 <= at <= len(tail) - 20 else _IN_64
    if declared not in (_IN_64, directory_at):
        raise refusals.incomplete(path)


def _unreadable(path: Path, why: str) -> Exception:
    """Tell a ZIP whose end is missing from one that is damaged otherwise."""
    try:
        with path.open("rb") as handle:
            handle.seek(0, io.SEEK_END)
            handle.seek(max(0, handle.tell() - _END_REACH))
            tail = handle.read()
    except OSError as error:
        return refusals.reading_failed(path, error)
    return refusals.damaged(path, why) if _END_MAGIC in tail else refusals.incomplete(path)


def _unpacked(entry: Entry, info: zipfile.ZipInfo, handle: BinaryIO) -> Iterator[bytes]:
    """Yield an entry's bytes, as whatever method unpacks them, in bounded blocks."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield from _by_zipfile(info, handle)
        return
    handle.seek(info.header_offset)
    header = handle.read(_LOCAL_HEADER.size)
    magic, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    if magic != _LOCAL_MAGIC:
        raise DamagedEntry(entry, "it does not start where the archive says")
    handle.seek(name_length + extra_length, io.SEEK_CUR)
    packed = _packed(entry, info, handle)
    if info.compress_type == zipfile.ZIP_STORED:
        yield from packed
    else:
        yield from _inflated(packed)


def _packed(entry: Entry, info: zipfile.ZipInfo, handle: BinaryIO) -> Iterator[bytes]:
    left = info.compress_size
    chunk = CHUNK if info.compress_type == zipfile.ZIP_STORED else _COMPRESSED_CHUNK
    while left:
        block = handle.read(min(chunk, left))
        if not block:
            raise DamagedEntry(entry, "the archive ends before it does")
        left -= len(block)
        yield block


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    """Inflate raw deflate data, at most CHUNK bytes at a time however well it was packed."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for block in packed:
        data = inflate.decompress(block, CHUNK)
        while data:
            yield data
            data = inflate.decompress(inflate.unconsumed_tail, CHUNK)
        if inflate.eof:
            return
    yield inflate.flush()


def _by_zipfile(info: zipfile.ZipInfo, handle: BinaryIO) -> Iterator[bytes]:
    with zipfile.ZipFile(handle) as archive, archive.open(info) as stream:
        while block := stream.read(CHUNK):
            yield block


def _checked(entry: Entry, info: zipfile.ZipInfo, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass blocks on while they keep to the declared size and, in the end, checksum."""
    size, checksum = 0, 0
    for block in blocks:
        size += len(block)
        if size > info.file_size:
            raise DamagedEntry(entry, "it unpacks to more than the archive says")
        checksum = zlib.crc32(block, checksum)
        yield block
    if size != info.file_size:
        raise DamagedEntry(entry, "it is shorter than the archive says")
    if checksum != info.CRC:
        raise DamagedEntry(entry, "its bytes are not those that were packed")


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Find entries whose bytes are, wholly or in part, another's: a bomb's way to be small."""
    order = sorted(range(len(infos)), key=lambda position: infos[position].header_offset)
    guilty: set[int] = set()
    end = -1
    for position in order:
        info = infos[position]
        if info.header_offset < end:
            guilty.add(position)
        end = max(end, info.header_offset + _LOCAL_HEADER.size + info.compress_size)
    return guilty


def _overlap(info: zipfile.ZipInfo) -> Problem:
    return left_out("overlapping-entry", _raw_name(info), "its bytes are also another file's")


def _raw_name(info: zipfile.ZipInfo) -> str:
    """Answer an entry's whole name; names in UTF-8 that don't say so are met often."""
    name = info.orig_filename
    if name.isascii() or info.flag_bits & _UTF8_NAME:
        return name
    field = _extra(info.extra, _UNICODE_PATH)
    try:
        packed = name.encode("cp437")
        if len(field) > 5 and struct.unpack_from("<I", field, 1)[0] == zlib.crc32(packed):
            return field[5:].decode()
        return packed.decode()
    except UnicodeError:
        return name


def _modified(info: zipfile.ZipInfo) -> datetime | None:
    """Answer when a file was last changed; None for the fixed date that means unknown."""
    field = _extra(info.extra, _UNIX_TIME)
    if len(field) >= 5 and field[0] & 1:
        return datetime.fromtimestamp(struct.unpack_from("<i", field, 1)[0], UTC)
    if info.date_time[:3] <= (1980, 1, 1):
        return None
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None


def _extra(extra: bytes, wanted: int) -> bytes:
    """Find one field among an entry's extra fields; empty if it is not there."""
    position = 0
    while position + 4 <= len(extra):
        tag, length = struct.unpack_from("<HH", extra, position)
        if tag == wanted:
            return extra[position + 4 : position + 4 + length]
        position += 4 + length
    return b""
