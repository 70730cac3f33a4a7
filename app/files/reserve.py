"""A little room kept on the disk of a library, given up when the disk is full.

Without it a full disk could not be cleaned up: to open the catalog SQLite has to write.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

RESERVE_BYTES = 1 << 20
ENOUGH = 64 << 20  # free bytes below which none is kept


def keep_reserve(path: Path) -> None:
    """Keep the room, unless it is kept already or the disk has little left."""
    with suppress(OSError):  # a disk that cannot be written needs none
        if not path.exists() and shutil.disk_usage(path.parent).free > ENOUGH:
            path.write_bytes(bytes(RESERVE_BYTES))


def give_up_reserve(path: Path) -> bool:
    """Give the room up; answer whether there was any."""
    try:
        path.unlink()
    except OSError:
        return False
    return True
