"""Restored files on their way to the disk: whole, with their times and modes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

from app.core.backup.manifest import Entry
from app.files.backup import disk, uncached

LONG = 128 << 10  # bytes from which on the way past the system's memory is the shorter one
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_BY_DESCRIPTOR = os.utime in os.supports_fd


class Files:
    """Writes files that must not be there yet; on any thread."""

    def __init__(self) -> None:
        self._own = threading.local()

    def write(self, path: str, entry: Entry, pieces: Iterator[bytes | memoryview]) -> None:
        """Write one file with its time and mode; one that may only be read can be written yet."""
        mode = decent(entry.mode)
        descriptor = os.open(path, _NEW, mode)
        try:
            if entry.size < LONG:
                for piece in pieces:
                    disk.write(descriptor, piece)
            else:
                self._write_long(descriptor, pieces)
            if _BY_DESCRIPTOR:
                os.utime(descriptor, ns=(entry.mtime_ns, entry.mtime_ns))
                if os.fstat(descriptor).st_mode & 0o777 != mode:  # what the system leaves out
                    os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
        if not _BY_DESCRIPTOR:
            os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))
            Path(path).chmod(mode)

    def _write_long(self, descriptor: int, pieces: Iterator[bytes | memoryview]) -> None:
        if not hasattr(self._own, "room"):
            self._own.room = uncached.Room(uncached.GATHERED)
        gathering = uncached.Gathering(descriptor, self._own.room)
        for piece in pieces:
            gathering.write(piece)
        gathering.settle()


def decent(mode: int) -> int:
    """Answer a mode without the bits that would make a file run as someone else."""
    return mode & 0o777
