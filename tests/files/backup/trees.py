"""What tests of backups compare: everything in a folder, and bytes nothing can compress."""

from __future__ import annotations

import os
import random
import stat
from pathlib import Path

ID = "6f0c2d1e"  # of the export that is backed up


def state(folder: Path) -> dict[str, object]:
    """Describe all that is in a folder: bytes, modes, times of files, targets of links."""
    found: dict[str, object] = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = Path(parent, name)
            facts = path.lstat()
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                found[relative] = ("link", str(path.readlink()))
            elif path.is_dir():
                found[relative] = ("folder", stat.S_IMODE(facts.st_mode))
            else:
                mode = stat.S_IMODE(facts.st_mode)
                found[relative] = (path.read_bytes(), mode, facts.st_mtime_ns)
    return found


def noise(size: int, seed: int = 1) -> bytes:
    """Answer bytes that nothing can compress, the same every time."""
    return random.Random(seed).randbytes(size)  # noqa: S311 - the same every time
