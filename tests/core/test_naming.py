"""Names for files and folders: safe everywhere, unique everywhere, nobody's script lost."""

from __future__ import annotations

import math
import re
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import naming
from app.errors import InvalidInput

DAY = 1735700400.0  # 2025-01-01 03:00 UTC
ANY_TEXT = st.text(st.characters(), max_size=400)
NASTY = st.text(
    st.sampled_from('aé\u0301👍🏽\u200d🇩🇪CONnul.:/\\ *?"<>|\0\n\u202e\ud800日e'), max_size=80
)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Herb garden plan", "Herb_garden_plan"),
        ("日本語", "日本語"),
        ("👍", "👍"),
        ("Été à Paris", "Été_à_Paris"),
        ("e\u0301te\u0301", "été"),
        ('a/b\\c:d*e?f"g<h>i|j', "abcdefghij"),
        ("  .dots. ", "dots"),
        ("line\nbreak\ttab\u2028end", "line_break_tab_end"),
        ("CON", "CON_"),
        ("nul.txt", "nul_.txt"),
        ("COM¹ port", "COM¹_port"),
        ("Console", "Console"),
        ("", "Untitled"),
        ("...", "Untitled"),
        ("\ud83d", "Untitled"),
        ("\u202egpj.exe", "gpj.exe"),
    ],
)
def test_title_becomes_a_file_name(title: str, expected: str):
    """Letters of every script stay; what any file system refuses goes."""
    assert naming.file_name(title) == expected


@settings(deadline=None)
@given(ANY_TEXT | NASTY)
def test_file_names_are_taken_by_every_file_system(title: str):
    """Short, encodable, without forbidden letters, reserved names or trailing dots."""
    name = naming.conversation_file_name(title, updated=DAY)

    assert len(name.encode()) <= naming.TITLE_BYTES + 20
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\x7f]', name)
    assert name == unicodedata.normalize("NFC", name)
    assert name.startswith("2025.01.01_")
    assert name.endswith(".json")


@settings(deadline=None)
@given(ANY_TEXT | NASTY)
def test_safe_components_are_safe_and_stay_so(name: str):
    """Making a safe name safe again changes nothing."""
    safe = naming.safe_component(name)

    assert 0 < len(safe.encode()) <= naming.COMPONENT_BYTES
    assert not re.search(r'[/\\:*?"<>|\x00-\x1f\x7f]', safe)
    assert safe not in (".", "..")
    assert safe[-1] not in " ."
    assert naming.safe_component(safe) == safe


@pytest.mark.parametrize("limit", range(1, 60))
def test_cutting_never_splits_a_grapheme(limit: int):
    """A family, a flag, a skin tone and an accent are kept whole or not at all."""
    graphemes = ["a", "e\u0301", "👍🏽", "🇩🇪", "👨‍👩‍👧", "❤️", "日"]

    cut = naming.shortened("".join(graphemes), limit)

    assert len(cut.encode()) <= limit
    whole = ["".join(graphemes[:n]) for n in range(len(graphemes) + 1)]
    assert cut in whole or len("".join(graphemes[: whole.index("") + 1]).encode()) > limit


def test_endless_grapheme_is_cut_all_the_same():
    """A letter with a thousand accents is an attack."""
    assert len(naming.shortened("a" + "\u0301" * 1000, 120).encode()) <= 120


@pytest.mark.parametrize(
    ("updated", "created", "day"),
    [
        (DAY, 0.0, "2025.01.01"),
        (None, DAY, "2025.01.01"),
        (0.0, DAY, "1970.01.01"),
        (None, None, "undated"),
        (math.nan, None, "undated"),
        (math.inf, DAY, "undated"),
        (1e18, None, "undated"),
        (-86400.0, None, "1969.12.31"),
    ],
)
def test_day_of_a_conversation_file(updated: float | None, created: float | None, day: str):
    """The UTC day it was last changed, else begun; any number is survived."""
    assert naming.conversation_file_name("x", updated=updated, created=created) == f"{day}_x.json"


@pytest.mark.parametrize("title", [None, 5, ["x"], {}])
def test_title_of_any_type_is_survived(title: object):
    """Titles come from outside."""
    assert naming.conversation_file_name(title, updated=DAY) == "2025.01.01_Untitled.json"


@pytest.mark.parametrize(
    ("typed", "folder"),
    [
        ("My chats", "My chats"),
        ("  a   b  ", "a b"),
        ("work/2024: all", "work-2024- all"),
        ("日記", "日記"),
        ("con", "con_"),
        ("x.", "x"),
        ("../../etc", "-..-etc"),
    ],
)
def test_export_name_becomes_a_folder_name(typed: str, folder: str):
    """The same everywhere, so that a library can move between systems."""
    assert naming.folder_name(typed) == folder


@pytest.mark.parametrize("typed", ["", " ", ".", "..", "...", "/", "\0", "???"])
def test_name_that_would_mean_another_folder_is_refused(typed: str):
    """What is left of these is nothing, or the folder above."""
    with pytest.raises(InvalidInput) as refused:
        naming.folder_name(typed)

    assert refused.value.hint


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["a", "A", "é", "e\u0301", "É", "ß", "ss", "a_2", "I", "i"]), max_size=30
    )
)
def test_unique_names_stay_apart_on_every_file_system(names: list[str]):
    """Neither case nor Unicode form tells two files apart everywhere."""
    taken: set[str] = set()
    for name in names:
        taken.add(naming.key(naming.unique(f"{name}.json", taken, tag="c-1")))

    assert len(taken) == len(names)


def test_suffix_stands_before_the_extension():
    """A short id first, then numbers; a name at its limit still fits."""
    taken = {"x.json", "x_ab12.json"}

    assert naming.unique("X.json", {"x.json"}, tag="ab12") == "X_ab12.json"
    assert naming.unique("X.json", taken, tag="ab12") == "X_2.json"
    assert naming.unique("dir.d/x", {"dir.d/x"}) == "dir.d/x_2"
    assert len(naming.unique("y" * 255, {"y" * 255}).encode()) == 255


def test_naming_ten_thousand_conversations_takes_no_time():
    """Called once for every conversation of an import."""
    began = time.process_time()
    for number in range(10_000):
        naming.conversation_file_name(f"A title of usual length {number}", updated=DAY)

    assert time.process_time() - began < 1.0


def test_places_are_files_or_folders_and_never_both():
    """Of a file and a folder of one name, and of names that differ in case, each has its place."""
    places = naming.Places()
    wanted = ("a/x.png", "A/X.png", "a/x.png/y.png", "a", "b", "b/c")

    given = [places.take(path) for path in wanted]

    assert given == ["a/x.png", "A/X_2.png", "a/x_3.png/y.png", "a_2", "b", "b_2/c"]
