"""Taken out and read back: nothing of the text is lost, in Markdown or in JSON."""

from __future__ import annotations

import json
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.blocks import AssetReference, Prose
from app.core.conversation.indexing import index_conversation, index_text
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.saving.saves import save_conversations
from app.operations.saving.shape import shaped
from app.progress import Task
from app.rendering.media import PlacedAsset
from app.rendering.saved.markdown_file import markdown_file
from db.connection import connected
from tests.archives import odd_conversations
from tests.core import anything
from tests.core.shapes import chain, message, node

_FOOTNOTE = re.compile(r"\[\^\d+-\d+\]")
_DROPPED = str.maketrans("", "", string.punctuation)  # Markdown is made of these and of space


def letters(text: str) -> str:
    """Return a text without white space and ASCII punctuation: what Markdown cannot change."""
    return "".join(_FOOTNOTE.sub("", text).split()).translate(_DROPPED)


def told(text: str) -> Iterator[str]:
    """Yield the letters of each line of a text, a line said twice in a row once."""
    last = ""
    for line in text.split("\n"):
        if (found := letters(line)) and found != last:
            yield found
        last = found


def place(reference: AssetReference) -> PlacedAsset:
    there = f"media/{reference.kind}.bin" if reference.pointer[-1:] in "abc" else None
    return PlacedAsset(there, reference.kind, reference.name, reference.caption)


def check(conversation: dict[str, Any], links: Literal["markdown", "obsidian"]) -> None:
    """Find every line of every message in the file, in the order of the messages."""
    saved = shaped("c-1", conversation)
    file = markdown_file(saved, place, links).encode().decode()
    page, at = letters(file), 0
    for each in [*saved.messages, *(m for branch in saved.branches for m in branch.messages)]:
        for line in told(index_text(each.content)):
            found = page.find(line, at)
            assert found >= 0, (line, page[at : at + 200])
            at = found + len(line)
    for indexed in index_conversation(conversation).messages:
        if indexed.kind != "canvas":  # replayed into versions: found in the file's own order
            for line in told(indexed.text):
                assert line in page, line


@given(anything.conversations, st.sampled_from(["markdown", "obsidian"]))
@settings(max_examples=150, deadline=None)
def test_any_conversation_keeps_its_text(
    conversation: dict[str, Any], links: Literal["markdown", "obsidian"]
) -> None:
    """Whatever JSON a conversation is, what search finds in it is in its Markdown file."""
    check(conversation, links)


MARKDOWN = st.text(alphabet="ab 1.#>-*_`~|:[]()\\<&;$!\n\té字", max_size=80)


@given(st.lists(st.tuples(st.sampled_from(["user", "assistant", "tool"]), MARKDOWN), max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_text_is_kept(said: list[tuple[str, str]]) -> None:
    """Text that looks like Markdown, like nothing, or like half of it, comes back in order."""
    check(chain(*(message(text, role) for role, text in said)), "markdown")


def test_other_branches_are_in_the_file() -> None:
    """A question asked again keeps its first wording and answer, told where they belong."""
    conversation = {
        "mapping": {
            "r": node(None, "q1", "q2"),
            "q1": node("r", "a1", said=message("first wording", "user")),
            "a1": node("q1", said=message("first answer")),
            "q2": node("r", "a2", said=message("second wording", "user")),
            "a2": node("q2", said=message("second answer")),
        },
        "current_node": "a2",
    }
    saved = shaped("c-1", conversation)

    (branch,) = saved.branches
    assert [each.content.blocks[0].text for each in branch.messages] == [  # type: ignore[union-attr]
        "first wording",
        "first answer",
    ]
    assert branch.place == "Another beginning:"
    assert isinstance(saved.messages[1].content.blocks[0], Prose)
    check(conversation, "markdown")


@pytest.mark.parametrize("make", odd_conversations.ODD.values(), ids=odd_conversations.ODD)
def test_odd_conversations_keep_their_text(make: odd_conversations.Make) -> None:
    """What is odd about a conversation costs none of its words."""
    check(dict(make()), "obsidian")


def test_sample_keeps_its_text_and_its_json(demo_library: Library, tmp_path: Path) -> None:
    """Every conversation of the sample comes back: its text from Markdown, all of it from JSON."""
    export = ExportFolder(demo_library.exports / "Sample")
    stored = {file.name: json.loads(file.read_bytes()) for file in export.conversation_files()}
    with connected():
        result = save_conversations(
            demo_library, Task(), export="Sample", format="json", to=str(tmp_path)
        )

    assert {Path(file).name: json.loads(Path(file).read_bytes()) for file in result.files} == stored
    for conversation in stored.values():
        check(conversation, "markdown")
