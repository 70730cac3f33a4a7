"""What citations can point to: search results, pages and files, wherever a node keeps them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.core.blocks import Source
from app.core.loose import Json, items, mapping, string
from app.core.messages.citations.links import web_url
from app.core.text import clean, one_line

_REF = re.compile(r"turn\d+[a-z_]+\d+", re.IGNORECASE)
_TITLE = 500
_SNIPPET = 2000


class Found(NamedTuple):
    """Something a citation may name, before it has a number in a message."""

    title: str
    url: str = ""
    site: str = ""
    snippet: str = ""


class Numbering:
    """The sources of one message, numbered from 1 in the order they are cited."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._sources: list[Source] = []

    def cite(self, found: Found) -> int:
        """Return the number of a source; the same page or file has one number."""
        key = ("url", found.url) if found.url else ("title", found.title)
        number = self._numbers.setdefault(key, len(self._sources) + 1)
        if number > len(self._sources):
            self._sources.append(Source(number, *found))
        return number

    def sources(self) -> tuple[Source, ...]:
        """Return what was cited so far."""
        return tuple(self._sources)


def found_in(entry: object) -> Found | None:
    """Return what a result, citation or reference names, or None if it names nothing."""
    entry = mapping(entry)
    url = web_url(entry.get("url")) or web_url(entry.get("content_url"))
    title = one_line(string(entry.get("title")) or string(entry.get("name")))[:_TITLE]
    if not url and not title:
        return None
    site = one_line(string(entry.get("attribution")) or string(entry.get("domain")))[:_TITLE]
    snippet = clean(string(entry.get("snippet")) or string(entry.get("text")))[:_SNIPPET]
    return Found(title or url, url, site, snippet.strip())


def reference_key(value: object) -> str:
    """Return "turn0search3" for a reference given as an object or as that string."""
    if isinstance(value, str):
        found = _REF.search(value)
        return found.group().lower() if found else ""
    ref = mapping(value)
    turn, index, kind = ref.get("turn_index"), ref.get("ref_index"), ref.get("ref_type")
    if isinstance(turn, int) and isinstance(index, int) and isinstance(kind, str):
        return f"turn{turn:d}{kind.lower()}{index:d}"
    return ""


def named_results(message: Json) -> Iterator[tuple[str, Found]]:
    """Yield what a message found, each with the key by which later messages cite it."""
    metadata = mapping(message.get("metadata"))
    content = mapping(message.get("content"))
    entries: list[object] = []
    for group in items(metadata.get("search_result_groups")):
        entries += items(mapping(group).get("entries"))
    if content.get("content_type") == "sonic_webpage":
        entries.append(content)
    for part in items(content.get("parts")):
        entries += items(mapping(part).get("entries")) or [part]
    entries += items(metadata.get("image_results"))
    for name in ("content_references", "n7jupd_crefs"):
        for reference in items(metadata.get(name)):
            entries += _with_inherited_refs(mapping(reference))
    for entry in entries:
        yield from _keyed(mapping(entry))


def _with_inherited_refs(reference: Json) -> list[object]:
    """Return a reference's items; a lone item without keys of its own has the reference's."""
    below = items(reference.get("items"))
    if len(below) == 1 and not mapping(below[0]).get("refs"):
        return [{**mapping(below[0]), "refs": reference.get("refs")}]
    return [reference, *below] if not below else list(below)


def _keyed(entry: Json) -> Iterator[tuple[str, Found]]:
    found = found_in(entry)
    if found is None:
        return
    for ref in [entry.get("ref_id"), *items(entry.get("refs"))]:
        key = reference_key(ref)
        if key:
            yield key, found


def listed_results(message: Json) -> list[object]:
    """Return the numbered results of a browsing tool, which its answers cite by number."""
    cite = mapping(mapping(message.get("metadata")).get("_cite_metadata"))
    return items(cite.get("metadata_list"))
