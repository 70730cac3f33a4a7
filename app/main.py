"""The composition root: puts the table, the library and the skins together."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.api import OPERATIONS
from app.core.problems import Problem
from app.interfaces.terminal.command import run
from app.interfaces.terminal.program import Program
from app.library import Library
from app.progress import Task
from app.settings import read_settings

LOG_BYTES = 1_000_000  # a log file is put aside at this size
LOGS_KEPT = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line and answer its exit code."""
    program = Program(OPERATIONS, _prepare, _begin_log, _build_sample, _build_legacy_session)
    return run(program, sys.argv[1:] if arguments is None else arguments)


def _prepare(library: Library, task: Task, contents: bool) -> Sequence[Problem]:
    """Bring the catalog up to date with the folders, and look whether the settings are whole.

    Without ``contents`` it is enough to know which exports there are.
    """
    # Imported here: what asks for no library, as --version, loads nothing of it.
    from app.operations.backups.known.index import follow_backups
    from app.operations.managing.following import follow_folders

    problems = follow_folders(library, task, contents=contents)
    follow_backups(library)  # a disk that is away is told where backups are shown
    if read_settings(library.settings_file).damaged:
        hint = "The defaults are in use; changing a setting keeps the old file aside."
        problems.append(Problem("damaged-settings", "The settings cannot be read.", hint=hint))
    return problems


def _begin_log(library: Library, verbose: bool) -> None:
    """Write the log in the library; with --verbose, on standard error too."""
    log = logging.getLogger("app")
    log.setLevel(logging.INFO)
    for earlier in list(log.handlers):
        log.removeHandler(earlier)
        earlier.close()
    form = logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s")
    with suppress(OSError):  # a library on a read-only disk can still be read
        library.log_file.parent.mkdir(parents=True, exist_ok=True)
        log.addHandler(
            RotatingFileHandler(
                library.log_file,
                maxBytes=LOG_BYTES,
                backupCount=LOGS_KEPT,
                encoding="utf-8",
                delay=True,
            )
        )
    if verbose:
        log.addHandler(logging.StreamHandler(sys.stderr))
    for handler in log.handlers:
        handler.setFormatter(form)


def _build_sample(target: Path) -> Path:
    # Imported here: only `demo` draws the sample.
    from app.demo.sample import build_sample

    return build_sample(target)


def _build_legacy_session(target: Path) -> Path:
    # Imported here: only `demo` draws the old program's folder.
    from app.demo.legacy import build_legacy_session

    return build_legacy_session(target)


if __name__ == "__main__":
    sys.exit(main())
