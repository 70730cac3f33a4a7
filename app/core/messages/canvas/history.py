"""The canvas documents of one branch, rebuilt from the calls and edits along it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.blocks import Canvas, CanvasVersion
from app.core.conversation.tree import Tree
from app.core.loose import Json, items, mapping, string
from app.core.messages.canvas.calls import Call, call_text, read_call
from app.core.messages.canvas.edits import apply_edit
from app.core.messages.canvas.patterns import Budget
from app.core.messages.visibility import TOOL_ROLES, recipient_of, role_of
from app.core.text import lines, one_line

_REPLY_WITHIN = 4  # nodes between a call and its reply; usually the reply is next
_MOST_VERSIONS = 500
_STEPS = 1_000_000  # of matching, for all edits of a branch; about a second at worst


@dataclass
class _Document:
    """A canvas document while its history is told."""

    id: str
    title: str
    kind: str
    versions: list[CanvasVersion] = field(default_factory=list)
    changed_at: str = ""

    @property
    def text(self) -> str:
        return self.versions[-1].text if self.versions else ""

    def write(self, node: str, text: str, *, note: str = "", approximate: bool = False) -> None:
        """Add a version; beyond a limit the last one is replaced."""
        if len(self.versions) >= _MOST_VERSIONS:
            self.versions.pop()
        number = self.versions[-1].number + 1 if self.versions else 1
        comments = (note,) if note else ()
        self.versions.append(CanvasVersion(number, lines(text), comments, approximate))
        self.changed_at = node

    def remark(self, node: str, comments: Sequence[str]) -> None:
        """Add comments to the version they were made on."""
        if self.versions:
            last = self.versions[-1]
            told = (*last.comments, *(lines(comment) for comment in comments))
            self.versions[-1] = CanvasVersion(last.number, last.text, told, last.approximate)
            self.changed_at = node


class History:
    """Follows a path and keeps what its calls make of each document."""

    def __init__(self, tree: Tree, path: Sequence[str]) -> None:
        self._tree = tree
        self._path = path
        self._documents: dict[str, _Document] = {}
        self._budget = Budget(_STEPS)
        self._latest: _Document | None = None
        for place, node in enumerate(path):
            message = tree.messages[node]
            if message is not None:
                self._follow(place, node, message)

    def canvases(self) -> dict[str, list[Canvas]]:
        """Return the documents by the node that changed each of them last."""
        found: dict[str, list[Canvas]] = {}
        for document in self._documents.values():
            if document.versions:
                canvas = Canvas(
                    document.id, document.title, document.kind, tuple(document.versions)
                )
                found.setdefault(document.changed_at, []).append(canvas)
        return found

    def _follow(self, place: int, node: str, message: Json) -> None:
        role = role_of(message)
        if role == "assistant" and recipient_of(message).startswith("canmore."):
            self._call(place, node, message)
            return
        told = mapping(mapping(message.get("metadata")).get("canvas"))
        if told and role in ("user", *TOOL_ROLES):
            self._told(node, told)

    def _call(self, place: int, node: str, message: Json) -> None:
        call = read_call(message)
        reply = self._reply(place)
        identity = one_line(string(reply.get("textdoc_id")))
        if call is not None and call.action == "create":
            identity = identity or f"canvas-{len(self._documents) + 1}"
            title = one_line(string(reply.get("title"))) or one_line(call.name) or "Canvas"
            document = _Document(identity, title, one_line(call.kind))
            self._latest = self._documents[identity] = document
            document.write(node, call.content)
            return
        known = self._documents.get(identity) if identity else self._latest
        if known is None:
            return
        self._latest = known
        if call is None:
            known.write(node, known.text, note=call_text(message), approximate=True)
        elif call.action == "update":
            self._update(known, node, call)
        else:
            known.remark(node, [comment for _pattern, comment in call.comments if comment])

    def _update(self, document: _Document, node: str, call: Call) -> None:
        """Replay an update; an edit that fails is kept as a comment, the version is approximate."""
        text, failed = document.text, []
        for pattern, replacement, every in call.changes:
            edited = apply_edit(text, pattern, replacement, every=every, budget=self._budget)
            if edited is None:
                failed.append({"pattern": pattern, "replacement": replacement})
            else:
                text = edited
        note = ""
        if failed:
            note = "Could not be replayed: " + json.dumps(failed, ensure_ascii=False)
        document.write(node, text, note=lines(note), approximate=bool(failed))

    def _reply(self, place: int) -> Json:
        """Return what the tool answered to the call at ``place`` about the document."""
        for node in self._path[place + 1 : place + 1 + _REPLY_WITHIN]:
            message = self._tree.messages[node]
            if message is None:
                continue
            if role_of(message) == "user" or recipient_of(message).startswith("canmore."):
                break
            told = mapping(mapping(message.get("metadata")).get("canvas"))
            if told:
                return told
        return {}

    def _told(self, node: str, told: Json) -> None:
        """Take a document's text from where the export states it: a reply, or a person's edit."""
        for each in items(told.get("user_created_textdocs")):
            self._state(node, mapping(each), string(mapping(each).get("content")))
        text = told.get("textdoc_content")
        if isinstance(text, str) and text:
            self._state(node, told, text)

    def _state(self, node: str, told: Json, text: str) -> None:
        identity = one_line(string(told.get("textdoc_id"))) or "canvas-1"
        known = self._documents.get(identity)
        if known is None:
            title = one_line(string(told.get("title"))) or "Canvas"
            kind = one_line(string(told.get("textdoc_type")) or string(told.get("type")))
            known = self._documents[identity] = _Document(identity, title, kind or "document")
        self._latest = known
        if known.text != lines(text):
            known.write(node, text)
