"""What an import of a built archive must find."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Expected:
    """An archive and what is in it.

    ``nodes`` are the ids of all nodes by conversation; ``media`` the sha256 of every file
    that must be kept as media; ``missing`` the pointers no file answers; ``problems`` codes
    an import should report (at least these). ``refused`` is the code of the error when
    nothing can be imported at all. ``sources`` are further paths to import along with it.
    """

    path: Path
    nodes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    media: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    problems: frozenset[str] = frozenset()
    refused: str = ""
    sources: tuple[Path, ...] = ()

    @property
    def conversations(self) -> frozenset[str]:
        """The ids of the conversations."""
        return frozenset(self.nodes)


def expect(
    path: Path,
    conversations: Iterable[Mapping[str, Any]] = (),
    media: Iterable[bytes] = (),
    *,
    missing: Iterable[str] = (),
    problems: Iterable[str] = (),
) -> Expected:
    """Say what importing a path must find; a conversation given twice counts once."""
    nodes: dict[str, frozenset[str]] = {}
    for conversation in conversations:
        key = conversation.get("conversation_id") or conversation.get("id")
        mapping = conversation.get("mapping")
        found = frozenset(mapping) if isinstance(mapping, dict) else frozenset()
        if isinstance(key, str):
            nodes[key] = nodes.get(key, frozenset()) | found
    digests = frozenset(hashlib.sha256(data).hexdigest() for data in media)
    return Expected(path, nodes, digests, frozenset(missing), frozenset(problems))


def refused(path: Path, code: str = "not-an-export") -> Expected:
    """Say that nothing of a path can be imported, and with which error."""
    return Expected(path, refused=code)
