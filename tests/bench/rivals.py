"""restic and borg, the rivals of our backups: the same folder, each in a repository of its own.

restic always encrypts and compresses; borg is asked for neither encryption nor more than
its quick default compression, which makes it the closer match of an unencrypted .7z.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Rival:
    """Another program that backs up; its words, with the repository and the folder filled in."""

    name: str
    begin: Callable[[Path], list[str]]
    back_up: Callable[[Path, int], list[str]]
    restore: Callable[[Path, Path], list[str]]
    surroundings: Callable[[Path], dict[str, str]]

    def run(self, command: list[str], repository: Path, folder: Path) -> None:
        """Run one of its commands in ``folder``."""
        subprocess.run(
            command,
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **self.surroundings(repository)},
        )


def rivals() -> list[Rival]:
    """Answer the rivals; refuses to go on without one of them."""
    restic, borg = _required("restic"), _required("borg")
    return [
        Rival(
            "restic",
            lambda repository: [restic, "init", "-q", "-r", str(repository)],
            lambda repository, number: [restic, "backup", "-q", "-r", str(repository), "."],
            lambda repository, target: [
                *(restic, "restore", "latest", "-q", "-r", str(repository)),
                *("--target", str(target)),
            ],
            lambda repository: {
                "RESTIC_PASSWORD": "bench",
                "RESTIC_CACHE_DIR": f"{repository}-cache",
            },
        ),
        Rival(
            "borg",
            lambda repository: [borg, "init", "--encryption", "none", str(repository)],
            lambda repository, number: [borg, "create", f"{repository}::n{number}", "."],
            lambda repository, target: [borg, "extract", f"{repository}::n0"],
            lambda repository: {
                "BORG_BASE_DIR": f"{repository}-base",
                "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes",
            },
        ),
    ]


def _required(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not here; this bar cannot be measured without it")
    return found
