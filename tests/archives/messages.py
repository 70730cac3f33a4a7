"""A small language for conversations: `conversation("c-1", user("…"), assistant("…"))`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

START = 1_735_700_000.25


def text(*parts: object) -> Json:
    """Content of the plainest type."""
    return {"content_type": "text", "parts": list(parts)}


def mixed(*parts: object) -> Json:
    """Content of mixed parts."""
    return {"content_type": "multimodal_text", "parts": list(parts)}


def code(body: str, language: str = "unknown") -> Json:
    """Content of a tool call."""
    return {
        "content_type": "code",
        "language": language,
        "response_format_name": None,
        "text": body,
    }


def message(role: str, content: object, *, name: str | None = None, **keys: object) -> Json:
    """A message with any content; keys given replace the usual ones."""
    return {
        "author": {"role": role, "name": name, "metadata": {}},
        "create_time": None,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": None,
        "weight": 1.0,
        "metadata": {},
        "recipient": "all",
        "channel": None,
        **keys,
    }


def user(content: object, **keys: object) -> Json:
    """What the person said; a string is plain text."""
    return message("user", _content(content), **keys)


def assistant(content: object, **keys: object) -> Json:
    """What was answered; a string is Markdown."""
    keys.setdefault("metadata", {"model_slug": "gpt-4o"})
    return message("assistant", _content(content), **keys)


def call(tool: str, content: object, **keys: object) -> Json:
    """The assistant calling a tool."""
    return assistant(content, recipient=tool, **keys)


def reply(tool: str, content: object, **keys: object) -> Json:
    """A tool's answer, for the model unless ``recipient`` says otherwise."""
    keys.setdefault("recipient", "assistant")
    return message("tool", _content(content), name=tool, **keys)


def hidden(role: str, content: object, **metadata: object) -> Json:
    """A message the person never saw."""
    details = {"is_visually_hidden_from_conversation": True, **metadata}
    return message(role, _content(content), metadata=details)


def image(pointer: str, size: int = 20_480, *, prompt: str | None = None, **keys: object) -> Json:
    """An image part, generated if a prompt is given."""
    metadata = None if prompt is None else {"dalle": {"gen_id": "G1", "prompt": prompt}}
    return {
        "content_type": "image_asset_pointer",
        "asset_pointer": pointer,
        "size_bytes": size,
        "width": 64,
        "height": 48,
        "fovea": None,
        "metadata": metadata,
        **keys,
    }


def audio(pointer: str, size: int) -> Json:
    """A recording part."""
    return {
        "content_type": "audio_asset_pointer",
        "asset_pointer": pointer,
        "size_bytes": size,
        "format": "wav",
        "expiry_datetime": "2027-01-01T00:00:00+00:00",
        "metadata": {"start": 0.0, "end": 1.0},
    }


def spoken(words: str, direction: str = "in") -> Json:
    """The words of a recording."""
    return {
        "content_type": "audio_transcription",
        "text": words,
        "direction": direction,
        "decoding_id": None,
    }


def conversation(
    key: str, *messages: Json | None, title: str | None = "Herb garden", **keys: object
) -> Json:
    """A conversation with an id, whose messages follow each other below an empty root.

    Node ids are ``<id>-n0`` (the root), ``<id>-n1`` …; times go up by a minute. A key
    given as ... (Ellipsis) is left out.
    """
    whole: Json = {
        "title": title,
        "create_time": START,
        "update_time": START + 60 * len(messages),
        "mapping": {f"{key}-n0": node(f"{key}-n0", None, None)},
        "current_node": f"{key}-n{len(messages)}",
        "conversation_id": key,
        "id": key,
        "conversation_template_id": None,
        "gizmo_id": None,
        "gizmo_type": None,
        "is_archived": False,
        "is_starred": None,
        "default_model_slug": "gpt-4o",
        "plugin_ids": None,
        "safe_urls": [],
        "blocked_urls": [],
        "moderation_results": [],
        "conversation_origin": None,
        "voice": None,
        "async_status": None,
        "disabled_tool_ids": [],
        "is_do_not_remember": False,
        "memory_scope": "global_enabled",
        "sugar_item_id": None,
        **keys,
    }
    grow(whole, f"{key}-n0", *messages, prefix=f"{key}-n")
    return {name: value for name, value in whole.items() if value is not ...}


def grow(whole: Json, parent: str, *messages: Json | None, prefix: str = "") -> str:
    """Hang messages below a node, one after the other; answer the last one's id."""
    mapping = whole["mapping"]
    for content in messages:
        key = f"{prefix or parent + '-'}{len(mapping)}"
        mapping[key] = node(key, content, parent)
        if content is not None:
            when = START + 60 * len(mapping)
            content.setdefault("id", key)
            content["create_time"] = content.get("create_time") or when
        mapping[parent]["children"].append(key)
        parent = key
    return parent


def node(key: str, content: Json | None, parent: str | None, *children: str) -> Json:
    """A bare node of the mapping."""
    return {"id": key, "message": content, "parent": parent, "children": list(children)}


def simple(number: int, **keys: object) -> Json:
    """A short conversation, a different one for each number."""
    question = user(f"Which herb is number {number}?")
    answer = assistant(f"Number {number} is *mint*.")
    keys.setdefault("title", f"Herb {number}")
    return conversation(f"c-simple-{number:04d}", question, answer, **keys)  # type: ignore[arg-type]


def last(whole: Mapping[str, Any]) -> str:
    """The id of the node added last."""
    return list(whole["mapping"])[-1]


def _content(content: object) -> object:
    return text(content) if isinstance(content, str) else content
