"""One writing process per library, and locks held as long as a process lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from app.errors import Conflict


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Hold the lock file at ``path``; the system releases it however the process ends.

    Raises Conflict if another process holds it.
    """
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0.2)
    except Timeout as held:
        raise Conflict(
            "Another window or command is changing this library right now.",
            hint="Wait until it has finished, then try again. Nothing was changed.",
        ) from held
    try:
        yield
    finally:
        lock.release()


def hold(path: Path) -> Callable[[], None] | None:
    """Hold the lock file at ``path`` until the function answered is called; None if it is held.

    Raises OSError where no file can be made.
    """
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return None
    return lock.release
