"""One run over many sessions: one after another, told in the history after each of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Literal

from msgspec.structs import replace

from app.core.migration import Conflict
from app.errors import Cancelled
from app.files.export_folder import find_export
from app.files.legacy.finding import LegacySession
from app.library import Library
from app.operations.migrating.earlier import EarlierStates
from app.operations.migrating.history import (
    ExportState,
    RunFile,
    export_state,
    new_run,
    settle_runs,
    write_run,
)
from app.operations.migrating.known import known_sessions
from app.operations.migrating.results import MigratedSession, MigrationReport
from app.operations.migrating.session import Migration
from app.progress import Task
from app.settings import read_settings


class _Within(Task):
    """The task of one session: what it reports says which of how many sessions that is."""

    def __init__(self, whole: Task, number: int, total: int, session: LegacySession) -> None:
        super().__init__()
        self._whole = whole
        self._label = f"{number + 1} of {total}: {session.id}" if total > 1 else ""

    def step(
        self, stage: str, done: int = 0, total: int | None = None, item: str = "", unit: str = ""
    ) -> None:
        """Report to the whole run's task; raise Cancelled if the person asked us to stop."""
        self._whole.step(stage, done, total, self._label or item, unit)


class Run:
    """One run over some sessions; told in the history after each of them."""

    def __init__(
        self, library: Library, task: Task, on_conflict: Conflict, *, dry_run: bool
    ) -> None:
        self._library = library
        self._task = task
        self._began = time.monotonic()
        started = library.clock()
        run = new_run(started)
        self._earlier = EarlierStates(library, run)
        self._migration = Migration(
            library,
            known_sessions(library.exports),
            self._earlier,
            on_conflict,
            dry_run,
            read_settings(library.settings_file).flag("migration.verify"),
        )
        self._report = MigrationReport(run, started, dry_run, "running", (), 0.0)
        self._exports: dict[str, ExportState] = {}

    def migrate(
        self, wanted: Sequence[tuple[LegacySession, str]], ways: Sequence[Conflict] = ()
    ) -> MigrationReport:
        """Migrate one after another. Raises Cancelled, with those done so far remembered.

        ``ways`` says of each what to do where its name is taken, if not all the same.
        """
        self._migration.may_merge |= "merge" in ways
        if not self._report.dry_run:
            settle_runs(self._library)
        with closing(self._migration):
            try:
                for number, (session, name) in enumerate(wanted):
                    self._task.step("sessions", number, len(wanted), session.id, "sessions")
                    if ways:
                        self._migration.on_conflict = ways[number]
                    task = _Within(self._task, number, len(wanted), session)
                    result = self._migration.migrate(session, name, task)
                    self._tell(result, "running")
            except Cancelled:
                self._tell(None, "stopped")
                raise
        self._tell(None, "done")
        return self._report

    def _tell(
        self, result: MigratedSession | None, state: Literal["running", "done", "stopped"]
    ) -> None:
        sessions = (*self._report.sessions, *([result] if result else []))
        seconds = round(time.monotonic() - self._began, 3)
        self._report = replace(self._report, state=state, sessions=sessions, seconds=seconds)
        if self._report.dry_run or not sessions:
            return
        if result is not None and result.status in ("migrated", "merged"):
            self._note_export(result)
        exports = tuple(self._exports.values())
        write_run(self._library, RunFile(report=self._report, exports=exports))

    def _note_export(self, result: MigratedSession) -> None:
        path = find_export(self._library.exports, result.export).path
        before = self._exports.get(path.name)
        made = before.made if before is not None else result.status == "migrated"
        earlier = self._earlier.of(path.name)
        self._exports[path.name] = export_state(path, made=made, before=earlier)
