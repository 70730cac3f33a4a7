"""Results of backups for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import count, day, duration, line, moment
from app.interfaces.terminal.tables import facts, more, problems, table
from app.operations.backups.results import (
    BackupDetails,
    BackupStats,
    BackupStatus,
    BackupSummary,
    BulkReport,
    Changes,
    CleanupReport,
    ExportStanding,
    FolderListing,
    Preview,
    Reindexed,
    RemovedBackup,
    RestoreReport,
    ScheduleEntry,
    ScheduleShown,
    SettledState,
    Unlocked,
    VerifyReport,
)

FILES_SHOWN = 20  # paths of each kind of change; the rest is counted


def show_list(results: Sequence[BackupSummary], console: Console) -> None:
    """Print a table of backups."""
    rows = [
        (
            line(each.export) + (" (gone)" if each.gone else ""),
            moment(each.created_at),
            _type(each),
            f"{each.file_count:,}",
            readable_size(each.size_bytes),
            readable_size(each.stored_bytes),
            _proven(each),
            ", ".join(map(line, each.reasons)) or "goes at the next clean-up",
            each.id,
        )
        for each in results
    ]
    titles = ("Export", "Made", "Type", "Files", "Size", "Stored", "Verified", "Kept", "Id")
    table(console, titles, rows, right=(3, 4, 5))


def show_made(result: BackupSummary, console: Console) -> None:
    """Print one backup: just made, or pinned."""
    if result.unchanged:
        console.print(
            f"Nothing has changed: {result.id} still holds all of “{line(result.export)}”."
        )
    else:
        console.print(Text(f"“{line(result.export)}”, {result.id}", "bold"))
    changed = count(result.changed_count, "file") + " changed"
    shown = [
        ("made", moment(result.created_at)),
        ("type", _type(result)),
        ("files", f"{result.file_count:,}, {changed}"),
        (
            "size",
            f"{readable_size(result.size_bytes)}, {readable_size(result.stored_bytes)} stored",
        ),
        ("verified", _proven(result)),
        ("archives", ", ".join(map(line, result.archives))),
        ("kept", ", ".join(map(line, result.reasons))),
    ]
    facts(console, shown)
    problems(console, result.problems)


def show_details(result: BackupDetails, console: Console) -> None:
    """Print one backup, its files, and what changed since the one before."""
    show_made(result, console)
    rows = [
        (
            line(each.path),
            readable_size(each.size_bytes),
            moment(each.modified_at),
            each.sha256[:16],
        )
        for each in result.files
        if each.kind == "file"
    ]
    table(console, ("File", "Size", "Modified", "SHA-256"), rows, right=(1,))
    more(console, result.next)
    if result.difference is not None:
        console.print(Text(f"Since {result.difference.since}", "bold"))
        _changes(result.difference, console)


def show_preview(result: Preview, console: Console) -> None:
    """Print what a restore would do, or how two backups differ."""
    since = result.changes.since
    console.print(Text(f"From {since} to {result.backup}" if since else "A restore would", "bold"))
    _changes(result.changes, console)
    console.print(f"{count(result.files, 'file')}, {readable_size(result.bytes)}.")
    for then, now in result.names.items():
        console.print(f"! {line(then)} would be called {line(now)} here.")
    problems(console, result.problems)


def show_verified(result: VerifyReport, console: Console) -> None:
    """Print whether backups are whole."""
    how = "looked over" if result.quick else "read in full"
    read = f"{count(result.backups, 'backup')} {how}, {readable_size(result.checked_bytes)}"
    console.print(f"{'All is well' if result.ok else 'Damage was found'}: {read}.")
    for each in result.damaged:
        where = " in ".join(line(place) for place in (each.path, each.archive) if place)
        console.print(f"! {where}: {line(each.why)}")
    if result.healed:
        console.print(f"{count(len(result.healed), 'file')} put right from another copy.")
    problems(console, result.problems)


def show_restored(result: RestoreReport, console: Console) -> None:
    """Print what was restored, and where what it replaced is."""
    console.print(
        f"Restored “{line(result.export)}”: {count(result.files, 'file')}, "
        f"{readable_size(result.bytes)}."
    )
    if result.previous:
        console.print(f"What it replaced is kept in {line(result.previous)}", soft_wrap=True)
        console.print("“backup settle” moves that to the trash, “backup put-back” puts it back.")
    console.print("Its conversations are indexed as soon as they are looked at or searched.")
    problems(console, result.problems)


def show_put_back(result: SettledState, console: Console) -> None:
    """Print that a restore was undone."""
    console.print(f"“{line(result.export)}” is again as it was before the restore.")
    if result.moved_to:
        console.print(f"What was restored is in {line(result.moved_to)}", soft_wrap=True)


def show_settled(results: Sequence[SettledState], console: Console) -> None:
    """Print where replaced states went."""
    for each in results:
        console.print(
            f"“{line(each.export)}” as it was is in {line(each.moved_to)}", soft_wrap=True
        )
    if not results:
        console.print("No replaced state is kept.")


def show_removed(result: RemovedBackup, console: Console) -> None:
    """Print what deleting a backup freed."""
    also = f" with {count(len(result.others), 'other')}" if result.others else ""
    console.print(f"{result.id} is deleted{also}: {readable_size(result.freed_bytes)} freed.")
    if result.kept_bytes:
        console.print(f"{readable_size(result.kept_bytes)} stay: newer backups need them.")


def show_cleaned(result: CleanupReport, console: Console) -> None:
    """Print the verdict on each backup, and what going frees."""
    rows = [
        (
            line(each.export),
            moment(each.created_at),
            "stays" if each.keep else ("would go" if result.dry_run else "gone"),
            ", ".join(map(line, each.reasons)),
            each.id,
        )
        for each in result.backups
    ]
    table(console, ("Export", "Made", "", "Because", "Id"), rows)
    would = "would be freed" if result.dry_run else "freed"
    console.print(f"{readable_size(result.freed_bytes)} {would}.")
    problems(console, result.problems)


def show_stats(result: BackupStats, console: Console) -> None:
    """Print what backups take and save."""
    shown = [
        ("backups", f"{result.backups:,}"),
        ("as plain copies", readable_size(result.source_bytes)),
        ("stored", readable_size(result.stored_bytes)),
        ("storing once saves", _times(result.deduplication)),
        ("compression saves", _times(result.compression)),
        ("oldest", day(result.oldest_at)),
        ("newest", day(result.newest_at)),
        ("last verified", moment(result.last_verified_at)),
        ("read in full", f"{result.checked_backups:,} of {result.backups:,}"),
        ("restores", f"{result.restores:,}"),
    ]
    facts(console, shown)
    rows = [
        (
            line(each.export) + (" (gone)" if each.gone else ""),
            f"{each.backups:,}",
            readable_size(each.source_bytes),
            readable_size(each.stored_bytes),
            day(each.newest_at),
        )
        for each in result.exports
    ]
    table(console, ("Export", "Backups", "Plain", "Stored", "Newest"), rows, right=(1, 2, 3))


def show_status(result: BackupStatus, console: Console) -> None:
    """Print how safe each export is."""
    rows = [
        (line(each.name), each.state, moment(each.last_good_at) or "never", _trouble(each))
        for each in result.exports
    ]
    table(console, ("Export", "", "Last good backup", ""), rows)
    if result.gone:
        names = ", ".join(f"“{line(each)}”" for each in result.gone)
        console.print(f"Only in backups: {names}.")
    for each in result.restored:
        console.print(f"Kept since a restore: {line(each.path)}", soft_wrap=True)
    problems(console, [*result.folder.warnings, *result.problems])


def show_bulk(result: BulkReport, console: Console) -> None:
    """Print what became of each export."""
    rows = [
        (
            line(each.export),
            each.status,
            each.backup.id if each.backup else line(each.error.message if each.error else ""),
            line(each.why),
        )
        for each in result.items
    ]
    if rows:
        table(console, ("Export", "", "Backup", "Because"), rows)
    else:
        console.print("No backup is due.")
    problems(console, result.problems)


def show_reindexed(result: Reindexed, console: Console) -> None:
    """Print what the archives alone told."""
    found = f"{count(result.backups, 'backup')} in {count(result.archives, 'archive')}"
    console.print(
        f"The index was made again in {duration(result.seconds)}: {found}, "
        f"{readable_size(result.bytes)}."
    )
    problems(console, result.problems)


def show_folder(result: FolderListing, console: Console) -> None:
    """Print a folder inside a backup."""
    rows = [
        (
            line(each.name) + ("/" if each.kind == "folder" else ""),
            count(each.files, "file") if each.kind == "folder" else "",
            readable_size(each.size_bytes),
            moment(each.modified_at),
        )
        for each in result.entries
    ]
    table(console, ("Name", "Holds", "Size", "Modified"), rows, right=(2,))
    more(console, result.next)


def show_schedule(result: ScheduleShown, console: Console) -> None:
    """Print when backups are made by themselves, and the entry for the system's scheduler."""
    also = [
        words
        for wanted, words in (
            (result.after_import, "after every import"),
            (result.after_migration, "after a migration"),
        )
        if wanted
    ]
    shown = [
        ("every export", result.every),
        ("also", ", ".join(also)),
        ("encrypted", "yes" if result.encrypt else "no"),
        ("next", moment(result.next_at)),
        ("while closed", _in_place(result.entry)),
    ]
    facts(console, shown)
    show_entries([result.entry], console)


def show_entries(results: Sequence[ScheduleEntry], console: Console) -> None:
    """Print entries for schedulers, and how to put each in place."""
    for each in results:
        console.print(Text(each.scheduler, "bold"))
        console.print(line(each.how), soft_wrap=True)
        console.print(each.text.rstrip("\n"), soft_wrap=True)


def show_unlocked(result: Unlocked, console: Console) -> None:
    """Print whether a passphrase is known now."""
    if result.remembered:
        console.print("The passphrase is in the system's keyring now.")
    elif result.unlocked:
        console.print("The backups are unlocked.")
    else:
        console.print("The backups are locked.")


def _changes(changes: Changes, console: Console) -> None:
    renamed = [f"{then} → {now}" for then, now in changes.renamed.items()]
    for words, paths in (
        ("add", changes.added),
        ("change", changes.changed),
        ("remove", changes.removed),
        ("rename", renamed),
    ):
        for path in paths[:FILES_SHOWN]:
            console.print(f"{words:>7}  {line(path)}")
        if len(paths) > FILES_SHOWN:
            console.print(f"{words:>7}  … and {len(paths) - FILES_SHOWN:,} more")
    total = f"{readable_size(changes.added_bytes)} to write"
    console.print(f"{count(changes.unchanged, 'file')} the same, {total}.")


def _type(each: BackupSummary) -> str:
    return f"{each.type}, encrypted" if each.encrypted else each.type


def _proven(each: BackupSummary) -> str:
    if each.damaged:
        return f"{count(each.damaged, 'file')} damaged"
    if each.checked_at:
        return f"in full, {moment(each.checked_at)}"
    return "when made" if each.verified else "not yet"


def _trouble(each: ExportStanding) -> str:
    if each.failure is not None:
        times = f", {each.failure.times} times" if each.failure.times > 1 else ""
        return f"failed {moment(each.failure.at)}{times}: {line(each.failure.message)}"
    if each.missed:
        return f"{count(each.missed, 'backup')} missed"
    return "changed since" if each.changed_since else ""


def _in_place(entry: ScheduleEntry) -> str:
    return "the entry is in place" if entry.written else "no entry yet; “backup plan --install”"


def _times(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.1f} : 1"


RENDERERS: Mapping[type, Callable[[Any, Console], None]] = {
    BackupSummary: show_made,
    SettledState: show_put_back,
    BackupDetails: show_details,
    Preview: show_preview,
    VerifyReport: show_verified,
    RestoreReport: show_restored,
    RemovedBackup: show_removed,
    CleanupReport: show_cleaned,
    BackupStats: show_stats,
    BackupStatus: show_status,
    BulkReport: show_bulk,
    Reindexed: show_reindexed,
    FolderListing: show_folder,
    ScheduleShown: show_schedule,
    Unlocked: show_unlocked,
}

TABLES: Mapping[type, Callable[[Any, Console], None]] = {
    BackupSummary: show_list,
    SettledState: show_settled,
    ScheduleEntry: show_entries,
}
