"""Citations: superscripts in the text and the list of sources at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from app.core.blocks import Source
from app.rendering.links import link, outside

if TYPE_CHECKING:  # saving, which parses nothing, knows citations too
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# U+2006, a kind of space, stands around a citation while Markdown is read: it ends
# addresses, and "**so.**" before it still closes.
_GUARD = "\u2006"
PLACEHOLDER = re.compile("\ufdd0([0-9,]{1,200})\ufdd1")
_GUARDED = re.compile(f"{_GUARD}?{PLACEHOLDER.pattern}{_GUARD}?")


def guarded(text: str) -> str:
    """Prepare Markdown with citations for parsing."""
    return PLACEHOLDER.sub(lambda match: f"{_GUARD}{match.group()}{_GUARD}", text)


def without_citations(text: str) -> str:
    """Remove citations from where they cannot be shown: code, addresses, formulas."""
    return _GUARDED.sub("", text) if "\ufdd0" in text else text


def split_citations(state: StateCore) -> None:
    """Core rule: make each citation in running text a token of its own."""
    if "\ufdd0" not in state.src:
        return
    for token in state.tokens:
        if token.type == "inline" and token.children and "\ufdd0" in token.content:
            token.children = [part for child in token.children for part in _split(child)]


def _split(token: Token) -> list[Token]:
    if token.type != "text" or "\ufdd0" not in token.content:
        return [token]
    parts: list[Token] = []
    for index, piece in enumerate(_GUARDED.split(token.content)):
        if piece:
            kind = "citation" if index % 2 else "text"
            parts.append(token.copy(type=kind, content=piece))
    return parts


def superscript(numbers: str, sources: Mapping[int, Source]) -> str:
    """Return the superscript of one citation; ``numbers`` are joined by commas."""
    known = [int(number) for number in numbers.split(",") if number and len(number) < 7]
    marks = "".join(_mark(number, sources.get(number)) for number in dict.fromkeys(known))
    return f'<sup class="cite">{marks}</sup>' if marks else ""


def _mark(number: int, source: Source | None) -> str:
    if source is None or not outside(source.url):
        return f'<span data-source="{number}">{number}</span>'
    return link(source.url, str(number), attributes=f' data-source="{number}"')


def source_list(sources: Sequence[Source]) -> str:
    """Return the numbered list of what an answer cites, empty if it cites nothing."""
    if not sources:
        return ""
    items = "".join(_item(source) for source in sources)
    return (
        '<section class="sources-section"><p class="sources-title">Sources</p>'
        f'<ol class="sources">{items}</ol></section>'
    )


def _item(source: Source) -> str:
    title = escape(source.title or source.site or source.url or "Untitled")
    site = f' <span class="site">{escape(source.site)}</span>' if source.site else ""
    snippet = f'<span class="snippet">{escape(source.snippet)}</span>' if source.snippet else ""
    name = link(source.url, f"<bdi>{title}</bdi>")
    return f'<li value="{source.number}" data-source="{source.number}">{name}{site}{snippet}</li>'
