"""Reading the headers of a 7z archive as far as backups need them: where each block is.

Names and times are in the manifest, so they are not read here. Every count is checked
against the bytes that are left: the header of a damaged or hostile archive claims anything.
"""

from __future__ import annotations

import struct

from msgspec import Struct

from app.core.backup.manifest import Block
from app.files.backup.sevenzip import layout
from app.files.backup.sevenzip.codecs import Damaged, crc32

MAX_HEADER = 1 << 29  # bytes of a header, packed or not
_NAMES = {b"\x00": "copy", b"\x04\x01\x08": "deflate", b"\x21": "lzma2", b"\x06\xf1\x07\x01": "aes"}


class HeaderPlace(Struct, frozen=True):
    """Where an archive's header is, and its CRC; the file ends with it."""

    offset: int
    size: int
    crc: int

    @property
    def end(self) -> int:
        """Where the archive ends."""
        return self.offset + self.size


class Packing(Struct, frozen=True):
    """That a header is packed, and the CRC-32 it has unpacked; None if that is not told."""

    crc: int | None


def read_signature(first: bytes) -> HeaderPlace:
    """Read the first 32 bytes. Raises Damaged."""
    if len(first) < layout.SIGNATURE_SIZE or first[:8] != layout.SIGNATURE:
        raise Damaged("It is no 7z archive.")
    crc, offset, size, header_crc = struct.unpack("<IQQI", first[8:32])
    if crc32(first[12:32]) != crc:
        raise Damaged("Its first bytes are damaged.")
    if not 0 < size <= MAX_HEADER or offset > 1 << 62:
        raise Damaged("Its header has an impossible size.")
    return HeaderPlace(layout.SIGNATURE_SIZE + offset, size, header_crc)


def read_streams(header: bytes) -> tuple[list[Block], Packing | None]:
    """Read the blocks of a header, and how it is packed if they are but the header itself.

    Raises Damaged.
    """
    cursor = _Cursor(header)
    kind = cursor.byte()
    if kind == layout.ENCODED_HEADER:
        return _blocks(cursor), Packing(_crc_of_first(cursor))
    if kind != layout.HEADER or cursor.byte() != layout.STREAMS:
        raise Damaged("Its header makes no sense.")
    return _blocks(cursor), None


def _crc_of_first(cursor: _Cursor) -> int | None:
    """Read the CRC-32 of what a header is unpacked to, where there is one."""
    if cursor.byte() != layout.CRC or cursor.byte() != 1:
        return None
    found: int = struct.unpack("<I", cursor.take(4))[0]
    return found


def _blocks(cursor: _Cursor) -> list[Block]:
    if cursor.byte() != layout.PACK_INFO:
        raise Damaged("Its header makes no sense.")
    position = layout.SIGNATURE_SIZE + cursor.number()
    sizes, crcs = _packed(cursor)
    if cursor.byte() != layout.UNPACK_INFO or cursor.byte() != layout.FOLDER:
        raise Damaged("Its header makes no sense.")
    folders = [_folder(cursor) for _ in range(_after_external(cursor))]
    if len(folders) != len(sizes) or cursor.byte() != layout.UNPACK_SIZES:
        raise Damaged("Its header makes no sense.")
    blocks = []
    for coders, packed, crc in zip(folders, sizes, crcs, strict=True):
        # each coder's own size: the last is what comes out in the end
        lengths = [cursor.number() for _ in coders]
        named = [
            f"{coder}:{length}" if coder.startswith("aes:") else coder
            for coder, length in zip(coders, lengths, strict=True)
        ]
        blocks.append(Block("+".join(named), position, packed, lengths[-1], crc))
        position += packed
    return blocks


def _packed(cursor: _Cursor) -> tuple[list[int], list[int]]:
    count = cursor.count()
    if cursor.byte() != layout.SIZE:
        raise Damaged("Its header makes no sense.")
    sizes = [cursor.number() for _ in range(count)]
    crcs = [0] * count
    kind = cursor.byte()
    if kind == layout.CRC:
        if cursor.byte() != 1:
            raise Damaged("Its header leaves checksums out.")
        crcs = list(struct.unpack(f"<{count}I", cursor.take(4 * count)))
        kind = cursor.byte()
    if kind != layout.END:
        raise Damaged("Its header makes no sense.")
    return sizes, crcs


def _after_external(cursor: _Cursor) -> int:
    count = cursor.count()
    if cursor.byte() != 0:
        raise Damaged("Its header is of a kind this program does not know.")
    return count


def _folder(cursor: _Cursor) -> list[str]:
    """Read one folder's coders, outermost first; they must stand in a row."""
    count = cursor.number()
    if not 1 <= count <= 4:
        raise Damaged("It is packed in a way this program does not know.")
    coders = [_coder(cursor) for _ in range(count)]
    for place in range(count - 1):
        if (cursor.number(), cursor.number()) != (place + 1, place):
            raise Damaged("It is packed in a way this program does not know.")
    return coders


def _coder(cursor: _Cursor) -> str:
    flags = cursor.byte()
    code = cursor.take(flags & 0x0F)
    if flags & 0xD0 or code not in _NAMES:
        raise Damaged("It is packed in a way this program does not know.")
    if not flags & 0x20:
        return _NAMES[code]
    properties = cursor.take(cursor.number())
    name = _NAMES[code]
    if name == "lzma2" and len(properties) == 1:
        return f"lzma2:{properties[0]}"
    return f"{name}:{properties.hex()}"


class _Cursor:
    """Bytes taken one after the other; taking more than there are is damage."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        if count > len(self._data) - self._at:
            raise Damaged("Its header ends too early.")
        self._at += count
        return self._data[self._at - count : self._at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self) -> int:
        first = self.byte()
        extra, mask = 0, 0x80
        while extra < 8 and first & mask:
            extra += 1
            mask >>= 1
        low = int.from_bytes(self.take(extra), "little")
        return low | (first & (mask - 1)) << (8 * extra) if extra < 8 else low

    def count(self) -> int:
        """Take the number of something of which each takes a byte at least."""
        count = self.number()
        if count > len(self._data) - self._at:
            raise Damaged("Its header ends too early.")
        return count
