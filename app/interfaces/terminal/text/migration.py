"""Results of migration for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import count, day, duration, line, moment
from app.interfaces.terminal.tables import facts, problems, table
from app.operations.migrating.results import (
    LegacySessionShown,
    MigratedSession,
    MigrationReport,
    MigrationStats,
    OldBackup,
    UndoneMigration,
)

_FORMS = {
    "upload": "the uploaded archive",
    "conversations": "conversations.json",
    "page": "chat.html",
    "files": "its single files",
    "backup": "backups",
}


def show_sessions(results: Sequence[LegacySessionShown], console: Console) -> None:
    """Print a table of sessions, then what is wrong with each."""
    rows = [
        (
            line(each.id),
            line(each.name),
            day(each.uploaded_at),
            f"{each.conversation_count:,}",
            f"{each.media_count:,}",
            readable_size(each.size_bytes),
            _state(each),
        )
        for each in results
    ]
    titles = ("Session", "Name", "Uploaded", "Conversations", "Media", "Size", "")
    table(console, titles, rows, right=(3, 4, 5))
    for each in results:
        if each.recoverable or each.problems:
            console.print(Text(line(each.id), "bold"))
        if each.recoverable:
            console.print(f"{_recovered(each.recoverable)} can be recovered.")
        problems(console, each.problems)


def show_old_backups(results: Sequence[OldBackup], console: Console) -> None:
    """Print a table of the old program's backups; those that cannot be brought back say why."""
    rows = [
        (
            line(each.export) or "not known",
            moment(each.created_at),
            each.type,
            readable_size(each.stored_bytes),
            line(each.problem) or f"can be restored from {count(len(each.archives), 'archive')}",
            each.id,
        )
        for each in results
    ]
    table(console, ("Export", "Made", "Type", "Stored", "", "Id"), rows, right=(3,))


def show_report(result: MigrationReport, console: Console) -> None:
    """Print what became of each session of a run."""
    head = "This would happen" if result.dry_run else f"Migration {result.run}"
    undone = f", undone {moment(result.undone_at)}" if result.undone_at else ""
    when = f"{moment(result.started_at)}, {result.state}{undone}"
    console.print(Text(f"{head} ({when}, {duration(result.seconds)})", "bold"))
    rows = [
        (
            line(each.session_id),
            line(each.export),
            each.status,
            f"{each.conversations:,}",
            f"{each.recovered:,}",
            f"{each.media.copied:,}, {each.media.missing:,} missing",
            f"{each.files.copied:,}",
            "yes" if each.verified else "no",
        )
        for each in result.sessions
    ]
    titles = (
        "Session", "Export", "", "Conversations", "Recovered", "Media", "Files", "Verified",
    )  # fmt: skip
    table(console, titles, rows, right=(3, 4, 6))
    for each in result.sessions:
        _session(each, console)


def show_stats(result: MigrationStats, console: Console) -> None:
    """Print what there is to migrate and what was achieved."""
    rate = "" if result.success_rate is None else f"{result.success_rate:.0%}"
    average = "" if result.average_seconds is None else duration(result.average_seconds)
    shown = [
        ("the old program", ", ".join(line(each) for each in result.sources) or "not found"),
        ("sessions", f"{result.sessions:,}, {result.migrated:,} of them migrated"),
        ("conversations", f"{result.conversations:,}"),
        ("media", f"{result.media:,}"),
        ("size", readable_size(result.size_bytes)),
        ("migrations", f"{count(result.runs, 'run')}, {count(result.tried, 'session')} tried"),
        ("succeeded", f"{result.succeeded:,} {rate}".strip()),
        ("average", average),
        ("brought over", f"{count(result.migrated_conversations, 'conversation')}, "
         f"{result.recovered_conversations:,} recovered, {readable_size(result.migrated_bytes)}"),
        ("failures", ", ".join(f"{line(code)} {n:,}" for code, n in result.errors.items())),
    ]  # fmt: skip
    facts(console, shown)


def show_undone(result: UndoneMigration, console: Console) -> None:
    """Print what an undo moved away, and what it left."""
    for each in result.exports:
        if each.restored:
            left = f" What was added to it is in {line(each.moved_to)}." if each.moved_to else ""
            console.print(f"“{line(each.export)}” is what it was before.{left}", soft_wrap=True)
        elif each.removed:
            where = f" is in {line(each.moved_to)} now" if each.moved_to else " is gone already"
            console.print(f"“{line(each.export)}”{where}.", soft_wrap=True)
        else:
            console.print(f"! “{line(each.export)}” stays. {line(each.why)}")
    if not result.exports:
        console.print("This migration made nothing.")
    problems(console, result.problems)


def _session(each: MigratedSession, console: Console) -> None:
    if not each.recovered_from and not each.warnings:
        return
    console.print(Text(line(each.session_id), "bold"))
    if each.recovered_from:
        console.print(f"{_recovered(each.recovered_from)} recovered.")
    problems(console, each.warnings)


def _recovered(counts: Mapping[str, int]) -> str:
    """Say how many conversations the old program no longer showed, and where they are."""
    told = [f"{number:,} from {_FORMS.get(kind, kind)}" for kind, number in counts.items()]
    noun = "conversation" if sum(counts.values()) == 1 else "conversations"
    return f"{sum(counts.values()):,} {noun} ({', '.join(told)})"


def _state(each: LegacySessionShown) -> str:
    if each.migrated_to:
        return "changed since it was migrated" if each.changed else "migrated"
    return "can be migrated" if each.can_migrate else "cannot be migrated"


RENDERERS: Mapping[type, Callable[[Any, Console], None]] = {
    MigrationReport: show_report,
    MigrationStats: show_stats,
    UndoneMigration: show_undone,
}

TABLES: Mapping[type, Callable[[Any, Console], None]] = {
    LegacySessionShown: show_sessions,
    OldBackup: show_old_backups,
}
