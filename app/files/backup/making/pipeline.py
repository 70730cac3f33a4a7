"""Bytes on their way into an archive: gathered into blocks, packed on all cores, written in order.

One thread reads (two would hinder each other over small files), some pack, one writes. What
is on its way is bounded by bytes, so memory does not depend on how much there is.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from types import TracebackType

from app.core.backup.levels import MEDIA_BLOCK, Level
from app.core.backup.manifest import Blob
from app.core.backup.waymarks import MarkedFile
from app.files.backup.sevenzip.writing import ArchiveWriter, Content, Packed

IN_FLIGHT = 24 << 20  # bytes between the reader and the disk
MAX_WORKERS = 4


@dataclass
class _Gathering:
    """Files that will be one block."""

    text: bool
    limit: int
    contents: list[Content] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    size: int = 0


class Pipeline:
    """Takes files' bytes; ``blobs`` tells where each hash came to stand.

    Use it as a context: leaving it ends its threads, whatever happened. All calls come from
    one thread.
    """

    def __init__(self, writer: ArchiveWriter, level: Level) -> None:
        self.blobs: list[Blob] = []
        self._writer = writer
        self._text = _Gathering(True, level.block)
        self._media = _Gathering(False, MEDIA_BLOCK)
        self._copies: list[MarkedFile] = []
        self._count = 0
        self._flying: deque[tuple[Future[int], int]] = deque()
        self._weight = 0
        workers = max(1, min(MAX_WORKERS, os.cpu_count() or 1))
        self._packing = ThreadPoolExecutor(workers, "backup-pack")
        self._writing = ThreadPoolExecutor(1, "backup-write")

    def __enter__(self) -> Pipeline:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the threads; what has not begun is dropped."""
        self._packing.shutdown(wait=True, cancel_futures=True)
        self._writing.shutdown(wait=True, cancel_futures=True)

    def add(self, content: Content, data: bytes, *, text: bool) -> None:
        """Take one file's bytes."""
        gathering = self._text if text else self._media
        if gathering.size and gathering.size + len(data) > gathering.limit:
            self._send(gathering)
        gathering.contents.append(content)
        gathering.data.append(data)
        gathering.size += len(data)

    def note(self, copy: MarkedFile) -> None:
        """Remember a file whose bytes stand elsewhere already."""
        self._copies.append(copy)

    def stream(self, content: Content, pieces: Iterator[bytes], *, text: bool) -> None:
        """Take one long file as a block of its own; `keep_streamed` or `drop_streamed` follows."""
        self._wait(0)
        self._writer.stream(content, pieces, text=text)

    def keep_streamed(self, file: MarkedFile) -> None:
        """Keep what was just streamed, now that its hash and size are known."""
        self._writer.mark_last(file)
        self.blobs.append(Blob(file.sha256, self._count, 0, file.size))
        self._count += 1

    def drop_streamed(self) -> None:
        """Forget what was just streamed."""
        self._writer.drop_last()

    def add_packed(self, packed: Packed) -> None:
        """Take a block that is packed already; it gets the next number."""
        offset = 0
        for content in packed.contents:
            self.blobs.append(Blob(content.file.sha256, self._count, offset, content.file.size))
            offset += content.file.size
        self._count += 1
        self._wait(IN_FLIGHT - len(packed.data))
        self._flying.append((self._writing.submit(self._writer.add, packed), len(packed.data)))
        self._weight += len(packed.data)

    def finish(self) -> None:
        """Pack and write all that is left."""
        self._send(self._text)
        self._send(self._media)
        self._wait(0)
        self._writer.note(self._noted())

    def _send(self, gathering: _Gathering) -> None:
        if not gathering.size:
            return
        offset = 0
        for content, part in zip(gathering.contents, gathering.data, strict=True):
            self.blobs.append(Blob(content.file.sha256, self._count, offset, len(part)))
            offset += len(part)
        self._count += 1
        self._wait(IN_FLIGHT - gathering.size)
        packing = self._packing.submit(
            self._writer.pack, gathering.contents, gathering.data, text=gathering.text
        )
        writing = self._writing.submit(self._write, packing, self._noted())
        self._flying.append((writing, gathering.size))
        self._weight += gathering.size
        gathering.contents, gathering.data, gathering.size = [], [], 0

    def _noted(self) -> list[MarkedFile]:
        copies, self._copies = self._copies, []
        return copies

    def _write(self, packing: Future[Packed], copies: list[MarkedFile]) -> int:
        """Write one block, on the writing thread."""
        self._writer.note(copies)
        return self._writer.add(packing.result())

    def _wait(self, most: int) -> None:
        """Wait until no more than some bytes are on their way; raise what went wrong there."""
        while self._flying and self._weight > max(most, 0):
            future, size = self._flying.popleft()
            self._weight -= size
            future.result()
