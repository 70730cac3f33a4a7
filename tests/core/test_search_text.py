"""Queries are safe and find their text, in scripts with and without spaces."""

from __future__ import annotations

import sqlite3
import unicodedata
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.search_text import match_expression, segment, unsegment

TEXTS = (
    "Which herbs grow in the shade of a north wall?",
    "要約してください。庭の北側は日陰です。",
    "今天我们去北京旅行",
    "Rust入門ガイド",
    "ฉันชอบสมุนไพร",
    "안녕하세요 한국어를 공부합니다",
    "Café crème à la française",
    "The words AND, OR, NOT and NEAR are words",
    "Paragraph with C++ and foo.bar(baz)",
    "Straße und Größe",
    "حديقة الأعشاب جميلة",
)


@pytest.fixture(scope="module")
def found():
    """Return a function from what is typed to the texts SQLite finds."""
    with closing(sqlite3.connect(":memory:")) as catalog:
        catalog.execute(
            "CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
        )
        catalog.executemany("INSERT INTO t VALUES (?)", [(segment(text),) for text in TEXTS])

        def search(query):
            expression = match_expression(query)
            if not expression:
                return None
            rows = catalog.execute("SELECT text FROM t WHERE t MATCH ?", (expression,))
            return [unsegment(text) for (text,) in rows]

        yield search


@pytest.mark.parametrize(
    ("query", "start"),
    [
        ("herbs shade", "Which"),
        ("shade HERBS", "Which"),
        ("her", "Which"),
        ('"north wall"', "Which"),
        ("“north wall”", "Which"),
        ('"north wal', "Which"),
        ("日陰", "要約"),
        ("要約 北側", "要約"),
        ("北京", "今天"),
        ("Rust入門", "Rust"),
        ("入門 rust", "Rust"),
        ("ガイド", "Rust"),
        ("สมุนไพร", "ฉัน"),
        ("한국", "안녕"),
        (unicodedata.normalize("NFD", "한국어"), "안녕"),
        ("cafe creme", "Café"),
        ("FRANÇAISE", "Café"),
        ("AND NEAR", "The words"),
        ("NOT", "The words"),
        ("OR", "The words"),
        ("c++ foo.bar", "Paragraph"),
        ("foo.bar(baz", "Paragraph"),
        ("grosse", None),
        ("größe", "Straße"),
        ("الأعشاب", "حديقة"),
        ("wall north 🎉", "Which"),
        ("text:herbs", None),
        ("-herbs ^which *", "Which"),
    ],
)
def test_what_is_typed_finds_its_text(found, query, start):
    """Words in any order, phrases, beginnings, accents, and letters without spaces."""
    hits = found(query)

    assert [hit for hit in hits if start and hit.startswith(start)] == hits
    assert len(hits) == (1 if start else 0)


@pytest.mark.parametrize("query", ['"wall north"', "herbs missing", "京北", "陰日", "shad wall"])
def test_what_is_not_there_is_not_found(found, query):
    """Every word must occur, in order within quotes; only the last may go on."""
    assert found(query) == []


@pytest.mark.parametrize(
    "query", ["", " ", '""', "🎉", "*", "()", "-", "\x00", "\ud83d", "'", '"*"']
)
def test_nothing_searchable_is_no_expression(query):
    """A query without a letter or number asks nothing of the catalog."""
    assert match_expression(query) == ""


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("herb", '"herb"*'),
        ("a", '"a"'),
        ("herb garden", '"herb" "garden"*'),
        ("herb.", '"herb."'),
        ("c++", '"c++"'),
        ('"herb garden"', '"herb garden"'),
        ("herb herb herb", '"herb" "herb"*'),
        ('say "herb"', '"say" "herb"'),
    ],
)
def test_expression_is_as_expected(query, expression):
    """Each word is a quoted string; the last goes on unless it is finished."""
    assert match_expression(query) == expression


@settings(max_examples=400)
@given(st.text(st.characters()) | st.text('"()*:^+-{}AND ORNTEé漢字ก한\x00\ud800', max_size=40))
def test_no_query_is_refused_by_sqlite(found, query):
    """Whatever is typed, SQLite understands the expression."""
    found(query)


@pytest.mark.parametrize("unit", ["word ", "x", "漢", "漢 ", '"', "a\x00", "NOT (", "한"])
def test_huge_queries_are_borne(found, unit):
    """Ten thousand characters of anything are answered."""
    found(unit * (10_000 // len(unit)))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_segmenting_can_be_undone(text):
    """Taking the separators out gives the text back, composed if it had such letters."""
    wanted = unsegment(text)

    assert unsegment(segment(text)) in {wanted, unicodedata.normalize("NFC", wanted)}


@pytest.mark.parametrize("text", ["", "plain", "Größe, čas, ὥρα, время", "emoji 🎉 and “quotes”"])
def test_text_with_spaces_is_returned_as_it_is(text):
    """Text of a script with spaces is not even copied."""
    assert segment(text) is text


@given(
    st.text("漢字かなカナกขລອក한글", min_size=2, max_size=8), st.text("漢字かなabc .", max_size=8)
)
def test_any_two_letters_together_are_found(letters, around):
    """Of a text without spaces, every pair of neighbours finds it."""
    text = around + letters + around
    with closing(sqlite3.connect(":memory:")) as catalog:
        catalog.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize='unicode61')")
        catalog.execute("INSERT INTO t VALUES (?)", (segment(text),))

        for start in range(len(letters) - 1):
            expression = match_expression(letters[start : start + 2])
            hits = catalog.execute("SELECT count(*) FROM t WHERE t MATCH ?", (expression,))
            assert hits.fetchone() == (1,)
