"""What the catalog is told of a conversation agrees with what its reader is shown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import blocks as b
from app.core.conversation.indexing import index_conversation, index_text
from app.core.conversation.tree import Tree
from app.core.messages.context import Context
from app.core.messages.understanding import understand
from app.core.messages.visibility import glance
from tests.core.anything import conversations
from tests.core.shapes import CLOSE, OPEN, chain, message, node, understood


def texts(*messages):
    return [each.text for each in index_conversation(chain(*messages)).messages]


def test_plain_conversation():
    """Questions and answers are indexed as they are shown."""
    found = index_conversation(
        chain(message("Which herbs?", "user"), message("Mint.", metadata={"model_slug": "o3"}))
    )

    assert found.facts.id == "c-1"
    assert [(m.id, m.role, m.kind, m.display, m.model) for m in found.messages] == [
        ("n0", "user", "text", "show", ""),
        ("n1", "assistant", "text", "show", "o3"),
    ]
    assert (found.message_count, found.branches, found.models) == (2, 0, {"o3": 1})
    assert (found.first_message, found.last_message) == (1735700000.0, 1735700000.0)
    assert not found.has_media


def test_what_is_searched():
    """Prompts, transcripts, file names, thoughts and code are found; marks and hidden texts not."""
    picture = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "file-1",
        "metadata": {"dalle": {"prompt": "a kite"}},
    }
    spoken = {"content_type": "audio_transcription", "text": "spoken", "direction": "in"}
    attached = {"attachments": [{"id": "file-2", "name": "plan.pdf"}]}
    thought = {"summary": "Checking", "content": "shade"}

    assert texts(
        message({"content_type": "multimodal_text", "parts": [picture]}, "tool"),
        message({"content_type": "multimodal_text", "parts": [spoken]}, "user"),
        message("Look", "user", metadata=attached),
        message({"content_type": "thoughts", "thoughts": [thought]}),
        message({"content_type": "code", "text": "x = 1"}, recipient="python"),
        message(f"Mint{OPEN}cite{CLOSE}."),
        message("secret", "system"),
        message("```py\nprint()\n```\n$x^2$"),
    ) == [
        "a kite",
        "spoken",
        "Look\n\nplan.pdf",
        "Checking\n\nshade",
        "x = 1",
        "Mint.",
        "",
        "```py\nprint()\n```\n$x^2$",
    ]


def test_media():
    """The files a message refers to are listed as the export points to them."""
    attached = {"attachments": [{"id": "file-2", "name": "plan.pdf", "size": 9}]}
    found = index_conversation(chain(message("Look", "user", metadata=attached)))

    assert found.has_media
    assert found.messages[0].assets == (
        b.AssetReference("file-2", "file", name="plan.pdf", size_bytes=9),
    )


def test_counts():
    """Tools' messages are not counted as messages; further branches and unknown types are."""
    mapping = {
        "u": node(None, "a", "c", "t", said=message("q", "user")),
        "a": node("u", said="one"),
        "c": node("u", said="two"),
        "t": node("u", "d", said=message("x", "tool")),
        "d": node("t", said=message({"content_type": "hologram", "parts": ["three"]})),
    }
    found = index_conversation({"mapping": mapping})

    assert found.message_count == 4
    assert found.branches == 2
    assert found.not_understood == {"hologram": 1}


def test_research_report_counts():
    """A report a tool wrote is what its reader came for: it is counted and found."""
    report = {"report_message": {"content": {"parts": ["# Quiet pumps"]}}}
    told = message("", "tool", metadata={"chatgpt_sdk": {"widget_state": report}})
    found = index_conversation(chain(message("Which pump?", "user"), told))

    assert found.message_count == 2
    assert found.messages[1].text == "# Quiet pumps"


@settings(max_examples=300, deadline=None)
@given(conversations)
def test_index_agrees_with_content(conversation):
    """Whichever way a message is taken, its text, kind and display are those of its content."""
    tree = Tree.of(conversation)
    context = Context(tree)
    indexed = {each.id: each for each in index_conversation(conversation).messages}

    assert set(indexed) == {key for key, told in tree.messages.items() if told is not None}
    for key, found in indexed.items():
        content = understand(key, tree.messages[key], context)
        assert (found.text, found.kind, found.display) == (
            *(index_text(content), content.kind, content.display),
        )
        assert glance(tree.messages[key], context.above(key)) in (None, content.display)
        found.text.encode()


odd_words = st.text("abcdefgh", min_size=3, max_size=6)
odd_values = st.recursive(
    odd_words,
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["text", "parts", "odd", "title"]), below, max_size=3)
    ),
    max_leaves=8,
)


def leaves(value):
    if isinstance(value, str):
        yield value
    else:
        for each in value.values() if isinstance(value, dict) else value:
            yield from leaves(each)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["parts", "text", "content", "odd"]), odd_values),
    st.sampled_from(["hologram", "", None]),
    st.sampled_from(["user", "assistant", "tool", "critic"]),
)
def test_unknown_types_lose_no_words(content, content_type, role):
    """Every word of a content of unknown type, or of none, is found in what is made of it."""
    found = understood(message({**content, "content_type": content_type}, role))

    said = index_text(found)
    assert all(word in said for word in leaves(content))
