"""A file given up on a full disk, so that cleaning and marking work there too."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress

from app.files.backup import disk
from app.files.backup.shelf import Shelf

RESERVE = ".reserve"
RESERVE_BYTES = 256 << 10


def keep_reserve(shelf: Shelf) -> None:
    """Put a little aside for the day the disk is full."""
    path = shelf.folder / RESERVE
    if not path.exists():
        with suppress(OSError):
            disk.write_whole(path, bytes(RESERVE_BYTES))


def without_reserve(shelf: Shelf, write: Callable[[], None]) -> None:
    """Write something small; if the disk is full give the reserve up and try again."""
    try:
        write()
    except OSError as problem:
        if problem.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        disk.remove(shelf.folder / RESERVE)
        write()
