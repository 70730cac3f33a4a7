"""The lock of a folder of backups: many may read and add at once, one alone removes.

The system lets go of it however a process ends. Unlike `app/files/lock.py` it can be
shared, which file locks of the standard library know on POSIX only.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import Conflict

LOCK = ".lock"
MARKS_LOCK = ".marks.lock"  # of the marks alone: read, changed and written in a moment
PATIENCE = 0.5  # seconds to wait for another process


@contextmanager
def locked(
    folder: Path, *, exclusive: bool, patience: float = PATIENCE, name: str = LOCK
) -> Iterator[None]:
    """Hold the lock of ``folder``. Raises Conflict if another holder is in the way."""
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o644)
    try:
        deadline = time.monotonic() + patience
        while not _acquired(descriptor, exclusive):
            if time.monotonic() > deadline:
                raise Conflict(
                    "These backups are being used by another window or command right now.",
                    hint="Wait until it has finished, then try again. Nothing was changed.",
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)  # which releases it


if sys.platform == "win32":

    def _acquired(descriptor: int, exclusive: bool) -> bool:
        """Try LockFileEx on one byte far behind the end: there it hinders no reading."""
        import ctypes
        import msvcrt
        from ctypes import wintypes

        class Overlapped(ctypes.Structure):
            _fields_ = [
                ("Internal", ctypes.c_void_p),
                ("InternalHigh", ctypes.c_void_p),
                ("Offset", wintypes.DWORD),
                ("OffsetHigh", wintypes.DWORD),
                ("hEvent", wintypes.HANDLE),
            ]

        at_once, alone = 1, 2
        where = Overlapped(0, 0, 0, 0x7FFFFFFF, None)
        handle = wintypes.HANDLE(msvcrt.get_osfhandle(descriptor))
        flags = at_once | (alone if exclusive else 0)
        call = ctypes.WinDLL("kernel32", use_last_error=True).LockFileEx
        return bool(call(handle, flags, 0, 1, 0, ctypes.byref(where)))

else:

    def _acquired(descriptor: int, exclusive: bool) -> bool:
        import errno
        import fcntl

        kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as problem:
            if problem.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            if problem.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP):
                return True  # a network file system without locks: the names are unique anyway
            raise
        return True
