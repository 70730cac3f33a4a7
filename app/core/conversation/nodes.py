"""The nodes of an export that agrees with itself: most do, and then a tree needs no mending."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

_NULL = msgspec.Raw(b"null")


class Node(msgspec.Struct, gc=False):
    """A node whose message is still undecoded JSON."""

    parent: Any = None
    children: Any = None
    message: msgspec.Raw = _NULL


class WellFormed(Struct, frozen=True):
    """Nodes with one root, of which every other is listed by its parent, once."""

    root: str
    parents: dict[str, str | None]
    children: dict[str, list[str]]
    messages: dict[str, Any]
    order: list[str]


def well_formed(nodes: object) -> WellFormed | None:
    """Return the nodes taken apart, or None if there is anything to mend."""
    if not isinstance(nodes, dict) or not nodes:
        return None
    parts = _of_structs(nodes) or _of_mappings(nodes)
    if parts is None or not all(map(str.isprintable, nodes)) or "" in nodes:
        return None
    parents, children, messages = parts
    roots = [key for key, parent in parents.items() if parent is None]
    if len(roots) != 1 or not _agree(parents, children):
        return None
    order = _walked(roots[0], children)
    if len(order) != len(parents):  # the rest runs in circles
        return None
    return WellFormed(roots[0], parents, children, messages, order)


def as_mappings(nodes: object) -> object:
    """Return nodes that may be `Node` objects as the JSON objects they were."""
    if not isinstance(nodes, dict):
        return nodes
    return {
        key: {"parent": node.parent, "children": node.children, "message": node.message}
        if type(node) is Node
        else node
        for key, node in nodes.items()
    }


Parts = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def _of_structs(nodes: Mapping[str, Any]) -> Parts | None:
    if set(map(type, nodes.values())) != {Node}:
        return None
    return (
        {key: node.parent for key, node in nodes.items()},
        {key: node.children for key, node in nodes.items()},
        {key: None if node.message == _NULL else node.message for key, node in nodes.items()},
    )


def _of_mappings(nodes: Mapping[str, Any]) -> Parts | None:
    if set(map(type, nodes.values())) != {dict}:
        return None
    messages = {key: node.get("message") for key, node in nodes.items()}
    if not set(map(type, messages.values())) <= {dict, type(None)}:
        return None
    return (
        {key: node.get("parent") for key, node in nodes.items()},
        {key: node.get("children") for key, node in nodes.items()},
        messages,
    )


def _agree(parents: Mapping[str, Any], children: Mapping[str, Any]) -> bool:
    """Tell whether every node but the root is listed by its parent, once, and by nobody else."""
    if set(map(type, children.values())) != {list}:
        return False
    try:
        listed = {child: key for key, mine in children.items() for child in mine}
    except TypeError:  # a child that is no id at all
        return False
    stated = {key: parent for key, parent in parents.items() if parent is not None}
    return listed == stated and len(listed) == sum(map(len, children.values()))


def _walked(root: str, children: Mapping[str, list[str]]) -> list[str]:
    """Return the root and everything below it, parents first, branch after branch."""
    stack, found = [root], []
    while stack:
        key = stack.pop()
        found.append(key)
        while len(below := children[key]) == 1:  # most of a conversation is a chain
            key = below[0]
            found.append(key)
        stack.extend(reversed(below))
    return found
