"""The predecessor's registries: which session was uploaded when, as far as they still say.

A registry is JSON: pairs ``[["<id>", {…}]]``, an object by id, an array of objects with a
name; some versions wrote ``{}`` or nothing at all, and none wrote it whole or not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from app.core.loose import mapping, string
from app.core.problems import Problem
from app.core.text import one_line
from app.core.timestamps import read_time

MOST_BYTES = 64 << 20  # of a registry; each row is a few hundred bytes
_PAIR = re.compile(r'\[\s*"((?:[^"\\]|\\.){1,200})"\s*,\s*\{([^{}]*)')
_UPLOADED = re.compile(r'"uploadedAt"\s*:\s*"([^"]{1,40})"')
_TIMES = ("uploadedAt", "createdAt", "created")
_TITLES = ("displayName", "exportName")


class Row(Struct, frozen=True):
    """What a registry says of one session; ``title`` is what the person called it."""

    id: str
    title: str = ""
    uploaded_at: datetime | None = None


class Registry(Struct, frozen=True):
    """The rows of a registry by id, and what is wrong with its file."""

    rows: dict[str, Row]
    problems: tuple[Problem, ...] = ()


def read_registry(file: Path) -> Registry:
    """Read a registry of any version; what is damaged is told, and saved as far as it goes."""
    try:
        raw = _bytes(file)
    except OSError as error:
        return Registry({}, (_unreadable(file, error.strerror or "it cannot be read"),))
    if raw is None:
        return Registry({})
    text = raw.decode("utf-8", "replace").removeprefix("\ufeff")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return Registry(_saved(text), (_unreadable(file, "its JSON is damaged"),))
    return Registry({row.id: row for row in _rows(value)})


def _bytes(file: Path) -> bytes | None:
    if file.is_symlink() or not file.is_file():
        return None
    with file.open("rb") as stream:
        return stream.read(MOST_BYTES)


def _rows(value: object) -> Iterator[Row]:
    pairs: list[tuple[object, object]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    for item in value if isinstance(value, list) else ():
        if isinstance(item, list) and len(item) == 2:
            pairs.append((item[0], item[1]))
        elif isinstance(item, dict):
            pairs.append((item.get("id") or item.get("name"), item))
    for id_, facts in pairs:
        if isinstance(id_, str) and id_.strip():
            yield _row(id_.strip(), mapping(facts))


def _row(id_: str, facts: object) -> Row:
    told = mapping(facts)
    title = next((t for key in _TITLES if (t := one_line(string(told.get(key))))), "")
    times = (read_time(told.get(key)) for key in _TIMES)
    return Row(id_, title, next((time for time in times if time is not None), None))


def _saved(text: str) -> dict[str, Row]:
    """Take what can still be told from a registry that was cut off or overwritten."""
    rows: dict[str, Row] = {}
    for id_, facts in _PAIR.findall(text):
        found = _UPLOADED.search(facts)
        time = read_time(found[1]) if found else None
        rows[id_] = Row(id_, "", time.astimezone(UTC) if time else None)
    return rows


def _unreadable(file: Path, why: str) -> Problem:
    return Problem(
        "damaged-registry",
        f"The old program's list {file.name} cannot be read: {why}.",
        file.name,
        "Sessions are found by their folders instead; nothing of them is lost for this.",
    )
