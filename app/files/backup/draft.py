"""An archive while it is being written: hidden, hashed by nobody yet, gone unless published."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from app.files.backup import disk, uncached

PART = ".part"
_STRIDE = 32 << 20  # bytes after which the system is told to begin writing


class Draft:
    """A new file that is written front to back.

    Bytes are gathered and written past the system's memory, as long as nothing but the end
    is written; from the first exception to that on, the ordinary way.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = 0
        self._begun = 0
        self._flushing: Future[None] | None = None
        self._descriptor = disk.create(path)
        self._helper = ThreadPoolExecutor(1, "backup-flush")
        self._gathering = uncached.Gathering(self._descriptor)

    def write(self, data: bytes) -> None:
        """Write at the end."""
        self.position += len(data)
        self._gathering.write(data)
        if not self._gathering.active and self.position - self._begun > _STRIDE:
            self._begun = self.position
            self._flush_behind()

    def _flush_behind(self) -> None:
        """Let the system begin writing while we go on; one such request at a time."""
        if self._flushing is not None and self._flushing.done():
            self._flushing.result()
            self._flushing = None
        if self._flushing is None:
            self._flushing = self._helper.submit(disk.begin_flush, self._descriptor)

    def write_at_start(self, data: bytes, offset: int = 0) -> None:
        """Write over some of the first bytes."""
        if self._gathering.active and self.position == self._gathering.length:
            self._gathering.view[offset : offset + len(data)] = data
            return
        self._gathering.settle()
        os.lseek(self._descriptor, offset, os.SEEK_SET)
        disk.write(self._descriptor, data)
        os.lseek(self._descriptor, self.position, os.SEEK_SET)

    def rewind(self, position: int) -> None:
        """Forget what was written from ``position`` on."""
        gone, self.position = self.position - position, position
        if self._gathering.active and gone <= self._gathering.length:
            self._gathering.length -= gone
            return
        self._gathering.settle()
        disk.rewind(self._descriptor, position)
        self._begun = min(self._begun, position)

    def flush(self) -> None:
        """Make it durable."""
        self._gathering.settle()
        disk.flush(self._descriptor)

    def close(self) -> None:
        """Let go of the file."""
        self._helper.shutdown(wait=True)
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


@contextmanager
def drafted(target: Path) -> Iterator[Draft]:
    """Yield a draft beside ``target``; whatever happens, it is gone afterwards unless published."""
    draft = Draft(target.with_name(f".{target.name}{PART}"))
    try:
        yield draft
    finally:
        draft.close()
        with suppress(OSError):
            disk.remove(draft.path)


def publish(draft: Draft, target: Path) -> None:
    """Rename a finished, flushed and checked draft to its name, and make that durable."""
    draft.close()
    disk.rename(draft.path, target)
    disk.flush_folder(target.parent)
