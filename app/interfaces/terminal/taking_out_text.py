"""What was saved, for people at a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console

from app.interfaces.terminal.phrases import count, line
from app.interfaces.terminal.tables import problems
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
