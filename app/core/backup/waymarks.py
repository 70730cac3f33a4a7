"""Waymarks: small members between the blocks of an archive that tell what stands near them.

A 7z archive's own list is at its end, so a truncated one has none. A waymark is found by
its first bytes wherever it stands, and tells all that is needed to read the blocks beside it.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from collections.abc import Iterator

import msgspec

from app.core.backup.manifest import Head

MAGIC = b"\x89waymark of DDD\n"
_LENGTHS = struct.Struct("<II")  # of the packed JSON, and its CRC-32
MAX_WAYMARK = 64 << 20  # bytes of JSON


class MarkedFile(msgspec.Struct, frozen=True, array_like=True):
    """One file in a block: enough of its entry to bring it back."""

    path: str
    sha256: str
    size: int
    mtime_ns: int = 0
    mode: int = 0


class MarkedBlock(msgspec.Struct, frozen=True, array_like=True):
    """One block: how it is packed, and the files in it one behind the other."""

    coders: str
    packed: int
    size: int
    crc: int
    files: tuple[MarkedFile, ...]


class Waymark(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands right behind this waymark, block after block; or right before it.

    ``copies`` are files met meanwhile whose bytes stand elsewhere, under another name or in
    an earlier archive. ``head`` is that of the backup, as far as it is known when it begins.
    The last waymark tells of the ``manifest``, right behind it.
    """

    head: Head
    blocks: tuple[MarkedBlock, ...] = ()
    before: bool = False
    manifest: MarkedBlock | None = None
    copies: tuple[MarkedFile, ...] = ()


def encode_waymark(mark: Waymark) -> bytes:
    """Answer a waymark as it stands in the archive."""
    packed = zlib.compress(msgspec.json.encode(mark), 6)
    return MAGIC + _LENGTHS.pack(len(packed), zlib.crc32(packed)) + packed


def find_waymarks(data: bytes | mmap.mmap) -> Iterator[tuple[int, int, Waymark]]:
    """Yield where each whole waymark begins and ends in some bytes, and the waymark."""
    begin = data.find(MAGIC)
    while begin >= 0:
        found = _decoded(data, begin)
        if found is not None:
            yield (begin, *found)
        begin = data.find(MAGIC, begin + 1 if found is None else found[0])


def _decoded(data: bytes | mmap.mmap, begin: int) -> tuple[int, Waymark] | None:
    """Read the waymark at a place; None if it is not whole."""
    start = begin + len(MAGIC) + _LENGTHS.size
    if len(data) < start:
        return None
    length, crc = _LENGTHS.unpack_from(data, begin + len(MAGIC))
    packed = data[start : start + length]
    if len(packed) != length or zlib.crc32(packed) != crc:
        return None
    unpacking = zlib.decompressobj()
    try:
        raw = unpacking.decompress(packed, MAX_WAYMARK)
        return start + length, msgspec.json.decode(raw, type=Waymark)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
