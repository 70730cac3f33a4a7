"""Two versions of one conversation made into one that holds all either of them had.

Exports of one account differ: a later one has new messages and newer titles, and
sometimes lacks the bodies, pictures or metadata an earlier one still held. So a merge
takes the union of the messages, lets the newer version decide where both say something,
and never lets an empty value replace one that says something.

Every choice is made so that a merge can be repeated: the merged conversation is at
least as new and at least as full as either side, hence merging a side in again
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from app.core.timestamps import read_seconds

# Deeper than this inside one message, values are taken whole, never mixed.
_DEEPEST = 8

# Keys of `content` that say what a body is, not what it says.
_FRAME = frozenset({"content_type", "language", "response_format_name"})

Lead = Literal["stored", "incoming", "neither"]


def merge_conversations(
    stored: Mapping[str, object], incoming: Mapping[str, object]
) -> dict[str, object]:
    """Return the union of two versions of one conversation; neither is changed.

    The newer version (by ``update_time``; then more nodes; then the fuller fields)
    decides title, flags and ``current_node`` where it says something. A node in both
    is taken from the newer message, or the fuller where the times are equal, and
    filled from the other. The result shares its values with what was given.
    """
    lead = _newer_conversation(stored, incoming)
    merged = _laid_over(stored, incoming, lead)
    ours, theirs = stored.get("mapping"), incoming.get("mapping")
    if isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        merged["mapping"] = _union(ours, theirs, lead)
    elif isinstance(theirs, Mapping):
        merged["mapping"] = theirs
    elif isinstance(ours, Mapping):
        merged["mapping"] = ours
    return merged


def same(stored: object, incoming: object) -> bool:
    """Tell whether two decoded JSON values are equal, however deeply nested.

    ``same(stored, merge_conversations(stored, incoming))`` means "unchanged".
    """
    if stored is incoming:
        return True
    try:
        return bool(stored == incoming)
    except RecursionError:
        return list(_leaves(stored, skip_empty=False)) == list(_leaves(incoming, skip_empty=False))


def previous_title(stored: Mapping[str, object], incoming: Mapping[str, object]) -> str | None:
    """Return the title a merge of these two lets go, or None if it keeps the only one."""
    if _newer_conversation(stored, incoming) == "incoming":
        kept, other = incoming.get("title"), stored.get("title")
    else:
        kept, other = stored.get("title"), incoming.get("title")
    if _is_empty(kept) or _is_empty(other) or not isinstance(other, str) or other == kept:
        return None
    return other


def pick_duplicate(
    first: Mapping[str, object], second: Mapping[str, object]
) -> tuple[dict[str, object], bool]:
    """Settle one conversation met twice in one source; the flag says they differed.

    Picking one whole would lose what only the other has, so they are merged: the newer
    leads, as the rule for duplicates asks, and nothing of the other is thrown away.
    """
    if same(first, second):
        return dict(first), False
    return merge_conversations(first, second), True


def _newer_conversation(
    stored: Mapping[str, object], incoming: Mapping[str, object]
) -> Literal["stored", "incoming"]:
    """Say which version leads. The stored one does when nothing tells them apart."""
    if same(stored, incoming):
        return "stored"
    return "incoming" if _rank(incoming) > _rank(stored) else "stored"


def _rank(conversation: Mapping[str, object]) -> tuple[float, int, int, list[str]]:
    """Order versions of a conversation by time, nodes, and how much their fields say.

    The messages' own bulk is left out on purpose: it may shrink in a merge (a newer,
    shorter text wins), and then merging a second time would decide differently.
    """
    mapping = conversation.get("mapping")
    head = {key: value for key, value in conversation.items() if key != "mapping"}
    return (
        _time(conversation),
        len(mapping) if isinstance(mapping, Mapping) else 0,
        _weight(head),
        list(_leaves(head)),
    )


def _time(value: object) -> float:
    seconds = read_seconds(value.get("update_time")) if isinstance(value, Mapping) else None
    return float("-inf") if seconds is None else seconds


def _laid_over(
    stored: Mapping[str, object], incoming: Mapping[str, object], lead: Lead
) -> dict[str, object]:
    """Take each field from the leading side unless it is empty there and not in the other."""
    merged = dict(stored)
    for key, value in incoming.items():
        if key not in merged:
            merged[key] = value
        elif lead == "incoming":
            merged[key] = _unless_empty(value, merged[key])
        else:
            merged[key] = _unless_empty(merged[key], value)
    return merged


def _unless_empty(winner: object, loser: object) -> object:
    return loser if _is_empty(winner) and not _is_empty(loser) else winner


# -- nodes ---------------------------------------------------------------------------


def _union(
    ours: Mapping[str, object], theirs: Mapping[str, object], lead: Lead
) -> dict[str, object]:
    merged = dict(ours)
    for key, node in theirs.items():
        merged[key] = _node(merged[key], node, lead) if key in merged else node
    return merged


def _node(stored: object, incoming: object, lead: Lead) -> object:
    """Merge a node both have; ``lead`` is the conversation's, for its place in the tree."""
    if same(stored, incoming):
        return stored
    if not isinstance(stored, Mapping) or not isinstance(incoming, Mapping):
        if isinstance(stored, Mapping) or isinstance(incoming, Mapping):
            return stored if isinstance(stored, Mapping) else incoming
        winner, loser = (incoming, stored) if lead == "incoming" else (stored, incoming)
        return _unless_empty(winner, loser)
    merged = _laid_over(stored, incoming, lead)
    if "message" in stored and "message" in incoming:
        merged["message"] = _message(stored["message"], incoming["message"])
    ours, theirs = stored.get("children"), incoming.get("children")
    if isinstance(ours, list) and isinstance(theirs, list):
        base, other = (theirs, ours) if lead == "incoming" else (ours, theirs)
        merged["children"] = _ordered_union(base, other)
    return merged


def _message(stored: object, incoming: object) -> object:
    """Merge a message both have: the newer leads; equally old, the fuller field by field."""
    lead = _newer(_time(stored), _time(incoming))
    if lead == "neither":
        return _field_by_field(stored, incoming, levels=2)
    return _merged(stored, incoming, lead)


def _newer(stored: float, incoming: float) -> Lead:
    if stored == incoming:
        return "neither"
    return "stored" if stored > incoming else "incoming"


def _field_by_field(stored: object, incoming: object, levels: int) -> object:
    """Merge two mappings of the same age key by key, to the keys of content and metadata."""
    pair = _alike(stored, incoming)
    if levels == 0 or pair is None:
        return _merged(stored, incoming, "neither")
    merged = dict(pair[0])
    for key, value in pair[1].items():
        merged[key] = _field_by_field(merged[key], value, levels - 1) if key in merged else value
    return merged


def _merged(stored: object, incoming: object, lead: Lead) -> object:
    """Take the leading value, filled from the other; without a lead, the fuller leads."""
    if same(stored, incoming):
        return stored
    if lead == "neither":
        lead = "incoming" if _fullness(incoming) > _fullness(stored) else "stored"
    return _filled(incoming, stored) if lead == "incoming" else _filled(stored, incoming)


def _filled(winner: object, loser: object, depth: int = 0) -> object:
    """Return the winner with its empty places filled from the loser."""
    if depth == _DEEPEST:
        return _unless_empty(winner, loser)
    if pair := _alike(winner, loser):
        merged = dict(pair[0])
        for key, value in pair[1].items():
            merged[key] = _filled(merged[key], value, depth + 1) if key in merged else value
        return merged
    if isinstance(winner, list) and isinstance(loser, list) and not _is_empty(winner):
        return _filled_list(winner, loser, depth)
    return _unless_empty(winner, loser)


def _filled_list(winner: list[object], loser: list[object], depth: int) -> list[object]:
    """Keep the winner's list, but no asset of the loser's is lost from it.

    Lists as long as each other are filled place by place: a stripped export keeps
    the places of what it emptied.
    """
    merged = winner
    if len(winner) != len(loser):
        merged = _with_assets_of(winner, loser)
    if len(merged) == len(loser):
        merged = [_filled(a, b, depth + 1) for a, b in zip(merged, loser, strict=True)]
    return merged


def _with_assets_of(winner: list[object], loser: list[object]) -> list[object]:
    known = {pointer for part in winner for pointer in _pointers(part)}
    merged = list(winner)
    for place, part in enumerate(loser):
        pointers = _pointers(part)
        if pointers and not pointers & known:
            merged.insert(place, part)
            known |= pointers
    return merged


def _alike(
    one: object, other: object
) -> tuple[Mapping[object, object], Mapping[object, object]] | None:
    """Return both if they are mappings about the same thing, so that their keys may mix."""
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return None
    if not same(one.get("content_type"), other.get("content_type")):
        return None
    ours, theirs = _pointers(one), _pointers(other)
    return (one, other) if not ours or not theirs or ours & theirs else None


def _pointers(part: object) -> set[str]:
    """Return the asset pointers of a part, and of the parts it wraps (a voice recording)."""
    found: set[str] = set()
    if not isinstance(part, Mapping):
        return found
    for key, value in part.items():
        if not (isinstance(key, str) and key.endswith("asset_pointer")):
            continue
        inner = value.get("asset_pointer") if isinstance(value, Mapping) else value
        if isinstance(inner, str) and inner.strip():
            found.add(inner)
    return found


def _ordered_union(base: Sequence[object], other: Sequence[object]) -> list[object]:
    """Return base with what only other has, each after the one it stood behind there."""
    in_base = {_name(child) for child in base}
    behind: dict[str, dict[str, object]] = {}
    anchor = ""
    for child in other:
        name = _name(child)
        if name in in_base:
            anchor = name
        else:
            behind.setdefault(anchor, {}).setdefault(name, child)
    merged = list(behind.pop("", {}).values())
    for child in base:
        merged.append(child)
        merged += behind.pop(_name(child), {}).values()
    return merged


def _name(child: object) -> str:
    return "=" + child if isinstance(child, str) else "?" + "\n".join(_leaves(child))


# -- how much a value says ---------------------------------------------------------------


def _is_empty(value: object) -> bool:
    """Tell whether a value says nothing: null, blank, or made only of such.

    False and 0 say something: an archived conversation that no longer is.
    """
    return next(_said(value), None) is None


def _weight(value: object) -> int:
    """Count what a value says: its leaves and the letters in them. Empty weighs 0."""
    return sum(1 + len(leaf) if isinstance(leaf, str) else 1 for leaf in _said(value))


def _fullness(value: object) -> tuple[int, list[str]]:
    return _weight(value), list(_leaves(value))


def _said(value: object) -> Iterator[object]:
    """Yield the leaves that say something; a frame key alone does not."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Mapping):
            pending += [inner for key, inner in item.items() if key not in _FRAME]
        elif isinstance(item, list):
            pending += item
        elif item is not None and not (isinstance(item, str) and not item.strip()):
            yield item


def _leaves(value: object, *, skip_empty: bool = True) -> Iterator[str]:
    """Yield a value as texts that order and compare as it does, keys sorted, no recursion."""
    pending: list[tuple[str, object]] = [("", value)]
    while pending:
        path, item = pending.pop()
        if isinstance(item, Mapping):
            if not skip_empty:
                yield f"{path}{{{len(item)}"
            keys = sorted((k for k in item if not (skip_empty and k in _FRAME)), reverse=True)
            pending += [(f".{key}", item[key]) for key in keys]
        elif isinstance(item, list):
            if not skip_empty:
                yield f"{path}[{len(item)}"
            pending += [("[", inner) for inner in reversed(item)]
        elif not (skip_empty and _is_empty(item)):
            yield f"{path}={item!r}"
