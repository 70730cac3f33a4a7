"""How safe each export is: the age of its last good backup, what was missed, what failed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from app.core.backup.journal import Attempts, Memory
from app.core.backup.schedule import (
    Every,
    History,
    Plan,
    changed_since,
    missed,
    next_due,
    standing,
    why_due,
)
from app.errors import StorageProblem
from app.files.export_folder import ExportFolder, ExportRecord
from app.library import Library
from app.operations.backups.known.folder import describe_folder
from app.operations.backups.known.index import IndexedBackup, indexed, locked_archives, memory
from app.operations.backups.known.replaced import replaced_states
from app.operations.backups.known.subject import Subject, live_exports
from app.operations.backups.results import BackupStatus, ExportStanding, Failure
from app.settings import read_settings


def show_status(library: Library) -> BackupStatus:
    """Show how safe every export is: the age of its last good backup, what failed or was missed."""
    plan, now = plan_in_force(library), library.clock()
    known, backups = memory(library), _by_export(library)
    live = live_exports(library)
    standings = [
        _standing(subject, history, plan, now, known, backups[subject.key])
        for subject, history in histories(library)
    ]
    gone = {each.head.name for each in indexed(library) if each.head.export not in live}
    return BackupStatus(
        exports=tuple(sorted(standings, key=lambda each: each.name.casefold())),
        gone=tuple(sorted(gone)),
        folder=describe_folder(library),
        restored=tuple(replaced_states(library)),
        problems=tuple(locked_archives()),
    )


def plan_in_force(library: Library) -> Plan:
    """Answer what the settings say makes a backup due."""
    settings = read_settings(library.settings_file)
    every: Every = settings.text("backups.every")  # type: ignore[assignment]
    return Plan(
        every, settings.flag("backups.afterImport"), settings.flag("backups.afterMigration")
    )


def histories(library: Library) -> list[tuple[Subject, History]]:
    """Answer what is known of each export's backups."""
    known, backups = memory(library), _by_export(library)
    return [
        (subject, _history(subject, known.attempts.get(key), backups[key]))
        for key, subject in live_exports(library).items()
    ]


def is_anything_due(library: Library) -> bool:
    """Tell whether the schedule asks for a backup now."""
    plan, now = plan_in_force(library), library.clock()
    return any(why_due(history, plan, now) for _, history in histories(library))


def soonest(library: Library) -> datetime | None:
    """Answer when the interval asks for the next backup of any export."""
    plan, now = plan_in_force(library), library.clock()
    times = [next_due(history, plan, now) for _, history in histories(library)]
    return min((each for each in times if each is not None), default=None)


def _by_export(library: Library) -> defaultdict[str, list[IndexedBackup]]:
    found: defaultdict[str, list[IndexedBackup]] = defaultdict(list)
    for each in indexed(library):
        found[each.head.export].append(each)
    return found


def _history(subject: Subject, attempts: Attempts | None, backups: list[IndexedBackup]) -> History:
    """Put together what the journal, the backups and the export's own record tell.

    A backup counts by itself: the journal may be lost, or another library's.
    """
    record = _record(subject)
    made = [each.head.created_at for each in backups]
    checked = attempts.good_at if attempts and backups else None
    imports = [each.imported_at for each in record.sources if not each.session] if record else []
    sessions = [each.imported_at for each in record.sources if each.session] if record else []
    return History(
        good_at=max((*made, *([checked] if checked else ())), default=None),
        changed_at=record.updated_at if record else None,
        imported_at=max(imports, default=None),
        migrated_at=max(sessions, default=None),
        failed_at=attempts.failed_at if attempts else None,
    )


def _record(subject: Subject) -> ExportRecord | None:
    try:
        return None if subject.folder is None else ExportFolder(subject.folder).record()
    except StorageProblem:
        return None


def _standing(
    subject: Subject,
    history: History,
    plan: Plan,
    now: datetime,
    known: Memory,
    backups: list[IndexedBackup],
) -> ExportStanding:
    attempts = known.attempts.get(subject.key)
    state = standing(history, plan, now)
    failed = state == "failing" and attempts is not None and attempts.failed_at is not None
    failure = None
    if failed and attempts is not None and attempts.failed_at is not None:
        failure = Failure(attempts.failed_at, attempts.times, attempts.message, attempts.hint)
    return ExportStanding(
        name=subject.name,
        state=state,
        backups=len(backups),
        stored_bytes=sum(each.stored_bytes for each in backups),
        last_good_at=history.good_at.astimezone(UTC) if history.good_at else None,
        last_backup_at=max((each.head.created_at for each in backups), default=None),
        missed=missed(history, plan, now),
        changed_since=changed_since(history, now),
        next_at=next_due(history, plan, now),
        failure=failure,
    )
