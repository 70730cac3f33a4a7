"""Text from outside comes out fit for the catalog, files and pages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import clean, first_line, lines, one_line

anything = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    ("dirty", "fit"),
    [
        ("plain", "plain"),
        ("\ud83d lone", "\ufffd lone"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("tab\tnew\nline\r", "tab\tnew\nline\r"),
        ("\ufdd0\ufdef kept: \ufdcf\ufdf0", " kept: \ufdcf\ufdf0"),
        ("\u2028\u2029\u200d\u202e\u00a0", "\u2028\u2029\u200d\u202e\u00a0"),
        ("\ud800\x01\ufdd1", "\ufffd"),
    ],
)
def test_cleaning(dirty, fit):
    """Surrogates are replaced; controls and our own marks go; legal oddities stay."""
    assert clean(dirty) == fit


@settings(deadline=None)
@given(anything)
def test_clean_text_can_be_stored(text):
    """Whatever comes in, what goes out encodes, and holds nothing unwanted; cleaning is final."""
    fit = clean(text)

    fit.encode()
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]", fit)
    assert clean(fit) == fit


def test_line_endings_are_one_kind():
    """Windows' and old Macs' line endings become newlines."""
    assert lines("a\r\nb\rc\n") == "a\nb\nc\n"


def test_one_line_is_one_line():
    """A title with newlines and runs of spaces is one line with single spaces."""
    assert one_line("  Herb\n\tgarden \u2028 plan ") == "Herb garden plan"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n\n  One  line\nsecond", "One line"),
        ("abcdefghij", "abcdefghij"),
        ("abcdefghijk", "abcdefghi…"),
        ("", ""),
        ("abcdefghe\u0301xyz", "abcdefgh…"),
    ],
)
def test_first_line(text, line):
    """The first line that says something, cut at ten, never between letter and accent."""
    assert first_line(text, 10) == line


@settings(deadline=None)
@given(anything, st.integers(0, 40))
def test_first_line_keeps_its_limit(text, limit):
    """No first line is longer than asked, or more than a line."""
    line = first_line(text, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
