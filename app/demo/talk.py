"""One conversation being told: each call adds a message, as ChatGPT would have stored it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.demo.maker import Asset, Maker

Json = dict[str, Any]


class Talk:
    """A conversation's tree. ``here`` is the message the next one follows.

    ``started`` is "2024-05-12 14:05" in UTC; ``fields`` are further keys of the
    conversation. A story may set ``here`` back to branch.
    """

    def __init__(
        self, maker: Maker, title: str | None, started: str, *, model: str = "gpt-4o", **fields: Any
    ) -> None:
        self.maker, self.title, self.model, self.fields = maker, title, model, fields
        self.id = maker.uuid()
        self.now = datetime.fromisoformat(started).replace(tzinfo=UTC).timestamp()
        self.began = self.now
        self.mapping: Json = {}
        self.here = self.add_node(None, None)
        self.put("system", text(""), hidden=True, timed=False, weight=0.0)
        maker.talks.append(self)

    def put(
        self,
        role: str,
        content: object,
        *,
        name: str | None = None,
        recipient: str = "all",
        metadata: Mapping[str, object] | None = None,
        hidden: bool = False,
        timed: bool = True,
        **message: object,
    ) -> str:
        """Add a message with any content after ``here``; return its id."""
        self.now += self.maker.random.uniform(2, 9) if role != "user" else self._pause()
        details = dict(metadata or {})
        if hidden:
            details["is_visually_hidden_from_conversation"] = True
        whole: Json = {
            "id": "",
            "author": {"role": role, "name": name, "metadata": {}},
            "create_time": round(self.now, 6) if timed else None,
            "update_time": None,
            "content": content,
            "status": "finished_successfully",
            "end_turn": None,
            "weight": 1.0,
            "metadata": details,
            "recipient": recipient,
            "channel": None,
            **message,
        }
        self.here = self.add_node(whole, self.here)
        whole["id"] = self.here
        return self.here

    def ask(self, words: str, *files: Asset, **metadata: object) -> str:
        """Add what the person wrote; pictures among the files are shown above it."""
        details: Json = {"request_id": self.maker.uuid(), "timestamp_": "absolute", **metadata}
        if files:
            details["attachments"] = [asset.attachment() for asset in files]
        pictures = [asset.part() for asset in files if asset.mime_type.startswith("image/")]
        content = parts(*pictures, words) if pictures else text(words)
        return self.put("user", content, metadata=details)

    def answer(self, words: str, **metadata: object) -> str:
        """Add an answer in Markdown."""
        return self.put("assistant", text(words), metadata=self.told(**metadata), end_turn=True)

    def call(self, tool: str, body: str, language: str = "unknown", **metadata: object) -> str:
        """Add a call of a tool."""
        content = {
            "content_type": "code",
            "language": language,
            "response_format_name": None,
            "text": body,
        }
        return self.put(
            "assistant", content, recipient=tool, metadata=self.told(**metadata), end_turn=False
        )

    def reply(
        self, tool: str, content: object, *, recipient: str = "assistant", **metadata: object
    ) -> str:
        """Add what a tool answered."""
        details = {"command": "execute", "model_slug": self.model, **metadata}
        return self.put("tool", content, name=tool, recipient=recipient, metadata=details)

    def exchange(self, pairs: Iterable[Sequence[str]]) -> None:
        """Add questions with their answers."""
        for question, *answers in pairs:
            self.ask(question)
            for words in answers:
                self.answer(words)

    def told(self, **metadata: object) -> Json:
        """Return the metadata answers carry."""
        return {
            "model_slug": self.model,
            "default_model_slug": self.model,
            "finish_details": {"type": "stop", "stop_tokens": [200002]},
            "is_complete": True,
            "message_type": "next",
            "citations": [],
            "content_references": [],
            "request_id": self.maker.uuid(),
            "turn_exchange_id": self.maker.uuid(),
            "parent_id": self.here,
            "timestamp_": "absolute",
            **metadata,
        }

    def share(self, *, anonymous: bool = True) -> None:
        """Note that the person shared this conversation by a link."""
        self.maker.shared.append(
            {
                "id": self.maker.uuid(),
                "conversation_id": self.id,
                "title": self.title,
                "is_anonymous": anonymous,
            }
        )

    def rate(self, message: str, *, up: bool, words: str = "", tags: Sequence[str] = ()) -> None:
        """Note what the person thought of an answer."""
        old = self.began < datetime(2024, 6, 1, tzinfo=UTC).timestamp()
        row: Json = {"message_id" if old else "id": message, "conversation_id": self.id}
        row["user_id"] = self.maker.account
        row["rating"] = (
            ("thumbsUp" if up else "thumbsDown") if old else f"thumbs_{'up' if up else 'down'}"
        )
        said = {"tags": list(tags), "text": words} if words or tags else {}
        row["content"] = dumps(said)
        row["create_time"] = datetime.fromtimestamp(self.now, UTC).isoformat()
        self.maker.feedback.append(row)

    def raw(self) -> Json:
        """Return the conversation as an export holds it."""
        return {
            "title": self.title,
            "create_time": round(self.began, 6),
            "update_time": round(self.now, 6),
            "mapping": self.mapping,
            "moderation_results": [],
            "current_node": self.here,
            "plugin_ids": None,
            "conversation_id": self.id,
            "conversation_template_id": self.fields.get("gizmo_id"),
            "gizmo_id": None,
            "gizmo_type": None,
            "is_archived": False,
            "is_starred": None,
            "safe_urls": [],
            "blocked_urls": [],
            "default_model_slug": self.model,
            "conversation_origin": None,
            "voice": None,
            "async_status": None,
            "disabled_tool_ids": [],
            "is_do_not_remember": False,
            "memory_scope": "global_enabled",
            "sugar_item_id": None,
            "id": self.id,
            **self.fields,
        }

    def add_node(self, message: Json | None, parent: str | None) -> str:
        """Add a bare node below another (or as a root); return its id."""
        node = self.maker.uuid()
        self.mapping[node] = {"id": node, "message": message, "parent": parent, "children": []}
        if parent is not None:
            self.mapping[parent]["children"].append(node)
        return node

    def _pause(self) -> float:
        random = self.maker.random
        return random.uniform(20, 240) if random.random() < 0.93 else random.uniform(4_000, 90_000)


def text(*words: object) -> Json:
    """Return content of the plainest type."""
    return {"content_type": "text", "parts": list(words)}


def parts(*several: object) -> Json:
    """Return content of mixed parts."""
    return {"content_type": "multimodal_text", "parts": list(several)}


def dumps(value: object) -> str:
    """Return JSON as a tool writes it into a text."""
    return json.dumps(value, ensure_ascii=False)
