"""What there is: backups in a list, one in full, what a restore would do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec.structs import replace

from app.core.backup.difference import Difference
from app.core.backup.journal import Memory
from app.core.backup.manifest import CHANGED_WHILE_READ, PARTIAL, UNREADABLE, Entry, Head
from app.core.backup.outcomes import Loss
from app.core.backup.retention import Candidate, RetentionPolicy, judge
from app.core.problems import Problem
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import IndexedBackup, indexed, memory, wanted_passphrase
from app.operations.backups.known.passphrase import needed
from app.operations.backups.known.subject import (
    Subject,
    find_backup,
    find_subject,
    live_exports,
    subject_of,
)
from app.operations.backups.results import (
    BackedUpFile,
    BackupDetails,
    BackupSummary,
    Changes,
    Preview,
)
from app.operations.paging import page_of
from app.progress import Task
from app.settings import read_settings

ExportName = Annotated[str, "the export's name"]
BackupId = Annotated[str, "the backup's id"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def list_backups(
    library: Library,
    *,
    export: Annotated[str, "the export's name; all of them if left out"] = "",
) -> list[BackupSummary]:
    """List backups, the newest first; those of exports that are gone from the library too."""
    key = find_subject(library, export).key if export else ""
    return summaries(library, indexed(library, key))


def show_backup(
    library: Library,
    *,
    export: ExportName,
    id: BackupId,
    limit: Annotated[int, "files to answer"] = 1_000,
    after: Annotated[str, "the cursor of the page before"] = "",
) -> BackupDetails:
    """Show one backup: the files in it, and what changed since the one before."""
    found, subject = find_backup(library, export, id)
    (summary,) = [
        each for each in summaries(library, indexed(library, subject.key)) if each.id == id
    ]
    store, passphrase = open_store(library), passphrase_for(library, found)
    manifest = store.manifest(id, passphrase=passphrase)
    before = before_this(indexed(library, subject.key), found)
    difference = None
    if before is not None:
        passphrase_for(library, before)
        changes = store.difference(before.id, id, passphrase=passphrase)
        difference = changes_of(changes, since=before.id)
    fields = {name: getattr(summary, name) for name in BackupSummary.__struct_fields__}
    fields["problems"] = tuple(problems_of(manifest, manifest.entries))
    ordered = sorted(manifest.entries, key=_path)
    shown, following = page_of(ordered, _path, (str,), limit=limit, after=after)
    files = tuple(map(file_of, shown))
    return BackupDetails(**fields, files=files, next=following, difference=difference)


def preview_restore(
    library: Library,
    task: Task,
    *,
    export: ExportName,
    id: BackupId,
    against: Annotated[str, "another backup to compare with; the export as it is if left out"] = "",
    only: Annotated[list[str], "files and folders of the backup; everything if left out"] = [],  # noqa: B006
) -> Preview:
    """Tell what a restore would add, change and remove, or how two backups differ."""
    found, subject = find_backup(library, export, id)
    store, passphrase = open_store(library), passphrase_for(library, found)
    if against:
        other, _ = find_backup(library, export, against)
        passphrase_for(library, other)
        changes = changes_of(store.difference(against, id, passphrase=passphrase), since=against)
        return Preview(id, changes, found.head.file_count, found.head.size_bytes, {}, None, ())
    seen = store.preview_restore(id, subject.folder, task=task, only=only, passphrase=passphrase)
    return Preview(
        backup=id,
        changes=changes_of(seen.difference, since=""),
        files=seen.files,
        bytes=seen.bytes,
        names=dict(seen.names),
        free_bytes=seen.free_bytes,
        problems=tuple(losses_as_problems(seen.losses)),
    )


def summaries(library: Library, found: Iterable[IndexedBackup]) -> list[BackupSummary]:
    """Tell of backups, each with the reasons it is kept for."""
    backups, live, known = list(found), live_exports(library), memory(library)
    reasons = reasons_by_rules(library, backups, known)
    return [
        _summary(each, subject_of(each, live), known, reasons.get(each.id, ())) for each in backups
    ]


def reasons_by_rules(
    library: Library,
    backups: Iterable[IndexedBackup],
    known: Memory,
    policy: RetentionPolicy | None = None,
) -> dict[str, tuple[str, ...]]:
    """Judge backups by export, the newest first; answer why each stays, empty if it goes."""
    by_export: dict[str, list[IndexedBackup]] = {}
    for each in backups:
        by_export.setdefault(each.head.export, []).append(each)
    policy, now = policy or policy_in_force(library), library.clock()
    reasons: dict[str, tuple[str, ...]] = {}
    for group in by_export.values():
        group.sort(key=lambda each: each.head.sequence, reverse=True)
        candidates = [_candidate(each, known) for each in group]
        reasons |= {each.id: each.reasons for each in judge(candidates, policy, now=now)}
    return reasons


def policy_in_force(library: Library) -> RetentionPolicy:
    """Answer the rules the settings say."""
    settings = read_settings(library.settings_file)
    return RetentionPolicy(
        keep_last=settings.number("backups.keepLast") or settings.number("backups.maxBackups"),
        keep_daily=settings.number("backups.keepDaily"),
        keep_weekly=settings.number("backups.keepWeekly"),
        keep_monthly=settings.number("backups.keepMonthly"),
    )


def _candidate(backup: IndexedBackup, known: Memory) -> Candidate:
    checks = known.checks.get(backup.id)
    damaged = bool(checks and checks.damaged)
    return Candidate(backup.id, backup.local_time, backup.mark.pinned, damaged)


def _summary(
    backup: IndexedBackup, subject: Subject, known: Memory, reasons: tuple[str, ...]
) -> BackupSummary:
    head, checks = backup.head, known.checks.get(backup.id)
    damaged = len(checks.damaged) if checks else 0
    was_read = bool(backup.sha256 or checks or backup.mark.checked_at)
    return BackupSummary(
        id=head.id,
        export=subject.name,
        type=head.type,
        base=head.base,
        created_at=head.created_at,
        file_count=head.file_count,
        changed_count=head.changed_count,
        size_bytes=head.size_bytes,
        stored_bytes=backup.stored_bytes,
        archives=head.archives or (backup.archive,),
        sha256=backup.sha256,
        verified=was_read and not damaged,
        checked_at=backup.mark.checked_at,
        encrypted=head.encrypted,
        pinned=backup.mark.pinned,
        damaged=damaged,
        gone=subject.gone,
        level=head.level,
        reasons=reasons,
    )


def passphrase_for(library: Library, backup: IndexedBackup, given: str = "") -> str | None:
    """Answer the passphrase of a backup, None where it needs none. Raises PassphraseNeeded."""
    found = wanted_passphrase(library, given)
    if backup.head.encrypted and found is None:
        raise needed("This backup is encrypted.")
    return found


def before_this(backups: Iterable[IndexedBackup], this: IndexedBackup) -> IndexedBackup | None:
    """Answer the backup made before another, of the same export."""
    earlier = [each for each in backups if each.head.sequence < this.head.sequence]
    return max(earlier, key=lambda each: each.head.sequence, default=None)


def file_of(entry: Entry) -> BackedUpFile:
    """Tell of one file of a backup."""
    modified = moment_of(entry.mtime_ns)
    return BackedUpFile(entry.path, entry.kind, entry.size, modified, entry.sha256, entry.flags)


def _path(entry: Entry) -> tuple[str]:
    return (entry.path,)


def moment_of(mtime_ns: int) -> datetime:
    """Answer a file's time."""
    return _EPOCH + timedelta(microseconds=mtime_ns // 1000)


def changes_of(found: Difference, *, since: str) -> Changes:
    """Tell how two states differ."""
    renamed = {each.before: each.after for each in found.renamed}
    return Changes(
        since=since,
        added=found.added,
        changed=found.changed,
        removed=found.removed,
        renamed=renamed,
        unchanged=found.unchanged,
        added_bytes=found.bytes_added,
    )


def problems_of(head: Head, entries: Iterable[Entry]) -> list[Problem]:
    """Tell which files a backup could not take as they were."""
    told: Mapping[str, str] = {
        CHANGED_WHILE_READ: "It changed while it was read; what is kept may be of two moments.",
        UNREADABLE: "It could not be read, so its bytes are not in the backup.",
    }
    losses = [
        Loss(entry.path, told[flag]) for entry in entries for flag in entry.flags if flag in told
    ]
    left_out = [
        Problem("backup-skipped", f"Left out of the backup: {why}", path)
        for path, why in head.skipped
    ]
    return [*losses_as_problems(losses), *left_out, *partial(head)]


def partial(head: Head) -> list[Problem]:
    """Say of a backup that was salvaged from a damaged archive that it may lack files."""
    if PARTIAL not in head.flags:
        return []
    message = "It was salvaged from a damaged archive: files may be missing from it."
    hint = "Compare it with the export, and make another one."
    return [Problem("partial-backup", message, head.id, hint, loss=True)]


def losses_as_problems(losses: Iterable[Loss]) -> list[Problem]:
    """Tell what could not be kept or brought back."""
    return [
        Problem(
            "backup-loss",
            f"Not kept as it was: {each.why}",
            each.path,
            "Everything else was. What is damaged may be put right when the backups are verified.",
            loss=True,
        )
        for each in losses
    ]


def unchanged_summary(summary: BackupSummary) -> BackupSummary:
    """Answer what a backup tells that found nothing new: the one that holds it all."""
    return replace(summary, unchanged=True)
