"""`migrate`: one command for six operations, told apart by an option."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.interfaces.terminal.outcome import DONE, LOSSES, REFUSED
from app.library import Library
from app.main import main
from tests.legacy.damages import orphans, poisoned
from tests.legacy.old_program import A
from tests.legacy.versions import december


class Terminal:
    """Commands on one library."""

    def __init__(self, library: Library, capsys: pytest.CaptureFixture[str]) -> None:
        self._words = ["--library", str(library.root), "--quiet"]
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str]:
        self._capsys.readouterr()
        code = main([*self._words, *words])
        out, err = self._capsys.readouterr()
        return code, out or err

    def json(self, *words: str) -> tuple[int, Any]:
        code, out = self(*words, "--json")
        return code, json.loads(out)


@pytest.fixture
def terminal(library: Library, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A command line."""
    return Terminal(library, capsys)


def test_the_whole_way_in_json(terminal: Terminal, tmp_path: Path) -> None:
    """List, try, migrate, look back and undo, with the names that are promised."""
    source = ("--source", str(december(tmp_path / "old").base))

    _, (listed,) = terminal.json("migrate", *source, "--list")
    _, dry = terminal.json("migrate", *source, "--session", A, "--name", "Herbs", "--dry-run")
    code, report = terminal.json("migrate", *source, "--session", A, "--name", "Herbs")
    _, stats = terminal.json("migrate", *source, "--stats")
    _, history = terminal.json("migrate", "--history")
    _, undone = terminal.json("migrate", "--undo", report["run"])

    promised = {"id", "name", "uploadedAt", "conversationCount", "mediaCount", "sizeBytes"}
    assert promised | {"problems", "canMigrate", "migratedTo"} <= listed.keys()
    (session,) = report["sessions"]
    assert code == DONE
    assert {"sessionId", "export", "status", "conversations", "recovered", "media", "files"} | {
        "verified",
        "warnings",
    } <= session.keys()
    assert (session["export"], session["verified"]) == ("Herbs", True)
    assert {"copied", "missing"} <= session["media"].keys()
    assert session["files"].keys() == {"copied", "bytes"}
    assert {**dry["sessions"][0], "seconds": 0} == {**session, "seconds": 0}
    assert (stats["migrated"], stats["successRate"]) == (1, 1.0)
    assert [each["run"] for each in history] == [report["run"]]
    assert undone["exports"][0]["removed"] is True


def test_in_words(terminal: Terminal, tmp_path: Path) -> None:
    """People read tables and sentences: what can be recovered, what was, what is wrong."""
    source = ("--source", str(poisoned(tmp_path / "old").base))

    _, listed = terminal("migrate", *source, "--list")
    code, report = terminal("migrate", *source, "--all")
    _, stats = terminal("migrate", *source, "--stats")
    _, history = terminal("migrate", "--history")
    _, undone = terminal("migrate", "--undo", history.split()[1])

    assert "9 conversations (9 from chat.html) can be recovered" in listed
    assert "overwrote this session's conversations" in report
    assert "recovered." in report
    assert code == DONE
    assert "1 session tried" in stats
    assert ".trash" in undone


def test_losses_are_in_the_exit_code(terminal: Terminal, tmp_path: Path) -> None:
    """A run in which a session failed ends with 3, as every result with losses does."""
    old = orphans(tmp_path / "old")

    code, report = terminal.json("migrate", "--source", str(old.base), "--all")

    assert code == LOSSES
    assert {each["status"] for each in report["sessions"]} == {"migrated", "failed"}


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--list", "--all"),
        ("--all", "--name", "X"),
        ("--list", "--dry-run"),
        ("--undo", "none", "--source", "x"),
        ("--all", "--on-conflict", "delete"),
        ("--session",),
        ("--undo", "none"),
        ("--list", "--source", "/nowhere/at/all"),
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_refused(terminal: Terminal, words: tuple[str, ...]) -> None:
    """Two wishes at once, none at all, and options that go with another one."""
    code, told = terminal.json("migrate", *words)

    assert code == REFUSED
    assert told["error"]["message"]


def test_help_names_every_way(terminal: Terminal) -> None:
    """`migrate --help` shows the six ways and what each takes."""
    code, shown = terminal("migrate", "--help")

    assert code == DONE
    ways = ("--list", "--stats", "--session ID", "--all", "--history", "--undo RUN")
    assert all(way in shown for way in (*ways, "--source DIR", "--dry-run", "--on-conflict"))
