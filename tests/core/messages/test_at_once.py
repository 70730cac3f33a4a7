"""The short way to understand an ordinary message comes to what the long way does."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.conversation.tree import Tree
from app.core.messages import understanding
from app.core.messages.context import Context
from tests.core import anything
from tests.core.shapes import chain, message

TEXTS = st.sampled_from(
    ["hello", " \nhi\n", "a\r\nb", "a :::b", "so\x00\ufdd0 it", *anything.WORDS]
)
DETAILS = {
    "metadata": st.dictionaries(st.sampled_from(anything.KEYS), anything.values, max_size=2)
    | st.none(),
    "status": st.sampled_from(["in_progress", "error", "finished_partial_completion", None, 3]),
    "recipient": st.sampled_from(["all", "bio", "python", None, 3]),
    "channel": st.sampled_from([None, "analysis", "final", 3]),
    "name": st.sampled_from([None, "bio", "python"]),
}
ENDINGS = st.sampled_from(["interrupted", "max_tokens", "stop", None, []])


@st.composite
def nearly_ordinary(draw: st.DrawFn) -> dict[str, Any]:
    """One text, and few other details or none, any of which may make the message special."""
    role = draw(st.sampled_from(["user", "assistant"]))
    changed = draw(st.sets(st.sampled_from(sorted(DETAILS)), max_size=1))
    told = message(draw(TEXTS), role, **{name: draw(DETAILS[name]) for name in sorted(changed)})
    if draw(st.booleans()):
        metadata = told["metadata"] or {}
        told["metadata"] = {**metadata, "finish_details": {"type": draw(ENDINGS)}}
    return told


@given(nearly_ordinary())
@settings(max_examples=400, deadline=None)
def test_short_way_comes_to_the_same(told: dict[str, Any]) -> None:
    """Where the short way answers, the long way would have answered the same."""
    short = understanding.understood_at_once(told)

    if short is not None:
        with patch.object(understanding, "understood_at_once", return_value=None):
            long = understanding.understand("n0", told, Context(Tree.of(chain(told))))
        assert short == long


def test_ordinary_messages_take_it() -> None:
    """What a person asks and ChatGPT answers is understood the short way."""
    assert understanding.understood_at_once(message("hello", "user")) is not None
    assert understanding.understood_at_once(message("**hi**", "assistant")) is not None
    assert understanding.understood_at_once(message("**hi**", "assistant", status="error")) is None
