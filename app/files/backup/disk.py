"""The one door to the disk for all that backups write: every write, flush, rename and removal.

Tests make these fail, one after the other, to see that nothing kept is ever lost.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from app.files import atomic

_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def create(path: Path) -> int:
    """Make a new file and answer its descriptor; raises FileExistsError if it is there."""
    return os.open(path, _NEW, 0o644)


def write(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    """Write all of ``data`` where the file stands."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def rewind(descriptor: int, position: int) -> None:
    """Forget what was written from ``position`` on."""
    os.ftruncate(descriptor, position)
    os.lseek(descriptor, position, os.SEEK_SET)


def flush(descriptor: int) -> None:
    """Make what was written durable."""
    if sys.platform == "darwin":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


def begin_flush(descriptor: int) -> None:
    """Let the system start writing what is still in memory, so that the last flush is short."""
    if sys.platform == "linux":
        os.fdatasync(descriptor)


def rename(draft: Path, target: Path) -> None:
    """Rename a file, replacing another; patient where someone holds it open."""
    atomic.move_into_place(draft, target)


def flush_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    atomic.flush_folder(folder)


def remove(path: Path) -> None:
    """Remove a file, read-only ones too; nothing if it is not there."""
    try:
        path.unlink(missing_ok=True)
    except PermissionError:
        path.chmod(0o600)
        path.unlink(missing_ok=True)


def free_bytes(folder: Path) -> int:
    """Answer how many bytes may still be written below ``folder``."""
    return shutil.disk_usage(folder).free


def write_whole(target: Path, data: bytes) -> None:
    """Write a small file beside its place, flush it and rename it in."""
    draft = target.with_name(f".{target.name}.part")
    remove(draft)
    descriptor = create(draft)
    try:
        write(descriptor, data)
        flush(descriptor)
    except BaseException:
        os.close(descriptor)
        with suppress(OSError):
            remove(draft)
        raise
    os.close(descriptor)
    rename(draft, target)
    flush_folder(target.parent)
