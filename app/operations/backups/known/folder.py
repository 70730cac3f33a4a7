"""The folder backups are in: where it is, whether it can be used, what a person should know."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.core.problems import Problem
from app.errors import InvalidInput, StorageProblem
from app.files.backup.store import BackupStore
from app.library import Library
from app.operations.backups.results import BackupFolder
from app.settings import read_settings

USUAL = "backups-exports"


def backup_folder(library: Library) -> Path:
    """Answer the folder backups are in: the one that was set, or the library's own."""
    named = read_settings(library.settings_file).text("backups.directory").strip()
    return Path(named).expanduser().absolute() if named else library.root / USUAL


def has_backups(library: Library) -> bool:
    """Tell whether there is a folder of backups to look into now."""
    return backup_folder(library).is_dir()


def open_store(library: Library) -> BackupStore:
    """Open the folder of backups, whatever is in it.

    Raises StorageProblem if it is not there: the disk it is on may not be connected, and
    making it anew on another one would hide that. InvalidInput if it must not be used.
    """
    folder = backup_folder(library)
    require_outside(library, folder)
    try:
        if folder == library.root / USUAL:
            folder.mkdir(exist_ok=True)
        is_there = folder.is_dir()
    except OSError as problem:
        raise StorageProblem(
            f"The folder for backups {folder} cannot be used: {problem.strerror}.",
            hint="Choose another one in the settings, or make this one readable.",
        ) from problem
    if not is_there:
        raise StorageProblem(
            f"The folder for backups {folder} is not there now.",
            hint="Connect the disk it is on, or choose another folder in the settings. "
            "Backups made before are not lost by waiting.",
            folder=str(folder),
        )
    return BackupStore(folder, clock=library.clock)


def choose_folder(library: Library, named: str) -> None:
    """Make the folder a person chose, if need be. Raises InvalidInput or StorageProblem."""
    if not named.strip():
        return
    folder = Path(named.strip()).expanduser()
    if not folder.is_absolute():
        raise InvalidInput(
            "The folder for backups must be named in full.",
            hint="Begin with the disk, as in /media/disk/backups or E:\\backups.",
        )
    require_outside(library, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StorageProblem(
            f"The folder {folder} cannot be made: {problem.strerror}.",
            hint="Choose one that can be written to. Nothing was changed.",
        ) from problem


def require_outside(library: Library, folder: Path) -> None:
    """Raise InvalidInput if backups would lie where the program keeps other things."""
    try:
        place, root = folder.resolve(), library.root.resolve()
    except (OSError, RuntimeError) as problem:  # a loop of links
        raise InvalidInput(f"{folder} is not a folder.", hint="Choose another one.") from problem
    if place.is_relative_to(root / "exports"):
        raise InvalidInput(
            "Backups cannot be kept among the exports: they would be backed up themselves.",
            hint="Choose a folder outside the library's exports, best on another disk.",
        )
    ours = (library.trash, library.uploads, library.migrations, library.replaced)
    if place == root or any(place.is_relative_to(each.resolve()) for each in ours):
        raise InvalidInput(
            f"Backups cannot be kept in {folder}: the program uses it for something else.",
            hint="Choose a folder of their own, best on another disk.",
        )


def describe_folder(library: Library) -> BackupFolder:
    """Tell where backups are, what is free there, and what makes it less safe."""
    folder = backup_folder(library)
    is_usual = folder == library.root / USUAL
    available = folder.is_dir() or is_usual
    place = folder if folder.is_dir() else library.root
    same = available and _same_disk(place, library.root)
    return BackupFolder(
        path=str(folder),
        available=available,
        free_bytes=_free(place) if available else None,
        same_disk=same,
        warnings=tuple(_warnings(same=same, available=available)),
    )


def _warnings(*, same: bool, available: bool) -> list[Problem]:
    if not available:
        return [
            Problem(
                "backups-absent",
                "The folder for backups is not there now.",
                hint="Connect the disk it is on; nothing is lost by waiting.",
            )
        ]
    if same:
        return [
            Problem(
                "backups-same-disk",
                "Backups are on the same disk as the library.",
                hint="They help against mistakes and damage, not if the disk is lost or stolen. "
                "Choose a folder on another disk with the setting backups.directory.",
            )
        ]
    return []


def _same_disk(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
