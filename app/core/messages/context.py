"""What understanding one message needs to know of the rest of its conversation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property
from typing import Any, TypeVar

from app.core.conversation.tree import Message, Tree
from app.core.messages.citations.sources import Found, found_in, listed_results, named_results

T = TypeVar("T")
_MOST_CANDIDATES = 64


class Context:
    """A conversation around its messages; what it holds is gathered when first asked for.

    With ``sources`` off no citation is resolved through other messages: texts come out
    the same, only `Content.sources` is poorer. Indexing does without.
    """

    def __init__(self, tree: Tree, *, sources: bool = True) -> None:
        self.tree = tree
        self._with_sources = sources
        self._nearest_message: dict[str, str | None] = {}  # at a node or above it

    @classmethod
    def of(cls, conversation: Mapping[str, Any]) -> Context:
        """Return the context of a conversation object."""
        return cls(Tree.of(conversation))

    def above(self, node: str) -> Message | None:
        """Return the nearest message before ``node`` on its branch."""
        climbed: list[str] = []
        found: str | None = None
        parent = self.tree.parents[node]
        while parent is not None:
            if parent in self._nearest_message:
                found = self._nearest_message[parent]
                break
            climbed.append(parent)
            if self.tree.messages.has(parent):
                found = parent
                break
            parent = self.tree.parents[parent]
        for passed in climbed:  # empty nodes may be many: each is climbed over once
            self._nearest_message[passed] = found
        return self.tree.messages[found] if found is not None else None

    def result(self, key: str, node: str) -> Found | None:
        """Return what "turn0search3" means at ``node``: the nearest earlier result of that key."""
        if not self._with_sources:
            return None
        known = self._results.get(key)
        return self._nearest(known, node) if known else None

    def listed(self, number: int, node: str) -> Found | None:
        """Return entry ``number`` of the nearest earlier browsing result at ``node``."""
        if not self._with_sources or not self._lists:
            return None
        entries = self._nearest(self._lists, node)
        return found_in(entries[number]) if entries and 0 <= number < len(entries) else None

    @cached_property
    def _places(self) -> dict[str, int]:
        return {node: place for place, node in enumerate(self.tree.order)}

    @cached_property
    def _ends(self) -> list[int]:
        """For each place in the tree's order, the last place below the node there."""
        ends = list(range(len(self.tree.order)))
        for place in range(len(ends) - 1, -1, -1):
            parent = self.tree.parents[self.tree.order[place]]
            if parent is not None:
                above = self._places[parent]
                ends[above] = max(ends[above], ends[place])
        return ends

    @cached_property
    def _results(self) -> dict[str, list[tuple[int, Found]]]:
        results: dict[str, list[tuple[int, Found]]] = {}
        for place, node in enumerate(self.tree.order):
            message = self.tree.messages[node]
            if message is not None:
                for key, found in named_results(message):
                    results.setdefault(key, []).append((place, found))
        return results

    @cached_property
    def _lists(self) -> list[tuple[int, list[object]]]:
        found: list[tuple[int, list[object]]] = []
        for place, node in enumerate(self.tree.order):
            message = self.tree.messages[node]
            entries = listed_results(message) if message is not None else []
            if entries:
                found.append((place, entries))
        return found

    def _nearest(self, known: list[tuple[int, T]], node: str) -> T:
        """Return the latest of ``known`` on the way to ``node``, else the nearest before it.

        The same key recurs with every turn and on every branch. The search gives up
        after some candidates: a conversation may hold a million of one key.
        """
        here = self._places.get(node, len(self._ends))
        upto = bisect_right(known, here, key=lambda each: each[0])
        for place, value in reversed(known[max(0, upto - _MOST_CANDIDATES) : upto]):
            if place <= here <= self._ends[place]:
                return value
        return known[max(upto - 1, 0)][1]
