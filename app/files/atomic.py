"""A file is whole or absent: write beside, flush, rename."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

RENAME_PATIENCE = 5.0  # seconds a Windows virus scanner may keep the target open


def flush_file(path: Path) -> None:
    """Make the bytes of one file durable (F_FULLFSYNC on macOS)."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        if sys.platform == "darwin":
            import fcntl

            with suppress(OSError):
                fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
                return
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(path: Path) -> None:
    """Make the names in a folder durable, where the system can (not on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def move_into_place(draft: Path, target: Path) -> None:
    """Rename ``draft`` to ``target``, replacing a file; patient where Windows holds it open."""
    deadline = time.monotonic() + RENAME_PATIENCE
    while True:
        try:
            draft.replace(target)
            return
        except PermissionError:
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target``; move it into place on success.

    Whatever goes wrong, cancellation included, the temporary file is removed
    and ``target`` is left as it was.
    """
    draft = target.with_name(f".{secrets.token_hex(6)}.part")
    try:
        yield draft
        flush_file(draft)
        move_into_place(draft, target)
        flush_folder(target.parent)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
