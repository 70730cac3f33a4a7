"""The command line: its words, its exit codes, one JSON document."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.problems import Problem
from app.errors import Cancelled
from app.interfaces.terminal.command import run
from app.interfaces.terminal.program import Program
from app.interfaces.terminal.watching import SAME_PRESS, STOPPED, watched_task
from app.library import Library
from app.progress import Task
from tests.interfaces.serving import HOLD, OPERATIONS


@dataclass
class Ran:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _held() -> Iterator[None]:
    HOLD.started.clear()
    HOLD.free.clear()
    yield
    HOLD.free.set()


@pytest.fixture
def command(library: Library, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command line on the scratch library."""

    def prepare(_library: Library, _task: Task, _contents: bool) -> Sequence[Problem]:
        return [Problem("noticed", "A folder was renamed.", hint="It was followed.")]

    program = Program(
        OPERATIONS,
        prepare,
        lambda _library, _verbose: None,
        lambda target: target,
        lambda target: target,
    )

    def ran(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(program, ["--library", str(library.root), *arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran


def test_result_as_json(command: Command) -> None:
    """--json writes the result and nothing else on standard output; notices go elsewhere."""
    ran = command("things", "show", "a#b", "日本", "--limit", "3", "--json")

    assert ran.code == 0
    assert ran.json()["export"] == "a#b"
    assert ran.json()["id"] == "日本"
    assert ran.json()["limit"] == 3
    assert "A folder was renamed." in ran.err


@pytest.mark.parametrize("place", [0, 1, 2, 5])
def test_options_of_every_command_stand_anywhere(command: Command, place: int) -> None:
    """--json may come before or after the command's words."""
    words = ["things", "show", "--sort", "title", "e", "1"]
    words.insert(place if place < 3 else len(words), "--json")

    assert command(*words).json()["export"] == "e"


def test_result_for_people(command: Command) -> None:
    """Without --json a result is text, one fact a line."""
    ran = command("things", "show", "e", "1")

    assert ran.code == 0
    assert "export" in ran.out
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(ran.out)


def test_hostile_text_does_not_reach_the_terminal(command: Command) -> None:
    """Escape sequences and turned writing directions in a name are not printed."""
    ran = command("things", "show", "\x1b[31mred\x07\u202etxt\x9b0m [bold]x[/bold]", "1")

    assert not set(ran.out) & set("\x1b\x07\u202e\x9b")
    assert "[bold]x[/bold]" in ran.out


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("things", "show", "gone", "1"), 2, "not-found"),
        (("things", "show", "e"), 2, "invalid-input"),
        (("things", "show", "e", "1", "--sort", "age"), 2, "invalid-input"),
        (("things", "show", "e", "1", "--limit", "many"), 2, "invalid-input"),
        (("things", "show", "e", "1", "--unknown"), 2, "invalid-input"),
        (("things", "sums", "2"), 2, "invalid-input"),
        (("things",), 2, "invalid-input"),
        (("nothing",), 2, "invalid-input"),
        (("things", "break", "conflict"), 2, "conflict"),
        (("things", "break", "disk"), 1, "storage-problem"),
        (("things", "break", "bug"), 1, "bug"),
        (("import", "/nowhere/at.all"), 2, "not-found"),
        (("settings", "no.such"), 2, "not-found"),
        (("settings", "appearance.theme", "pink"), 2, "invalid-input"),
        (("serve", "--port", "many"), 2, "invalid-input"),
        (("serve", "--port", "65536"), 2, "invalid-input"),
    ],
)
def test_refusals_and_failures(
    command: Command, words: tuple[str, ...], code: int, error: str
) -> None:
    """Refused is 2, failed is 1; the error is one JSON document, or words on standard error."""
    as_json = command(*words, "--json")
    as_text = command(*words)

    assert (as_json.code, as_text.code) == (code, code)
    assert as_json.json()["error"]["code"] == error
    assert as_text.out == ""
    assert as_json.json()["error"]["message"] in as_text.err
    assert "secret" not in as_text.err + as_json.out


def test_losses_are_three(command: Command, tmp_path: Path) -> None:
    """Finished, but with content named in the report that could not be read: 3."""
    source = tmp_path / "a.zip"
    source.write_bytes(b"x")

    ran = command("import", str(source), "--name", "lossy", "--json")

    assert ran.code == 3
    assert ran.json()["warnings"][0]["loss"] is True


def test_import_report_in_words(command: Command, tmp_path: Path) -> None:
    """The report of an import reads as sentences and figures."""
    source = tmp_path / "a.zip"
    source.write_bytes(b"x")

    ran = command("import", str(source), "--name", "lossy")

    assert "Imported as “lossy”" in ran.out
    assert "1 added" in ran.out
    assert "Half of it was missing." in ran.out


def test_progress_goes_to_standard_error(command: Command, tmp_path: Path) -> None:
    """Where there is no terminal, progress is plain lines; --quiet silences it."""
    source = tmp_path / "a.zip"
    source.write_bytes(b"x")

    loud = command("import", str(source), "--json")
    quiet = command("import", str(source), "--json", "--quiet")

    assert "reading 0 of 1 files" in loud.err
    assert "reading" not in quiet.err
    assert loud.json() == quiet.json()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_is_130(command: Command, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C asks the operation to stop, and the answer is still one JSON document."""

    def press() -> None:
        assert HOLD.started.wait(5)
        os.kill(os.getpid(), number)

    presser = threading.Thread(target=press)
    presser.start()
    ran = command("import", str(tmp_path), "--name", "slow", "--json")
    presser.join()

    assert ran.code == 130
    assert ran.json()["error"]["code"] == "cancelled"
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_press_told_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A single file hears each Ctrl-C twice, and stops as asked; a second press ends it at once."""
    now, ended = [100.0], list[int]()
    monkeypatch.setattr("app.interfaces.terminal.watching.time.monotonic", lambda: now[0])
    monkeypatch.setattr("app.interfaces.terminal.watching.os._exit", ended.append)

    with watched_task(quiet=True) as task:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert ended == []
        with pytest.raises(Cancelled):
            task.step("reading")
        now[0] += 2 * SAME_PRESS
        signal.raise_signal(signal.SIGINT)

    assert ended == [STOPPED]


def test_settings(command: Command) -> None:
    """Settings are listed, shown one by one, and changed under one word."""
    listed = command("settings", "--json").json()
    changed = command("settings", "appearance.theme", "dark", "--json")
    shown = command("settings", "appearance.theme", "--json").json()
    words = command("settings", "appearance.theme")

    assert {each["key"] for each in listed} >= {"appearance.theme", "exports.maxFileBytes"}
    assert changed.code == 0
    assert (shown["value"], shown["default"]) == ("dark", "system")
    assert "dark" in words.out


@pytest.mark.parametrize("words", [("--help",), ("things", "--help"), ("things", "show", "--help")])
def test_help(command: Command, words: tuple[str, ...]) -> None:
    """Help is shown and is no failure."""
    ran = command(*words)

    assert ran.code == 0
    assert ran.out.startswith("usage: dumpster")


def test_version(command: Command) -> None:
    """The version is one line, or one document."""
    assert command("--version").out.startswith("dumpster ")
    assert command("--version", "--json").json()["version"].startswith("dumpster ")


def test_library_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --library, DUMPSTER_LIBRARY says which, else a folder in the home."""
    opened: list[Path] = []

    def prepare(library: Library, _task: Task, _contents: bool) -> Sequence[Problem]:
        opened.append(library.root)
        return []

    program = Program(
        OPERATIONS,
        prepare,
        lambda _library, _verbose: None,
        lambda target: target,
        lambda target: target,
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DUMPSTER_LIBRARY", str(tmp_path / "elsewhere"))
    run(program, ["things", "sums", "--json"])
    monkeypatch.delenv("DUMPSTER_LIBRARY")
    run(program, ["things", "sums", "--json"])

    assert opened == [tmp_path / "elsewhere", tmp_path / "home" / "Data Dumpster Diver"]
