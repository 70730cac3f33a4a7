"""What was saved, and media as a list, for people at a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import count, day, line
from app.interfaces.terminal.tables import more, problems, table
from app.operations.media.results import FilledMedia, MediaPage, MissingMediaList
from app.operations.saving.results import SavedConversations

LISTED = 20  # files named one by one; more are counted


def show_saved(result: SavedConversations, console: Console) -> None:
    """Print where a save put its files."""
    for file in result.files[:LISTED]:
        console.print(line(file), soft_wrap=True)
    if len(result.files) > LISTED:
        console.print(f"… and {len(result.files) - LISTED:,} more in {line(result.folder)}")
    outcomes = Counter(item.outcome for item in result.items)
    told = [f"{number:,} {outcome}" for outcome, number in sorted(outcomes.items())]
    media = f", {count(result.media, 'media file')} beside" if result.media else ""
    console.print(f"{count(len(result.items), 'conversation')}: {', '.join(told)}{media}.")
    if result.open != result.folder and len(result.files) > 1:
        console.print(f"Begin with {line(result.open)}", soft_wrap=True)
    problems(console, result.problems)


def show_media(result: MediaPage, console: Console) -> None:
    """Print a page of media."""
    rows = [
        (
            line(each.name),
            each.kind,
            readable_size(each.size_bytes),
            day(each.created_at),
            line(each.conversation_title),
            line(each.export),
        )
        for each in result.items
    ]
    table(console, ("Name", "Kind", "Size", "Date", "Conversation", "Export"), rows, right=(2,))
    if result.totals is not None:
        told = [
            f"{count(total.count, kind)}, {readable_size(total.size_bytes)}"
            for kind, total in result.totals.items()
            if total.count
        ]
        console.print("; ".join(told) or "No media.")
    more(console, result.next)


def show_missing(result: MissingMediaList, console: Console) -> None:
    """Print what an export is missing, and who has it."""
    rows = [
        (
            line(each.name or each.pointer),
            each.kind,
            line(each.conversation_title) or "Untitled",
            ", ".join(line(place.export) for place in each.found_in),
        )
        for each in result.items
    ]
    if rows:
        table(console, ("Missing", "Kind", "Conversation", "Found in"), rows)
        console.print(line(result.items[0].reason))
    console.print(f"{count(result.total, 'file')} missing, {result.fillable:,} in other exports.")
    more(console, result.next)


def show_filled(result: FilledMedia, console: Console) -> None:
    """Print what was copied in from where."""
    for each in result.items:
        if each.outcome == "filled":
            console.print(f"{line(each.path)} from “{line(each.source)}”", soft_wrap=True)
    left = len(result.items) - result.filled
    console.print(f"{count(result.filled, 'file')} filled in, {left:,} found nowhere.")
    problems(console, result.problems)


RENDERERS: Mapping[type, Callable[[Any, Console], None]] = {
    SavedConversations: show_saved,
    MediaPage: show_media,
    MissingMediaList: show_missing,
    FilledMedia: show_filled,
}
