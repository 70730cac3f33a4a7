"""What a conversation object says about itself, whatever types its keys hold."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from msgspec import Struct

from app.core.loose import Json, items, mapping, string
from app.core.text import clean, one_line
from app.core.timestamps import read_seconds

_GIZMO = re.compile(r"(g-(?:p-)?)([A-Za-z0-9]+)")
_SHORT = 9  # characters of a project's id: enough to tell a person's projects apart


class ConversationFacts(Struct, frozen=True):
    """One conversation, without its messages.

    Times are seconds since 1970 UTC, None if nothing tells. ``title`` is one clean line,
    empty if there is none. ``project`` is a short id of the project or custom GPT and
    ``project_kind`` says which of the two, "project" or "gpt"; both are empty otherwise.
    """

    id: str
    title: str
    created: float | None
    updated: float | None
    starred: bool
    archived: bool
    do_not_remember: bool
    project: str
    project_kind: str
    default_model: str
    voice: str
    origin: str


def conversation_id(obj: Json) -> str:
    """Return the conversation's id, or one made of its time, title and first words.

    The made one is the same in every export that holds the conversation.
    """
    for key in ("conversation_id", "id"):
        stated = obj.get(key)
        if isinstance(stated, str) and (fit := clean(stated).strip()):
            return fit
        if isinstance(stated, int) and not isinstance(stated, bool):
            return str(stated)
    what = [obj.get("create_time"), obj.get("title"), _first_words(obj)]
    canonical = json.dumps(what, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def facts(obj: Json) -> ConversationFacts:
    """Return what the conversation says about itself; times fall back to its messages'."""
    created, updated = _times(obj)
    project, kind = _project(obj)
    return ConversationFacts(
        id=conversation_id(obj),
        title=one_line(string(obj.get("title"))),
        created=created,
        updated=updated,
        starred=obj.get("is_starred") is True or read_seconds(obj.get("pinned_time")) is not None,
        archived=obj.get("is_archived") is True,
        do_not_remember=obj.get("is_do_not_remember") is True,
        project=project,
        project_kind=kind,
        default_model=default_model(obj),
        voice=_voice(obj.get("voice")),
        origin=one_line(string(obj.get("conversation_origin"))),
    )


def default_model(obj: Json) -> str:
    """Return the model a conversation was held with where its messages do not say."""
    slug = string(obj.get("default_model_slug")) or string(obj.get("model_slug"))
    return one_line(slug)


def _times(obj: Json) -> tuple[float | None, float | None]:
    """Return when it began and when it last changed, from its messages where it does not say."""
    created, updated = read_seconds(obj.get("create_time")), read_seconds(obj.get("update_time"))
    if created is not None and updated is not None:
        return created, updated
    began: list[float] = []
    changed: list[float] = []
    for message in _messages(obj):
        made = read_seconds(message.get("create_time"))
        began += [] if made is None else [made]
        changed += [each for each in (made, read_seconds(message.get("update_time"))) if each]
    first = created if created is not None else min(began, default=None)
    last = updated if updated is not None else max(changed, default=None)
    return first, (last if last is not None else first)


def _messages(obj: Json) -> Iterator[Json]:
    """Yield every message, in the order of the export."""
    nodes = obj.get("mapping")
    for node in mapping(nodes).values() if isinstance(nodes, dict) else items(nodes):
        message = mapping(node).get("message")
        if isinstance(message, dict):
            yield message


def _first_words(obj: Json) -> str:
    """Return the text of the person's earliest message."""
    earliest, words = float("inf"), ""
    for message in _messages(obj):
        if mapping(message.get("author")).get("role") != "user":
            continue
        parts = items(mapping(message.get("content")).get("parts"))
        text = "\n".join(part for part in parts if isinstance(part, str) and part)
        made = read_seconds(message.get("create_time"))
        made = float("inf") if made is None else made
        if text and (not words or made < earliest):
            earliest, words = made, text
    return words


def _project(obj: Json) -> tuple[str, str]:
    """Return the short id and the kind of the project or custom GPT."""
    for key in ("gizmo_id", "conversation_template_id"):
        found = _GIZMO.match(string(obj.get(key)).strip())
        if found:
            prefix, rest = found.groups()
            is_project = prefix == "g-p-" or obj.get("gizmo_type") == "snorlax"
            return prefix + rest[:_SHORT], "project" if is_project else "gpt"
    return "", ""


def _voice(value: object) -> str:
    """Return the name of a voice, given as a name or as an object that has one."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("id")
    return one_line(string(value))
