"""What is shown, folded, hidden or told elsewhere follows from who says it to whom."""

from __future__ import annotations

import pytest

from app.core import blocks as b
from app.core.messages.visibility import glance
from tests.core.shapes import message, understood

PICTURE = {
    "content_type": "multimodal_text",
    "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_1"}],
}
HIDDEN = {"is_visually_hidden_from_conversation": True}


@pytest.mark.parametrize(
    ("told", "display"),
    [
        (message("q", "user"), "show"),
        (message("a"), "show"),
        (message("note", channel="commentary"), "show"),
        (message("hm", channel="analysis"), "fold"),
        (message("x", recipient="bio"), "fold"),
        (message("x", "tool", name="bio"), "fold"),
        (message(PICTURE, "tool"), "show"),
        (message(PICTURE, "tool", recipient="assistant"), "fold"),
        (message("x", "function"), "fold"),
        (message("x", "critic"), "fold"),
        (message("x", "system"), "hide"),
        (message("x", "developer"), "hide"),
        (message("q", "user", metadata=HIDDEN), "hide"),
        (message("q", "user", recipient="python"), "show"),
        (message("  ", "user"), "hide"),
        (message("x", weight=0.0), "show"),
        (message("\ue200cite\ue202turn0search0\ue201"), "hide"),
    ],
)
def test_display(told, display):
    """The rules of hiding, in their order; a glance says the same or nothing."""
    assert understood(told).display == display
    assert glance(told, None) in (display, None)


@pytest.mark.parametrize("author", [None, {}, [], 5, {"role": None}, {"role": 5}])
def test_case_28_author_of_any_type(author):
    """Without an author the words are still shown."""
    found = understood(message("words", author=author))

    assert found == b.Content("text", "show", (b.Plain("words"),))


def test_case_28_unknown_role():
    """A role never seen before is shown as plain text."""
    assert understood(message("words", "oracle")).blocks == (b.Plain("words"),)


@pytest.mark.parametrize("metadata", [None, [], "x", 5])
def test_case_29_metadata_of_any_type(metadata):
    """Metadata may be null or anything; missing is the same."""
    bare = message("words")
    del bare["metadata"]

    assert understood(message("words", metadata=metadata)) == understood(bare)
    assert understood(bare).blocks == (b.Prose("words"),)


def test_case_34_bare_message():
    """Without recipient, weight and status a message is for everyone."""
    told = {"author": {"role": "assistant"}, "content": {"content_type": "text", "parts": ["a"]}}

    assert understood(told) == b.Content("text", "show", (b.Prose("a"),))


def test_remark_about_a_picture():
    """What a tool tells the model right after its picture is hidden; elsewhere it is folded."""
    remark = message("Do not say anything after this.", "tool", name="t2uay3k")

    assert understood(remark, message(PICTURE, "tool")).display == "hide"
    assert understood(remark, message("a")).display == "fold"


@pytest.mark.parametrize(
    ("fields", "notice"),
    [
        ({"status": "in_progress"}, b.Notice("This answer was never finished.")),
        (
            {"status": "finished_partial_completion"},
            b.Notice("This answer was stopped before it was finished."),
        ),
        ({"status": "error"}, b.Notice("ChatGPT met an error while answering.", "error")),
        (
            {"metadata": {"finish_details": {"type": "max_tokens"}}},
            b.Notice("This answer reached the limit of its length."),
        ),
    ],
)
def test_case_49_unfinished_answers(fields, notice):
    """An answer that did not end well is shown, with one quiet line; a question is not told so."""
    assert understood(message("Mint", **fields)).blocks == (b.Prose("Mint"), notice)
    assert understood(message("Mint?", "user", **fields)).blocks == (b.Plain("Mint?"),)


def test_case_49_nothing_came():
    """An answer of which nothing came is hidden, unless an error explains it."""
    assert understood(message("", status="in_progress")).display == "hide"
    assert understood(message("", status="error")).display == "show"


@pytest.mark.parametrize(
    "state",
    [
        {"report_message": {"content": {"parts": ["# Report \ue200cite\ue201"]}}},
        '{"report_message": {"content": {"parts": ["# Report "]}}}',
        {"deeper": {"report_message": {"content": "# Report "}}},
    ],
)
@pytest.mark.parametrize("key", ["chatgpt_sdk", "venus_widget_state"])
def test_case_47_research_report(state, key):
    """A report in a hidden tool's widget is shown, given as an object or as JSON in a string."""
    held = {"widget_state": state} if key == "chatgpt_sdk" else state
    told = message("", "tool", metadata={**HIDDEN, key: held})

    assert understood(told).display == "show"
    assert understood(told).blocks == (b.Prose("# Report "),)


def test_report_cites_its_own_sources():
    """The references of a report resolve its marks."""
    mark = "\ue200cite\ue202turn0search0\ue201"
    reference = {
        "type": "grouped_webpages",
        "matched_text": mark,
        "items": [{"title": "Mint", "url": "https://example.org/mint"}],
    }
    report = {"content": {"parts": ["Mint." + mark], "content_references": [reference]}}
    metadata = {"chatgpt_sdk": {"widget_state": {"report_message": report}}}
    found = understood(message("", "tool", metadata=metadata))

    assert found.blocks == (b.Prose("Mint.\ufdd01\ufdd1"),)
    assert found.sources == (b.Source(1, "Mint", "https://example.org/mint"),)


@pytest.mark.parametrize("state", ["{broken report_message", [], 5, None, "[" * 100_000, {}])
def test_case_47_widget_states_without_a_report(state):
    """A widget state that is broken or holds no report changes nothing."""
    metadata = {**HIDDEN, "chatgpt_sdk": {"widget_state": state}}

    assert understood(message("x", "tool", metadata=metadata)).display == "hide"
