"""The one place where a path from outside is joined to a folder of ours."""

from __future__ import annotations

import errno
import re
import stat
from pathlib import Path

from app.errors import InvalidInput

_DRIVE = re.compile(r"[A-Za-z]:")


def join_inside(root: Path, relative: str) -> Path:
    """Answer ``root / relative`` if that lies below ``root``, whatever links are on the way.

    ``relative`` is separated by ``/`` (a backslash counts too) and need not exist. Raises
    InvalidInput if it is absolute, climbs out, names a drive, is empty or holds a NUL, or
    if a symbolic link on the way leads outside.
    """
    parts = relative.replace("\\", "/").split("/")
    if "\0" in relative or _DRIVE.match(relative) or relative[:1] in ("/", "\\"):
        raise _outside(relative)
    parts = [part for part in parts if part not in ("", ".")]
    if not parts or ".." in parts:
        raise _outside(relative)
    joined = root.joinpath(*parts)
    if len(parts) == 1 and _is_plain_file(joined):
        return joined  # right in it, and no link: nothing to follow
    try:
        inside = joined.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError) as error:  # links in a circle, or no path at all
        raise _outside(relative) from error
    if not inside or _goes_round(joined):
        raise _outside(relative)
    return joined


def _goes_round(path: Path) -> bool:
    """Tell whether links on the way lead back to themselves; since 3.13 `resolve` does not."""
    try:
        path.stat()
    except OSError as problem:
        return problem.errno == errno.ELOOP
    return False


def _is_plain_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _outside(relative: str) -> InvalidInput:
    name = "".join(letter if letter.isprintable() else "�" for letter in relative[:120])
    return InvalidInput(f"“{name}” is not a path inside this folder.", hint="Check the name.")
