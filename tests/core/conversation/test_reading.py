"""A conversation is read along a branch; everything else is within reach."""

from __future__ import annotations

import time

from hypothesis import given, settings

from app.core import blocks as b
from app.core.conversation.reading import Reading
from tests.core.anything import conversations
from tests.core.shapes import chain, message, node

HIDDEN = {"is_visually_hidden_from_conversation": True}


def branching():
    """A question with two answers, of which tools made the second, and an edited question."""
    return {
        "default_model_slug": "gpt-4o",
        "current_node": "a2",
        "mapping": {
            "r": node(None, "s"),
            "s": node("r", "u", "v", said=message("", "system", metadata=HIDDEN)),
            "u": node("s", "a1", "t", said=message("Which herbs?\nThank you", "user")),
            "a1": node("u", said="Mint."),
            "t": node("u", "x", said=message("print(1)", recipient="python")),
            "x": node("t", "a2", said=message("1", "tool", name="python")),
            "a2": node("x", said="Parsley."),
            "v": node("s", "w", said=message("Which trees?", "user")),
            "w": node("v", said="Oak."),
        },
    }


def test_active_branch():
    """The branch last shown is read, with folded messages and without hidden ones."""
    reading = Reading.of(branching())

    assert reading.path() == ["u", "t", "x", "a2"]
    assert reading.path(hidden=True) == ["s", "u", "t", "x", "a2"]
    assert reading.hidden_count() == 1


def test_switching_branches():
    """Siblings are answers to one question; what tools did belongs to an answer's branch."""
    reading = Reading.of(branching())

    assert reading.branch("a2") == (2, ("a1", "a2"))
    assert reading.branch("u") == (1, ("u", "v"))
    assert reading.branch("t") is None
    assert reading.path("a1") == ["u", "a1"]
    assert reading.path("v") == ["v", "w"]
    assert reading.path("unknown") == reading.path()


def test_branch_that_shows_nothing():
    """A branch of folded messages only can still be switched to."""
    conversation = branching()
    del conversation["mapping"]["a2"]
    reading = Reading.of(conversation)

    assert reading.branch("a1") == (1, ("a1", "t"))


def test_chain_has_no_branches():
    """Where nothing branches there is nothing to switch."""
    reading = Reading.of(chain(message("q", "user"), message("a")))

    assert [reading.branch(each) for each in reading.path()] == [None, None]


def test_many_empty_nodes():
    """Thousands of messages below thousands of empty nodes are no slower than others."""
    size = 20_000
    mapping = {f"e{n}": node(f"e{n - 1}" if n else None) for n in range(size)}
    told = message("x", "tool")
    mapping |= {f"m{n}": node(f"e{size - 1}", said=told) for n in range(size)}
    began = time.process_time()

    reading = Reading.of({"mapping": mapping})

    assert len(reading.branch("m5")[1]) == size
    assert time.process_time() - began < 10


def test_outline():
    """The person's questions are listed by their first line."""
    spoken = {"content_type": "audio_transcription", "text": "What grows?", "direction": "in"}
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-1"}
    reading = Reading.of(
        chain(
            message("\n  First?\nmore", "user"),
            message("x" * 500),
            message("y" * 500, "user"),
            message({"content_type": "multimodal_text", "parts": [spoken]}, "user"),
            message({"content_type": "multimodal_text", "parts": [picture]}, "user"),
        )
    )

    texts = [text for _, text in reading.outline()]
    assert texts == ["First?", "y" * 119 + "…", "What grows?", "…"]
    assert [node for node, _ in Reading.of(branching()).outline("a1")] == ["u"]


def test_outline_understands_nothing():
    """Opening a long conversation does not understand its plain messages."""
    reading = Reading.of(chain(*[message("q", "user"), message("a")] * 50))

    reading.path()
    reading.outline()

    assert reading._contents == {}


def test_instructions_in_force():
    """The last custom instructions of a branch are in force."""

    def told(words):
        content = {"content_type": "user_editable_context", "user_instructions": words}
        return message(content, "user", metadata=HIDDEN)

    reading = Reading.of(chain(told("Be long."), message("q", "user"), told("Be brief.")))

    assert reading.instructions() == (("How to answer", "Be brief."),)
    assert Reading.of(branching()).instructions() == ()


def test_detached_messages():
    """Messages of a loop come last when hidden ones are asked for."""
    conversation = chain(message("q", "user"))
    conversation["mapping"] |= {"a": node("b", said="lost"), "b": node("a", said="found")}
    reading = Reading.of(conversation)

    assert reading.path() == ["n0"]
    assert reading.path(hidden=True) == ["n0", *reading.tree.detached]
    assert sorted(reading.tree.detached) == ["a", "b"]
    assert reading.hidden_count() == 2
    assert len(reading.warnings) == 1


def test_all_detached():
    """A conversation that is one loop is shown all the same."""
    mapping = {"a": node("b", said="lost"), "b": node("a", said="found")}

    assert sorted(Reading.of({"mapping": mapping}).path()) == ["a", "b"]


def test_case_48_models():
    """A message's model is its own, else the conversation's, else the one heard before it."""
    own = message("a", metadata={"model_slug": "o3"})
    later = chain(message("q", "user"), own, message("q", "user"), message("b"))

    assert [Reading.of(later).model(f"n{n}") for n in range(4)] == ["", "o3", "", "o3"]
    later["default_model_slug"] = "gpt-4o"
    assert [Reading.of(later).model(f"n{n}") for n in range(4)] == ["", "o3", "", "gpt-4o"]
    assert Reading.of(chain(message("a"))).model("n0") == ""


def test_authors():
    """People see who speaks; a picture from a tool is ChatGPT's."""
    part = {"content_type": "image_asset_pointer", "asset_pointer": "file-1"}
    picture = message({"content_type": "multimodal_text", "parts": [part]}, "tool", name="dalle")
    reading = Reading.of(
        chain(
            *(message("q", "user"), message("a"), message("x", "tool", name="web.run"), picture),
            *(message("x", "tool"), message("x", None), message("x", "critic")),
        )
    )

    assert [reading.author(f"n{n}") for n in range(7)] == [
        *("You", "ChatGPT", "web.run", "ChatGPT", "Tool", "Unknown", "Critic")
    ]


def test_case_50_only_hidden():
    """A conversation of hidden messages shows none, and all when asked."""
    reading = Reading.of(chain(message("x", "system"), message("y", metadata=HIDDEN)))

    assert reading.path() == []
    assert reading.path(hidden=True) == ["n0", "n1"]
    assert reading.outline() == []


def test_case_44_huge_message():
    """A message of five megabytes and four thousand paragraphs is text like any other."""
    text = "A paragraph of words.\n\n" * 4000 + "x" * 5_000_000 + "\n```\nopen"
    reading = Reading.of(chain(message(text), message("> " * 500 + "- " * 500, "user")))

    assert reading.content("n0").blocks == (b.Prose(text),)


def test_case_43_text_of_every_kind():
    """Lone surrogates and NUL are made fit; separators, directions and joined emoji are kept."""
    reading = Reading.of(chain(message("\ud83d\x00 \u2028 \u202eRTL 👩\u200d👩\u200d👧", "user")))

    assert reading.content("n0").blocks == (b.Plain("\ufffd \u2028 \u202eRTL 👩\u200d👩\u200d👧"),)


def test_case_45_prices_and_brackets():
    """Dollar prices and unbalanced math pass through untouched."""
    text = r"$5 and $6, \[ open, \( x"

    assert Reading.of(chain(message(text))).content("n0").blocks == (b.Prose(text),)


def test_case_46_script_in_names():
    """A script in a file's or tool's name is only text here; it is escaped where it is shown."""
    attached = {"attachments": [{"id": "file-1", "name": "<script>.png"}]}
    reading = Reading.of(
        chain(message("q", "user", metadata=attached), message("x", "tool", name="<script>"))
    )

    assert reading.content("n0").blocks[1].name == "<script>.png"
    assert reading.author("n1") == "<script>"


@settings(max_examples=200, deadline=None)
@given(conversations)
def test_any_conversation_can_be_read(conversation):
    """Any JSON is some conversation: every message is reached, and every question answered."""
    reading = Reading.of(conversation)
    reached = set(reading.path(hidden=True))
    for key, told in reading.tree.messages.items():
        reached |= set(reading.path(key, hidden=True))
        index, siblings = reading.branch(key) or (1, (key,))
        assert siblings[index - 1] == key
        assert set(reading.path(key)) <= set(reading.path(key, hidden=True))
        assert isinstance(reading.content(key), b.Content)
        reading.author(key).encode()
        reading.model(key).encode()
        assert told is None or key in reached
    for key, text in reading.outline():
        assert key in reading.tree.messages
        assert 0 < len(text) <= 120
    assert reading.hidden_count() >= 0
    assert isinstance(reading.instructions(), tuple)
