"""Where a conversation branches, as its reader sees it: answers made again, questions edited."""

from __future__ import annotations

from collections.abc import Callable

from app.core.blocks import Display
from app.core.tree import Tree


class Branches:
    """Groups of messages that stand in for one another, each the start of a branch.

    Siblings are the shown nodes that share their nearest shown ancestor, so what tools did
    between a question and its answer belongs to the answer's branch. Where a whole branch
    shows nothing, its folded nodes stand for it: it must not be out of reach.
    """

    def __init__(self, tree: Tree, display_of: Callable[[str], Display]) -> None:
        self._group_of: dict[str, int] = {}
        self._groups: list[list[str]] = []
        if _is_chain(tree):
            return
        shows = self._shows(tree, display_of)
        below: dict[str | None, int] = {None: self._new_group()}
        for node in tree.order:
            group = below[tree.parents[node]]
            if shows[node]:
                self._groups[group].append(node)
                self._group_of[node] = group
                group = self._new_group()
            below[node] = group

    def siblings(self, node: str) -> tuple[str, ...]:
        """Return the nodes that stand at the place of ``node``, itself among them, in order.

        Empty where there is nothing to switch.
        """
        group = self._group_of.get(node)
        siblings = self._groups[group] if group is not None else []
        return tuple(siblings) if len(siblings) > 1 else ()

    @property
    def extra(self) -> int:
        """How many further branches a reader can switch to."""
        return sum(len(group) - 1 for group in self._groups if len(group) > 1)

    def _new_group(self) -> int:
        self._groups.append([])
        return len(self._groups) - 1

    @staticmethod
    def _shows(tree: Tree, display_of: Callable[[str], Display]) -> dict[str, bool]:
        """Tell of each node whether it can stand for a branch."""
        within: dict[str, bool] = dict.fromkeys(tree.messages, False)
        shows: dict[str, bool] = {}
        for node in reversed(tree.order):
            display = display_of(node) if tree.messages[node] is not None else "hide"
            shown_below = within[node]
            shows[node] = display == "show" or (display == "fold" and not shown_below)
            parent = tree.parents[node]
            if parent is not None and (shown_below or display == "show"):
                within[parent] = True
        return shows


def _is_chain(tree: Tree) -> bool:
    """Tell whether nothing branches anywhere, which is so for most conversations."""
    roots = len(tree.roots) + len(tree.detached)
    return roots <= 1 and all(len(children) <= 1 for children in tree.children.values())
