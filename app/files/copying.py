"""Copying a folder's files: shared on the disk where it can share them, else byte for byte.

A shared copy (Linux: FICLONE, ioctl_ficlonerange(2); macOS: clonefile(2)) takes no time and
no room, and is a file of its own all the same: changing one does not change the other.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

FICLONE = 0x40049409  # _IOW(0x94, 9, int), linux/fs.h
_BLOCK = 1 << 20


def copy_tree(source: Path, target: Path, on_bytes: Callable[[int, str], None]) -> None:
    """Copy every file and folder below ``source`` into the existing folder ``target``.

    Times are kept; links are not followed and not copied. ``on_bytes`` is told each block's
    length and the file's name; an exception from it stops the copying.
    """
    for parent, folders, names in os.walk(source):
        folders[:] = [each for each in folders if not Path(parent, each).is_symlink()]
        inside = target / Path(parent).relative_to(source)
        inside.mkdir(parents=True, exist_ok=True)
        for name in names:
            file = Path(parent, name)
            if not file.is_symlink() and file.is_file():
                copy_file(file, inside / name, on_bytes)
    for parent, _, _ in os.walk(target, topdown=False):
        shutil.copystat(source / Path(parent).relative_to(target), parent)


def copy_file(source: Path, target: Path, on_bytes: Callable[[int, str], None]) -> None:
    """Copy one file, with its times, to a place where there is none."""
    on_bytes(0, source.name)
    if _cloned(source, target):
        on_bytes(source.stat().st_size, source.name)
    else:
        with source.open("rb") as reading, target.open("wb") as writing:
            while block := reading.read(_BLOCK):
                writing.write(block)
                on_bytes(len(block), source.name)
    shutil.copystat(source, target)


def _cloned(source: Path, target: Path) -> bool:
    """Share a file's bytes with a new one; answer whether this file system can."""
    cloned = False
    if sys.platform == "linux":
        import fcntl

        with source.open("rb") as reading, target.open("wb") as writing, suppress(OSError):
            fcntl.ioctl(writing.fileno(), FICLONE, reading.fileno())
            cloned = True
    elif sys.platform == "darwin":
        system = ctypes.CDLL(None, use_errno=True)
        cloned = system.clonefile(os.fsencode(source), os.fsencode(target), 0) == 0
    return cloned
