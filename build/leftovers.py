"""Clears away what single files left behind that were killed.

A single file unpacks itself into a folder of its own beside others' temporary files, and its
starter takes that away when the program ends. Killed, or without power, it cannot: half a
gigabyte stays, of memory on many a system. So each start marks its folder and locks the mark,
which the system unlocks however the program ends, and removes marked folders nobody locks.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from app.files.lock import hold

STARTERS_OWN = "_MEI"  # how the folders' names begin
MARK = "dumpster.lock"
SETTLED = 60.0  # seconds after which a start has locked its mark

_held: list[Callable[[], None] | None] = []  # for as long as the program lives


def mark_and_clear(folder: Path) -> None:
    """Mark the folder of this start as in use; clear others away while the program runs."""
    if not folder.name.startswith(STARTERS_OWN):
        return  # a folder that was installed
    with suppress(OSError):  # a full disk: then this one stays if it is killed
        _held.append(hold(folder / MARK))
    Thread(target=clear, args=(folder,), daemon=True).start()


def clear(own: Path) -> None:
    """Remove the folders beside ``own`` that nobody uses any more."""
    for folder in own.parent.glob(f"{STARTERS_OWN}*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if folder != own and _is_left(folder / MARK):
                _remove(folder)


def _is_left(mark: Path) -> bool:
    if mark.is_symlink() or time.time() - mark.stat().st_mtime < SETTLED:
        return False
    let_go = hold(mark)
    if let_go is None:
        return False
    let_go()
    return True


def _remove(folder: Path) -> None:
    """Remove a folder, its mark last: if this is cut short, the next start goes on."""
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        elif each.name != MARK:
            each.unlink()
    (folder / MARK).unlink()
    folder.rmdir()
