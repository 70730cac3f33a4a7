"""Managing exports from the command line: each command in words, and its exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.library import Library
from app.main import main


@pytest.fixture
def say(demo_library: Library, capsys: pytest.CaptureFixture[str]):
    """Run a command on a library with the sample; answer its code and what it printed."""

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        code = main(["--library", str(demo_library.root), "--quiet", *words])
        return code, capsys.readouterr().out

    return run


def test_a_day_of_tidying(say, sample: Path) -> None:
    """Copied, renamed, compared, checked, merged, deleted and put back, each told in a sentence."""
    told = [
        ("duplicate", "Sample", "--name", "Two"),
        ("rename", "Two", "2024/25"),
        ("compare", "Sample", "2024/25"),
        ("compare", "Sample", str(sample)),
        ("check", "2024/25"),
        ("statistics",),
        ("show", "2024/25"),
        ("follow",),
        ("merge", "2024/25", "--into", "Sample", "--remove"),
    ]
    expected = [
        "copied to “Two”",
        "now called “2024/25”",
        "conversations unchanged",
        "conversations unchanged",
        "“2024/25” is whole",
        "Imported so far",
        "Largest",
        "Nothing has changed.",
        "exports undelete",
    ]

    for words, sentence in zip(told, expected, strict=True):
        code, out = say("exports", *words)
        assert (code, sentence in out) == (0, True), out

    _, listed = say("exports", "deleted", "--json")
    (deleted,) = json.loads(listed)
    code, out = say("exports", "undelete", deleted["id"])
    assert (code, "“2024/25” is back" in out) == (0, True)
    assert "2024/25" in say("exports", "list")[1]


def test_exit_codes_of_deleting(say) -> None:
    """1 if one of several failed, 2 if refused as a whole, 0 if all went."""
    assert say("exports", "delete", "Sample", "--permanently")[0] == 2
    code, out = say("exports", "delete", "Nobody", "Sample")
    assert code == 1
    assert "was not deleted" in out
    assert "exports undelete" in out
    assert "Nothing here yet." in say("exports", "list")[1]


def test_wire_names_of_a_list_and_details(say) -> None:
    """What pages and scripts rely on is there, in camelCase."""
    (listed,) = json.loads(say("exports", "list", "--json")[1])
    shown = json.loads(say("exports", "show", "Sample", "--json")[1])

    assert {"id", "name", "path", "health", "problems", "sources", "lastBackupAt"} <= set(listed)
    assert (listed["problems"], listed["health"], listed["sources"]) == (0, "good", 1)
    assert listed["id"] == shown["id"]
    assert {"largest", "projects", "media", "disk", "problemCount", "checkedAt"} <= set(shown)
