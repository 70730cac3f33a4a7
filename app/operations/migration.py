"""Migrating the old program's sessions into exports: what there is, doing it, undoing it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal, cast, get_args

from app.core.migration import Conflict, per_source, recovered, suggested_name, union
from app.core.problems import Problem
from app.errors import AppError, Cancelled, InvalidInput, NotFound, StorageProblem
from app.files.export_folder import find_export
from app.files.legacy.finding import LegacySession, base_folder, find_sessions, is_base
from app.files.legacy.fingerprint import files_below, listing
from app.files.legacy.places import usual_bases
from app.library import Library
from app.operations.migrating.history import (
    ExportState,
    RunFile,
    export_state,
    follow_runs,
    new_run,
    read_run,
    reports,
    settle_runs,
    write_run,
)
from app.operations.migrating.known import KnownSession, known_sessions
from app.operations.migrating.opening.legacy_session import opened_session
from app.operations.migrating.opening.opened import OpenedSession
from app.operations.migrating.results import (
    LegacySessionShown,
    MigratedSession,
    MigrationReport,
    MigrationStats,
    UndoneMigration,
)
from app.operations.migrating.session import Migration
from app.operations.migrating.undoing import undo
from app.operations.settings import change_settings
from app.progress import Task
from app.settings import read_settings
from db import migration_runs

Source = Annotated[str, "the old program's folder; looked for in the usual places if left out"]
OnConflict = Annotated[
    Literal["rename", "skip", "merge", "fail"], "what to do where an export's name is taken"
]
DryRun = Annotated[bool, "say exactly what would be done, and change nothing"]
GONE = frozenset({"session-gone"})
LOOKS_KEPT = 200  # sessions looked into that need not be read again for a list


def list_sessions(library: Library, *, source: Source = "") -> list[LegacySessionShown]:
    """List the sessions of the old program: what each holds, what is wrong with it."""
    known = known_sessions(library.exports)
    return [_shown(session, known) for session in _find(library, source)]


def show_stats(library: Library, *, source: Source = "") -> MigrationStats:
    """Add up what there is to migrate, and what earlier migrations achieved."""
    bases = _bases(library, source)
    found = list_sessions(library, source=source)
    follow_runs(library)
    done = migration_runs.totals()
    return MigrationStats(
        sources=tuple(str(base) for base in bases),
        sessions=len(found),
        migratable=sum(each.can_migrate for each in found),
        migrated=sum(bool(each.migrated_to) for each in found),
        conversations=sum(each.conversation_count for each in found),
        media=sum(each.media_count for each in found),
        size_bytes=sum(each.size_bytes for each in found),
        runs=done.runs,
        tried=done.tried,
        succeeded=done.succeeded,
        success_rate=round(done.succeeded / done.tried, 4) if done.tried else None,
        average_seconds=round(done.seconds / done.succeeded, 3) if done.succeeded else None,
        migrated_conversations=done.conversations,
        recovered_conversations=done.recovered,
        migrated_bytes=done.size_bytes,
        errors=done.errors,
    )


def migrate_session(
    library: Library,
    task: Task,
    *,
    session_id: Annotated[str, "which session, by its id in the list"],
    export_name: Annotated[str, "what to call the export; suggested from inside if left out"] = "",
    source: Source = "",
    on_conflict: OnConflict = "rename",
    dry_run: DryRun = False,
) -> MigrationReport:
    """Migrate one session of the old program into an export, and prove it complete."""
    session = _one(_find(library, source), session_id)
    _remember(library, source, dry_run=dry_run)
    run = _Run(library, task, on_conflict, dry_run=dry_run)
    return run.migrate([(session, export_name)])


def migrate_sessions(
    library: Library,
    task: Task,
    *,
    session_ids: Annotated[list[str], "which sessions; all there are if left out"] = [],  # noqa: B006
    export_names: Annotated[
        list[str], "what to call their exports, in that order; empty: as suggested"
    ] = [],  # noqa: B006
    conflicts: Annotated[
        list[str], "what to do with each, in that order; empty: as onConflict says"
    ] = [],  # noqa: B006
    source: Source = "",
    on_conflict: OnConflict = "rename",
    dry_run: DryRun = False,
) -> MigrationReport:
    """Migrate many sessions; one that fails does not keep the others from it."""
    names = _for_each(session_ids, export_names, "exportNames")
    ways = _for_each(session_ids, conflicts, "conflicts")
    found = _find(library, source)
    wanted = [_one(found, each) for each in session_ids] if session_ids else found
    chosen = [_way(way, on_conflict) for way in ways or ("" for _ in wanted)]
    _remember(library, source, dry_run=dry_run)
    run = _Run(library, task, on_conflict, dry_run=dry_run)
    return run.migrate(list(zip(wanted, names or ("" for _ in wanted), strict=True)), chosen)


def _for_each(session_ids: list[str], values: list[str], name: str) -> list[str]:
    """Answer one value for each session named, or none. Raises InvalidInput."""
    if values and len(values) != len(session_ids):
        raise InvalidInput(
            f"{name} holds {len(values)} values for {len(session_ids)} sessions.",
            hint="Give one for each of sessionIds, in the same order. Nothing was changed.",
            name=name,
        )
    return values or ["" for _ in session_ids]


def _way(said: str, otherwise: Conflict) -> Conflict:
    """Read what to do where a name is taken. Raises InvalidInput."""
    for way in get_args(Conflict):
        if said == way:
            return cast("Conflict", way)
    if said:
        raise InvalidInput(
            f"conflicts must be {' or '.join(get_args(Conflict))}.",
            hint="Nothing was changed.",
            name="conflicts",
        )
    return otherwise


def show_history(library: Library) -> list[MigrationReport]:
    """List every migration that was run, with its report, the newest first."""
    follow_runs(library)
    return reports()


def undo_migration(
    library: Library, *, run: Annotated[str, "which run, by its name in the history"]
) -> UndoneMigration:
    """Undo a migration: move what it made to the trash, if nobody changed it since."""
    return undo(library, read_run(library, run))


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


class _Run:
    """One run over some sessions; told in the history after each of them."""

    def __init__(
        self, library: Library, task: Task, on_conflict: OnConflict, *, dry_run: bool
    ) -> None:
        self._library = library
        self._task = task
        self._began = time.monotonic()
        started = library.clock()
        self._migration = Migration(
            library,
            known_sessions(library.exports),
            on_conflict,
            dry_run,
            read_settings(library.settings_file).flag("migration.verify"),
        )
        run = new_run(started)
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
        self._exports[path.name] = export_state(path, made=made)


def _bases(library: Library, source: str) -> list[Path]:
    """Answer the folders of the old program. Raises NotFound if a named one is none."""
    if not source.strip():
        remembered = read_settings(library.settings_file).text("migration.source")
        return usual_bases(remembered)
    path = Path(source).expanduser().absolute()
    if not path.is_dir():
        raise NotFound(f"There is no folder {path}.", hint="Name the folder the old program is in.")
    base = base_folder(path)
    if not is_base(base):
        raise NotFound(
            f"There are no sessions of the old program in {path}.",
            hint="Name the folder that holds data/sessions or public/media/sessions.",
        )
    return [base]


def _find(library: Library, source: str) -> list[LegacySession]:
    return [each for base in _bases(library, source) for each in find_sessions(base)]


def _one(found: Sequence[LegacySession], session_id: str) -> LegacySession:
    """Answer the session meant. Raises NotFound, or InvalidInput if several are."""
    same = [
        each
        for each in found
        if session_id in (each.id, each.key, f"{each.base}/{each.key}")  # the last is exact
    ]
    if not same:
        raise NotFound(
            f"There is no session “{session_id[:80]}”.",
            hint="The list of sessions shows what there is.",
            session=session_id,
        )
    if len(same) > 1:
        raise InvalidInput(
            f"There are {len(same)} sessions “{session_id[:80]}”.",
            hint="Name the old program's folder as the source: "
            + ", ".join(f"{each.base} ({each.key})" for each in same),
        )
    return same[0]


def _remember(library: Library, source: str, *, dry_run: bool) -> None:
    """Keep a folder a person named, so that it need not be named again."""
    if source.strip() and not dry_run:
        named = str(Path(source).expanduser().absolute())
        with suppress(StorageProblem):
            change_settings(library, key="migration.source", value=named)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look into a session has found."""

    name: str
    conversations: int
    media: int
    shares: int
    sources: Mapping[str, int]
    recoverable: Mapping[str, int]
    problems: tuple[Problem, ...]


def _shown(session: LegacySession, known: dict[str, KnownSession]) -> LegacySessionShown:
    files = files_below(session.roots)
    there = known.get(session.key)
    fingerprint = listing(files, session.base)
    seen = _looked_into(session, fingerprint)
    codes = {problem.code for problem in session.problems}
    return LegacySessionShown(
        id=session.id,
        name=there.name if there else seen.name,
        era=session.era,
        source=str(session.base),
        uploaded_at=session.uploaded_at,
        conversation_count=seen.conversations,
        media_count=seen.media,
        share_count=seen.shares,
        size_bytes=sum(facts.size for facts in files),
        sources=seen.sources,
        recoverable=seen.recoverable,
        problems=seen.problems,
        can_migrate=bool(files) and not codes & GONE,
        migrated_to=there.name if there else "",
        changed=there is not None and there.fingerprint != fingerprint,
    )


@lru_cache(maxsize=LOOKS_KEPT)
def _looked_into(session: LegacySession, _fingerprint: str) -> _Seen:
    """Look into a session; once for as long as its files stay as they are."""
    with TemporaryDirectory(prefix="dumpster-") as scratch:
        try:
            with opened_session(session, Path(scratch), Task()) as found:
                return _seen(found, found.all_problems())
        except (AppError, OSError) as problem:
            message = problem.message if isinstance(problem, AppError) else str(problem)
            told = Problem("unreadable-session", message, session.id, loss=True)
            return _seen(OpenedSession(session), [*session.problems, told])


def _seen(found: OpenedSession, problems: Sequence[Problem]) -> _Seen:
    session = found.session
    return _Seen(
        name=suggested_name(session.title, found.newest, session.uploaded_at),
        conversations=len(union(found.holdings)),
        media=found.media,
        shares=found.shares,
        sources=per_source(found.holdings),
        recoverable=recovered(found.holdings),
        problems=tuple(problems),
    )
