"""Where a conversation branches, as its reader sees it: answers made again, questions edited.

Siblings are the shown nodes that share their nearest shown ancestor, so what tools did
between a question and its answer belongs to the answer's branch. Where a whole branch
shows nothing, its folded nodes stand for it: it must not be out of reach.
"""

from __future__ import annotations

from collections.abc import Callable

from app.core.blocks import Display
from app.core.conversation.tree import Tree


class Branches:
    """Groups of messages that stand in for one another, each the start of a branch."""

    def __init__(self, tree: Tree, display_of: Callable[[str], Display]) -> None:
        self._tree = tree
        self._display_of = display_of
        self._shown_below: dict[str, bool] = {}
        self._tops = [key for key in (*tree.roots, *tree.detached) if tree.parents[key] is None]

    def siblings(self, node: str) -> tuple[str, ...]:
        """Return the nodes that stand at the place of ``node``, itself among them, in order.

        Empty where there is nothing to switch. Looks no further than it has to: a reader
        asks for the messages of one page.
        """
        if not self._stands(node):
            return ()
        above = self._tree.parents[node]
        while above is not None and not self._stands(above):
            above = self._tree.parents[above]
        group = self._first_standing(self._tops if above is None else self._tree.children[above])
        return tuple(group) if len(group) > 1 else ()

    @property
    def extra(self) -> int:
        """How many further branches a reader can switch to."""
        return sum(len(group) - 1 for group in self._groups() if len(group) > 1)

    def _first_standing(self, starts: list[str]) -> list[str]:
        """Return the topmost nodes that stand for a branch, at or below ``starts``."""
        found: list[str] = []
        stack = list(reversed(starts))
        while stack:
            node = stack.pop()
            if self._stands(node):
                found.append(node)
            else:
                stack.extend(reversed(self._tree.children[node]))
        return found

    def _stands(self, node: str) -> bool:
        """Tell whether a node can stand for a branch."""
        display = self._display(node)
        return display == "show" or (display == "fold" and not self._shows_below(node))

    def _shows_below(self, node: str) -> bool:
        """Tell whether anything below a node is shown."""
        passed = [node]
        stack = list(self._tree.children[node])
        shown = False
        while stack and not shown:
            below = stack.pop()
            shown = self._display(below) == "show" or self._shown_below.get(below, False)
            if not shown and below not in self._shown_below:
                stack.extend(self._tree.children[below])
                passed.append(below)
        if not shown:  # then nothing below anything passed is shown either
            self._shown_below.update(dict.fromkeys(passed, False))
        else:
            self._shown_below[node] = True
        return shown

    def _display(self, node: str) -> Display:
        return self._display_of(node) if self._tree.messages.has(node) else "hide"

    def _groups(self) -> list[list[str]]:
        """Return every group, in one pass over the whole tree."""
        if _is_chain(self._tree):
            return []
        groups: list[list[str]] = [[]]
        below: dict[str | None, int] = {None: 0}
        stands = self._all_standing()
        for node in self._tree.order:
            group = below[self._tree.parents[node]]
            if stands[node]:
                groups[group].append(node)
                groups.append([])
                group = len(groups) - 1
            below[node] = group
        return groups

    def _all_standing(self) -> dict[str, bool]:
        within: dict[str, bool] = dict.fromkeys(self._tree.messages, False)
        stands: dict[str, bool] = {}
        for node in reversed(self._tree.order):
            display = self._display(node)
            shown_below = within[node]
            stands[node] = display == "show" or (display == "fold" and not shown_below)
            parent = self._tree.parents[node]
            if parent is not None and (shown_below or display == "show"):
                within[parent] = True
        return stands


def _is_chain(tree: Tree) -> bool:
    """Tell whether nothing branches anywhere, which is so for most conversations."""
    roots = len(tree.roots) + len(tree.detached)
    return roots <= 1 and all(len(children) <= 1 for children in tree.children.values())
