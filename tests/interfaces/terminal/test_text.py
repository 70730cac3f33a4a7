"""Results in words: every command over the sample, on a terminal and in a pipe."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.progress import Progress as Bars

from app.api import BY_NAME
from app.core.problems import Problem
from app.interfaces.terminal import phrases
from app.interfaces.terminal.bars import OnTerminal, bars
from app.interfaces.terminal.text.show import show, show_on
from app.library import Library
from app.main import main
from app.operations.results import ExportHealth, Health
from app.progress import Progress, Task

COMMANDS = (
    (("exports", "list"), ("Sample", "Conversations")),
    (("exports", "show", "Sample"), ("models", "sample.zip")),
    (("exports", "check"), ("“Sample”", "checked")),
    (("conversations", "list", "Sample", "--limit", "3"), ("3 of ", "--after ")),
    (("search", "garden", "--limit", "1"), ("found in", "--after ")),
    (("catalog", "rebuild"), ("1 export",)),
    (("settings",), ("appearance.theme", "system")),
)


@pytest.mark.parametrize(("words", "expected"), COMMANDS)
def test_commands_in_words(
    demo_library: Library,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    expected: tuple[str, ...],
) -> None:
    """Each command answers in words; in a pipe nothing is coloured, cut or padded."""
    main(["--library", str(demo_library.root), "--quiet", *words])

    out = capsys.readouterr().out
    assert all(word in out for word in expected)
    assert "\x1b" not in out
    assert not [row for row in out.split("\n") if row != row.rstrip()]


def test_every_conversation_in_words(
    demo_library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every conversation of the sample, whatever is in it, can be read in a terminal."""
    listed = BY_NAME["conversation list"].call(
        demo_library, {"export": "Sample", "limit": 500}, Task()
    )
    show_one = BY_NAME["conversation show"]
    for each in listed.items:
        values = {"export": "Sample", "id": each.id, "hidden": True}
        view = show_one.call(demo_library, values, Task())
        show(view)
        out = capsys.readouterr().out

        assert phrases.line(view.title) in out
        assert not set(out) & set("\x1b\x07\u202e")


def test_inspecting_and_importing_in_words(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an import would do, did, and finds nothing new in, is told in sentences."""
    library = ["--library", str(tmp_path / "library"), "--quiet"]

    main([*library, "inspect", str(sample)])
    inspected = capsys.readouterr().out
    main([*library, "import", str(sample), "--name", "Mine"])
    imported = capsys.readouterr().out
    main([*library, "import", str(sample), "--into", "Mine"])
    again = capsys.readouterr().out

    assert "This is a ChatGPT export (zip, classic)." in inspected
    assert "Imported as “Mine”" in imported
    assert "not understood" in imported
    assert "Nothing in it was new." in again


def test_terminal_of_eighty_columns(demo_library: Library) -> None:
    """On a narrow terminal tables are folded, not broken."""
    page = io.StringIO()
    console = Console(file=page, force_terminal=True, width=80, color_system=None)
    listed = BY_NAME["conversation list"].call(demo_library, {"export": "Sample"}, Task())

    show_on(listed, console)

    assert max(cell_len(row.rstrip()) for row in page.getvalue().split("\n")) <= 80


def test_long_lists_of_problems_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand problems do not scroll the report away."""
    problems = tuple(Problem("missing", f"Number {number}.") for number in range(1000))

    show(Health(False, 5, problems, (ExportHealth("Mine", False, 5, problems),)))

    out = capsys.readouterr().out
    assert "Number 49." in out
    assert "Number 50." not in out
    assert "950 more" in out


def test_nothing_is_said_too(capsys: pytest.CaptureFixture[str]) -> None:
    """An empty list says so."""
    show([])

    assert capsys.readouterr().out == "Nothing here yet.\n"


@given(st.text(st.characters(codec=None)))
def test_any_text_is_safe_on_a_terminal(text: str) -> None:
    """No text can steer the terminal, turn its writing direction or fail to be written."""
    safe = phrases.line(text)

    safe.encode("utf-8")
    assert not [letter for letter in safe if letter < " " or "\x7f" <= letter <= "\x9f"]
    assert not set(safe) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_times_and_counts() -> None:
    """Times are short, and one is not many."""
    assert phrases.moment(None) == ""
    assert phrases.day(datetime(2024, 5, 2, 12, tzinfo=UTC)) == "2 May 2024"
    assert phrases.duration(0.2) == "less than a second"
    assert [phrases.duration(each) for each in (5, 300, 7200)] == ["5 s", "5 min", "2.0 h"]
    assert (phrases.count(1, "file"), phrases.count(1200, "file")) == ("1 file", "1,200 files")


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress("a"), ""),
        (Progress("a", 5, None, "", "files"), "5 files"),
        (Progress("a", 1500, 3000, "", "conversations"), "1,500 of 3,000 conversations"),
        (Progress("a", 1_500_000, 3_000_000, "", "bytes"), "1.5 MB of 3.0 MB"),
        (Progress("a", 5, 10), "5 of 10"),
    ],
)
def test_amounts(progress: Progress, words: str) -> None:
    """How far a stage is, is said in its own unit."""
    assert phrases.amount(progress) == words


def test_bar_shows_one_stage_at_a_time() -> None:
    """On a terminal one line moves: the stage, how much of it, no stage before it."""
    page = io.StringIO()
    console = Console(file=page, force_terminal=True, width=100, color_system=None)
    drawn: Bars = bars(console)
    show_progress = OnTerminal(drawn)

    show_progress(Progress("reading [b]", 10, 100, "", "files"))
    show_progress(Progress("writing", 50, 100, "", "files"))
    console.print(drawn.get_renderable())

    assert "writing" in page.getvalue()
    assert "50 of 100 files" in page.getvalue()
    assert "reading" not in page.getvalue()
