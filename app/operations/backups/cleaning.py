"""Keeping and clearing away: pins, deleting one, and the rules that say which stay."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Annotated

import msgspec

from app.core.backup.journal import Event
from app.core.backup.outcomes import CleanedUp, CleanupPlan
from app.core.backup.retention import RetentionPolicy
from app.core.problems import Problem
from app.core.sizes import readable_size
from app.errors import Conflict
from app.files.backup.store import BackupStore
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import (
    IndexedBackup,
    index_folder_of_backups,
    indexed,
    memory,
    now_utc,
    tell,
    wanted_passphrase,
)
from app.operations.backups.known.passphrase import Passphrase
from app.operations.backups.known.subject import (
    Subject,
    find_backup,
    find_subject,
    live_exports,
    subject_of,
)
from app.operations.backups.results import (
    BackupSummary,
    BackupVerdict,
    CleanupReport,
    RemovedBackup,
)
from app.operations.backups.showing import (
    BackupId,
    ExportName,
    passphrase_for,
    policy_in_force,
    reasons_by_rules,
    summaries,
)
from app.progress import Task


def clean_up_backups(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name; all of them if left out"] = "",
    keep_last: Annotated[int | None, "the last so many; without any rule the settings say"] = None,
    keep_daily: Annotated[int | None, "the last of each of so many days"] = None,
    keep_weekly: Annotated[int | None, "the last of each of so many weeks"] = None,
    keep_monthly: Annotated[int | None, "the last of each of so many months"] = None,
    dry_run: Annotated[bool, "say what would go and what that frees, and change nothing"] = False,
    passphrase: Passphrase = "",
) -> CleanupReport:
    """Remove the backups no rule keeps; every one that is kept can be restored afterwards."""
    given = (keep_last, keep_daily, keep_weekly, keep_monthly)
    policy = policy_in_force(library)
    if any(each is not None for each in given):
        policy = RetentionPolicy(*(max(0, each or 0) for each in given))
    store = open_store(library)
    index_folder_of_backups(library, store)
    found = indexed(library, find_subject(library, export).key if export else "")
    reasons = reasons_by_rules(library, found, memory(library), policy)
    verdicts = _verdicts(library, found, reasons)
    secret = wanted_passphrase(library, passphrase)
    locked = _locked(found, secret)
    return _clean_up(library, store, task, verdicts, locked, dry_run=dry_run, passphrase=secret)


def clean_up_after(
    library: Library, task: Task, subject: Subject, passphrase: str | None
) -> list[Problem]:
    """Remove what the settings' rules do not keep of an export that was just backed up."""
    store, found = open_store(library), indexed(library, subject.key)
    reasons = reasons_by_rules(library, found, memory(library))
    verdicts = _verdicts(library, found, reasons)
    secret = wanted_passphrase(library, passphrase or "")
    locked = _locked(found, secret)
    report = _clean_up(library, store, task, verdicts, locked, dry_run=False, passphrase=secret)
    return list(report.problems)


def delete_backup(
    library: Library,
    *,
    export: ExportName,
    id: BackupId,
    with_others: Annotated[bool, "delete the backups that need its bytes, too"] = False,
) -> RemovedBackup:
    """Delete one backup; refused if others need its bytes, unless they go too."""
    found, subject = find_backup(library, export, id)
    store, secret = open_store(library), passphrase_for(library, found)
    others = _others_in_need(library, store, found, secret)
    if others and not with_others:
        raise _needed_by_others(others)
    if found.mark.pinned or any(each.mark.pinned for each in others):
        which = "This backup" if found.mark.pinned else "A backup that needs this one"
        raise Conflict(f"{which} is pinned.", hint="Unpin it first. Nothing was deleted.")
    drop = [id, *(each.id for each in others)]
    done = store.clean_up(drop, task=Task(), consolidate=False, passphrase=secret)
    _forget(library, store, drop)
    stored = found.stored_bytes + sum(each.stored_bytes for each in others)
    kept = max(0, stored - done.freed_bytes)
    return RemovedBackup(id, subject.name, done.freed_bytes, kept, tuple(drop[1:]))


def _others_in_need(
    library: Library, store: BackupStore, found: IndexedBackup, passphrase: str | None
) -> list[IndexedBackup]:
    """Answer the backups that could not be restored without one, and without each other."""
    everything, going = indexed(library), {found.id}
    while True:
        plan = store.plan_cleanup(going, task=Task(), passphrase=passphrase)
        needed = {name for name in plan.keep if name[:-3] in going}
        more = {each.id for each in everything if needed.intersection(each.head.archives)} - going
        if not more:
            return [each for each in everything if each.id in going and each.id != found.id]
        going |= more


def _needed_by_others(others: Sequence[IndexedBackup]) -> Conflict:
    count = len(others)
    whose = "Another backup needs" if count == 1 else f"{count} other backups need"
    return Conflict(
        f"{whose} bytes of this one.",
        hint="Delete them with it (--with-others), or let a clean-up by rules make one of them "
        "self-contained. Nothing was deleted.",
        backups=[each.id for each in others],
    )


def pin_backup(library: Library, *, export: ExportName, id: BackupId) -> BackupSummary:
    """Pin a backup: no rule removes it, whatever its age."""
    return _pin(library, export, id, pinned=True)


def unpin_backup(library: Library, *, export: ExportName, id: BackupId) -> BackupSummary:
    """Take the pin out of a backup: the rules may remove it again."""
    return _pin(library, export, id, pinned=False)


def _pin(library: Library, export: str, id_: str, *, pinned: bool) -> BackupSummary:
    found, subject = find_backup(library, export, id_)
    open_store(library).mark(id_, msgspec.structs.replace(found.mark, pinned=pinned))
    told = summaries(library, indexed(library, subject.key))
    return next(each for each in told if each.id == id_)


def _locked(found: Iterable[IndexedBackup], passphrase: str | None) -> frozenset[str]:
    """Answer the backups nobody can look into now, to see who needs what of them."""
    return frozenset(each.id for each in found if each.head.encrypted and passphrase is None)


def _clean_up(
    library: Library,
    store: BackupStore,
    task: Task,
    verdicts: Sequence[BackupVerdict],
    locked: Collection[str],
    *,
    dry_run: bool,
    passphrase: str | None,
) -> CleanupReport:
    """Remove what goes; what is locked stays until the passphrase is known."""
    drop = [each.id for each in verdicts if not each.keep and each.id not in locked]
    told = tuple(_stays(each.id) for each in verdicts if not each.keep and each.id in locked)
    if not drop:
        return CleanupReport(dry_run, tuple(verdicts), 0, told)
    if dry_run:
        plan = store.plan_cleanup(drop, task=task, passphrase=passphrase)
        told = (*told, *_planned(plan))
        return CleanupReport(True, tuple(verdicts), max(0, plan.freed_bytes), told)
    done = store.clean_up(drop, task=task, passphrase=passphrase)
    _forget(library, store, drop)
    return CleanupReport(False, tuple(verdicts), max(0, done.freed_bytes), (*told, *_done(done)))


def _stays(backup: str) -> Problem:
    message = "An encrypted backup stays for now: what others need of it cannot be seen."
    hint = "Clean up again once the backups are unlocked with their passphrase."
    return Problem("cleanup-locked", message, backup, hint)


def _planned(plan: CleanupPlan) -> tuple[Problem, ...]:
    """Say what of the removed backups others need, and what would be done about it."""
    if not plan.rewrite:
        return ()
    message = "Part of what would go is needed by a backup that stays: that is made self-contained."
    hint = f"This needs {readable_size(plan.needed_bytes)} of free space for a while."
    return (Problem("cleanup-consolidates", message, plan.rewrite, hint),)


def _done(done: CleanedUp) -> tuple[Problem, ...]:
    """Say what was done about what others need of the removed backups."""
    if done.rewritten is not None:
        message = "A backup that stays was made self-contained, as it needed part of what is gone."
        return (Problem("cleanup-consolidated", message, done.rewritten.id),)
    if done.retired:
        message = "Archives of removed backups stay for now: newer backups need part of them."
        return tuple(Problem("cleanup-retired", message, each) for each in done.retired)
    return ()


def _forget(library: Library, store: BackupStore, dropped: Sequence[str]) -> None:
    now = now_utc(library)
    tell(library, *(Event(kind="removed", at=now, backup=each) for each in dropped))
    index_folder_of_backups(library, store)


def _verdicts(
    library: Library, found: Sequence[IndexedBackup], reasons: dict[str, tuple[str, ...]]
) -> list[BackupVerdict]:
    live = live_exports(library)
    return [
        BackupVerdict(
            id=each.id,
            export=subject_of(each, live).name,
            created_at=each.head.created_at,
            keep=bool(reasons[each.id]),
            reasons=reasons[each.id],
        )
        for each in found
    ]
