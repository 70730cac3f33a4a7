"""Read a call to the canvas tool: a document made, edited or commented on."""

from __future__ import annotations

import json
import re
from typing import Literal

from msgspec import Struct

from app.core.blocks import Card, Code
from app.core.loose import Json, items, mapping, string
from app.core.messages.draft import Draft
from app.core.messages.visibility import recipient_of
from app.core.text import lines, one_line

Action = Literal["create", "update", "comment"]
_ACTIONS: dict[str, Action] = {
    "canmore.create_textdoc": "create",
    "canmore.update_textdoc": "update",
    "canmore.comment_textdoc": "comment",
}
_ENDINGS = ("", '"', '"}', "}", "]}", "}]}", '"}]}', '"]}')
_FIELD = r'"%s"\s*:\s*"((?:[^"\\]|\\.)*)'
_LONGEST = 20_000_000


class Call(Struct, frozen=True):
    """One call to the canvas tool, as far as it can be read.

    ``changes`` are ``(pattern, replacement, every)`` of an update, ``comments`` are
    ``(pattern, comment)``; both as exported, not cleaned.
    """

    action: Action
    name: str = ""
    kind: str = ""
    content: str = ""
    changes: tuple[tuple[str, str, bool], ...] = ()
    comments: tuple[tuple[str, str], ...] = ()


def call_text(message: Json) -> str:
    """Return the arguments of a call, from code or from a text part."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    text = mapping(content).get("text")
    if isinstance(text, str) and text:
        return text
    return "".join(part for part in items(mapping(content).get("parts")) if isinstance(part, str))


def read_call(message: Json) -> Call | None:
    """Return the call a message makes, or None if it makes none or cannot be read."""
    action = _ACTIONS.get(recipient_of(message))
    if action is None:
        return None
    written = call_text(message)
    found = _lenient(written)
    if action == "create":
        return _creation(found) or _torn_creation(written)
    if action == "update":
        changes = tuple(_change(mapping(each)) for each in items(found.get("updates")))
        return Call(action, changes=changes) if changes else None
    remarks = (mapping(each) for each in items(found.get("comments")))
    comments = tuple((string(r.get("pattern")), string(r.get("comment"))) for r in remarks)
    return Call(action, comments=comments) if comments else None


def add_call(draft: Draft) -> bool:
    """Append what a call writes, in words of its own; False if it could not be read."""
    call = read_call(draft.message)
    if call is None:
        return False
    before = len(draft.blocks)
    if call.action == "create":
        draft.add(Code(lines(call.content), language_of(call.kind), one_line(call.name)))
    for pattern, replacement, _every in call.changes:
        draft.add(Code(lines(replacement), title=f"In place of: {one_line(pattern)}"))
    for pattern, comment in call.comments:
        draft.add(Card(f"On: {one_line(pattern)}", text=lines(comment)))
    return len(draft.blocks) > before


def language_of(kind: str) -> str:
    """Return the language of a canvas of some kind: "python" for "code/python"."""
    family, _, language = one_line(kind).partition("/")
    return language if family == "code" else "markdown"


def _creation(found: Json) -> Call | None:
    if not isinstance(found.get("content"), str):
        return None
    name, kind = string(found.get("name")), string(found.get("type"))
    return Call("create", name, kind or "document", found["content"])


def _change(update: Json) -> tuple[str, str, bool]:
    pattern, replacement = string(update.get("pattern")), string(update.get("replacement"))
    return pattern, replacement, update.get("multiple") is True


def _lenient(written: str) -> Json:
    """Parse JSON that may hold raw newlines, or have lost its end."""
    if len(written) > _LONGEST:
        return {}
    written = written.strip()
    for ending in _ENDINGS:
        try:
            return mapping(json.loads(written + ending, strict=False))
        except (ValueError, RecursionError):
            continue
    return {}


def _torn_creation(written: str) -> Call | None:
    """Return what can be saved of a creation whose JSON is broken beyond its end."""
    content = _field(written, "content")
    if content is None:
        return None
    kind = _field(written, "type") or "document"
    return Call("create", _field(written, "name") or "", kind, content)


def _field(written: str, name: str) -> str | None:
    found = re.search(_FIELD % name, written, re.S)
    if found is None:
        return None
    try:
        return string(json.loads(f'"{found.group(1)}"', strict=False))
    except ValueError:
        return found.group(1)
