"""Results of managing exports for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import count, day, line, moment
from app.interfaces.terminal.tables import facts, problems, table, tally
from app.operations.managing.followed import Followed
from app.operations.managing.results import (
    CheckedExports,
    ComparedConversation,
    ComparedMedia,
    Comparison,
    DeletedExport,
    DeletedExports,
    DuplicatedExport,
    ExportDetails,
    MergedExports,
    RecentlyDeleted,
    RenamedExport,
    RestoredExport,
    RevealedExport,
    Statistics,
)

_WENT = {
    "trash": "in the system's trash",
    "library-trash": "in the library's own trash",
    "gone": "deleted for good",
}


def show_details(result: ExportDetails, console: Console) -> None:
    """Print one export in full."""
    console.print(Text(line(result.name), "bold"))
    kinds = ", ".join(
        f"{each.kind} {each.count:,} ({readable_size(each.bytes)})" for each in result.media
    )
    shown = [
        ("folder", line(result.path)),
        ("conversations", f"{result.conversation_count:,}"),
        ("messages", f"{result.message_count:,}"),
        ("media", f"{result.media_count:,}, {result.missing_media:,} missing"),
        ("", kinds),
        ("size", f"{readable_size(result.size_bytes)}: {_disk(result)}"),
        ("from", f"{day(result.first_message_at)} to {day(result.last_message_at)}"),
        ("account", line(result.account)),
        ("models", tally(result.models)),
        ("projects", tally({each.id: each.conversations for each in result.projects})),
        ("imported", moment(result.created_at)),
        ("last backup", moment(result.last_backup_at) or "never"),
        ("health", result.health),
        ("checked", moment(result.checked_at)),
    ]
    facts(console, shown)
    problems(console, result.problems)
    rows = [
        (line(each.name), each.layout, day(each.imported_at), f"{each.conversations.added:,}")
        for each in result.sources
    ]
    table(console, ("Source", "Form", "Imported", "Added"), rows, right=(3,))
    largest = [
        (line(each.title) or "Untitled", f"{each.messages:,}", readable_size(each.bytes), each.id)
        for each in result.largest
    ]
    table(console, ("Largest", "Messages", "Size", "Id"), largest, right=(1, 2))


def _disk(result: ExportDetails) -> str:
    parts = (
        ("conversations", result.disk.conversations),
        ("media", result.disk.media),
        ("other", result.disk.other),
    )
    return ", ".join(f"{name} {readable_size(size)}" for name, size in parts)


def show_renamed(result: RenamedExport, console: Console) -> None:
    """Say what an export is called now."""
    console.print(f"“{line(result.previous)}” is now called “{line(result.name)}”.")


def show_deleted(result: DeletedExports, console: Console) -> None:
    """Say of each export where it went, and how to undo it."""
    for each in result.items:
        show_one_deleted(each, console)


def show_one_deleted(result: DeletedExport, console: Console) -> None:
    """Say where one export went, and how to undo it."""
    name = line(result.name)
    if result.error is not None:
        console.print(f"! “{name}” was not deleted: {line(result.error.message)}")
        console.print(f"  {line(result.error.hint)}")
        return
    if result.status == "skipped":
        console.print(f"“{name}” was left as it is: you said stop.")
        return
    console.print(f"“{name}” is {_WENT[result.went]}.")
    if result.id:
        console.print(f"  To undo it: exports undelete {result.id}")
    elif result.hint:
        console.print(f"  {line(result.hint)}")


def show_trash(results: Sequence[RecentlyDeleted], console: Console) -> None:
    """Print a table of what can be put back."""
    rows = [
        (
            line(each.name),
            moment(each.deleted_at),
            f"{each.conversation_count:,}",
            readable_size(each.size_bytes),
            _WENT[each.went],
            each.id,
        )
        for each in results
    ]
    titles = ("Export", "Deleted", "Conversations", "Size", "Where", "Id")
    table(console, titles, rows, right=(2, 3))


def show_restored(result: RestoredExport, console: Console) -> None:
    """Say that an export is back."""
    console.print(f"“{line(result.name)}” is back.")
    if result.renamed:
        console.print("Its name was taken meanwhile, so it has a new one.")


def show_duplicated(result: DuplicatedExport, console: Console) -> None:
    """Say what the copy is called."""
    console.print(f"“{line(result.original)}” was copied to “{line(result.name)}”.")


def show_merged(result: MergedExports, console: Console) -> None:
    """Say what came of a merge."""
    names = ", ".join(f"“{line(name)}”" for name in result.merged)
    into = "a new export" if result.created else "the export"
    console.print(f"Merged {names} into {into} “{line(result.export)}”.")
    counts = result.conversations
    shown = [
        ("conversations", f"{counts.added:,} added, {counts.updated:,} updated"),
        ("", f"{counts.unchanged:,} unchanged, {counts.failed:,} failed"),
        ("media", f"{result.assets.stored:,} stored, {result.assets.missing:,} missing"),
        ("no longer there", f"{result.gone:,} kept" if result.gone else ""),
    ]
    facts(console, shown)
    problems(console, result.warnings)
    for each in result.deleted:
        show_one_deleted(each, console)


def show_checked(result: CheckedExports, console: Console) -> None:
    """Say of each export what checking it found."""
    for each in result.items:
        name = line(each.name)
        if each.error is not None:
            console.print(f"! “{name}” was not checked: {line(each.error.message)}")
        elif each.status == "skipped":
            console.print(f"“{name}” was not checked: you said stop.")
        else:
            verdict = "is whole" if each.status == "good" else "has problems"
            console.print(f"“{name}” {verdict}: {count(each.checked, 'file')} checked.")
            problems(console, each.problems)


def show_revealed(result: RevealedExport, console: Console) -> None:
    """Say which folder was opened."""
    console.print(line(result.path))


def show_followed(result: Followed, console: Console) -> None:
    """Say what happened to the folders meanwhile."""
    if result.busy:
        console.print("Another window or command is changing the library: look again later.")
    for old, new in result.renamed.items():
        console.print(f"“{line(old)}” is now called “{line(new)}”.")
    for what, names in (
        ("new", result.added),
        ("a copy, and an export of its own now", result.copied),
        ("changed, and read anew", result.changed),
        ("no longer there", result.removed),
    ):
        for name in names:
            console.print(f"“{line(name)}” is {what}.")
    if result.backups:
        console.print("Backups came or went.")
    problems(console, result.problems)
    if result == Followed():
        console.print("Nothing has changed.")


def show_comparison(result: Comparison, console: Console) -> None:
    """Print what is different, list by list."""
    console.print(f"“{line(result.b)}”, seen from “{line(result.a)}”:")
    if result.same_account is False:
        console.print("! These belong to different accounts: they cannot be merged.")
    for name in ("new", "grown", "renamed", "edited", "archived", "gone"):
        found = getattr(result, name)
        if found.total:
            console.print(Text(f"{name}: {count(found.total, 'conversation')}", "bold"))
        for each in found.items:
            console.print(f"  {line(each.title) or 'Untitled'}{_difference(each)}  {each.id}")
    _media_list("lost", result.media_lost, console)
    _media_list("found", result.media_found, console)
    console.print(f"{count(result.unchanged, 'conversation')} unchanged.")
    if not result.complete:
        console.print("It is not a whole archive, so nothing is called gone.")
    problems(console, result.problems)


def _media_list(words: str, media: ComparedMedia, console: Console) -> None:
    if media.total:
        console.print(Text(f"media {words}: {count(media.total, 'file')}", "bold"))
    for medium in media.items:
        console.print(f"  {line(medium.title) or 'Untitled'}: {line(medium.pointer)}")


def _difference(each: ComparedConversation) -> str:
    said = []
    if each.added:
        said.append(f"{count(each.added, 'message')} more")
    if each.edited:
        said.append(f"{each.edited:,} edited")
    if each.title_before is not None:
        said.append(f"was “{line(each.title_before)}”")
    if each.archived is not None:
        said.append("archived" if each.archived else "no longer archived")
    return f" ({', '.join(said)})" if said else ""


def show_statistics(result: Statistics, console: Console) -> None:
    """Print the library in numbers."""
    storage = result.storage
    kinds = {name: readable_size(getattr(storage, name)) for name in storage.__struct_fields__}
    span = f"{day(result.first_message_at)} to {day(result.last_message_at)}"
    shown = [
        ("exports", f"{result.exports:,}, {result.with_problems:,} with problems"),
        ("conversations", f"{result.conversations:,}"),
        ("messages", f"{result.messages:,}"),
        ("media", f"{result.media:,}, {result.missing_media:,} missing"),
        ("size", readable_size(result.bytes)),
        ("", ", ".join(f"{name} {size}" for name, size in kinds.items())),
        ("from", span if result.first_message_at else ""),
        ("no backup", f"{result.without_backup_count:,}"),
    ]
    facts(console, shown)
    rows = [
        (
            each.month,
            f"{each.conversations:,}",
            readable_size(each.bytes),
            f"{each.total_conversations:,}",
            readable_size(each.total_bytes),
        )
        for each in result.growth
    ]
    titles = ("Month", "New conversations", "Imported", "Conversations", "Imported so far")
    table(console, titles, rows, right=(1, 2, 3, 4))


RENDERERS: Mapping[type, Callable[[Any, Console], None]] = {
    ExportDetails: show_details,
    RenamedExport: show_renamed,
    DeletedExport: show_one_deleted,
    DeletedExports: show_deleted,
    DuplicatedExport: show_duplicated,
    MergedExports: show_merged,
    CheckedExports: show_checked,
    Followed: show_followed,
    Comparison: show_comparison,
    RevealedExport: show_revealed,
    RestoredExport: show_restored,
    Statistics: show_statistics,
}

TABLES: Mapping[type, Callable[[Any, Console], None]] = {RecentlyDeleted: show_trash}
