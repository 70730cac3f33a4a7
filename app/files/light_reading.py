"""A conversation's file opened without decoding its messages: a page needs few of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from app.core.conversation.nodes import Node
from app.core.conversation.places import Places, find_places
from app.core.conversation.reading import Reading
from app.errors import StorageProblem


class _Conversation(msgspec.Struct, gc=False):
    """The keys reading needs; the rest of the object is in the catalog or asked for whole."""

    mapping: dict[str, Node | None]
    current_node: Any = None
    default_model_slug: Any = None
    model_slug: Any = None


_light = msgspec.json.Decoder(_Conversation)


def lightly_read(path: Path) -> dict[str, Any] | None:
    """Read what a `Reading` needs of a conversation, its messages still undecoded.

    None if the file is out of the ordinary and has to be decoded as a whole. Raises OSError.
    """
    try:
        found = _light.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return {key: getattr(found, key) for key in _Conversation.__struct_fields__}


LONG = 1 << 20  # bytes; below that reading the file whole costs next to nothing
FEW = 200  # messages fetched one by one before the file is read at once


class MessagePlaces(Struct, frozen=True):
    """Where the messages stand in a file that looks like this: its bytes, its time."""

    size: int
    modified_ns: int
    encoded: bytes

    def fit(self, status: os.stat_result) -> bool:
        """Tell whether a file still looks as it did."""
        return (status.st_size, status.st_mtime_ns) == (self.size, self.modified_ns)


def message_places(path: Path) -> MessagePlaces | None:
    """Find where the messages of a long conversation stand; None where it is not worth it.

    None too if the file is out of the ordinary. Raises OSError.
    """
    status = path.stat()
    if status.st_size < LONG:
        return None
    text = path.read_bytes()
    try:
        found = _light.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    places = find_places(
        text,
        found.mapping,
        current_node=found.current_node,
        default_model_slug=found.default_model_slug,
        model_slug=found.model_slug,
    )
    if places is None:
        return None
    return MessagePlaces(status.st_size, status.st_mtime_ns, places.encoded())


def placed_reading(path: Path, known: MessagePlaces) -> Reading | None:
    """Return the reading of a file of known places; None if it is not the file it was.

    Raises OSError.
    """
    places = Places.decode(known.encoded) if known.fit(path.stat()) else None
    if places is None:
        return None
    return Reading(places.facts, places.tree(_Pieces(path, known).fetch))


class _Pieces:
    """Reads pieces of a file that is not held open, as long as it is the file it was.

    Whoever wants more than a few of them has the file read once.
    """

    def __init__(self, path: Path, known: MessagePlaces) -> None:
        self._path = path
        self._known = known
        self._fetched = 0
        self._whole = b""

    def fetch(self, start: int, length: int) -> bytes:
        """Answer a piece. Raises StorageProblem if the file is gone or another by now."""
        if not self._whole:
            self._fetched += 1
            if self._fetched <= FEW:
                return self._read(start, length)
            self._whole = self._read(0, self._known.size)
        return self._whole[start : start + length]

    def _read(self, start: int, length: int) -> bytes:
        try:
            with self._path.open("rb") as file:
                same = self._known.fit(os.fstat(file.fileno()))
                file.seek(start)
                piece = file.read(length)
        except OSError as problem:
            raise _changed(self._path) from problem
        if not same:
            raise _changed(self._path)
        return piece


def _changed(path: Path) -> StorageProblem:
    return StorageProblem(
        f"The conversation file {path.name} was changed while it was read.",
        hint="Open the conversation again.",
        file=path.name,
    )
