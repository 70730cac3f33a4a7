"""One conversation as it is read: what is on a branch, who says it, where one can switch.

Nothing is understood before it is asked for: opening a conversation of thousands of
messages costs a glance at each, and the work for those on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec.structs import replace

from app.core.blocks import Canvas, Content, Display, Instructions
from app.core.conversation.branches import Branches
from app.core.conversation.facts import ConversationFacts, default_model, facts
from app.core.conversation.indexing import index_text
from app.core.conversation.tree import Message, Tree
from app.core.loose import items, mapping, string
from app.core.messages.canvas.history import History
from app.core.messages.context import Context
from app.core.messages.speakers import author_of, own_model, written_by_model
from app.core.messages.understanding import understand
from app.core.messages.visibility import glance, ordinary_text, recipient_of, role_of
from app.core.text import first_line
from app.core.timestamps import read_seconds

OUTLINE_LENGTH = 120
_NOT_SHOWN = frozenset({"hide", "meta"})


class Reading:
    """A view of one conversation object, which must not change while it is read."""

    def __init__(self, conversation: Mapping[str, Any], tree: Tree) -> None:
        self.tree = tree
        self.warnings = tree.warnings
        self._conversation = conversation
        self._context = Context(tree)
        self._contents: dict[str, Content] = {}
        self._displays: dict[str, Display] = {}
        self._paths: dict[tuple[str | None, bool], list[str]] = {}
        self._models: dict[str, str] = {}  # heard at a node or before it
        self._canvases: dict[str, dict[str, list[Canvas]]] = {}

    @classmethod
    def of(cls, conversation: Mapping[str, Any]) -> Reading:
        """Return the reading of a conversation object; any JSON object will do."""
        return cls(conversation, Tree.of(conversation))

    @cached_property
    def facts(self) -> ConversationFacts:
        """What the conversation says about itself."""
        return facts(self._conversation)

    def path(self, leaf: str | None = None, *, hidden: bool = False) -> list[str]:
        """Return the ids of the messages a reader sees along the branch of ``leaf``, in order.

        Without a leaf the branch is the one last shown. With ``hidden`` what is kept from
        readers is there too, and at the end the detached messages, which belong to no
        branch; where nothing else is left they are shown in any case.
        """
        known = self._paths.get((leaf, hidden))
        if known is None:
            known = self._paths[(leaf, hidden)] = self._path(leaf, hidden=hidden)
        return list(known)

    def _path(self, leaf: str | None, *, hidden: bool) -> list[str]:
        line = self.line(leaf, hidden=hidden)
        return line if hidden else [node for node in line if self.is_shown(node)]

    def line(self, leaf: str | None = None, *, hidden: bool = False) -> list[str]:
        """Return the nodes `path` chooses from: those with messages, hidden ones too.

        What of them is shown, `is_shown` tells one by one: a page of a long conversation
        does not have to understand the rest of it.
        """
        branch = self.tree.active_path(leaf)
        whole = self._with_messages(branch)
        detached = self._with_messages(self._detached(branch))
        alone = not self.tree.roots or not any(self.is_shown(node) for node in whole)
        return whole + detached if detached and (hidden or alone) else whole

    def is_shown(self, node: str) -> bool:
        """Tell whether a reader sees a message without asking for hidden ones."""
        return self.display(node) not in _NOT_SHOWN

    def hidden_count(self, leaf: str | None = None) -> int:
        """Return how many messages of a branch `path` keeps back unless asked for them."""
        return len(self.path(leaf, hidden=True)) - len(self.path(leaf))

    def display(self, node: str) -> Display:
        """Return how a message is shown, without understanding it if a glance will do."""
        known = self._displays.get(node)
        if known is None:
            known = self._contents[node].display if node in self._contents else None
            if known is None:
                known = glance(self.tree.messages[node], self._context.above(node))
            if known is None:
                known = self._understood(node).display
            self._displays[node] = known
        return known

    def understand_all(self) -> None:
        """Understand every message now: where all are wanted, no glance has to go before."""
        messages, context = self.tree.messages, self._context
        for node in messages:
            message = messages[node]
            if message is not None and node not in self._contents:
                content = self._contents[node] = understand(node, message, context)
                self._displays[node] = content.display

    def content(self, node: str, leaf: str | None = None) -> Content:
        """Return one message understood; empty and hidden for a node without a message.

        A canvas document appears, with all its versions, at the message that changed it
        last on the branch of ``leaf``; without one, on the active branch, or on the
        newest the message is on.
        """
        content = self._understood(node)
        message = self.tree.messages[node]
        if message is None or not _may_hold_canvas(message):
            return content
        canvases = self._canvases_along(node, leaf).get(node)
        if not canvases or content.display in _NOT_SHOWN:
            return content
        own = content.blocks if role_of(message) == "user" else ()
        return replace(content, kind="canvas", display="show", blocks=(*own, *canvases), label="")

    def branch(self, node: str, *, hidden: bool = False) -> tuple[int, tuple[str, ...]] | None:
        """Return which of its siblings a message is, counting from 1, and all of them in order.

        None where there is nothing to switch. With ``hidden``, hidden messages count too.
        """
        siblings = (self._all_branches if hidden else self._branches).siblings(node)
        return (siblings.index(node) + 1, siblings) if siblings else None

    def outline(self, leaf: str | None = None) -> list[tuple[str, str]]:
        """Return the person's questions on a branch: message id and first line."""
        found = []
        for node in self.path(leaf):
            message = self.tree.messages[node]
            if message is not None and role_of(message) == "user":
                asked = ordinary_text(message, "user") or ""
                line = first_line(asked, OUTLINE_LENGTH)
                found.append((node, line or self._headline(node, message)))
        return found

    def instructions(self, leaf: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return the custom instructions in force at the end of a branch: label and text."""
        for node in reversed(self.tree.active_path(leaf)):
            if self.display(node) == "meta":
                for block in self._understood(node).blocks:
                    if isinstance(block, Instructions):
                        return block.parts
        return ()

    def author(self, node: str) -> str:
        """Return the name a reader sees above a message: "You", "ChatGPT", or a tool's."""
        message = self.tree.messages[node]
        return author_of(message, self.display(node)) if message is not None else ""

    def role(self, node: str) -> str:
        """Return the role of a message's author as exported, perhaps empty."""
        message = self.tree.messages[node]
        return role_of(message) if message is not None else ""

    def created(self, node: str) -> float | None:
        """Return when a message was written, in seconds since 1970 UTC, if known."""
        message = self.tree.messages[node]
        return read_seconds(message.get("create_time")) if message is not None else None

    def status(self, node: str) -> str:
        """Return the status of a message as exported, perhaps empty."""
        return first_line(string((self.tree.messages[node] or {}).get("status")), 80)

    def model(self, node: str) -> str:
        """Return the model that wrote a message, empty if none did or nothing tells."""
        message = self.tree.messages[node]
        if message is None or not written_by_model(message):
            return ""
        return own_model(message) or default_model(self._conversation) or self._heard(node)

    def _heard(self, node: str) -> str:
        """Return the model of the nearest message before ``node`` that names one."""
        climbed: list[str] = []
        found, parent = "", self.tree.parents[node]
        while parent is not None and not found:
            if parent in self._models:
                found = self._models[parent]
                break
            climbed.append(parent)
            message = self.tree.messages[parent]
            found = own_model(message) if message is not None else ""
            parent = self.tree.parents[parent]
        self._models.update(dict.fromkeys(climbed, found))
        return found

    @cached_property
    def _branches(self) -> Branches:
        return Branches(self.tree, self.display)

    @cached_property
    def _all_branches(self) -> Branches:
        return Branches(self.tree, lambda _node: "show")

    def _understood(self, node: str) -> Content:
        content = self._contents.get(node)
        if content is None:
            message = self.tree.messages[node]
            if message is None:
                return Content("other", "hide")
            content = self._contents[node] = understand(node, message, self._context)
        return content

    def _with_messages(self, nodes: Sequence[str]) -> list[str]:
        without = self.tree.messages.without
        return [node for node in nodes if node not in without]

    def _detached(self, branch: Sequence[str]) -> list[str]:
        """Return the detached nodes that are not on a branch already."""
        if not self.tree.detached:
            return []
        there = set(branch)
        return [node for node in self.tree.detached if node not in there]

    def _canvases_along(self, node: str, leaf: str | None) -> dict[str, list[Canvas]]:
        path = self.tree.active_path(leaf)
        if node not in path:
            path = self.tree.active_path(node)
        key = path[-1]
        if key not in self._canvases:
            self._canvases[key] = History(self.tree, path).canvases()
        return self._canvases[key]

    def _headline(self, node: str, message: Message) -> str:
        """Return the first line of a question, taken from its parts where they are text."""
        for part in items(mapping(message.get("content")).get("parts")):
            if isinstance(part, str) and (line := first_line(part, OUTLINE_LENGTH)):
                return line
        return first_line(index_text(self._understood(node)), OUTLINE_LENGTH) or "…"


def _may_hold_canvas(message: Message) -> bool:
    """Tell whether a message may have changed a canvas document."""
    metadata = message.get("metadata")
    if isinstance(metadata, dict) and isinstance(metadata.get("canvas"), dict):
        return True
    return message.get("recipient") != "all" and recipient_of(message).startswith("canmore.")
