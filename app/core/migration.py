"""The rules of migrating a legacy session: names, clashes, what was recovered, the verdict.

Pure: sets and texts in, decisions out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from app.core.problems import Problem

Conflict = Literal["rename", "skip", "merge", "fail"]
Kind = Literal["upload", "conversations", "page", "files", "backup"]
Nodes = Mapping[str, frozenset[str]]  # conversation id -> ids of its nodes

PRECEDENCE: tuple[Kind, ...] = ("upload", "conversations", "page", "files", "backup")
SHOWN: Kind = "files"  # the only form the predecessor itself read
_STUB = frozenset({"id", "conversation_id", "title", "is_anonymous"})
_NODE = re.compile(rb'"([^"\\]{1,80})"\s*:\s*\{\s*"id"\s*:\s*"([^"\\]{1,80})"')
_OWN_ID = re.compile(rb'"conversation_id"\s*:\s*"([^"\\]{1,80})"')
_NOT_KEPT = re.compile(r"[^A-Za-z0-9_\s-]")
MOST_NAMED = 5  # things a sentence names one by one


class Holding(Struct, frozen=True):
    """What one file of a session holds: its conversations' nodes and its damaged pieces."""

    kind: Kind
    name: str
    nodes: Nodes = {}
    broken: tuple[bytes, ...] = ()  # the first bytes of each damaged piece
    newest: float | None = None  # seconds since 1970 of the latest change it tells of
    empty: bool = False  # whether the file has not one byte
    former: frozenset[str] = frozenset()  # what the predecessor called its conversations' files


class Decision(Struct, frozen=True):
    """Where a session goes: a new export, an existing one, or nowhere and why."""

    action: Literal["create", "merge", "skip", "fail"]
    name: str


class Verdict(Struct, frozen=True):
    """Whether everything of a session is in the export; what is not, by name."""

    conversations: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()  # "conversation/node"
    files: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()  # files of the source that are not what they were

    @property
    def verified(self) -> bool:
        """Whether nothing is missing and nothing was changed."""
        return not (self.conversations or self.nodes or self.files or self.changed)

    def problem(self) -> Problem:
        """Say what is wrong, for the report of a migration that failed for it."""
        told = (
            (self.conversations, "conversations are not in the export"),
            (self.nodes, "messages are not in the export"),
            (self.files, "files are not in the export as they were"),
            (self.changed, "files of the session changed meanwhile"),
        )
        said = [f"{len(names):,} {what} ({_named(names)})" for names, what in told if names]
        return Problem(
            "not-verified",
            f"The migration was not proven complete: {'; '.join(said)}.",
            hint="Nothing was kept of it. Close the old program and try again.",
            loss=True,
        )


def is_share_stub(value: Mapping[str, object]) -> bool:
    """Tell whether an object is a row of the list of shared links, not a conversation."""
    return bool(value) and "conversation_id" in value and value.keys() <= _STUB


def union(holdings: Iterable[Holding]) -> dict[str, frozenset[str]]:
    """Answer all nodes of every conversation that any of the sources holds."""
    found: dict[str, frozenset[str]] = {}
    for holding in holdings:
        for id_, nodes in holding.nodes.items():
            found[id_] = found.get(id_, frozenset()) | nodes
    return found


def recovered(holdings: Sequence[Holding]) -> dict[str, int]:
    """Count conversations the predecessor no longer showed, by the kind of source they are in.

    It showed only the files of single conversations; what was overwritten there, skipped or
    never written is counted with the first source, in order of precedence, that has it.
    """
    shown = {id_ for each in holdings if each.kind == SHOWN for id_ in each.nodes}
    counts: Counter[str] = Counter()
    for kind in PRECEDENCE:
        for holding in (each for each in holdings if each.kind == kind):
            fresh = holding.nodes.keys() - shown
            counts[kind] += len(fresh)
            shown |= fresh
    return {kind: number for kind, number in counts.items() if number}


def per_source(holdings: Sequence[Holding]) -> dict[str, int]:
    """Count the conversations each kind of source holds."""
    return {
        kind: len(union(each for each in holdings if each.kind == kind))
        for kind in PRECEDENCE
        if any(each.kind == kind and each.nodes for each in holdings)
    }


def is_saved(piece: bytes, nodes: Nodes) -> bool:
    """Tell whether all that a damaged piece still names was found whole elsewhere."""
    named = {key.decode("utf-8", "replace") for key, id_ in _NODE.findall(piece) if key == id_}
    if named:
        return any(named <= each for each in nodes.values())
    return any(id_.decode("utf-8", "replace") in nodes for id_ in _OWN_ID.findall(piece))


def is_made_good(empty: Holding, holdings: Iterable[Holding]) -> bool:
    """Tell whether what an empty file held is known to be in another file of the session.

    An empty list is made good by what repeats every conversation, an empty file of a single
    one by a conversation that the predecessor would have given that name.
    """
    if empty.kind == SHOWN:
        leaf = empty.name.rpartition("/")[2]
        return any(leaf in each.former for each in holdings)
    return any(each.kind in ("upload", "conversations", "page") and each.nodes for each in holdings)


def former_names(value: Mapping[str, object]) -> frozenset[str]:
    """Answer the names the predecessor's versions gave a conversation's file.

    The UTC day and the title without what is not ASCII; the last version cut it at 100 and
    put a word where nothing was left.
    """
    when = value.get("update_time")
    when = value.get("create_time") if when is None else when
    seconds = when if isinstance(when, (int, float)) else 0
    try:
        day = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return frozenset()
    title = value.get("title")
    cleaned = _NOT_KEPT.sub("", title if isinstance(title, str) and title else "untitled")
    stem = "_".join(cleaned.split())
    return frozenset(f"{day:%Y.%m.%d}_{each}.json" for each in (stem, stem[:100] or "untitled"))


def suggested_name(title: str, newest: float | None, uploaded: datetime | None) -> str:
    """Suggest what to call the export: as the person did, else by the day of what is inside."""
    if title.strip():
        return title.strip()
    day = uploaded
    if newest is not None:
        try:
            day = datetime.fromtimestamp(newest, UTC)
        except (OverflowError, ValueError, OSError):
            day = uploaded
    return f"ChatGPT {day:%Y-%m-%d}" if day is not None else "ChatGPT"


def decide(
    wanted: str, is_taken: Callable[[str], bool], on_conflict: Conflict, *, most: int = 10_000
) -> Decision:
    """Decide about a name; one that is taken is dealt with as the person said, never deleted."""
    if not is_taken(wanted):
        return Decision("create", wanted)
    if on_conflict != "rename":
        return Decision(on_conflict, wanted)
    for number in range(2, most):
        candidate = f"{wanted} ({number})"
        if not is_taken(candidate):
            return Decision("create", candidate)
    return Decision("fail", wanted)


def judge(
    expected: Nodes, stored: Nodes, files: Mapping[str, str], digests: frozenset[str]
) -> Verdict:
    """Compare what a session held with what its export holds.

    ``files`` maps the name of every file that is kept as it is to its SHA-256; ``digests``
    are those of the export's files.
    """
    missing = sorted(expected.keys() - stored.keys())
    nodes = [
        f"{id_}/{node}"
        for id_, wanted in sorted(expected.items())
        if id_ in stored
        for node in sorted(wanted - stored[id_])
    ]
    lost = sorted(name for name, digest in files.items() if digest not in digests)
    return Verdict(tuple(missing), tuple(nodes), tuple(lost))


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return ", ".join(f"“{name[:80]}”" for name in names[:MOST_NAMED]) + more
