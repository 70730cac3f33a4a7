"""Looking after backups while the program is open: what is due, and a check when idle."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.errors import AppError, Cancelled
from app.jobs import Job, JobRunner
from app.library import Library
from app.progress import Task
from db.connection import connected

FIRST = 5.0  # seconds after the start: the page comes first
EVERY = 60.0  # seconds between two looks
BETWEEN = 2.0  # seconds between two slices of a check: the disk is the person's

log = logging.getLogger("app.backups")


class Attendant:
    """Starts due backups as a job, and reads older ones again while nothing else is done.

    ``run`` starts the operation `backup run`. Looks at the start, where it catches up with
    what was missed, then every minute, and whenever a job is over: an import or a migration
    may have made a backup due.
    """

    def __init__(self, library: Library, jobs: JobRunner, run: Callable[[], object]) -> None:
        self._library = library
        self._jobs = jobs
        self._run = run
        self._task = Task()
        self._over = threading.Event()
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._attend, name="backups", daemon=True)
        jobs.when_over(self._note)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; a slice being read stops at its next step."""
        self._over.set()
        self._task.cancel()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def look(self) -> bool:
        """Do what is to be done now; answer whether there is more of it soon."""
        # Imported here: the first look is a while after the start.
        from app.operations.backups.standing import is_anything_due
        from app.operations.backups.verifying import verify_next_slice

        if self._jobs.is_busy():
            return False
        with connected():
            if is_anything_due(self._library):
                self._run()
                return False
            return verify_next_slice(self._library, self._task)

    def _note(self, _job: Job) -> None:
        self._wanted.set()

    def _attend(self) -> None:
        pause = FIRST
        while not self._over.is_set():
            self._wanted.wait(pause)
            self._wanted.clear()
            if self._over.is_set():
                return
            try:
                pause = BETWEEN if self.look() else EVERY
            except Cancelled:
                return
            except AppError as problem:  # told where backups are shown, too
                log.warning("backups: %s", problem.code)
                pause = EVERY
