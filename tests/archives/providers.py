"""Exports of other assistants, which must be told apart and refused by name."""

from __future__ import annotations

from pathlib import Path

from tests.archives.expected import Expected, refused
from tests.archives.writing import write_zip

_FRAGMENTS = [{"type": "REQUEST", "content": "hello"}]

# name of the assistant -> the files of its export
OTHERS: dict[str, dict[str, object]] = {
    "DeepSeek": {
        "conversations.json": [
            {
                "id": "d-1",
                "title": "Hello",
                "inserted_at": "2025-02-01T10:00:00Z",
                "updated_at": "2025-02-01T10:00:00Z",
                "mapping": {
                    "root": {"id": "root", "parent": None, "children": ["1"], "message": None},
                    "1": {
                        "id": "1",
                        "parent": "root",
                        "children": [],
                        "message": {"model": "deepseek-chat", "fragments": _FRAGMENTS},
                    },
                },
            }
        ],
        "user.json": {"user_id": "x", "email": "sam@example.org"},
    },
    "Claude": {
        "conversations.json": [
            {
                "uuid": "a-1",
                "name": "Hello",
                "created_at": "2025-02-01T10:00:00Z",
                "chat_messages": [{"uuid": "m", "text": "hello", "sender": "human"}],
            }
        ],
        "users.json": [{"uuid": "u"}],
        "projects.json": [],
    },
    "Grok": {"prod-grok-backend.json": {"conversations": [{"conversation": {}, "responses": []}]}},
    "Gemini": {"Takeout/My Activity/Gemini Apps/My Activity.json": [{"header": "Gemini Apps"}]},
    "Open WebUI": {"chats.json": [{"chat": {"history": {"messages": {}}}}]},
    "LibreChat": {"chat.json": {"conversationId": "l-1", "messages": []}},
}


def deepseek_lookalike(folder: Path) -> Expected:
    """An array of conversations with a mapping, but not ChatGPT's."""
    return other("DeepSeek", folder)


def other(name: str, folder: Path) -> Expected:
    """The export of another assistant, by name."""
    return refused(write_zip(folder / f"{name}.zip", OTHERS[name]))
