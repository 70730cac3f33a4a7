"""The tree of a conversation's messages, rebuilt from whatever the export holds.

Exports disagree with themselves: children lists are stale or missing, parents dangle,
nodes are null, loops occur. A `Tree` has none of that: every node is in it once, has one
parent or is a root, and no walk along parents or children can run in a circle.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from app.core.conversation.nodes import as_mappings, well_formed
from app.core.loose import Json, decoded, mapping
from app.core.text import clean
from app.core.timestamps import read_seconds

Message = Json


class Messages(dict[str, "Message | None"]):
    """Messages by node, in the order of the export; None for a node without one."""

    @staticmethod
    def of(found: Mapping[str, Any]) -> Messages:
        """Hold messages; any of them may be undecoded JSON."""
        undecoded = msgspec.Raw in set(map(type, found.values()))
        return UndecodedMessages(found) if undecoded else Messages(found)

    def has(self, node: str) -> bool:
        """Tell whether a node has a message, without decoding it."""
        return node not in self.without

    @cached_property
    def without(self) -> frozenset[str]:
        """The nodes without a message."""
        return frozenset(node for node, message in self.items() if message is None)


class UndecodedMessages(Messages):
    """Messages of which each is decoded when it is first looked at: nobody looks at all of many."""

    def __getitem__(self, node: str) -> Message | None:
        found: Any = super().__getitem__(node)
        if type(found) is msgspec.Raw:
            self[node] = found = decoded_message(memoryview(found))
        return found  # type: ignore[no-any-return]


def decoded_message(raw: bytes | memoryview) -> Message:
    """Return a message from its JSON; something that is no object is taken for its content."""
    found, broken = decoded(raw)
    return found if not broken else {"content": json.loads(bytes(raw))}


_NEVER = float("-inf")


@dataclass(frozen=True)
class Tree:
    """Nodes by id, in the order of the export.

    ``messages`` has None for a node without a message.
    ``detached`` are the nodes of loops and what hangs from them: each loop was cut at one
    place, so they too can be walked, but they belong to no root. ``current`` is the
    export's current node if it is one of ours.
    """

    messages: Messages
    parents: dict[str, str | None]
    children: dict[str, list[str]]
    roots: tuple[str, ...]
    detached: tuple[str, ...]
    current: str | None
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, conversation: Mapping[str, Any]) -> Tree:
        """Build the tree of a conversation object; any JSON at all makes some tree."""
        nodes = conversation.get("mapping")
        plain = well_formed(nodes)
        if plain is None:
            return cls.mended({**conversation, "mapping": as_mappings(nodes)})
        current = conversation.get("current_node")
        if not isinstance(current, str) or current not in plain.parents:
            current = None
        messages = Messages.of(plain.messages)
        tree = cls(messages, plain.parents, plain.children, (plain.root,), (), current, ())
        tree.__dict__["order"] = plain.order  # walked already
        return tree

    @classmethod
    def mended(cls, conversation: Mapping[str, Any]) -> Tree:
        """Build the tree of nodes that disagree with each other."""
        raw, renamed = _raw_nodes(conversation.get("mapping"))
        nodes = {key: node for key, node in raw.items() if isinstance(node, dict)}
        listed = {key: _listed(node, renamed) for key, node in nodes.items()}
        parents, gone = _stated_parents(raw, nodes, renamed)
        _adopt(parents, gone, listed)
        stated = conversation.get("current_node")
        current: str | None = renamed.get(stated, stated) if isinstance(stated, str) else None
        if current not in nodes:
            current = None
        cut = _cut_loops(parents, current)
        lost = frozenset(cut)
        messages = Messages.of({key: _message(node) for key, node in nodes.items()})
        children = _children(parents, listed, messages)
        roots = tuple(key for key, parent in parents.items() if parent is None and key not in lost)
        detached = tuple(_below(cut, children)) if cut else ()
        return cls(messages, parents, children, roots, detached, current, _warnings(cut))

    @cached_property
    def order(self) -> list[str]:
        """Every node, parents before children, one branch after the other."""
        detached_roots = [key for key in self.detached if self.parents[key] is None]
        return _below([*self.roots, *detached_roots], self.children)

    def path_to(self, node: str) -> list[str]:
        """Return the path from a root to ``node``, both included."""
        path = [node]
        parent = self.parents[node]
        while parent is not None:
            path.append(parent)
            parent = self.parents[parent]
        path.reverse()
        return path

    def active_path(self, leaf: str | None = None) -> list[str]:
        """Return the path that is read: to ``leaf``, else to the current node, else to the newest.

        A node with children below it stands for the branch it is on: the path continues
        to the newest leaf below, which is what switching branches means. A leaf that is
        not of this tree is as none given.
        """
        if leaf is None or leaf not in self.messages:
            leaf = self.current
        if leaf is None:
            leaf = self._newest_of(self.roots) or self._newest_of(self.detached)
        elif self.children[leaf]:
            leaf = self._newest[leaf][1]
        return self.path_to(leaf) if leaf is not None else []

    def _newest_of(self, nodes: Iterable[str]) -> str | None:
        best = max((self._newest[node] for node in nodes), default=None, key=lambda each: each[0])
        return None if best is None else best[1]

    @cached_property
    def _newest(self) -> dict[str, tuple[tuple[int, float, int, int], str]]:
        """For each node the newest leaf at or below it, with what made it so.

        Compared are: does the leaf have something to read, its time (its nearest
        ancestor's if it has none), the length of its chain, and its place in the export.
        """
        time: dict[str | None, float] = {None: _NEVER}
        depth: dict[str | None, int] = {None: 0}
        places = {key: -place for place, key in enumerate(self.messages)}
        best: dict[str, tuple[tuple[int, float, int, int], str]] = {}
        for key in self.order:
            message, parent = self.messages[key], self.parents[key]
            own = read_seconds(message.get("create_time")) if message is not None else None
            time[key] = time[parent] if own is None else own
            depth[key] = depth[parent] + 1
        for key in reversed(self.order):
            below = self.children[key]
            if below:
                best[key] = max(best[child] for child in below)
            else:
                rank = _readable(self.messages[key])
                best[key] = ((rank, time[key], depth[key], places[key]), key)
        return best


def _raw_nodes(nodes: object) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the nodes by id, and the ids that had to be renamed to be fit for the catalog.

    A list instead of an object is read by the ids the nodes themselves have.
    """
    if isinstance(nodes, list):
        found: dict[str, Any] = {}
        for place, node in enumerate(nodes):
            key = mapping(node).get("id")
            found[key if isinstance(key, str) and key not in found else f"node-{place}"] = node
        nodes = found
    if not isinstance(nodes, dict):
        return {}, {}
    known: dict[str, Any] = nodes
    odd = [key for key in known if not key or not key.isprintable()]
    if not odd:
        return known, {}
    renamed: dict[str, str] = {}
    taken = {key for key in known if key and clean(key) == key}
    for place, key in enumerate(odd):
        if key in taken:
            continue
        fit = clean(key) or "node"
        while fit in taken:
            fit += f"-{place}"
        renamed[key] = fit
        taken.add(fit)
    return {renamed.get(key, key): node for key, node in known.items()}, renamed


def _listed(node: Json, renamed: Mapping[str, str]) -> list[str]:
    """Return the ids a node lists as its children, once each."""
    children = node.get("children")
    if not children or not isinstance(children, list):
        return []
    if renamed:
        children = [renamed.get(c, c) for c in children if isinstance(c, str)]
    if len(children) == 1:
        return children if isinstance(children[0], str) else []
    return list(dict.fromkeys(child for child in children if isinstance(child, str)))


def _stated_parents(
    raw: Json, nodes: Json, renamed: Mapping[str, str]
) -> tuple[dict[str, str | None], dict[str, str]]:
    """Return each node's parent as stated, or None if it is none of ours, or itself.

    The second mapping says, for nodes whose parent is a null node, which one.
    """
    parents: dict[str, str | None] = {}
    gone: dict[str, str] = {}
    for key, node in nodes.items():
        parent = node.get("parent")
        if not isinstance(parent, str):
            parents[key] = None
            continue
        if renamed:
            parent = renamed.get(parent, parent)
        if parent in nodes and parent != key:
            parents[key] = parent
        else:
            parents[key] = None
            if parent in raw and parent != key:
                gone[key] = parent
    return parents, gone


def _adopt(
    parents: dict[str, str | None], gone: Mapping[str, str], listed: Mapping[str, list[str]]
) -> None:
    """Give nodes without a parent the node that lists them, unless that would close a loop.

    A child of a null node goes to whoever lists the null node.
    """
    seekers = {key for key, parent in parents.items() if parent is None}
    if len(seekers) <= 1 and not gone:
        return  # one root: whoever lists it is below it, or in a loop
    lister = _listers(listed, seekers | set(gone.values()))
    top = _Tops(parents)
    for key in parents:
        if key in seekers:
            adopter = lister.get(gone[key]) if key in gone else None
            adopter = adopter or lister.get(key)
            if adopter is not None and top.of(adopter) != key:
                parents[key] = adopter


def _listers(listed: Mapping[str, list[str]], sought: set[str]) -> dict[str, str]:
    """Return for each node sought the first other node that lists it as a child."""
    lister: dict[str, str] = {}
    for key, children in listed.items():
        for child in children:
            if child in sought and child != key:
                lister.setdefault(child, key)
    return lister


class _Tops:
    """The topmost ancestor of a node, remembered by shortening the way (loops end anywhere)."""

    def __init__(self, parents: Mapping[str, str | None]) -> None:
        self._parents = parents
        self._shortcut: dict[str, str] = {}

    def of(self, node: str) -> str:
        """Return the top of ``node``'s chain; for a chain into a loop, some node of the loop."""
        walked: dict[str, None] = {}
        while node not in walked:
            above = self._shortcut.get(node) or self._parents[node]
            if above is None:
                break
            walked[node] = None
            node = above
        for passed in walked:
            if passed != node:
                self._shortcut[passed] = node
        return node


def _cut_loops(parents: dict[str, str | None], current: str | None) -> list[str]:
    """Make every loop of parents end, and return the nodes that lost theirs.

    A loop the current node is on is cut where walking up from it would close the circle,
    so that its path holds the whole loop.
    """
    cut: list[str] = []
    done: set[str] = set()
    starts = [current, *parents] if current is not None else list(parents)
    for start in starts:
        if start in done:
            continue
        here: set[str] = set()
        node: str | None = start
        last = start
        while node is not None and node not in done and node not in here:
            here.add(node)
            last, node = node, parents[node]
        if node is not None and node in here:
            parents[last] = None
            cut.append(last)
        done |= here
    return cut


def _children(
    parents: Mapping[str, str | None],
    listed: Mapping[str, list[str]],
    messages: Mapping[str, Message | None],
) -> dict[str, list[str]]:
    """Return each node's children: those it lists, then the rest by time, then by place."""
    children: dict[str, list[str]] = {}
    placed = 0
    for key, names in listed.items():
        mine = [name for name in names if parents.get(name) == key]
        children[key] = mine
        placed += len(mine)
    if placed == sum(parent is not None for parent in parents.values()):
        return children
    late: dict[str, list[str]] = {}
    known = {child for mine in children.values() for child in mine}
    for key, parent in parents.items():
        if parent is not None and key not in known:
            late.setdefault(parent, []).append(key)
    for parent, keys in late.items():
        children[parent] += sorted(keys, key=lambda key: _created(messages[key]))
    return children


def _below(starts: Iterable[str], children: Mapping[str, list[str]]) -> list[str]:
    """Return ``starts`` and everything below them, parents first, branch after branch."""
    stack = list(starts)
    stack.reverse()
    found: list[str] = []
    while stack:
        key = stack.pop()
        found.append(key)
        below = children[key]
        if len(below) == 1:
            stack.append(below[0])
        elif below:
            stack.extend(reversed(below))
    return found


def _message(node: Json) -> Message | None:
    """Return a node's message; something that is no object is taken for its content."""
    message = node.get("message")
    if message is None or isinstance(message, dict):
        return message
    if type(message) is msgspec.Raw:
        blank = len(memoryview(message)) == len(b"null") and bytes(message) == b"null"
        return None if blank else message  # type: ignore[return-value] # decoded when looked at
    return {"content": message}


def _created(message: Message | None) -> float:
    seconds = read_seconds(message.get("create_time")) if message is not None else None
    return float("inf") if seconds is None else seconds


def _readable(message: Message | None) -> int:
    """Rank a leaf: 2 has something to read, 1 is hidden or a system message, 0 is empty."""
    if message is None:
        return 0
    author = mapping(message.get("author"))
    hidden = mapping(message.get("metadata")).get("is_visually_hidden_from_conversation")
    return 1 if author.get("role") == "system" or hidden is True else 2


def _warnings(cut: list[str]) -> tuple[str, ...]:
    if not cut:
        return ()
    loops = "a loop" if len(cut) == 1 else f"{len(cut)} loops"
    return (f"The messages of this conversation form {loops}; they are shown as detached.",)
