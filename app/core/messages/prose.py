"""An answer's text as blocks: Markdown, and the titled boxes ChatGPT writes letters into."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.blocks import Block, Box, Links, Prose
from app.core.messages.citations.rewriting import Gathered
from app.core.text import one_line

_BOX = re.compile(
    r"^:::[ ]?writing[ ]?(\{[^\n]{0,2000}\})?[^\n]{0,200}\n(.*?)(?:^:::[ \t]*$|\Z)", re.M | re.S
)
_ATTRIBUTE = re.compile(r'([a-z_]{1,40})="((?:[^"\\]|\\.)*)"')


def prose_blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of one rewritten text; blank stretches are none."""
    place = 0
    if ":::" in text:
        for found in _BOX.finditer(text):
            yield from _prose(text[place : found.start()])
            yield Box(_title(found.group(1) or ""), found.group(2).strip("\n"))
            place = found.end()
    yield from _prose(text[place:] if place else text)


def gathered_blocks(gathered: Gathered) -> Iterator[Block]:
    """Yield what the texts of a message brought up: lists of links, then files."""
    for heading, links in gathered.links.items():
        yield Links(tuple(links), heading)
    yield from gathered.files.values()


def _prose(text: str) -> Iterator[Prose]:
    if text.strip():
        yield Prose(text.strip("\n"))


def _title(attributes: str) -> str:
    """Return a box's title: its subject, else its variant ("Email"), else "Writing"."""
    found = dict(_ATTRIBUTE.findall(attributes))
    subject = one_line(found.get("subject", "").replace('\\"', '"')) or one_line(
        found.get("title", "")
    )
    variant = one_line(found.get("variant", "")).replace("_", " ").capitalize()
    return subject or variant or "Writing"
