"""Find the citation marks in an answer's raw text, and what each of them stands for.

ChatGPT has used five mechanisms, often two in one message: lenticular brackets, marks
between private-use characters, references with the text they match, search results keyed
by turn, and lists of files. A `Mark` is one place of the raw text and what to put there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from app.core.loose import Json, items, mapping, string
from app.core.messages.citations.links import markdown_link, web_url
from app.core.messages.citations.references import Meaning, meaning_of, references_in
from app.core.messages.citations.sources import Found, found_in
from app.core.text import one_line

Lookup = Callable[[str], Found | None]
Listed = Callable[[int], Found | None]

_PRIVATE = re.compile("\ue200([^\ue200\ue201]{0,20000})\ue201")
_LENTICULAR = re.compile(r"【[^【】\n]{0,300}†[^【】\n]{0,300}】")
_BARE = re.compile(
    r"(?:file)?cite ?(?:turn\d{1,6}[a-z]{2,24}\d{1,6}(?:L\d{1,9}(?:-L?\d{1,9})?)?[ ,]?)+(?<![ ,])"
)
_KEY = re.compile(r"turn\d+[a-z_]+\d+", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_MOST_CITATIONS = 20_000
_MOST_SEARCHED = 200_000_000  # characters looked through for matched texts of one message


class Mark(Struct, frozen=True):
    """A piece of raw text, from ``start`` up to ``end``, and its meaning."""

    start: int
    end: int
    meaning: Meaning


def find_marks(raw: str, metadata: Json, lookup: Lookup, listed: Listed) -> list[Mark]:
    """Return the marks of a text, none overlapping, in order; the longest of several wins."""
    referenced = list(_referenced(raw, metadata))
    spoken_for = {raw[mark.start : mark.end]: mark.meaning for mark in referenced}
    found = referenced
    found += _private(raw, lookup, spoken_for)
    found += _lenticular(raw, metadata, listed)
    found += _bare(raw, lookup)
    found.sort(key=lambda mark: mark.start - mark.end)  # stable: references before guesses
    return _apart(found, len(raw))


def _apart(marks: list[Mark], length: int) -> list[Mark]:
    """Keep, longest first, the marks that touch none kept before."""
    taken = bytearray(length)
    kept = []
    for mark in marks:
        # whatever overlaps and is not longer has one of its ends inside what is kept
        if not (taken[mark.start] or taken[mark.end - 1]):
            taken[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
            kept.append(mark)
    return sorted(kept, key=lambda mark: mark.start)


def _referenced(raw: str, metadata: Json) -> Iterator[Mark]:
    """Yield a mark for each content reference whose matched text is found.

    The index is tried first, then the nearest later place, then any: some are off by a
    few. A blank matched text is not looked for: it once cost a document all its spaces.
    """
    cursors: dict[str, int] = {}
    budget = _MOST_SEARCHED
    for reference in references_in(metadata):
        matched = string(reference.get("matched_text"))
        cursor = cursors.get(matched, 0)
        if not matched.strip() or cursor < 0:
            continue
        start = reference.get("start_idx")
        if not (isinstance(start, int) and start >= 0 and raw.startswith(matched, start)):
            budget -= len(raw)
            start = raw.find(matched, cursor) if budget > 0 else -1
        cursors[matched] = start + len(matched) if start >= 0 else -1
        if start >= 0:
            yield Mark(start, start + len(matched), meaning_of(reference))


def _private(raw: str, lookup: Lookup, spoken_for: dict[str, Meaning]) -> Iterator[Mark]:
    """Yield a mark for everything between U+E200 and U+E201."""
    if "\ue200" not in raw:
        return
    for found in _PRIVATE.finditer(raw):
        meaning = spoken_for.get(found.group())
        if meaning is None:
            kind, *fields = found.group(1).split("\ue202")
            meaning = _private_meaning(kind.strip(), fields, lookup)
        yield Mark(found.start(), found.end(), meaning)


def _private_meaning(kind: str, fields: list[str], lookup: Lookup) -> Meaning:
    if kind == "url" and fields:
        title, url = one_line(fields[0]), web_url(fields[-1])
        return Meaning(text=markdown_link(title, url) if url else title)
    if kind == "entity":
        return Meaning(text=_entity_name("\ue202".join(fields)))
    return Meaning(cited=_looked_up(" ".join(fields), lookup))


def _entity_name(written: str) -> str:
    """Return the name in ``["people","Ada Lovelace",0]``."""
    try:
        entity = json.loads(written)
    except (ValueError, RecursionError):
        return ""
    if isinstance(entity, dict):
        return one_line(string(entity.get("name")))
    words = [each for each in items(entity) if isinstance(each, str)]
    return one_line(words[1]) if len(words) > 1 else ""


def _looked_up(text: str, lookup: Lookup) -> tuple[Found, ...]:
    keys = dict.fromkeys(key.lower() for key in _KEY.findall(text))
    return tuple(found for key in keys if (found := lookup(key)) is not None)


def _lenticular(raw: str, metadata: Json, listed: Listed) -> Iterator[Mark]:
    """Yield a mark for each 【12†source】, resolved by its place, its number, or a tool's list."""
    if "【" not in raw:
        return
    by_place: dict[int, Found] = {}
    by_number: dict[int, Found] = {}
    for citation in items(metadata.get("citations"))[:_MOST_CITATIONS]:
        citation = mapping(citation)
        told = mapping(citation.get("metadata"))
        found = found_in(told)
        if found is None:
            continue
        start = citation.get("start_ix")
        number = mapping(told.get("extra")).get("cited_message_idx")
        if isinstance(start, int):
            by_place[start] = found
        if isinstance(number, int):
            by_number.setdefault(number, found)
    for match in _LENTICULAR.finditer(raw):
        start = match.start()
        number_found = _NUMBER.search(match.group())
        number = int(number_found.group()[:9]) if number_found else -1
        source = next(
            (by_place[at] for at in (start, start - 1, start + 1) if at in by_place), None
        )
        source = source or by_number.get(number) or listed(number)
        yield Mark(start, match.end(), Meaning(cited=(source,) if source else ()))


def _bare(raw: str, lookup: Lookup) -> Iterator[Mark]:
    """Yield a mark for leftovers that lost their private-use characters: citeturn0search0."""
    if "cite" not in raw or "turn" not in raw:
        return
    for found in _BARE.finditer(raw):
        yield Mark(found.start(), found.end(), Meaning(cited=_looked_up(found.group(), lookup)))
