"""Where the messages of a long conversation stand in its file, so that a page reads only its own.

Known are the tree and, for each message, its first byte and its length: about fifty bytes
a message, where a message itself is thousands. Only of conversations that agree with
themselves; the others are read whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from app.core.conversation.nodes import Node, well_formed
from app.core.conversation.tree import Message, Messages, Tree, decoded_message

Fetch = Callable[[int, int], bytes]
"""Answers so many bytes of the file: first byte, length."""

_NEEDLE = 120  # bytes of a message it is sought by; its own id is among them
_ROOT = -1


class Places(msgspec.Struct, frozen=True, array_like=True):
    """A conversation without its messages; lists go by place in ``nodes``, the export's order.

    ``parents`` are places, -1 for the root; ``order`` is the tree walked parents first;
    a message of length 0 is none. The last three are the export's own words.
    """

    nodes: list[str]
    parents: list[int]
    order: list[int]
    starts: list[int]
    lengths: list[int]
    current_node: Any
    default_model_slug: Any
    model_slug: Any

    def encoded(self) -> bytes:
        """Answer it as MessagePack."""
        return msgspec.msgpack.encode(self)

    @classmethod
    def decode(cls, raw: bytes) -> Places | None:
        """Return what `encoded` answered; None if it is anything else."""
        try:
            return msgspec.msgpack.decode(raw, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return None

    @property
    def facts(self) -> dict[str, Any]:
        """What a `Reading` wants of the conversation object beside its tree."""
        return {"default_model_slug": self.default_model_slug, "model_slug": self.model_slug}

    def tree(self, fetch: Fetch) -> Tree:
        """Build the tree; a message is fetched when it is first looked at."""
        nodes, above = self.nodes, self.parents
        parents = {
            node: None if parent == _ROOT else nodes[parent]
            for node, parent in zip(nodes, above, strict=True)
        }
        order = [nodes[place] for place in self.order]
        children: dict[str, list[str]] = {node: [] for node in nodes}
        for place in self.order:
            if above[place] != _ROOT:
                children[nodes[above[place]]].append(nodes[place])
        current = self.current_node if self.current_node in children else None
        tree = Tree(PlacedMessages(self, fetch), parents, children, (order[0],), (), current, ())
        tree.__dict__["order"] = order  # walked already
        return tree


class PlacedMessages(Messages):
    """Messages by node; one that was not looked at yet is a place, and fetched then."""

    def __init__(self, places: Places, fetch: Fetch) -> None:
        waiting: list[Any] = [
            place if length else None for place, length in enumerate(places.lengths)
        ]
        super().__init__(zip(places.nodes, waiting, strict=True))
        self._places = places
        self._fetch = fetch

    def __getitem__(self, node: str) -> Message | None:
        found: Any = dict.__getitem__(self, node)
        if type(found) is int:
            raw = self._fetch(self._places.starts[found], self._places.lengths[found])
            self[node] = found = decoded_message(raw)
        return found  # type: ignore[no-any-return]


def find_places(text: bytes, nodes: dict[str, Node | None], **said: object) -> Places | None:
    """Find the messages of ``nodes`` in the JSON they were decoded from.

    ``said`` are the conversation's ``current_node``, ``default_model_slug`` and
    ``model_slug``. None if the nodes do not agree with themselves.
    """
    plain = well_formed(nodes)
    if plain is None:
        return None
    where = _where(text, plain.messages)
    if where is None:
        return None
    number = {node: place for place, node in enumerate(nodes)}
    return Places(
        nodes=list(nodes),
        parents=[_ROOT if parent is None else number[parent] for parent in plain.parents.values()],
        order=[number[node] for node in plain.order],
        starts=where[0],
        lengths=where[1],
        **said,
    )


def _where(text: bytes, messages: dict[str, Any]) -> tuple[list[int], list[int]] | None:
    """Answer first byte and length of each message; None if one is not found after the other."""
    starts: list[int] = []
    lengths: list[int] = []
    here = 0
    for message in messages.values():
        raw = b"" if message is None else bytes(message)
        start = text.find(raw[:_NEEDLE], here)
        while start >= 0 and text[start : start + len(raw)] != raw:
            start = text.find(raw[:_NEEDLE], start + 1)
        if start < 0:
            return None
        starts.append(start)
        lengths.append(len(raw))
        here = start + len(raw)
    return starts, lengths
