"""Who wrote a message: the model behind it, and the name a reader sees."""

from __future__ import annotations

from functools import lru_cache

from app.core.blocks import Display
from app.core.conversation.tree import Message, Tree
from app.core.messages.visibility import TOOL_ROLES, role_of, tool_of
from app.core.text import first_line, one_line

_WRITTEN_BY_MODELS = TOOL_ROLES | {"assistant"}
_NAMES = {"user": "You", "assistant": "ChatGPT", "system": "System", "developer": "System"}


def author_of(message: Message, display: Display) -> str:
    """Return the name a reader sees; what a tool gives to see is ChatGPT's."""
    role = role_of(message)
    if role in _NAMES:
        return _NAMES[role]
    if role in TOOL_ROLES:
        return "ChatGPT" if display == "show" else first_line(tool_of(message), 80) or "Tool"
    return first_line(role, 80).capitalize() or "Unknown"


def written_by_model(message: Message) -> bool:
    """Tell whether a model or one of its tools wrote a message."""
    return role_of(message) in _WRITTEN_BY_MODELS


def own_model(message: Message) -> str:
    """Return the model a message itself names."""
    metadata = message.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    slug = metadata.get("model_slug") or metadata.get("default_model_slug")
    return _cleaned(slug) if isinstance(slug, str) else ""


@lru_cache(maxsize=256)
def _cleaned(slug: str) -> str:
    return one_line(slug)  # a few names, on every message of an archive


class Models:
    """The model of each message, asked for in the tree's order: parents before children."""

    def __init__(self, tree: Tree, default: str) -> None:
        self._parents = tree.parents
        self._default = default
        self._heard: dict[str | None, str] = {None: ""}

    def hear(self, node: str, message: Message | None) -> str:
        """Return the model that wrote a message, empty for what no model wrote.

        That is its own, else the conversation's, else the one heard last.
        """
        written = message is not None and written_by_model(message)
        if self._default and not written:
            return ""
        own = own_model(message) if message is not None else ""
        if not self._default:
            self._heard[node] = own or self._heard[self._parents[node]]
            own = self._heard[node]
        return (own or self._default) if written else ""
