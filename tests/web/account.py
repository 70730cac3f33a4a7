"""Invented accounts for the browser tests: many conversations, a long one, and hostile ones."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.attacks import ATTACKS

BEGAN = 1_700_000_000.0  # seconds; November 2023
LONG = "c-long"
LONG_MESSAGES = 300
HOSTILE = "c-hostile"
MANY = 1200


def conversation(
    id_: str, title: str, said: Sequence[str], *, at: float = BEGAN, **more: object
) -> dict[str, Any]:
    """Make a conversation in which the person and the assistant take turns."""
    mapping: dict[str, Any] = {"r": {"id": "r", "message": None, "parent": None, "children": []}}
    before = "r"
    for index, text in enumerate(said):
        node = f"{id_}-{index}"
        mapping[before]["children"].append(node)
        mapping[node] = {
            "id": node,
            "parent": before,
            "children": [],
            "message": _message(node, "assistant" if index % 2 else "user", text, at + index),
        }
        before = node
    return {
        "id": id_,
        "conversation_id": id_,
        "title": title,
        "create_time": at,
        "update_time": at + len(said),
        "mapping": mapping,
        "current_node": before,
        **more,
    }


def many() -> list[dict[str, Any]]:
    """Answer the account with a long list: one long conversation, one hostile, and MANY small."""
    long = [
        f"Question {index // 2}" if index % 2 == 0 else f"Answer {index // 2}. " + "Loam. " * 60
        for index in range(LONG_MESSAGES)
    ]
    small = [
        conversation(
            f"c-{index:04}",
            f"Small talk {index:04}",
            [f"Hello {index}", "Hello."],
            at=BEGAN - index * 40_000,
        )
        for index in range(MANY)
    ]
    hostile = [text for _, text in ATTACKS]
    return [
        conversation(LONG, "A long walk", long, at=BEGAN + 2_000_000),
        conversation(HOSTILE, "Hostile words", hostile, at=BEGAN + 1_000_000),
        *(
            conversation(f"h-{index}", text, ["x", text], at=BEGAN + 900_000 - index)
            for index, text in enumerate(hostile)
        ),
        *small,
    ]


def write_archive(path: Path, conversations: Iterable[dict[str, Any]]) -> Path:
    """Write an archive as ChatGPT sends it, with nothing in it but conversations."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("conversations.json", json.dumps(list(conversations)))
    return path


def _message(id_: str, role: str, text: str, at: float) -> dict[str, Any]:
    return {
        "id": id_,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": at,
        "content": {"content_type": "text", "parts": [text]},
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "metadata": {"model_slug": "gpt-4o"} if role == "assistant" else {},
        "recipient": "all",
        "channel": None,
    }
