"""What the operations of backups answer: frozen records, part of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.core.backup.schedule import Every, Standing
from app.core.problems import Problem

Type = Literal["full", "incremental"]


class BackupSummary(Struct, frozen=True):
    """One backup in a list.

    ``export`` is what the export is called now, or was when the backup was made if it is
    ``gone``. ``archives`` are the files its bytes are in. ``verified``: its archive was read
    back when it was made, or found whole since; ``checked_at``: when every block of it was
    last unpacked and hashed. ``damaged`` counts files found damaged, ``reasons`` say why
    the rules keep it: with none, the next clean-up takes it. ``unchanged`` stands in the
    answer of a `backup create` that found nothing new, and so wrote no archive.
    """

    id: str
    export: str
    type: Type
    base: str
    created_at: datetime
    file_count: int
    changed_count: int
    size_bytes: int
    stored_bytes: int
    archives: tuple[str, ...]
    sha256: str
    verified: bool
    checked_at: datetime | None
    encrypted: bool
    pinned: bool
    damaged: int
    gone: bool
    level: str
    reasons: tuple[str, ...]
    unchanged: bool = False
    problems: tuple[Problem, ...] = ()


class BackedUpFile(Struct, frozen=True):
    """One file, folder or link of a backup; ``path`` is relative to the export's folder."""

    path: str
    kind: Literal["file", "folder", "link"]
    size_bytes: int
    modified_at: datetime
    sha256: str
    flags: tuple[str, ...] = ()


class Changes(Struct, frozen=True):
    """How one state of an export differs from another, by path.

    ``since`` is the backup it is compared with, empty for the live export. ``renamed`` are
    files found under another name: old path -> new path. ``added_bytes`` is the size of all
    that is added or changed.
    """

    since: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: Mapping[str, str]
    unchanged: int
    added_bytes: int


class Preview(Struct, frozen=True):
    """What a restore would do, found out before anything is touched.

    ``names`` are paths that need another name on this disk; ``problems`` name files whose
    bytes are nowhere any more. ``free_bytes`` is what the library's disk has room for.
    """

    backup: str
    changes: Changes
    files: int
    bytes: int
    names: Mapping[str, str]
    free_bytes: int | None
    problems: tuple[Problem, ...]


class BackupDetails(BackupSummary, frozen=True):
    """One backup: its manifest, a page of it at a time, and the difference to the one before.

    ``next`` is the cursor of the page after, None at the end.
    """

    files: tuple[BackedUpFile, ...] = ()
    next: str | None = None
    difference: Changes | None = None


class DamagedFile(Struct, frozen=True):
    """A file of a backup that is not as it was: where, and why."""

    path: str
    archive: str
    why: str
    backup: str = ""


class VerifyReport(Struct, frozen=True):
    """Whether backups are whole. ``healed`` are paths put right from another copy."""

    ok: bool
    backups: int
    damaged: tuple[DamagedFile, ...]
    healed: tuple[str, ...]
    checked_bytes: int
    quick: bool
    problems: tuple[Problem, ...] = ()


class RestoreReport(Struct, frozen=True):
    """What a restore put where. ``previous`` is where the replaced state is, empty if none."""

    export: str
    files: int
    bytes: int
    previous: str
    problems: tuple[Problem, ...] = ()


class SettledState(Struct, frozen=True):
    """A state a restore had replaced, and where in the trash it is now."""

    export: str
    moved_to: str


class BackupVerdict(Struct, frozen=True):
    """What the rules say of one backup; it stays if there is a reason."""

    id: str
    export: str
    created_at: datetime
    keep: bool
    reasons: tuple[str, ...]


class CleanupReport(Struct, frozen=True):
    """What a clean-up removed, or, as a dry run, would."""

    dry_run: bool
    backups: tuple[BackupVerdict, ...]
    freed_bytes: int
    problems: tuple[Problem, ...] = ()


class RemovedBackup(Struct, frozen=True):
    """What deleting a backup freed; ``kept_bytes`` stay, as other backups need them.

    ``others`` are the backups that needed its bytes and went with it.
    """

    id: str
    export: str
    freed_bytes: int
    kept_bytes: int
    others: tuple[str, ...] = ()


class ExportBackups(Struct, frozen=True):
    """What the backups of one export take, before and after packing."""

    export: str
    gone: bool
    backups: int
    source_bytes: int
    stored_bytes: int
    oldest_at: datetime | None
    newest_at: datetime | None
    checked_at: datetime | None


class GrowthPoint(Struct, frozen=True):
    """What all archives took at the end of a month."""

    month: str
    stored_bytes: int


class BackupStats(Struct, frozen=True):
    """What backups take and save.

    ``source_bytes`` are what all backups would take as plain copies; ``unique_bytes`` what
    is left where the same bytes are stored once. ``deduplication`` is the first divided by
    the second, ``compression`` the second by ``stored_bytes``.
    """

    backups: int
    source_bytes: int
    unique_bytes: int
    stored_bytes: int
    deduplication: float | None
    compression: float | None
    oldest_at: datetime | None
    newest_at: datetime | None
    last_verified_at: datetime | None
    checked_backups: int
    oldest_check_at: datetime | None
    restores: int
    last_restore_at: datetime | None
    exports: tuple[ExportBackups, ...]
    growth: tuple[GrowthPoint, ...]


class Reindexed(Struct, frozen=True):
    """What was found when the index was made again from the archives alone."""

    backups: int
    archives: int
    bytes: int
    problems: tuple[Problem, ...]
    seconds: float


class BulkItem(Struct, frozen=True):
    """What became of one export of a bulk backup; ``why`` tells what made it due, if a rule."""

    export: str
    status: Literal["done", "unchanged", "failed"]
    backup: BackupSummary | None = None
    error: Problem | None = None
    why: str = ""


class BulkReport(Struct, frozen=True):
    """What became of each export of a bulk backup."""

    items: tuple[BulkItem, ...]
    problems: tuple[Problem, ...] = ()


class FolderEntry(Struct, frozen=True):
    """One line of a folder inside a backup; ``files`` counts what a folder holds in all.

    ``flags`` say what could not be backed up as it was.
    """

    name: str
    path: str
    kind: Literal["file", "folder", "link"]
    size_bytes: int
    modified_at: datetime
    files: int = 0
    flags: tuple[str, ...] = ()


class FolderListing(Struct, frozen=True):
    """A page of a folder inside a backup, or of what was looked for in it.

    ``total`` is how many lines there are on all pages; ``next`` the cursor of the page
    after, None at the end.
    """

    backup: str
    export: str
    path: str
    entries: tuple[FolderEntry, ...]
    total: int
    next: str | None = None


class Failure(Struct, frozen=True):
    """The last attempts of an export's backup that failed, in a row."""

    at: datetime
    times: int
    message: str
    hint: str


class ExportStanding(Struct, frozen=True):
    """How safe one export is: the age of its last good backup, what was missed, what failed."""

    name: str
    state: Standing
    backups: int
    stored_bytes: int
    last_good_at: datetime | None
    last_backup_at: datetime | None
    missed: int
    changed_since: bool
    next_at: datetime | None
    failure: Failure | None


class BackupFolder(Struct, frozen=True):
    """The folder backups are in; ``warnings`` say in plain words what makes it less safe."""

    path: str
    available: bool
    free_bytes: int | None
    same_disk: bool
    warnings: tuple[Problem, ...]


class ReplacedState(Struct, frozen=True):
    """A state of an export that a restore replaced, still kept."""

    export: str
    path: str
    replaced_at: datetime


class BackupStatus(Struct, frozen=True):
    """How the backups of all exports stand. ``gone``: names of exports only backups hold.

    ``restored`` are states that restores replaced, still kept; ``problems`` name archives
    that could not be opened.
    """

    exports: tuple[ExportStanding, ...]
    gone: tuple[str, ...]
    folder: BackupFolder
    restored: tuple[ReplacedState, ...]
    problems: tuple[Problem, ...] = ()


class ScheduleEntry(Struct, frozen=True):
    """What makes a system's own scheduler look every hour for backups that are due.

    ``current``: this is the system the program runs on; ``written``: it is in place.
    """

    name: str
    scheduler: Literal["cron", "launchd", "task-scheduler"]
    text: str
    how: str
    current: bool
    written: bool


class ScheduleShown(Struct, frozen=True):
    """When backups are made by themselves."""

    every: Every
    after_import: bool
    after_migration: bool
    encrypt: bool
    next_at: datetime | None
    entry: ScheduleEntry


class Unlocked(Struct, frozen=True):
    """Whether a passphrase of encrypted backups is known now, and is kept in the keyring."""

    unlocked: bool
    remembered: bool
