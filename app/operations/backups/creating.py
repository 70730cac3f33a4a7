"""Making backups: of one export, of many, and of those that are due."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from msgspec import Struct
from msgspec.structs import replace

from app.core.backup.journal import Event
from app.core.backup.levels import level_named
from app.core.backup.outcomes import Created
from app.core.backup.schedule import why_due
from app.core.problems import Problem
from app.errors import AppError, Cancelled, NotFound, StorageProblem
from app.files.backup.store import BackupStore
from app.files.staging import told_as_problems
from app.library import Library
from app.operations.backups.cleaning import clean_up_after
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import (
    index_folder_of_backups,
    index_snapshot,
    indexed,
    locked_archives,
    now_utc,
    tell,
)
from app.operations.backups.known.passphrase import Passphrase, require_new
from app.operations.backups.known.subject import Subject, find_live, live_exports
from app.operations.backups.results import BackupSummary, BulkItem, BulkReport
from app.operations.backups.showing import losses_as_problems, summaries
from app.operations.backups.standing import histories, plan_in_force
from app.progress import Task
from app.settings import read_settings

Incremental = Annotated[
    bool | None, "store only what no earlier backup holds; the setting says if left out"
]
Level = Annotated[
    object,
    "how hard to compress: 0 to 9, or store, fast, balanced, small, smallest; "
    "the setting says if left out",
]
Encrypt = Annotated[bool, "encrypt it, names included; it hides, it does not seal"]


class _Way(Struct, frozen=True):
    """How a backup is to be made."""

    incremental: bool
    level: str
    encrypt: bool
    passphrase: str | None
    force: bool = False
    note: str = ""


def create_backup(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name"],
    incremental: Incremental = None,
    level: Level = None,
    encrypt: Encrypt = False,
    force: Annotated[bool, "make one even if nothing has changed"] = False,
    note: Annotated[str, "a note to recognise it by"] = "",
    passphrase: Passphrase = "",
) -> BackupSummary:
    """Back up an export, verified before it counts as made."""
    subject = find_live(library, export)
    way = _way(library, incremental, level, encrypt=encrypt, given=passphrase)
    return _back_up(library, task, subject, replace(way, force=force, note=note[:500]))


def create_backups(
    library: Library,
    task: Task,
    *,
    exports: Annotated[list[str], "which exports; all of them if left out"] = [],  # noqa: B006
    incremental: Incremental = None,
    level: Level = None,
    encrypt: Encrypt = False,
    passphrase: Passphrase = "",
) -> BulkReport:
    """Back up many exports; one that fails does not keep the others from it."""
    live = sorted(live_exports(library).values(), key=lambda each: each.name.casefold())
    wanted = [find_live(library, each) for each in exports] if exports else live
    way = _way(library, incremental, level, encrypt=encrypt, given=passphrase)
    open_store(library)
    return _back_up_all(library, task, [(subject, "") for subject in wanted], way)


def run_due_backups(
    library: Library,
    task: Task,
    *,
    changed: Annotated[bool, "only what an import or a migration asks for, no interval"] = False,
) -> BulkReport:
    """Back up what the schedule says is due; what was missed is caught up."""
    plan, now = plan_in_force(library), library.clock()
    if changed:
        plan = replace(plan, every="never")
    due = [
        (subject, why)
        for subject, history in histories(library)
        if (why := why_due(history, plan, now))
    ]
    if not due:
        return BulkReport(())
    encrypt = read_settings(library.settings_file).flag("backups.encrypt")
    try:
        way = _way(library, None, None, encrypt=encrypt, given="")
        open_store(library)
    except AppError as error:
        for subject, _ in due:
            _tell_failure(library, subject, error)
        raise
    return _back_up_all(library, task, due, way)


def _back_up_all(
    library: Library, task: Task, wanted: Iterable[tuple[Subject, str]], way: _Way
) -> BulkReport:
    items: list[BulkItem] = []
    everything = list(wanted)
    for number, (subject, why) in enumerate(everything):
        task.step("backups", number, len(everything), subject.name, "backups")
        try:
            made = _back_up(library, task, subject, way)
        except AppError as error:
            problem = Problem("backup-failed", error.message, subject.name, error.hint, loss=True)
            items.append(BulkItem(subject.name, "failed", error=problem, why=why))
            continue
        items.append(
            BulkItem(subject.name, "unchanged" if made.unchanged else "done", made, why=why)
        )
    problems = [each.error for each in items if each.error is not None]
    problems += [each for item in items if item.backup for each in item.backup.problems]
    return BulkReport(tuple(items), tuple(problems))


def _back_up(library: Library, task: Task, subject: Subject, way: _Way) -> BackupSummary:
    """Make one backup, and remember how it went; then clear away what the rules do not keep."""
    try:
        store = open_store(library)
        index_folder_of_backups(library, store)
        with told_as_problems(store.folder):
            created = _create(library, store, task, subject, way)
    except AppError as error:
        _tell_failure(library, subject, error)
        raise
    problems = losses_as_problems(created.losses)
    _remember(library, subject, created)
    if created.snapshot is not None:
        problems += _make_room(library, task, subject, way)
    return _told(library, store, subject, created, tuple(problems))


def _remember(library: Library, subject: Subject, created: Created) -> None:
    """Let the index and the journal know a backup, or that none was needed."""
    event = Event(
        kind="made" if created.snapshot else "unchanged",
        at=now_utc(library),
        export=subject.key,
        name=subject.name,
        backup=created.snapshot.id if created.snapshot else created.parent,
    )
    tell(library, event)
    if created.snapshot is not None:
        index_snapshot(created.snapshot)


def _create(
    library: Library, store: BackupStore, task: Task, subject: Subject, way: _Way
) -> Created:
    if subject.folder is None or not subject.folder.is_dir():
        raise NotFound(
            f"The folder of “{subject.name}” is gone.",
            hint="If it was moved, the list will know in a moment; else restore it from a backup.",
        )
    return store.create(
        subject.folder,
        task=task,
        export=subject.key,
        name=subject.name,
        incremental=way.incremental,
        level=way.level,
        passphrase=way.passphrase if way.encrypt else None,
        force=way.force,
        note=way.note,
        parent=_parent(library, subject, encrypted=way.encrypt),
    )


def _parent(library: Library, subject: Subject, *, encrypted: bool) -> str | None:
    """Answer the backup to build on, as the index knows it: no archive has to be opened for it.

    None where the archives themselves must tell: some are locked, or the newest is of the
    other kind.
    """
    newest = next(iter(indexed(library, subject.key)), None)
    if newest is None:
        return None if locked_archives() else ""
    return newest.id if newest.head.encrypted == encrypted else None


def _make_room(library: Library, task: Task, subject: Subject, way: _Way) -> list[Problem]:
    """Clear away by the rules; whatever comes of that, the backup is made and stays."""
    try:
        return clean_up_after(library, task, subject, way.passphrase)
    except AppError as error:
        message = f"Older backups could not be cleared away: {error.message}"
        return [Problem("cleanup-failed", message, subject.name, error.hint)]
    except Cancelled:
        message = "The backup is made; clearing away older ones was stopped."
        hint = "The next backup, or a clean-up, does it."
        return [Problem("cleanup-stopped", message, subject.name, hint)]


def _told(
    library: Library,
    store: BackupStore,
    subject: Subject,
    created: Created,
    problems: tuple[Problem, ...],
) -> BackupSummary:
    id_ = created.snapshot.id if created.snapshot else created.parent
    siblings = indexed(library, subject.key)
    if all(each.id != id_ for each in siblings):  # another process may have made it just now
        index_folder_of_backups(library, store)
        siblings = indexed(library, subject.key)
    for each in summaries(library, siblings):
        if each.id == id_:
            return replace(each, unchanged=created.snapshot is None, problems=problems)
    raise StorageProblem(
        "The backup is not among the others any more.",
        hint="Another program may have moved it; look into the folder of backups.",
    )


def _way(
    library: Library, incremental: bool | None, level: object, *, encrypt: bool, given: str
) -> _Way:
    settings = read_settings(library.settings_file)
    wanted = settings.number("backups.compressionLevel") if level is None else level
    only_new = settings.flag("backups.incremental") if incremental is None else incremental
    passphrase = require_new(library, given) if encrypt else given or None
    return _Way(only_new, level_named(str(wanted).strip()).name, encrypt, passphrase)


def _tell_failure(library: Library, subject: Subject, error: AppError) -> None:
    tell(
        library,
        Event(
            kind="failed",
            at=now_utc(library),
            export=subject.key,
            name=subject.name,
            message=error.message,
            hint=error.hint,
        ),
    )
