"""New exports and new states of exports: put together out of sight, then renamed in.

A state replaces another by two renames with a note beside them; whatever interrupts
them, `recover` finishes or undoes the exchange at the next start.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import secrets
import shutil
import stat
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.errors import Conflict, StorageProblem
from app.files.atomic import flush_file, flush_folder, move_into_place, replaced

NOTE = "exchange.json"
NEW, OLD = "new", "old"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_UNWELL = (errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENAMETOOLONG)


@contextmanager
def staged(staging: Path) -> Iterator[Path]:
    """Yield an empty folder ``new`` inside a scratch folder; both are gone afterwards.

    What was published from it has been renamed away by then.
    """
    scratch = staging / secrets.token_hex(6)
    folder = scratch / NEW
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        if not _holds_only_copy(scratch, staging.parent):
            _clear(scratch)
        with suppress(OSError):
            staging.rmdir()


@contextmanager
def placed(staging: Path, target: Path) -> Iterator[Path]:
    """Yield a draft of one file; rename it over ``target`` on success.

    As `replaced`, for places where a killed process must not even leave a draft: this one
    goes when the staging folder is next cleared.
    """
    with staged(staging) as folder:
        draft = folder / target.name
        yield draft
        flush_file(draft)
        move_into_place(draft, target)
        flush_folder(target.parent)


def publish(folder: Path, target: Path) -> None:
    """Rename a staged folder to ``target``; make it durable first.

    Raises Conflict if something has come to stand there meanwhile.
    """
    flush_tree(folder)
    if target.exists():
        raise Conflict(
            f"Something called “{target.name}” has appeared among the exports meanwhile.",
            hint="Import the archive again under another name. Nothing was changed.",
        )
    move_folder(folder, target)


def exchange(folder: Path, target: Path, *, keep: Path | None = None) -> None:
    """Put a staged folder in the place of the existing ``target``; the old state goes.

    With ``keep`` the old state stays, at that path: it must not exist, its parent must, on
    the same disk. Until the first rename nothing has changed; after it, `recover` would
    finish. Raises Conflict if ``target`` is no longer there.
    """
    flush_tree(folder)
    require_still_there(target)
    scratch = folder.parent
    with replaced(scratch / NOTE) as draft:
        draft.write_text(json.dumps({"target": target.name}), encoding="utf-8")
    old = keep if keep is not None else scratch / OLD
    move_folder(target, old)
    try:
        move_folder(folder, target)
    except OSError:
        move_folder(old, target)
        raise


def require_still_there(target: Path) -> None:
    """Raise Conflict if the folder that is being added to has been moved or removed."""
    if not target.is_dir():
        raise Conflict(
            f"“{target.name}” was moved, renamed or deleted while it was being added to.",
            hint="Import the archive again. Nothing was changed.",
        )


def take_back(folder: Path, target: Path) -> None:
    """Undo the `publish` or `exchange` that just put ``folder`` at ``target``."""
    move_folder(target, folder)
    if (folder.parent / OLD).is_dir():
        move_folder(folder.parent / OLD, target)


@contextmanager
def told_as_problems(library: Path) -> Iterator[None]:
    """Turn what a disk answers while a library is written into a StorageProblem."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise StorageProblem(
                f"The disk of {library} is full.",
                hint="Free some space on it, then try again. Nothing was changed.",
            ) from problem
        if problem.errno in _UNWELL:
            raise StorageProblem(
                f"The disk of {library} cannot be written: {problem.strerror}.",
                hint="Check the disk and its permissions, then try again. Nothing was changed.",
            ) from problem
        raise


def recover(staging: Path, exports: Path) -> None:
    """Finish or undo what a killed process left, then clear the staging folder.

    Only for the process that holds the library's lock.
    """
    if not staging.is_dir():
        return
    for scratch in staging.iterdir():
        with suppress(OSError, ValueError, KeyError, TypeError):
            name = json.loads((scratch / NOTE).read_text(encoding="utf-8"))["target"]
            _settle(scratch, exports / Path(name).name)
        if scratch.is_dir() and not _holds_only_copy(scratch, exports):
            _clear(scratch)
    with suppress(OSError):
        staging.rmdir()


def _settle(scratch: Path, target: Path) -> None:
    if target.exists():
        return
    if (scratch / NEW).is_dir():
        move_folder(scratch / NEW, target)
    elif (scratch / OLD).is_dir():
        move_folder(scratch / OLD, target)


def _clear(scratch: Path) -> None:
    """Remove a scratch folder, its note last: without it an old state counts as the only copy."""
    remove_tree(scratch / OLD)
    remove_tree(scratch)


def _holds_only_copy(scratch: Path, exports: Path) -> bool:
    """Tell whether an old state stands here whose place is still empty: never delete that."""
    if not (scratch / OLD).is_dir():
        return False
    try:
        name = json.loads((scratch / NOTE).read_text(encoding="utf-8"))["target"]
    except (OSError, ValueError, KeyError, TypeError):
        return True
    return not (exports / Path(name).name).exists()


def move_folder(source: Path, target: Path) -> None:
    """Rename a folder and make both names durable."""
    move_into_place(source, target)
    flush_folder(target.parent)
    flush_folder(source.parent)


def flush_tree(folder: Path) -> None:
    """Make everything below a folder durable: one call on Linux, file by file elsewhere."""
    if sys.platform == "linux" and _flush_file_system(folder):
        return
    for parent, _, names in os.walk(folder):
        for name in names:
            flush_file(Path(parent, name))
        flush_folder(Path(parent))


@contextmanager
def flushing(folder: Path) -> Iterator[None]:
    """Begin to make a folder durable while something else is done, where one call does that.

    Only so that `publish` and `exchange` find less to do: they make sure of it themselves.
    """
    if sys.platform != "linux":
        yield
        return
    thread = threading.Thread(target=_flush_file_system, args=(folder,), name="flush")
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _flush_file_system(folder: Path) -> bool:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return bool(ctypes.CDLL(None, use_errno=True).syncfs(descriptor) == 0)
    except (AttributeError, OSError):
        return False
    finally:
        os.close(descriptor)


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name, or copy it where the file system has no links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def link_tree(source: Path, target: Path) -> None:
    """Give ``target`` every file of ``source`` it does not have; follow no symbolic links."""
    target.mkdir(parents=True, exist_ok=True)
    with os.scandir(source) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                link_tree(Path(entry.path), target / entry.name)
            elif entry.is_file(follow_symlinks=False) and not (target / entry.name).exists():
                link_or_copy(Path(entry.path), target / entry.name)


def remove_tree(folder: Path) -> None:
    """Remove a scratch folder of ours, read-only files included."""

    def unlock(function: object, path: str, _: object) -> None:
        Path(path).chmod(stat.S_IWRITE)
        if callable(function):
            function(path)

    with suppress(FileNotFoundError):
        shutil.rmtree(folder, onerror=unlock)
