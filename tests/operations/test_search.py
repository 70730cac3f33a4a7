# ruff: noqa: E501 - a shape on one line reads as a table
"""Finding messages by their words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import InvalidInput, NotFound
from app.library import Library
from app.operations.conversations import show_conversation
from app.operations.search import search_messages
from tests.archives import layouts
from tests.archives.messages import assistant, conversation, simple, user
from tests.archives.writing import classic_files, write_zip
from tests.attacks import ATTACKS
from tests.operations.conftest import bring

TALKS = [
    conversation("c-cjk", user("北京的天气怎么样?"), assistant("東京の天気は晴れです。"), title="天気"),
    conversation("c-cafe", user("Where is a café in Zürich?"), assistant("At the lake."), title="Café"),
    conversation("c-script", user("<script>alert('herb garden')</script> & more"), title="<b>x</b>"),
    conversation("c-thai", user("กาแฟร้อนหนึ่งแก้ว"), title="ไทย"),
    *(simple(number) for number in range(30)),
]  # fmt: skip


@pytest.fixture
def library_of_words(open_library: Library, tmp_path: Path) -> Library:
    """An export with words of many scripts, and another one."""
    bring(open_library, write_zip(tmp_path / "a.zip", classic_files(TALKS)), name="Words")
    bring(open_library, layouts.voice(tmp_path), name="Spoken")
    return open_library


def found(library: Library, q: str, **asked: object) -> set[str]:
    page = search_messages(library, q=q, **asked)  # type: ignore[arg-type]
    return {hit.conversation_id for hit in page.hits}


@pytest.mark.parametrize(
    ("q", "conversations"),
    [
        ("北京", {"c-cjk"}),
        ("天气", {"c-cjk"}),
        ("天", {"c-cjk"}),
        ("京北", set()),
        ("東京 晴れ", {"c-cjk"}),
        ("กาแฟ", {"c-thai"}),
        ("CAFE", {"c-cafe"}),
        ("zurich café", {"c-cafe"}),
        ("caf", {"c-cafe"}),
        ('"herb garden"', {"c-script"}),
        ('"garden herb"', set()),
        ("lake zurich", set()),
        ("shade", {"c-voice"}),
    ],
)
def test_words_are_found(library_of_words: Library, q: str, conversations: set[str]) -> None:
    """Two letters of Chinese find their text; accents and case do not matter; all words must be."""
    assert found(library_of_words, q) == conversations


def test_hit_tells_where_it_is(library_of_words: Library) -> None:
    """A hit names export, conversation, message, role and time, and can be opened from there."""
    hit = search_messages(library_of_words, q="lake").hits[0]

    assert (hit.export, hit.conversation_id, hit.role) == ("Words", "c-cafe", "assistant")
    assert hit.title == "Café"
    assert hit.created_at is not None
    view = show_conversation(
        library_of_words, export=hit.export, id=hit.conversation_id, at=hit.message_id
    )
    assert hit.message_id in {message.id for message in view.messages}


@pytest.mark.parametrize(
    ("q", "marked"),
    [("北京", "<mark>北京</mark>的"), ("zurich", "<mark>Zürich</mark>"), ("晴れ", "<mark>晴れ</mark>")],
)  # fmt: skip
def test_snippet_marks_the_words(library_of_words: Library, q: str, marked: str) -> None:
    """What was found is marked in the text around it, as it was written."""
    hit = search_messages(library_of_words, q=q).hits[0]

    assert marked in hit.snippet
    assert "\u200b" not in hit.snippet


def test_snippet_is_safe(open_library: Library, tmp_path: Path) -> None:
    """Whatever a message says, its snippet has no element but the mark."""
    talks = [
        conversation(f"c-{name}", user(f"findable {text}"), title=text) for name, text in ATTACKS
    ]
    bring(open_library, write_zip(tmp_path / "a.zip", classic_files(talks)), name="Mine")

    hits = search_messages(open_library, q="findable", limit=200).hits

    assert len(hits) == len(ATTACKS)
    for hit in hits:
        assert re.sub(r"</?mark>", "", hit.snippet).count("<") == 0


def test_titles_are_found(library_of_words: Library) -> None:
    """A word of the title alone finds the conversation."""
    hits = search_messages(library_of_words, q="天気").hits

    assert "title" in {hit.role for hit in hits}


@pytest.mark.parametrize("limit", [1, 7, 100])
def test_pages_hold_each_hit_once(library_of_words: Library, limit: int) -> None:
    """All pages together are every hit, best first."""
    seen, after = [], ""
    while True:
        page = search_messages(library_of_words, q="number", limit=limit, after=after)
        seen += page.hits
        if page.next is None:
            break
        after = page.next

    assert len(seen) == page.total == 60
    assert len({(hit.conversation_id, hit.message_id) for hit in seen}) == 60
    assert [hit.score for hit in seen] == sorted((hit.score for hit in seen), reverse=True)


def test_search_is_narrowed(library_of_words: Library) -> None:
    """By export and by role."""
    assert found(library_of_words, "mint", export="spoken") == {"c-voice"}
    assert "c-voice" not in found(library_of_words, "mint", export="Words", limit=200)
    roles = search_messages(library_of_words, q="number", role="user", limit=200).hits
    assert {hit.role for hit in roles} == {"user"}
    with pytest.raises(NotFound):
        search_messages(library_of_words, q="mint", export="Nobody")


@pytest.mark.parametrize("q", ["", "   ", "?!", '"', '""', "***", "-", "😀"])
def test_nothing_to_search_for_finds_nothing(library_of_words: Library, q: str) -> None:
    """A query without a word is no error and has no hits."""
    page = search_messages(library_of_words, q=q)

    assert (page.hits, page.total, page.next) == ((), 0, None)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    q=st.text(max_size=60)
    | st.sampled_from(["mint AND OR NOT", "text:mint", 'mint"', "NEAR(a b)", "{a} ^b + c*", "a" * 9999])
)  # fmt: skip
def test_anything_can_be_typed(library_of_words: Library, q: str) -> None:
    """Nothing typed is an operator or an error."""
    page = search_messages(library_of_words, q=q, limit=5)

    assert len(page.hits) <= 5
    assert page.total >= len(page.hits)


def test_cursor_that_makes_no_sense_is_refused(library_of_words: Library) -> None:
    """A cursor that is none is told."""
    with pytest.raises(InvalidInput):
        search_messages(library_of_words, q="mint", after="nonsense")
