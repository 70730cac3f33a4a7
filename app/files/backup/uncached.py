"""Writing and reading past the system's memory, where the system lets us.

An archive is written once and read back once: kept in the system's memory it would push out
what others need, and cost more time than the disk does. Read back past that memory, it is
what the disk holds that is looked at. The conditions are those of Linux's O_DIRECT: memory
that begins at a page, places and lengths that are whole pages.
"""

from __future__ import annotations

import errno
import mmap
import os
import sys
from contextlib import suppress

from app.files.backup import disk

PAGE = 4096  # no disk's own unit is longer
GATHERED = 4 << 20  # bytes written at once
_DIRECT = getattr(os, "O_DIRECT", 0)
_F_NOCACHE = 48  # of macOS; it has no conditions


def begin(descriptor: int) -> bool:
    """Go past the system's memory from now on; answer whether that is so."""
    return _set(descriptor, uncached=True)


def end(descriptor: int) -> None:
    """Go through the system's memory again."""
    _set(descriptor, uncached=False)


def _set(descriptor: int, *, uncached: bool) -> bool:
    if sys.platform == "win32":
        return False
    import fcntl

    with suppress(OSError):  # not every file system can
        if sys.platform == "darwin":
            fcntl.fcntl(descriptor, _F_NOCACHE, int(uncached))
            return True
        if _DIRECT:
            flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
            wanted = flags | _DIRECT if uncached else flags & ~_DIRECT
            fcntl.fcntl(descriptor, fcntl.F_SETFL, wanted)
            return True
    return False


class Room:
    """Memory that begins at a page and is used again and again: new memory costs time, too."""

    def __init__(self, size: int) -> None:
        self.view = memoryview(mmap.mmap(-1, size))

    def read(self, descriptor: int, start: int, end: int) -> memoryview:
        """Read a file's bytes from ``start`` to before ``end``; fewer where it ends.

        Whole pages are read, so there must be room for two more. What is answered is part
        of the room: it is gone at the next reading. Only where `can_read` says so.
        """
        low = start - start % PAGE
        length = -(-(end - low) // PAGE) * PAGE
        got = 0
        while got < length:
            count = os.preadv(descriptor, [self.view[got:length]], low + got)
            got += count
            if not count or got % PAGE:  # the end of the file
                break
        return self.view[start - low : min(end - low, max(got, start - low))]


class Gathering:
    """Gathers what is written to the end of a file, and writes it in whole pages.

    ``active`` until `settle`, or until the file system turns out to refuse: then all that
    is given is written as it comes. ``length`` bytes are gathered and not yet written.
    """

    def __init__(self, descriptor: int, room: Room | None = None) -> None:
        self._descriptor = descriptor
        self.active = begin(descriptor)
        self.length = 0
        self.view = memoryview(b"")
        if self.active:
            self.view = (room or Room(GATHERED)).view

    def write(self, data: bytes | memoryview) -> None:
        """Write at the end."""
        rest = memoryview(data)
        while rest and self.active:
            some = rest[: len(self.view) - self.length]
            self.view[self.length : self.length + len(some)] = some
            self.length += len(some)
            rest = rest[len(some) :]
            if self.length == len(self.view):
                self._write(self.length)
        if rest:
            disk.write(self._descriptor, rest)

    def settle(self) -> None:
        """Write what is gathered; from now on, all that follows goes the ordinary way."""
        if self.active:
            self._write(self.length - self.length % PAGE)
        if self.active:
            self._end()

    def _write(self, length: int) -> None:
        """Write so much of what is gathered, all of it whole pages."""
        place = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        try:
            if length:
                disk.write(self._descriptor, self.view[:length])
        except OSError as problem:
            if problem.errno != errno.EINVAL:
                raise
            # some file systems let it be asked for, and then refuse
            os.lseek(self._descriptor, place, os.SEEK_SET)
            self._end()
            return
        self.view[: self.length - length] = self.view[length : self.length]
        self.length -= length

    def _end(self) -> None:
        end(self._descriptor)
        self.active = False
        if self.length:
            disk.write(self._descriptor, self.view[: self.length])
        self.length = 0


can_read = hasattr(os, "preadv")
