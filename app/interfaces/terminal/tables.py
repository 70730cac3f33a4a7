"""Facts, tables and problems as a terminal shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.core.problems import Problem
from app.interfaces.terminal.phrases import line

PROBLEMS_SHOWN = 50  # lines of problems of one result; the rest is counted


def facts(console: Console, shown: Iterable[tuple[str, str]]) -> None:
    """Print names and values below each other; what has no value is left out."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in shown:
        if value.strip():
            table.add_row(Text(name), Text(value))
    console.print(table)


def table(
    console: Console,
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    right: Sequence[int] = (),
) -> None:
    """Print rows below titles; the columns in ``right`` are set to the right."""
    if not rows:
        console.print("Nothing here yet.")
        return
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def problems(console: Console, found: Sequence[Problem]) -> None:
    """Print problems and what to do about each."""
    for problem in found[:PROBLEMS_SHOWN]:
        item = f" ({line(problem.item)})" if problem.item else ""
        console.print(f"! {line(problem.message)}{item}")
        if problem.hint:
            console.print(f"  {line(problem.hint)}")
    if len(found) > PROBLEMS_SHOWN:
        console.print(f"… and {len(found) - PROBLEMS_SHOWN:,} more; --json lists them all.")


def more(console: Console, cursor: str | None) -> None:
    """Say how to see the next page, if there is one."""
    if cursor is not None:
        console.print(f"More: --after {line(cursor)}")


def tally(counts: Mapping[str, int]) -> str:
    """Write names with their numbers in one line."""
    return ", ".join(f"{line(name)} {number:,}" for name, number in counts.items())
