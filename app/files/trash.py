"""The trash: the system's where it takes a folder whole, else one of the library's own.

The only door to send2trash. A folder goes to the system's trash only where that is one
rename: a copy that is killed halfway would leave half an export in both places. What the
trash does not take so is moved to the library's own; nothing is ever deleted in its stead.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from app.core.naming import shortened
from app.files.desktop.bins import recycles
from app.files.staging import move_folder, staged

NAME_BYTES = 200  # of a folder in a trash: a stamp or ".trashinfo" is added to it

Went = Literal["trash", "library-trash"]


class Identity(Struct, frozen=True):
    """What a folder is known by wherever it is moved: its number on the disk."""

    device: int
    inode: int

    @classmethod
    def of(cls, folder: Path) -> Identity | None:
        """Look at a folder; None if there is none."""
        try:
            state = folder.stat(follow_symlinks=False)
        except OSError:
            return None
        return cls(state.st_dev, state.st_ino)


def trash_folder(folder: Path, own: Path, staging: Path, now: datetime) -> Went:
    """Move a folder to the system's trash, or below ``own`` if that does not take it.

    ``staging`` is the library's, for what is tried out on the way.
    """
    if len(folder.name.encode()) <= NAME_BYTES and _system_takes(folder, staging):
        with suppress(OSError):
            _send(folder)
        if not folder.exists():
            return "trash"
    move_to_trash(folder, own, now)
    return "library-trash"


def move_to_trash(folder: Path, trash: Path, now: datetime) -> Path:
    """Move a folder below ``trash`` by renaming it; answer where it is now."""
    trash.mkdir(exist_ok=True)
    number, stamp = 1, f"{now:%Y%m%dT%H%M%SZ}"
    name = shortened(folder.name, NAME_BYTES)
    place = trash / f"{name} {stamp}"
    while place.exists():
        number += 1
        place = trash / f"{name} {stamp} ({number})"
    move_folder(folder, place)
    return place


def _system_takes(folder: Path, staging: Path) -> bool:
    """Tell whether the system's trash would take a folder, whole and by renaming it."""
    if sys.platform == "win32":
        return recycles(folder)
    if sys.platform == "darwin":
        return True  # a volume without a trash is refused by the system itself
    with staged(staging) as scratch:
        return _renames_into_trash(folder, scratch)


def _renames_into_trash(folder: Path, scratch: Path) -> bool:
    """Try with an empty folder: mounts, quotas and overlays cannot be told from outside."""
    from send2trash import plat_other

    probe = scratch / f".{secrets.token_hex(6)}.probe"
    tried = probe
    try:
        probe.mkdir()
        own = plat_other.get_dev(os.fsencode(folder)) == plat_other.get_dev(
            os.path.realpath(os.fsencode(Path.home()))
        )
        if own:
            trash = plat_other.HOMETRASH_B
        else:
            top = plat_other.find_mount_point(os.fsencode(folder))
            trash = plat_other.find_ext_volume_trash(top)
        files = os.path.join(trash, plat_other.FILES_DIR)  # noqa: PTH118 - bytes
        plat_other.check_create(files)
        tried = Path(os.fsdecode(files)) / probe.name
        probe.rename(tried)
    except OSError:
        return False
    finally:
        for left in (probe, tried):
            with suppress(OSError):
                left.rmdir()
    return True


def _send(folder: Path) -> None:
    if sys.platform in ("win32", "darwin"):
        from send2trash import send2trash
    else:  # not the one through gio: where that puts things depends on the desktop
        from send2trash.plat_other import send2trash
    send2trash(folder)
