"""One archive opened for reading: its blocks, its manifest, and whether all is as it was."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.core.backup.manifest import MAX_MANIFEST, Block
from app.errors import InvalidInput
from app.files.backup import uncached
from app.files.backup.sevenzip import codecs, parsing
from app.files.backup.sevenzip.codecs import Damaged, crc32
from app.files.backup.sevenzip.layout import SIGNATURE_SIZE
from app.files.backup.sevenzip.parsing import MAX_HEADER, HeaderPlace
from app.files.backup.uncached import Room

WHOLE = 32 << 20  # a block up to this size is unpacked at once


class Locked(InvalidInput):
    """An archive is encrypted, and the passphrase given is missing or not its own."""

    code = "wrong-passphrase"

    def __init__(self, name: str, *, given: bool) -> None:
        super().__init__(
            f"The passphrase does not open {name}, or the archive is damaged."
            if given
            else f"The backup {name} is encrypted.",
            hint="Give the passphrase it was made with. Without it nobody can read it.",
            archive=name,
        )


class Archive:
    """A 7z archive whose own list has been read. Close it: Windows renames nothing that is open.

    Raises FileNotFoundError, Locked, or Damaged if the list cannot be read; without
    ``with_list`` it is not looked at, for one who knows the blocks from elsewhere.
    """

    def __init__(
        self, path: Path, passphrase: str | None = None, *, with_list: bool = True
    ) -> None:
        self.path = path
        self._passphrase = passphrase
        self._turn = threading.Lock()
        self.stream: BinaryIO = path.open("rb", buffering=0)
        try:
            self.length = os.fstat(self.stream.fileno()).st_size
            self.blocks: list[Block] = []
            if with_list:
                self.place = self._find_header()
                self.blocks = self._read_header()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Archive:
        """Use it as a context: it is closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.stream.close()

    def manifest(self) -> bytes:
        """Read the bytes of the manifest: the last block. Raises Damaged if it is none."""
        block = self.blocks[-1]
        if block.size > MAX_MANIFEST:
            raise Damaged("Its manifest is too long.")
        if not self.is_sound(block):
            raise Damaged("Its manifest is damaged.")
        raw = b"".join(self.unpacked(block))
        if not raw.startswith(b'{"formatVersion"'):
            raise Damaged("It is no backup of this program.")
        return raw

    def is_sound(self, block: Block) -> bool:
        """Tell whether a block's packed bytes are those that were written."""
        crc = 0
        try:
            for piece in self.raw_pieces(block):
                crc = crc32(piece, crc)
        except Damaged:
            return False
        return crc == block.crc

    def raw(self, block: Block) -> bytes:
        """Read a block as it is packed. Raises Damaged if the file ends before it does."""
        return b"".join(self.raw_pieces(block))

    def raw_pieces(self, block: Block) -> Iterator[bytes]:
        """Read a block as it is packed, piece by piece. Raises Damaged."""
        if block.position < SIGNATURE_SIZE or block.position + block.packed > self.length:
            raise Damaged("The archive ends before its bytes do.")
        at, end = block.position, block.position + block.packed
        while at < end:
            self.stream.seek(at)
            piece = self.stream.read(min(codecs.PIECE, end - at))
            if not piece:
                raise Damaged("The archive ends before its bytes do.")
            at += len(piece)
            yield piece

    def raw_as_far_as_it_goes(self, block: Block) -> bytes:
        """Read a block as it is packed, or as much of it as the file has."""
        self.stream.seek(block.position)
        parts, left = [], block.packed
        while left and (piece := self.stream.read(min(codecs.PIECE, left))):
            parts.append(piece)
            left -= len(piece)
        return b"".join(parts)

    def unpacked(self, block: Block) -> Iterator[bytes]:
        """Unpack a block: small ones at once, long ones piece by piece. Raises Damaged.

        The sizes were claimed by the archive itself, so never more than that comes out.
        """
        if "aes:" in block.coders:
            from app.files.backup.sevenzip.sealed import unsealed

            yield from unsealed(self.stream, block, self._passphrase)
        elif max(block.size, block.packed) <= WHOLE:
            yield codecs.unpack(block.coders, self.raw(block), block.size)
        else:
            yield from _exactly(
                block.size, codecs.unpack_stream(block.coders, self.raw_pieces(block))
            )

    def check(self, on_bytes: Callable[[int], None]) -> str:
        """Read the whole file, compare every block's CRC, answer the file's SHA-256 in hex.

        Raises Damaged. The digest is made on a thread of its own: it is the slower half.
        """
        digest = hashlib.sha256()
        comparing = _Comparing(self.blocks)
        with ThreadPoolExecutor(1, "digest") as hashing:
            waiting: deque[Future[None]] = deque()
            for piece in self._all_of_it():
                if waiting:
                    waiting.popleft().result()
                waiting.append(hashing.submit(digest.update, piece))
                comparing.add(piece)
                on_bytes(len(piece))
        return digest.hexdigest()

    def forget_cached(self) -> None:
        """Ask the system to read from the disk again, not from its memory, where it can."""
        advise = getattr(os, "posix_fadvise", None)
        if advise is not None:
            with suppress(OSError):
                advise(self.stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)

    @contextmanager
    def uncached(self) -> Iterator[None]:
        """Read from the disk meanwhile, not from the system's memory, where that can be."""
        self.forget_cached()
        uncached.begin(self.stream.fileno())
        try:
            yield
        finally:
            uncached.end(self.stream.fileno())

    def read(self, room: Room, start: int, end: int) -> memoryview:
        """Read some bytes of the file into memory lent for it, on any thread; fewer at its end.

        Within `uncached` this is the one way to read.
        """
        if uncached.can_read:
            return room.read(self.stream.fileno(), start, end)
        with self._turn:
            self.stream.seek(start)
            return room.view[: self.stream.readinto(room.view[: end - start])]  # type: ignore[attr-defined]

    def block_into(self, room: Room, block: Block) -> memoryview:
        """Read a block as it is packed into memory lent for it. Raises Damaged."""
        end = block.position + block.packed
        if block.position < SIGNATURE_SIZE or end > self.length:
            raise Damaged("The archive ends before its bytes do.")
        raw = self.read(room, block.position, end)
        if len(raw) < block.packed:
            raise Damaged("The archive ends before its bytes do.")
        return raw

    def _all_of_it(self) -> Iterator[memoryview]:
        """Read the whole file. A piece is gone when the next but one is asked for."""
        rooms = [Room(codecs.PIECE) for _ in range(2)]
        with self.uncached():
            for number, at in enumerate(range(0, self.length, codecs.PIECE)):
                end = min(at + codecs.PIECE, self.length)
                piece = self.read(rooms[number % 2], at, end)
                if len(piece) < end - at:
                    raise Damaged("The archive ends too early.")
                yield piece

    def _find_header(self) -> HeaderPlace:
        place = parsing.read_signature(self.stream.read(SIGNATURE_SIZE))
        if place.end > self.length:
            raise Damaged("The archive is cut off.")
        return place

    def _read_header(self) -> list[Block]:
        self.stream.seek(self.place.offset)
        header = self.stream.read(self.place.size)
        if len(header) != self.place.size or crc32(header) != self.place.crc:
            raise Damaged("Its own list of contents is damaged.")
        for _ in range(4):  # a packed header may hold a packed header, but why should it go on
            blocks, packed = parsing.read_streams(header)
            if not blocks:
                raise Damaged("It holds nothing.")
            if packed is None:
                return blocks
            header = self._unpacked_header(blocks[0])
            if packed.crc is not None and crc32(header) != packed.crc:
                raise Damaged("Its own list of contents is damaged.")
        raise Damaged("Its own list of contents makes no sense.")

    def _unpacked_header(self, block: Block) -> bytes:
        if block.size > MAX_HEADER:
            raise Damaged("Its own list of contents is too long.")
        if block.crc and not self.is_sound(block):  # py7zr leaves this one out
            raise Damaged("Its own list of contents is damaged.")
        if "aes:" not in block.coders:
            return b"".join(self.unpacked(block))
        if not self._passphrase:
            raise Locked(self.path.name, given=False)
        try:
            header = b"".join(self.unpacked(block))
            parsing.read_streams(header)
        except Damaged as problem:
            raise Locked(self.path.name, given=True) from problem
        return header


class _Comparing:
    """Compares the checksums of blocks with bytes that come as the file has them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = iter(sorted(blocks, key=lambda block: block.position))
        self._block = next(self._blocks, None)
        self._at = self._crc = 0

    def add(self, piece: memoryview) -> None:
        """Take the next bytes of the file. Raises Damaged."""
        end = self._at + len(piece)
        while self._block is not None and self._block.position < end:
            block, last = self._block, self._block.position + self._block.packed
            start = max(block.position, self._at)
            part = piece[start - self._at : min(last, end) - self._at]
            self._crc = crc32(part, self._crc)
            if last > end:
                break
            if self._crc != block.crc:
                raise Damaged("Its bytes are not those that were written.")
            self._block, self._crc = next(self._blocks, None), 0
        self._at = end


def _exactly(size: int, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Pass pieces on as long as they are no more, and in the end no less, than ``size``."""
    left = size
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise Damaged("Its packed bytes end too late.")
        yield piece
    if left:
        raise Damaged("Its packed bytes end too early.")
