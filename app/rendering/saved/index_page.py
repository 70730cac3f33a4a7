"""The first page of a folder of saved conversations: all of them, by year, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from itertools import groupby
from urllib.parse import quote

from msgspec import Struct

from app.rendering.saved.html_file import page


class IndexEntry(Struct, frozen=True):
    """One page of the folder: its path below it, its title, its day."""

    path: str
    title: str
    day: datetime | None


def index_page(title: str, entries: Iterable[IndexEntry]) -> str:
    """Return the page's text; entries without a day stand at the end."""
    found = sorted(entries, key=_newest_first)
    parts = [f"<h1><bdi>{escape(title)}</bdi></h1>", f'<p class="about">{_count(len(found))}</p>']
    for year, group in groupby(found, key=_year):
        rows = "\n".join(_row(entry) for entry in group)
        parts.append(f'<h2>{year}</h2>\n<ol class="index">\n{rows}\n</ol>')
    return page(escape(title), "\n".join(parts), linked=True)


def _newest_first(entry: IndexEntry) -> tuple[bool, float, str]:
    seconds = entry.day.timestamp() if entry.day is not None else 0.0
    return entry.day is None, -seconds, entry.path


def _year(entry: IndexEntry) -> str:
    return f"{entry.day.year}" if entry.day is not None else "No date"


def _count(count: int) -> str:
    return "1 conversation" if count == 1 else f"{count:,} conversations"


def _row(entry: IndexEntry) -> str:
    day = f"{entry.day:%Y-%m-%d}" if entry.day is not None else ""
    return (
        f'<li><a href="{quote(entry.path)}"><bdi>{escape(entry.title or "Untitled")}</bdi></a> '
        f"<small>{day}</small></li>"
    )
