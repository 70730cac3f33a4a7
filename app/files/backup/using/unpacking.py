"""Getting bytes out of archives by hash: each block unpacked once, every file's hash compared."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Self

from msgspec import Struct

from app.core.backup.manifest import Blob, Block
from app.errors import NotFound, StorageProblem
from app.files.backup.sevenzip import codecs
from app.files.backup.sevenzip.archive import WHOLE, Archive, Locked
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.shelf import Bytes, Shelf
from app.files.backup.uncached import PAGE, Room

_IN_FLIGHT = 8  # blocks between the reader and those who unpack
MAX_WORKERS = 4
ROOM = 4 << 20  # bytes of a block read into memory a thread keeps for that
_CHANGED = "Its bytes are not those that were kept."

Sink = Callable[[Blob, Iterator[bytes | memoryview]], None]


class Failed(Struct, frozen=True):
    """A blob that did not come out as it should: where it was, and why in words."""

    archive: str
    sha256: str
    why: str


def by_archive(found: Iterable[Bytes]) -> dict[str, dict[Block, list[Blob]]]:
    """Group what is wanted by archive and by block, both in the order of the disk."""
    grouped: dict[str, dict[Block, list[Blob]]] = {}
    for each in found:
        grouped.setdefault(each.archive, {}).setdefault(each.block, []).append(each.blob)
    return {
        name: dict(sorted(blocks.items(), key=lambda item: item[0].position))
        for name, blocks in sorted(grouped.items())
    }


def deliver(
    shelf: Shelf,
    found: Iterable[Bytes],
    sink: Sink,
    passphrase: str | None,
    on_bytes: Callable[[int], None],
) -> list[Failed]:
    """Hand each blob's bytes, as the disk has them, to ``sink``; answer those that are damaged.

    ``sink`` is called on several threads and must take all of the pieces, and keep none; for
    a damaged blob it may have been called, or not.
    """
    failed: list[Failed] = []
    for name, blocks in by_archive(found).items():
        try:
            with shelf.opened(name, passphrase) as archive:
                failed += _deliver_from(archive, blocks, sink, on_bytes)
        except Locked:
            raise
        except (NotFound, StorageProblem) as problem:
            blobs = [blob for group in blocks.values() for blob in group]
            failed += [Failed(name, blob.sha256, problem.message) for blob in blobs]
    return failed


def _deliver_from(
    archive: Archive,
    blocks: dict[Block, list[Blob]],
    sink: Sink,
    on_bytes: Callable[[int], None],
) -> list[Failed]:
    short, sealed, long = _sorted(blocks)
    work = _Unpacking(archive, sink)
    failed: list[Failed] = []
    with _Crew(on_bytes) as crew:
        with archive.uncached():
            for block in short:
                failed += crew.give(block.size, partial(work.unpack, block, blocks[block]))
            failed += crew.rest()
        for block in sealed:  # py7zr reads those itself, on this thread
            try:
                data = memoryview(b"".join(archive.unpacked(block)))
            except Damaged as problem:
                failed += work.failed(blocks[block], problem.message)
                continue
            failed += crew.give(block.size, partial(work.split, data, blocks[block]))
        failed += crew.rest()
    for block in long:
        failed += _long(archive, block, blocks[block], sink, on_bytes)
    return failed


def _sorted(blocks: Iterable[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    """Tell apart what is unpacked at once, what is so but encrypted, and what in pieces."""
    short, sealed, long = [], [], []
    for block in blocks:
        if max(block.size, block.packed) > WHOLE:
            long.append(block)
        elif "aes:" in block.coders:
            sealed.append(block)
        else:
            short.append(block)
    return short, sealed, long


class _Crew:
    """Threads that unpack, given only so many blocks at a time."""

    def __init__(self, on_bytes: Callable[[int], None]) -> None:
        # one more than can work at once, for those that wait for the disk
        count = max(2, min(MAX_WORKERS, (os.cpu_count() or 1) + 1))
        self._threads = ThreadPoolExecutor(count, "backup-unpack")
        self._waiting: deque[tuple[Future[list[Failed]], int]] = deque()
        self._on_bytes = on_bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)

    def give(self, size: int, work: Callable[[], list[Failed]]) -> list[Failed]:
        """Have something done; answer what turned out damaged in what was waited for."""
        found = self._next() if len(self._waiting) >= _IN_FLIGHT else []
        self._waiting.append((self._threads.submit(work), size))
        return found

    def rest(self) -> list[Failed]:
        """Wait for all of it."""
        found: list[Failed] = []
        while self._waiting:
            found += self._next()
        return found

    def _next(self) -> list[Failed]:
        future, size = self._waiting.popleft()
        found = future.result()
        self._on_bytes(size)
        return found


class _Unpacking:
    """Reads, unpacks, compares and hands out blocks, on any thread."""

    def __init__(self, archive: Archive, sink: Sink) -> None:
        self._archive = archive
        self._sink = sink
        self._own = threading.local()

    def unpack(self, block: Block, blobs: Iterable[Blob]) -> list[Failed]:
        """Hand out what is wanted of a block."""
        try:
            return self.split(self._unpacked(block), blobs)
        except Damaged as problem:
            return self.failed(blobs, problem.message)

    def split(self, data: memoryview, blobs: Iterable[Blob]) -> list[Failed]:
        """Hand out the parts of an unpacked block whose hashes are right."""
        failed: list[Failed] = []
        for blob in blobs:
            part = data[blob.offset : blob.offset + blob.size]
            if hashlib.sha256(part).hexdigest() == blob.sha256:
                self._sink(blob, iter((part,)))
            else:
                failed += self.failed([blob], _CHANGED)
        return failed

    def failed(self, blobs: Iterable[Blob], why: str) -> list[Failed]:
        """Answer what tells that files of this archive are damaged."""
        return [Failed(self._archive.path.name, blob.sha256, why) for blob in blobs]

    def _unpacked(self, block: Block) -> memoryview:
        """Read and unpack a block at once; gone when the next is asked for on this thread."""
        raw = self._archive.block_into(self._room(block.packed), block)
        if codecs.crc32(raw) != block.crc:
            raise Damaged("Its packed bytes are damaged.")
        return memoryview(codecs.unpack(block.coders, raw, block.size))

    def _room(self, size: int) -> Room:
        if size > ROOM:
            return Room(size + 2 * PAGE)
        if not hasattr(self._own, "room"):
            self._own.room = Room(ROOM + 2 * PAGE)
        room: Room = self._own.room
        return room


def _long(
    archive: Archive,
    block: Block,
    blobs: list[Blob],
    sink: Sink,
    on_bytes: Callable[[int], None],
) -> list[Failed]:
    """Unpack a block piece by piece, once for each blob in it that is long itself."""
    failed = []
    for blob in sorted(blobs, key=lambda blob: blob.offset):
        checked = _Checked(cut_out(archive.unpacked(block), blob), on_bytes)
        try:
            sink(blob, checked.pieces())
            checked.compare(blob)
        except Damaged as problem:
            failed.append(Failed(archive.path.name, blob.sha256, problem.message))
    return failed


class _Checked:
    """Pieces that are hashed and counted as they pass."""

    def __init__(self, pieces: Iterator[bytes], on_bytes: Callable[[int], None]) -> None:
        self._pieces = pieces
        self._on_bytes = on_bytes
        self._digest = hashlib.sha256()

    def pieces(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._digest.update(piece)
            self._on_bytes(len(piece))
            yield piece

    def compare(self, blob: Blob) -> None:
        if self._digest.hexdigest() != blob.sha256:
            raise Damaged(_CHANGED)


def cut_out(pieces: Iterator[bytes], blob: Blob) -> Iterator[bytes]:
    """Pass on the part of a block's bytes that is one blob's. Raises Damaged if it is short."""
    skip, left = blob.offset, blob.size
    for piece in pieces:
        part = piece[skip : skip + left]
        skip = max(0, skip - len(piece))
        left -= len(part)
        if part:
            yield part
        if not left:
            return
    raise Damaged("Its packed bytes end too early.")
