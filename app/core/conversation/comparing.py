"""What is different between two versions of one conversation, an earlier and a later one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from app.core.conversation.facts import facts
from app.core.conversation.merge import same
from app.core.loose import Json, mapping


class ConversationChange(Struct, frozen=True):
    """What the later version has made of the earlier; counts are of messages.

    ``edited``: messages that say something else now, and questions asked another way (a
    sibling of one that was there). ``archived`` is None if that stayed as it was.
    """

    added: int = 0
    lost: int = 0
    edited: int = 0
    title_before: str | None = None
    archived: bool | None = None

    def __bool__(self) -> bool:
        return self != ConversationChange()


def compare_conversations(earlier: Json, later: Json) -> ConversationChange:
    """Tell what changed from one version of a conversation to another."""
    if same(earlier, later):
        return ConversationChange()
    before, after = dict(_messages(earlier)), dict(_messages(later))
    added = after.keys() - before.keys()
    asked = {_place(node) for node in before.values() if _is_question(node)}
    again = {key for key in added if _is_question(after[key]) and _place(after[key]) in asked}
    changed = {key for key in before.keys() & after.keys() if not _says_same(before, after, key)}
    old, new = facts(earlier), facts(later)
    return ConversationChange(
        added=len(added),
        lost=len(before.keys() - after.keys()),
        edited=len(again | changed),
        title_before=old.title if old.title != new.title else None,
        archived=new.archived if new.archived != old.archived else None,
    )


def _messages(conversation: Json) -> Iterator[tuple[str, Json]]:
    """Yield the nodes that hold a message."""
    for key, node in mapping(conversation.get("mapping")).items():
        if isinstance(mapping(node).get("message"), dict):
            yield key, mapping(node)


def _says_same(before: dict[str, Json], after: dict[str, Json], key: str) -> bool:
    return same(_content(before[key]), _content(after[key]))


def _content(node: Json) -> Any:
    return mapping(node.get("message")).get("content")


def _is_question(node: Json) -> bool:
    return mapping(mapping(node.get("message")).get("author")).get("role") == "user"


def _place(node: Json) -> str:
    """Answer where a message stands: behind which one."""
    return repr(node.get("parent"))
