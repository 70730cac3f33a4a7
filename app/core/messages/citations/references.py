"""What one entry of ``content_references`` stands for."""

from __future__ import annotations

from msgspec import Struct

from app.core.loose import Json, items, mapping, string
from app.core.messages.citations.links import web_url, without_tracking
from app.core.messages.citations.sources import Found, found_in
from app.core.text import clean, one_line

_MOST = 200
_MOST_REFERENCES = 20_000
_PICTURES = frozenset({"image_v2", "image_inline", "image_group"})
_LISTS = frozenset({"nav_list", "navigation", "navlist", "products", "video", "product_entity"})


class Meaning(Struct, frozen=True):
    """What to put in place of a mark: sources to cite, or ``text``; with neither, nothing.

    ``links`` are ``(title, url)`` pairs to list below the message, under ``heading``.
    """

    cited: tuple[Found, ...] = ()
    text: str = ""
    links: tuple[tuple[str, str], ...] = ()
    heading: str = ""


NOTHING = Meaning()


def references_in(metadata: Json) -> list[Json]:
    """Return all references of a message, whichever of the lists they are kept in."""
    found: list[object] = []
    for name in ("content_references", "n7jupd_crefs"):
        found += items(metadata.get(name))
    for name in ("content_references_by_file", "n7jupd_crefs_by_file"):
        for each in mapping(metadata.get(name)).values():
            found += items(each)
    return [mapping(each) for each in found[:_MOST_REFERENCES]]


def meaning_of(reference: Json) -> Meaning:
    """Return what a reference stands for, by its type and, for unknown types, by its shape."""
    kind = string(reference.get("type"))
    if kind == "hidden":
        return NOTHING
    if kind in _PICTURES:
        return Meaning(links=_picture_links(reference), heading="Pictures")
    if kind == "entity":
        return Meaning(text=one_line(string(reference.get("name"))) or _alt(reference))
    if kind in ("alt_text", "tldr"):
        return Meaning(text=_alt(reference))
    if kind in _LISTS:
        links = _links(reference)
        return Meaning(text="" if links else _alt(reference), links=links)
    cited = cited_by(reference)
    return Meaning(cited=cited) if cited else Meaning(text=_alt(reference))


def cited_by(reference: Json) -> tuple[Found, ...]:
    """Return the sources a reference names: its items and what supports them, or itself."""
    found: list[Found | None] = []
    entries = items(reference.get("items")) or items(reference.get("fallback_items"))
    for entry in [*entries, *items(reference.get("sources"))][:_MOST]:
        found.append(found_in(entry))
        supporting = items(mapping(entry).get("supporting_websites"))
        found += [found_in(website) for website in supporting[:_MOST]]
    if not found:
        found = [found_in(reference)]
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _alt(reference: Json) -> str:
    return without_tracking(clean(string(reference.get("alt"))))


def _picture_links(reference: Json) -> tuple[tuple[str, str], ...]:
    """Return links to the pictures' pages: nothing remote is ever fetched."""
    pictures = [mapping(each) for each in items(reference.get("images"))[:_MOST]]
    return _linked([mapping(each.get("image_result")) or each for each in pictures])


def _links(reference: Json) -> tuple[tuple[str, str], ...]:
    entries = [
        each for name in ("items", "products", "videos") for each in items(reference.get(name))
    ]
    return _linked([mapping(each) for each in entries[:_MOST]] or [reference])


def _linked(entries: list[Json]) -> tuple[tuple[str, str], ...]:
    links: dict[tuple[str, str], None] = {}
    for entry in entries:
        url = web_url(entry.get("url")) or web_url(entry.get("content_url"))
        title = one_line(string(entry.get("title")) or string(entry.get("name")))
        if url:
            links[(title or url, url)] = None
    return tuple(links)
