"""Conversations and messages as an export writes them, for tests of the pure core."""

from __future__ import annotations

from typing import Any

from app.core.blocks import Content
from app.core.conversation.tree import Tree
from app.core.messages.context import Context
from app.core.messages.understanding import understand

OPEN, NEXT, CLOSE = "\ue200", "\ue202", "\ue201"


def message(content: Any = "hello", role: str | None = "assistant", **fields: Any) -> dict:
    """Return a message object; a string content becomes a text with one part."""
    if isinstance(content, str):
        content = {"content_type": "text", "parts": [content]}
    told = {
        "author": {"role": role, "name": fields.pop("name", None), "metadata": {}},
        "create_time": 1735700000.0,
        "update_time": None,
        "content": content,
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "metadata": {},
        "recipient": "all",
        "channel": None,
    }
    return {**told, **fields}


def chain(*messages: Any) -> dict:
    """Return a conversation of messages n0, n1 … one after the other, below an empty root."""
    nodes = {"root": {"id": "root", "message": None, "parent": None, "children": ["n0"]}}
    for place, each in enumerate(messages):
        below = [f"n{place + 1}"] if place + 1 < len(messages) else []
        parent = f"n{place - 1}" if place else "root"
        nodes[f"n{place}"] = {
            "id": f"n{place}",
            "message": each,
            "parent": parent,
            "children": below,
        }
    return {
        "conversation_id": "c-1",
        "title": "Herb garden",
        "create_time": 1735700000.25,
        "update_time": 1735700400.0,
        "mapping": nodes,
        "current_node": f"n{len(messages) - 1}" if messages else "root",
    }


def node(parent: str | None = None, *children: str, said: Any = None, **fields: Any) -> dict:
    """Return one node of a mapping; ``said`` is a text or a message."""
    if isinstance(said, str):
        said = message(said)
    return {"message": said, "parent": parent, "children": list(children), **fields}


def understood(told: dict, *before: dict) -> Content:
    """Return a message understood, after others on the same branch."""
    conversation = chain(*before, told)
    return understand(f"n{len(before)}", told, Context(Tree.of(conversation)))
