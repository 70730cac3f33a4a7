"""One writing process per library, and locks held as long as a process lives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from app.errors import Conflict

MOMENT = 10.0  # seconds; what is held briefly is held for thousandths of one


@contextmanager
def writing(path: Path, what: str = "") -> Iterator[None]:
    """Hold the lock file at ``path``; the system releases it however the process ends.

    ``what`` is told to whoever is refused meanwhile. Raises Conflict if another holds it.
    """
    note = path.with_name(f"{path.name}-note")  # Windows lets nobody read a locked file
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=0.2)
    except Timeout as held:
        told = _read(note)
        raise Conflict(
            "Another window or command is changing this library right now"
            f"{f' ({told})' if told else ''}.",
            hint="Wait until it has finished, then try again. Nothing was changed.",
        ) from held
    try:
        with suppress(OSError):  # a full disk is told by what writes, not by this
            note.write_text(what, encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink()
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


@contextmanager
def briefly(path: Path) -> Iterator[None]:
    """Hold the lock file at ``path`` while something is read, changed and written in a moment.

    Others wait for it. Raises Conflict if one of them does not let go.
    """
    lock = FileLock(path, thread_local=False)
    try:
        lock.acquire(timeout=MOMENT)
    except Timeout as held:  # an OSError, too
        raise Conflict(
            "Another window or command does not let go of this library's settings.",
            hint="Close it, then try again. Nothing was changed.",
        ) from held
    except OSError:
        pass  # a disk that takes no lock takes no change either: what writes will tell
    try:
        yield
    finally:
        lock.release()


def _read(note: Path) -> str:
    try:
        return note.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
