"""Packing and unpacking blocks; the only door to isal and deflate.

Each is used where it has a wheel; the standard library's zlib does the same, slower. What
an archive records is the method, never the library.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from app.core.backup.levels import Level
from app.errors import StorageProblem

PIECE = 4 << 20  # bytes handled at once where a block is long
COPY, DEFLATE, LZMA2 = "copy", "deflate", "lzma2:20"
_DICTIONARY = 4 << 20  # of LZMA2; 7z's word for it is 20: (log2 - 12) * 2


Packed = TypeVar("Packed", bytes, memoryview)


class Damaged(StorageProblem):
    """Packed bytes that cannot be unpacked to what they were."""

    code = "damaged-backup"


class Deflated(Struct, frozen=True):
    """Packed bytes; and the length and CRC-32 of what they unpack to."""

    data: bytes
    size: int
    crc: int


class Packing(Protocol):
    """Packs a stream: pieces in, pieces out."""

    def compress(self, data: bytes, /) -> bytes:
        """Pack a piece."""

    def flush(self) -> bytes:
        """Pack what is left."""


class Deflating(Struct, frozen=True):
    """What does Deflate here: whole blocks, streams, back again, and the CRC-32.

    ``whole`` and ``stream`` take an effort from 1 to 9; ``inflate`` makes what unpacks.
    """

    whole: Callable[[bytes, int], bytes]
    stream: Callable[[int], Packing]
    inflate: Callable[[], Any]
    crc32: Callable[..., int]
    errors: tuple[type[Exception], ...] = (zlib.error,)


def plain_deflating() -> Deflating:
    """Answer the standard library's way."""

    def whole(data: bytes, effort: int) -> bytes:
        packing = zlib.compressobj(effort, zlib.DEFLATED, -15)
        return packing.compress(data) + packing.flush()

    def stream(effort: int) -> Packing:
        return zlib.compressobj(effort, zlib.DEFLATED, -15)

    return Deflating(whole, stream, lambda: zlib.decompressobj(-15), zlib.crc32)


def fast_deflating() -> Deflating:
    """Answer the fastest way there is a wheel for: isal at effort 1, libdeflate above."""
    return _with_isal(_with_libdeflate(plain_deflating()))


def _with_libdeflate(slower: Deflating) -> Deflating:
    try:
        import deflate
    except ImportError:
        return slower

    def whole(data: bytes, effort: int) -> bytes:
        return bytes(deflate.deflate_compress(data, effort))

    return replace(slower, whole=whole)


def _with_isal(slower: Deflating) -> Deflating:
    try:
        from isal import igzip_lib, isal_zlib
    except ImportError:
        return slower

    def whole(data: bytes, effort: int) -> bytes:
        if effort > 1:
            return slower.whole(data, effort)
        return igzip_lib.compress(data, effort, igzip_lib.COMP_DEFLATE)

    def stream(effort: int) -> Packing:
        if effort > 1:
            return slower.stream(effort)
        return isal_zlib.compressobj(effort, isal_zlib.DEFLATED, -15)

    broken = cast("type[Exception]", igzip_lib.IsalError)
    return Deflating(
        whole,
        stream,
        lambda: isal_zlib.decompressobj(-15),
        isal_zlib.crc32,
        (broken, zlib.error),
    )


DEFLATING = fast_deflating()
_UNPACKING: tuple[type[Exception], ...] = (
    *DEFLATING.errors, lzma.LZMAError, EOFError, MemoryError, ValueError,
)  # fmt: skip


def crc32(data: bytes | bytearray | memoryview, start: int = 0) -> int:
    """Answer the CRC-32 of some bytes, going on from ``start``."""
    return DEFLATING.crc32(data, start)


def effort_of(level: Level) -> int:
    """Answer how hard the lists in an archive are packed: as its text is, if by Deflate."""
    return level.effort if level.method == "deflate" else 6


def coders_of(level: Level, *, text: bool) -> str:
    """Answer by which coders a block is packed."""
    if not text or level.method == "copy":
        return COPY
    return DEFLATE if level.method == "deflate" else LZMA2


def pack(data: bytes, level: Level, *, text: bool) -> tuple[str, bytes]:
    """Pack one block; answer its coders too: what does not shrink is copied."""
    coders = coders_of(level, text=text)
    if coders == COPY:
        return COPY, data
    if coders == DEFLATE:
        packed = DEFLATING.whole(data, level.effort)
    else:
        packed = lzma.compress(data, lzma.FORMAT_RAW, filters=_filters(level.effort))
    return (coders, packed) if len(packed) < len(data) else (COPY, data)


def pack_pieces(pieces: Iterable[bytes | bytearray], effort: int) -> Deflated:
    """Pack with Deflate what comes in pieces and, where it is long, is never held whole."""
    held, packed, size, crc = bytearray(), bytearray(), 0, 0
    packing: Packing | None = None
    for piece in pieces:
        size, crc = size + len(piece), crc32(piece, crc)
        held += piece
        if len(held) > PIECE:
            packing = packing or DEFLATING.stream(effort)
            packed += packing.compress(bytes(held))
            held.clear()
    if packing is None:
        return Deflated(DEFLATING.whole(bytes(held), effort), size, crc)
    packed += packing.compress(bytes(held)) + packing.flush()
    return Deflated(bytes(packed), size, crc)


def stream_packing(level: Level, *, text: bool) -> tuple[str, Packing]:
    """Answer what packs a long block, and its coders."""
    coders = coders_of(level, text=text)
    if coders == COPY:
        return COPY, _Copying()
    if coders == DEFLATE:
        return coders, DEFLATING.stream(level.effort)
    return coders, lzma.LZMACompressor(lzma.FORMAT_RAW, filters=_filters(level.effort))


def shrinks(sample: bytes, share: float) -> bool:
    """Tell whether some bytes, compressed lightly, take less than a share of their length."""
    return len(DEFLATING.whole(sample, 1)) < share * len(sample)


def unpack(coders: str, packed: Packed, size: int) -> Packed | bytes:
    """Unpack one block to exactly ``size`` bytes. Raises Damaged.

    What is only copied is answered as it came.
    """
    unpacked: Packed | bytes
    if coders == COPY:
        unpacked = packed
    else:
        try:
            unpacked = _unpacking(coders).decompress(packed, size + 1)
        except _UNPACKING as problem:
            raise Damaged("Its packed bytes make no sense.") from problem
    if len(unpacked) != size:
        raise Damaged("Its packed bytes end too early or too late.")
    return unpacked


def rescue(coders: str, packed: bytes, size: int) -> bytes:
    """Unpack as much of a damaged block as comes before the damage."""
    if coders == COPY:
        return packed[:size]
    out, step = b"", 1 << 12
    try:
        unpacking = _unpacking(coders)
        for start in range(0, len(packed), step):
            out += unpacking.decompress(packed[start : start + step], size - len(out) + 1)
            if unpacking.eof or len(out) > size:
                break
    except Damaged:
        pass
    except _UNPACKING:
        pass
    return out[:size]


def unpack_stream(coders: str, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack a long block piece by piece, never more than PIECE at once. Raises Damaged."""
    if coders == COPY:
        yield from pieces
        return
    unpacking = _unpacking(coders)
    lzma_like = coders != DEFLATE
    try:
        for piece in pieces:
            waiting = piece
            while True:
                out = unpacking.decompress(waiting, PIECE)
                if out:
                    yield out
                waiting = b"" if lzma_like else unpacking.unconsumed_tail
                if unpacking.eof or (not waiting and len(out) < PIECE):
                    break
    except _UNPACKING as problem:
        raise Damaged("Its packed bytes make no sense.") from problem


def _unpacking(coders: str) -> Any:
    if coders == DEFLATE:
        return DEFLATING.inflate()
    if coders.startswith("lzma2:") and coders[6:].isdigit() and 0 <= int(coders[6:]) <= 32:
        code = int(coders[6:])
        size = (2 | (code & 1)) << (code // 2 + 11)
        filters = [{"id": lzma.FILTER_LZMA2, "dict_size": size}]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
    raise Damaged("It is packed in a way this program does not know.")


def _filters(effort: int) -> list[dict[str, int]]:
    return [{"id": lzma.FILTER_LZMA2, "preset": effort, "dict_size": _DICTIONARY}]


class _Copying:
    def compress(self, data: bytes, /) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""
