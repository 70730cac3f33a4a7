"""Getting bytes out of archives by hash: each block unpacked once, every file's hash compared."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from app.core.backup.manifest import Blob, Block
from app.errors import NotFound, StorageProblem
from app.files.backup.sevenzip import codecs
from app.files.backup.sevenzip.archive import WHOLE, Archive, Locked
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.shelf import Bytes, Shelf

_IN_FLIGHT = 8  # blocks between the reader and those who unpack
MAX_WORKERS = 4

Sink = Callable[[Blob, Iterator[bytes]], None]


@dataclass(frozen=True, slots=True)
class Failed:
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
    *,
    fresh: bool = False,
) -> list[Failed]:
    """Hand each blob's bytes to ``sink``; answer those that are damaged.

    ``sink`` is called on several threads and must take all of the pieces; for a damaged
    blob it may have been called, or not. ``fresh``: read from the disk, not from memory.
    """
    failed: list[Failed] = []
    for name, blocks in by_archive(found).items():
        try:
            with shelf.opened(name, passphrase) as archive:
                if fresh:
                    archive.forget_cached()
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
    name = archive.path.name
    failed: list[Failed] = []
    waiting: deque[tuple[Future[list[Failed]], int]] = deque()
    workers = ThreadPoolExecutor(max(1, min(MAX_WORKERS, os.cpu_count() or 1)), "backup-unpack")
    try:
        for block, blobs in blocks.items():
            while len(waiting) >= _IN_FLIGHT:
                failed += _taken(waiting, on_bytes)
            if max(block.size, block.packed) > WHOLE:
                failed += _long(archive, block, blobs, sink, on_bytes)
                continue
            sealed = "aes:" in block.coders  # py7zr reads those itself, on this thread
            try:
                raw = b"".join(archive.unpacked(block)) if sealed else archive.raw(block)
            except Damaged as problem:
                failed += [Failed(name, blob.sha256, problem.message) for blob in blobs]
                continue
            work = partial(_split, name) if sealed else partial(_short, name, block)
            waiting.append((workers.submit(work, blobs, raw, sink), block.size))
        while waiting:
            failed += _taken(waiting, on_bytes)
    finally:
        workers.shutdown(wait=True, cancel_futures=True)
    return failed


def _taken(
    waiting: deque[tuple[Future[list[Failed]], int]], on_bytes: Callable[[int], None]
) -> list[Failed]:
    future, size = waiting.popleft()
    found = future.result()
    on_bytes(size)
    return found


def _short(name: str, block: Block, blobs: list[Blob], raw: bytes, sink: Sink) -> list[Failed]:
    """Unpack a block at once, on any thread; compare before anyone sees the bytes."""
    if codecs.crc32(raw) != block.crc:
        return [Failed(name, blob.sha256, "Its packed bytes are damaged.") for blob in blobs]
    try:
        data = codecs.unpack(block.coders, raw, block.size)
    except Damaged as problem:
        return [Failed(name, blob.sha256, problem.message) for blob in blobs]
    return _split(name, blobs, data, sink)


def _split(name: str, blobs: list[Blob], data: bytes, sink: Sink) -> list[Failed]:
    """Hand out the parts of an unpacked block whose hashes are right."""
    failed = []
    for blob in blobs:
        part = data if blob.size == len(data) else data[blob.offset : blob.offset + blob.size]
        if hashlib.sha256(part).hexdigest() != blob.sha256:
            failed.append(Failed(name, blob.sha256, "Its bytes are not those that were kept."))
        else:
            sink(blob, iter((part,)))
    return failed


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
            raise Damaged("Its bytes are not those that were kept.")


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
