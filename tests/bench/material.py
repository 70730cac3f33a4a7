"""Invented archives of any size, the same for the same seed: words, code, tables, formulas."""

from __future__ import annotations

import itertools
import random
import re
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

MEBIBYTE = 1024 * 1024
SYLLABLES = re.findall("..", "bacedifoguhakelimonuprastitrivewexyozuen")
CODE = """```python
def total(prices: list[float], rate: float = 0.19) -> float:
    \"\"\"Add the {0} and the {1}, taxes included.\"\"\"
    result = sum(price for price in prices if price > 0)
    for {2} in range(len(prices)):
        print(f"{{{2}}}: {{prices[{2}]:.2f}}")
    return result * (1 + rate)
```"""
TABLE = "| {0} | {1} | price |\n| :--- | ---: | :---: |\n" + "| {0} {1} | {2} | 12.50 |\n" * 4
LISTING = "1. **{0}** and {1}\n   - {2}\n   - `{0}.{1}()`\n2. see [{2}](https://example.org/{0})"
FORMULA = (
    "The {0} grows as \\(x^2 + {{\\frac{{a}}{{b}}}}\\), so\n\n"
    "\\[\\int_0^1 {{x^n}} dx = \\frac{{1}}{{n+1}}\\]"
)
CHINESE = "北方的花园里种着薄荷与欧芹，阳光不多，但是土壤很好，我们可以从春天开始播种。"


class Writer:
    """Writes conversations as ChatGPT would have; all it does follows from its seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - invented text, not secrets
        words = {"".join(self._random.choices(SYLLABLES, k=size)) for size in (2, 3, 4) * 9_000}
        self._words = sorted(words)
        self._random.shuffle(self._words)
        # Words are as unevenly frequent as in a language: Zipf's law.
        ranks = range(1, len(self._words) + 1)
        self._weights = list(itertools.accumulate(1 / rank for rank in ranks))
        self._blocks = [self._block(number) for number in range(3_000)]

    def _block(self, number: int) -> str:
        words = self._some_words(90)
        shapes = {3: CODE, 5: TABLE, 7: LISTING, 11: FORMULA}
        if (shape := shapes.get(number % 13)) is not None:
            return shape.format(*words)
        if number % 40 == 0:
            return CHINESE * 3
        sentences = [" ".join(words[start : start + 15]).capitalize() for start in (0, 15, 30, 45)]
        return f"## {words[60]} {words[61]}\n\n" * (number % 4 == 0) + ". ".join(sentences) + "."

    def _some_words(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def answer(self, blocks: int = 5) -> str:
        """Answer Markdown of so many blocks, about 550 bytes each and mostly prose."""
        return "\n\n".join(self._random.choices(self._blocks, k=blocks))

    def rich_answer(self) -> str:
        """Answer Markdown as long explanations have it: every kind of block, about 4.6 kB."""
        prose = [block for block in self._blocks[::13] if not block.startswith("北")]
        shaped = [
            self._random.choice(self._blocks[kind::13]) for kind in (7, 3, 11, 5, 3, 11, 7, 3)
        ]
        told = [self._random.choice(prose) for _ in range(5)]
        words = self._some_words(6)
        parts = [
            told[0],
            *shaped[:3],
            f"### {words[0]} {words[1]}",
            *told[1:3],
            *shaped[3:6],
            *told[3:],
        ]
        return "\n\n".join([f"## {words[2]} **{words[3]}**", *parts, *shaped[6:]])

    def question(self) -> str:
        """Answer a line or two such as a person types."""
        return " ".join(self._some_words(24)) + "?"

    def id(self) -> str:
        """Answer a new id."""
        return str(uuid.UUID(int=self._random.getrandbits(128)))

    def conversation(self, messages: int, *, rich: bool = False, branch: bool = True) -> dict:
        """Answer a conversation of so many messages, every second an answer.

        With ``rich`` answers hold every kind of block; with ``branch`` the last was
        regenerated once.
        """
        tell = self.rich_answer if rich else self.answer
        began = 1_700_000_000.0 + self._random.randrange(60_000_000)
        root, parent = self.id(), ""
        mapping: dict = {root: {"id": root, "message": None, "parent": None, "children": []}}
        parent = root
        for number in range(messages):
            text = tell() if number % 2 else self.question()
            node = self._node(number, began + 20 * number, text, parent)
            mapping[node["id"]] = node
            mapping[parent]["children"].append(node["id"])
            before, parent = parent, node["id"]
        if branch:
            node = self._node(messages - 1, began + 20 * messages, tell(), before)
            mapping[node["id"]] = node
            mapping[before]["children"].append(node["id"])
        return self._object(mapping, parent, began, began + 20 * messages)

    def _node(self, number: int, created: float, text: str, parent: str) -> dict:
        key, role = self.id(), "assistant" if number % 2 else "user"
        metadata = {
            "request_id": self.id(),
            "timestamp_": "absolute",
            "message_type": None,
            "model_slug": "gpt-4o",
            "default_model_slug": "gpt-4o",
            "parent_id": parent,
            "finish_details": {"type": "stop", "stop_tokens": [200002]},
            "is_complete": True,
            "citations": [],
            "content_references": [],
        }
        message = {
            "id": key,
            "author": {"role": role, "name": None, "metadata": {}},
            "create_time": created,
            "update_time": None,
            "content": {"content_type": "text", "parts": [text]},
            "status": "finished_successfully",
            "end_turn": True,
            "weight": 1.0,
            "metadata": metadata if role == "assistant" else {"request_id": self.id()},
            "recipient": "all",
            "channel": None,
        }
        return {"id": key, "message": message, "parent": parent, "children": []}

    def _object(self, mapping: dict, current: str, created: float, updated: float) -> dict:
        key = self.id()
        return {
            "title": " ".join(self._random.choices(self._words, k=4)).capitalize(),
            "create_time": created,
            "update_time": updated,
            "mapping": mapping,
            "moderation_results": [],
            "current_node": current,
            "plugin_ids": None,
            "conversation_id": key,
            "conversation_template_id": None,
            "gizmo_id": None,
            "gizmo_type": None,
            "is_archived": False,
            "is_starred": None,
            "safe_urls": ["https://example.org/"],
            "blocked_urls": [],
            "default_model_slug": "gpt-4o",
            "conversation_origin": None,
            "voice": None,
            "async_status": None,
            "disabled_tool_ids": [],
            "is_do_not_remember": None,
            "memory_scope": "global_enabled",
            "id": key,
        }

    def bytes(self, size: int) -> bytes:
        """Answer bytes that do not compress, as pictures and recordings do not."""
        return self._random.randbytes(size)


def conversations(
    seed: int, *, count: int | None = None, size: int | None = None
) -> Iterator[bytes]:
    """Yield encoded conversations, about 31 KiB each: so many, or until ``size`` bytes."""
    writer, encoder = Writer(seed), msgspec.json.Encoder()
    done = written = 0
    while (count is None or done < count) and (size is None or written < size):
        encoded = encoder.encode(writer.conversation(13 + done % 8))
        yield encoded
        done, written = done + 1, written + len(encoded) + 1


def write_json(path: Path, encoded: Iterator[bytes]) -> None:
    """Write a ``conversations.json`` of these conversations."""
    with path.open("wb") as file:
        file.write(b"[")
        for number, each in enumerate(encoded):
            file.write(b"," * (number > 0) + each)
        file.write(b"]")


def write_archive(path: Path, json: Path, media: dict[str, bytes] | None = None) -> None:
    """Write a ZIP as ChatGPT sends it: deflated, conversations first."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        archive.write(json, "conversations.json")
        archive.writestr("user.json", b'{"id":"user-bench","email":"sam@example.org"}')
        for name, content in (media or {}).items():
            archive.writestr(name, content)


def write_media_archive(path: Path, size: int) -> None:
    """Write a ZIP of ``size`` bytes of media of ordinary sizes, each spoken of by a message."""
    writer, spoken, total = Writer(3), [], 0
    conversation = writer.conversation(2, branch=False)
    question = next(node for node in conversation["mapping"].values() if node["message"])
    sizes = [180, 1_400, 90, 3_000, 700, 6_500, 40, 2_200]  # KiB
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while total < size:
            content = b"\x89PNG\r\n\x1a\n" + writer.bytes(sizes[len(spoken) % 8] * 1024)
            key = f"file_{len(spoken):032x}"
            archive.writestr(f"user-bench/{key}-{writer.id()}.png", content)
            spoken.append(
                {
                    "content_type": "image_asset_pointer",
                    "asset_pointer": f"sediment://{key}",
                    "size_bytes": len(content),
                    "width": 640,
                    "height": 480,
                }
            )
            total += len(content)
        question["message"]["content"] = {"content_type": "multimodal_text", "parts": spoken}
        archive.writestr("conversations.json", msgspec.json.encode([conversation]))
        archive.writestr("user.json", b'{"id":"user-bench","email":"sam@example.org"}')
