"""Migrating the old program's sessions into exports: what there is, doing it, undoing it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal, cast, get_args

from app.core.migration import Conflict
from app.core.naming import key
from app.errors import InvalidInput, NotFound, StorageProblem
from app.files.legacy.finding import LegacySession, base_folder, find_sessions, is_base
from app.files.legacy.places import usual_bases
from app.files.sources.refusals import SPARE_BYTES
from app.library import Library
from app.operations.migrating.history import follow_runs, read_run, reports
from app.operations.migrating.known import known_sessions
from app.operations.migrating.looking import shown_sessions
from app.operations.migrating.results import (
    LegacySessionShown,
    MigrationReport,
    MigrationStats,
    UndoneMigration,
)
from app.operations.migrating.running import Run
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


def list_sessions(library: Library, *, source: Source = "") -> list[LegacySessionShown]:
    """List the sessions of the old program: what each holds, what is wrong with it."""
    known = known_sessions(library.exports)
    taken = frozenset(key(path.name) for path in library.exports.iterdir())
    free = shutil.disk_usage(library.root).free - SPARE_BYTES
    return shown_sessions(_find(library, source), known, taken, free)


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
    run = Run(library, task, on_conflict, dry_run=dry_run)
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
    run = Run(library, task, on_conflict, dry_run=dry_run)
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
    library: Library, task: Task, *, run: Annotated[str, "which run, by its name in the history"]
) -> UndoneMigration:
    """Undo a migration: move what it made to the trash, if nobody changed it since."""
    return undo(library, task, read_run(library, run))


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
