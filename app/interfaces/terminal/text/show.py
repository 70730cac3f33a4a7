"""Results for people at a terminal: each type of result has words of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from rich.console import Console

from app.interfaces.terminal.phrases import line
from app.interfaces.terminal.tables import facts
from app.interfaces.wire import to_wire

WIDE = 10_000  # columns where the output is no terminal: nothing is cut

# The words are loaded with the first result of their room.
WORDS = {
    "app.operations.results": "library",
    "app.operations.managing.results": "exports",
    "app.operations.managing.followed": "exports",
    "app.operations.migrating.results": "migration",
    "app.operations.media.results": "taking_out",
    "app.operations.saving.results": "taking_out",
    "app.operations.backups.results": "backups",
}

Shown = Callable[[Any, Console], None]


def show(result: object) -> None:
    """Print a result on standard output, as tables and short sentences."""
    console = Console(highlight=False, markup=False, emoji=False)
    if console.is_terminal:
        show_on(result, console)
        return
    page = io.StringIO()
    show_on(result, Console(file=page, width=WIDE, highlight=False, markup=False, emoji=False))
    for row in page.getvalue().removesuffix("\n").split("\n"):
        print(row.rstrip())


def show_on(result: object, console: Console) -> None:
    """Print a result on this console."""
    if not isinstance(result, list):
        _show_one(result, console)
    elif not result:
        console.print("Nothing here yet.")
    elif (as_table := find_words("TABLES", type(result[0]))) is not None:
        as_table(result, console)
    else:
        for each in result:
            _show_one(each, console)


def _show_one(result: object, console: Console) -> None:
    """Print one result; a type without words of its own shows its fields."""
    if (shown := find_words("RENDERERS", type(result))) is not None:
        shown(result, console)
        return
    wire = to_wire(result)
    fields = wire.items() if isinstance(wire, dict) else [("", wire)]
    facts(console, [(name, line(str(value))) for name, value in fields])


def find_words(kind: str, type_: type) -> Shown | None:
    """Answer what prints a type of result, one (RENDERERS) or a list of them (TABLES)."""
    room = WORDS.get(type_.__module__)
    if room is None:
        return None
    known: Mapping[type, Shown] = getattr(import_module(f"{__package__}.{room}"), kind, {})
    return known.get(type_)
