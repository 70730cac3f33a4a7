"""A look into the JSON files of a session: which hold conversations, and which only seem to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from app.core.archive.entries import Entry
from app.core.conversation.facts import conversation_id
from app.core.migration import former_names, is_share_stub
from app.core.timestamps import read_seconds
from app.files.chat_html import read_page
from app.files.json_stream import Element, elements, elements_in
from app.files.sources.contract import DamagedEntry, ExportSource

IN_MEMORY = 32 << 20  # larger files are copied to our scratch space and mapped there
HEAD_BYTES = 1 << 10
PIECE_BYTES = 8 << 20  # of a damaged piece, enough to tell which conversation it was

What = Literal["conversations", "shares", "other"]


@dataclass
class Look:
    """What one file holds. ``stubs`` are rows of the list of shared links.

    ``fresh`` counts elements that no file looked into before has word for word.
    """

    nodes: dict[str, frozenset[str]] = field(default_factory=dict)
    broken: list[bytes] = field(default_factory=list)
    stubs: list[Mapping[str, object]] = field(default_factory=list)
    talks: int = 0  # elements that are conversations
    elements: int = 0
    fresh: int = 0
    newest: float | None = None
    former: set[str] = field(default_factory=set)  # what the predecessor called their files
    empty: bool = False  # not one byte, or none that says anything
    unreadable: bool = False  # the file itself, or the page's data
    kept: bool = False  # for a page: what it holds could be read

    @property
    def what(self) -> What:
        """What the file is for an import."""
        if self.talks or self.broken or self.empty:
            return "conversations"
        if self.stubs and len(self.stubs) == self.elements:
            return "shares"
        return "other" if self.elements else "conversations"

    @property
    def hollow(self) -> bool:
        """Whether there is something, and not one piece of it can be told from the next."""
        return self.elements == 0 and bool(self.broken)

    @property
    def damaged(self) -> bool:
        """Whether not all of it can be understood."""
        return bool(self.broken) or self.empty or self.unreadable


def look_into(
    source: ExportSource, entry: Entry, scratch: Path, known: set[bytes] | None = None
) -> Look:
    """Read a JSON file of conversations and answer what it holds.

    ``known`` gathers digests of what was read, so that a second copy is told from the first.
    """
    known = set() if known is None else known
    look = Look(empty=entry.size_bytes == 0)
    try:
        with _elements(source, entry, scratch / "look.json") as found:
            for element in found:
                _note(look, element, known)
        _note_hollow(look, source.peek(entry, HEAD_BYTES))
    except DamagedEntry:
        look.unreadable = True
    return look


def look_into_page(
    source: ExportSource, entry: Entry, scratch: Path, known: set[bytes] | None = None
) -> Look:
    """Read a chat.html and answer what its data hold."""
    known = set() if known is None else known
    look = Look()
    try:
        with source.open(entry) as stream:
            page = read_page(stream, scratch)
    except DamagedEntry:
        look.unreadable = True
        return look
    if page.conversations is None:
        look.unreadable = True
        return look
    for element in elements(page.conversations):
        _note(look, element, known)
    with page.conversations.open("rb") as copy:
        _note_hollow(look, copy.read(HEAD_BYTES))
    page.conversations.unlink()
    look.kept = not look.broken
    return look


@contextmanager
def _elements(source: ExportSource, entry: Entry, copy: Path) -> Iterator[Iterator[Element]]:
    if entry.size_bytes <= IN_MEMORY:
        with source.open(entry) as stream:
            yield elements_in(stream.read()) if entry.size_bytes else iter(())
        return
    source.extract(entry, copy)
    try:
        yield elements(copy)
    finally:
        copy.unlink(missing_ok=True)


def _note_hollow(look: Look, head: bytes) -> None:
    """Note a file of which no element came out though it does not say that there is none."""
    said = b"".join(head.removeprefix(b"\xef\xbb\xbf").split())
    if look.elements == 0 and said not in (b"", b"[]", b"{}"):
        look.broken.append(head)


def _note(look: Look, element: Element, known: set[bytes]) -> None:
    look.elements += 1
    if element.broken:
        look.broken.append(bytes(element.raw[:PIECE_BYTES]))
        return
    value = element.value
    digest = _digest(value)
    look.fresh += digest is None or digest not in known
    if digest is not None:
        known.add(digest)
    if is_share_stub(value):
        look.stubs.append(value)
    elif "mapping" in value or "current_node" in value:
        look.talks += 1
        look.former |= former_names(value)
    id_ = conversation_id(value)
    nodes = value.get("mapping")
    found = frozenset(nodes) if isinstance(nodes, dict) else frozenset[str]()
    look.nodes[id_] = look.nodes.get(id_, frozenset()) | found
    times = (read_seconds(value.get(key)) for key in ("update_time", "create_time"))
    for seconds in times:
        if seconds is not None and (look.newest is None or seconds > look.newest):
            look.newest = seconds


def _digest(value: object) -> bytes | None:
    """Answer a digest two copies share however they are spaced; None for what is no strict JSON."""
    try:
        return hashlib.sha256(msgspec.json.encode(value)).digest()
    except (UnicodeEncodeError, RecursionError, OverflowError):
        return None
