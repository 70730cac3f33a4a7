"""Finding in the system's trash again what was sent there.

Linux: https://specifications.freedesktop.org/trash-spec/ (an ``info/<name>.trashinfo``
beside ``files/<name>``). Windows: the ``$I…`` file beside ``$R…`` in ``$Recycle.Bin``
tells the original path. macOS keeps the original path to itself and its trash closed to
programs without special rights: what cannot be seen is not found.
"""

from __future__ import annotations

import os
import re
import shutil
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote_to_bytes

from msgspec import Struct

_INFO_PATH = re.compile(rb"^Path=(.*?)\r?$", re.M)
_FIXED_DRIVE = 3  # GetDriveTypeW: a disk of this machine; others have no bin and delete at once
_BIN_SHARE = 0.02  # of a disk: less than the least share Windows gives its bin


class Found(Struct, frozen=True):
    """Something in a trash: where it is, and the file beside it that tells of it, if any."""

    place: Path
    note: Path | None = None

    def forget_note(self) -> None:
        """Remove the file beside it, once what it told of is elsewhere."""
        if self.note is not None:
            with suppress(OSError):
                self.note.unlink()


class Contents(Struct, frozen=True):
    """What is in our own trash, and by its original path what is in the system's."""

    own: tuple[Found, ...]
    system: Mapping[Path, Sequence[Found]]

    def candidates(self, original: Path) -> Iterator[Found]:
        """Yield what may have been ``original`` before it was deleted."""
        yield from self.system.get(original, ())
        yield from self.own


def look(exports: Path, own: Path) -> Contents:
    """Look through the trashes once for what was in the folder ``exports``."""
    ours: list[Found] = []
    with suppress(OSError):
        ours = [Found(path) for path in own.iterdir() if path.is_dir()]
    theirs: dict[Path, list[Found]] = {}
    for original, found in _system(exports):
        if original.parent == exports:
            theirs.setdefault(original, []).append(found)
    return Contents(tuple(ours), theirs)


def _system(exports: Path) -> Iterator[tuple[Path, Found]]:
    """Yield what the system's trash tells the original path of."""
    if sys.platform == "win32":
        yield from _recycled(exports)
    elif sys.platform == "darwin":
        with suppress(OSError):
            for path in (Path.home() / ".Trash").iterdir():
                yield exports / path.name, Found(path)
    else:
        for trash, base in _trashes(exports):
            yield from _trashed(trash, base)


def _trashed(trash: Path, base: Path) -> Iterator[tuple[Path, Found]]:
    with suppress(OSError):
        for note in sorted((trash / "info").glob("*.trashinfo")):
            path = original_path(note, base)
            place = trash / "files" / note.name.removesuffix(".trashinfo")
            if path is not None and place.is_dir():
                yield path, Found(place, note)


def original_path(note: Path, base: Path) -> Path | None:
    """Read where something was from its ``.trashinfo``; ``base`` is what relative ones mean."""
    try:
        found = _INFO_PATH.search(note.read_bytes())
    except OSError:
        return None
    if found is None:
        return None
    return base / os.fsdecode(unquote_to_bytes(found[1]))


def _trashes(exports: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the trashes a folder may be in, with what their relative paths start from."""
    from send2trash import plat_other

    home = Path(os.fsdecode(plat_other.HOMETRASH_B))
    yield home, home.parent
    top = Path(os.fsdecode(plat_other.find_mount_point(os.fsencode(exports))))
    yield top / ".Trash" / str(plat_other.uid), top
    yield top / f".Trash-{plat_other.uid}", top


def _recycled(exports: Path) -> Iterator[tuple[Path, Found]]:
    """Yield what the Recycle Bin of the drive tells the original path of."""
    with suppress(OSError):
        for note in Path(exports.anchor, "$Recycle.Bin").glob("*/$I*"):
            with suppress(OSError):
                place = note.with_name(f"$R{note.name[2:]}")
                if place.is_dir() and (path := recycled_path(note.read_bytes())):
                    yield Path(path), Found(place, note)


def recycled_path(note: bytes) -> str:
    r"""Read the original path from a ``$I`` file; empty if it makes no sense.

    Version 2 (Windows 10): version, size, time (8 bytes each), length in letters (4), the
    path in UTF-16 with a NUL. Version 1 has no length, and 520 bytes of path.
    """
    try:
        (version,) = struct.unpack_from("<Q", note)
        if version not in (1, 2):
            return ""
        text = note[28 if version == 2 else 24 :].decode("utf-16-le")
    except (struct.error, UnicodeDecodeError):
        return ""
    return text.partition("\0")[0]


def recycles(folder: Path) -> bool:
    """Tell whether Windows would keep a folder in its bin, and not delete it at once.

    Without a word it deletes what is on no fixed disk, larger than the bin, or where the
    bin is switched off.
    """
    if sys.platform == "win32":
        import ctypes

        is_fixed = ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == _FIXED_DRIVE
        room = _BIN_SHARE * shutil.disk_usage(folder).total
        return is_fixed and not _bin_is_off() and _size(folder) < room
    return False


def _size(folder: Path) -> int:
    return sum(
        Path(parent, name).lstat().st_size for parent, _, names in os.walk(folder) for name in names
    )


def _bin_is_off() -> bool:
    """Tell whether Windows is set to delete at once; what cannot be told counts as so."""
    if sys.platform == "win32":
        import winreg

        place = r"Software\Microsoft\Windows\CurrentVersion\Explorer\BitBucket\Volume"
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, place) as volumes:
            for number in range(winreg.QueryInfoKey(volumes)[0]):
                with winreg.OpenKey(volumes, winreg.EnumKey(volumes, number)) as volume:
                    if winreg.QueryValueEx(volume, "NukeOnDelete")[0]:
                        return True
            return False
    return True
