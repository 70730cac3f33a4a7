"""Backups at a terminal: the promised names, words for people, exit codes, the prompt."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.interfaces.terminal.outcome import DONE, FAILED, LOSSES, REFUSED
from app.library import Library
from app.main import main
from app.operations.backups.known import passphrase
from app.operations.backups.known.folder import backup_folder
from tests.archives.messages import simple
from tests.archives.writing import classic_files, write_zip
from tests.operations.backups.making import damage, make_export, write_conversation

PROMISED = {
    "create": {
        "id", "export", "type", "base", "createdAt", "fileCount", "changedCount", "sizeBytes",
        "storedBytes", "archives", "sha256", "verified",
    },
    "file": {"path", "sizeBytes", "modifiedAt", "sha256"},
    "verify": {"ok", "damaged", "checkedBytes"},
    "restore": {"export", "files", "bytes", "previous"},
    "verdict": {"keep", "reasons"},
}  # fmt: skip


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
def terminal(
    library: Library, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """A command line on a library that holds the export "Garden"."""
    for name in (passphrase.VARIABLE, passphrase.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    make_export(library)
    yield Terminal(library, capsys)
    passphrase.lock(library)


def test_an_import_is_backed_up_where_the_settings_say_so(
    terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    """Nobody stays open to make the backup that is due then: the import's command makes it."""
    archive = write_zip(tmp_path / "a.zip", classic_files([simple(n) for n in range(3)]))
    assert terminal("import", str(archive), "--name", "Before")[0] == DONE
    assert terminal.json("backup", "list")[1] == []
    terminal("settings", "backups.afterImport", "true")

    code, told = terminal.json("import", str(archive), "--name", "Herbs")

    assert (code, told["export"]) == (DONE, "Herbs")
    _, listed = terminal.json("backup", "list")
    assert "Herbs" in {each["export"] for each in listed}
    assert terminal.json("backup", "run", "--changed")[1]["items"] == []


def test_a_backup_that_fails_after_an_import_is_told_beside_it(
    terminal: Terminal, library: Library, tmp_path: Path
) -> None:
    """The import is done and says so; what kept it from being backed up is said too."""
    archive = write_zip(tmp_path / "a.zip", classic_files([simple(1)]))
    terminal("settings", "backups.afterImport", "true")
    terminal("settings", "backups.encrypt", "true")

    code, told = terminal.json("import", str(archive), "--name", "Herbs")

    assert (code, told["export"]) == (DONE, "Herbs")
    assert terminal.json("backup", "list")[1] == []
    _, status = terminal.json("backup", "status")
    (herbs,) = [each for each in status["exports"] if each["name"] == "Herbs"]
    assert herbs["failure"]["message"]


def test_the_whole_way_in_json(terminal: Terminal, library: Library) -> None:
    """Create, list, show, verify, preview, restore, clean up, stats, reindex, delete."""
    _, first = terminal.json("backup", "create", "Garden", "--level", "1")
    write_conversation(library.exports / "Garden", 0, "Dill?")
    _, second = terminal.json("backup", "create", "Garden", "--incremental")
    _, listed = terminal.json("backup", "list")
    _, shown = terminal.json("backup", "show", "Garden", first["id"])
    codes = [terminal.json("backup", "verify", *words)[0] for words in ((), ("Garden",))]
    _, checked = terminal.json("backup", "verify", "Garden", first["id"], "--quick")
    _, preview = terminal.json("backup", "preview", "Garden", first["id"])
    _, beside = terminal.json("backup", "restore", "Garden", first["id"], "--as", "Then")
    _, restored = terminal.json(
        "backup", "restore", "Garden", first["id"], "--only", "media", "assets.json"
    )
    _, settled = terminal.json("backup", "settle", "Garden")
    _, dry = terminal.json("backup", "cleanup", "Garden", "--keep-last", "1", "--dry-run")
    _, stats = terminal.json("backup", "stats")
    _, reindexed = terminal.json("backup", "reindex")
    _, removed = terminal.json("backup", "delete", "Garden", second["id"])

    assert PROMISED["create"] <= first.keys()
    assert (first["type"], second["type"], second["base"]) == ("full", "incremental", first["id"])
    assert [each["id"] for each in listed] == [second["id"], first["id"]]
    assert PROMISED["file"] <= shown["files"][0].keys()
    assert codes == [DONE, DONE]
    assert PROMISED["verify"] <= checked.keys()
    assert checked["ok"]
    assert preview["changes"]["changed"] == ["conversations/2026.01.01_Mint_0.json"]
    assert PROMISED["restore"] <= restored.keys()
    assert (beside["export"], beside["previous"], restored["export"]) == ("Then", "", "Garden")
    assert settled[0]["movedTo"]
    assert PROMISED["verdict"] <= dry["backups"][0].keys()
    assert [each["keep"] for each in dry["backups"]] == [True, False]
    assert dry["freedBytes"] >= 0
    assert (stats["backups"], reindexed["backups"]) == (2, 2)
    assert removed["freedBytes"] > 0


def test_in_words(terminal: Terminal, library: Library) -> None:
    """People read tables and sentences."""
    code, made = terminal("backup", "create", "Garden")
    _, unchanged = terminal("backup", "create", "Garden")
    id_ = next(word for word in made.split() if word.startswith("backup-"))
    told = {
        "list": terminal("backup", "list")[1],
        "show": terminal("backup", "show", "Garden", id_)[1],
        "browse": terminal("backup", "browse", "Garden", id_)[1],
        "status": terminal("backup", "status")[1],
        "stats": terminal("backup", "stats")[1],
        "verify": terminal("backup", "verify")[1],
        "preview": terminal("backup", "preview", "Garden", id_)[1],
        "restore": terminal("backup", "restore", "Garden", id_)[1],
        "settle": terminal("backup", "settle", "Garden")[1],
        "cleanup": terminal("backup", "cleanup")[1],
        "run": terminal("backup", "run")[1],
        "schedule": terminal("backup", "schedule")[1],
        "entry": terminal("backup", "entry")[1],
    }

    assert code == DONE
    assert "Nothing has changed" in unchanged
    expected = {
        "list": "newest", "show": "conversations/2026.01.01_Mint_0.json", "browse": "media/",
        "status": "same disk", "stats": "compression saves", "verify": "All is well",
        "preview": "7 files the same", "restore": "backup settle", "settle": ".trash",
        "cleanup": "stays", "run": "No backup is due.", "schedule": "while closed",
        "entry": "launchd",
    }  # fmt: skip
    assert {name: words in told[name] for name, words in expected.items()} == dict.fromkeys(
        expected, True
    )


def test_exit_codes_tell(terminal: Terminal, library: Library) -> None:
    """Damage that nothing puts right is 3, a failure 1, a refusal 2."""
    _, made = terminal.json("backup", "create", "Garden")
    archive = backup_folder(library) / made["archives"][0]
    damage(archive)
    damaged, report = terminal.json("backup", "verify", "--no-heal")
    archive.unlink()
    (library.root / "settings.json").write_text('{"backups.directory": "/nowhere/at/all"}')

    failed, error = terminal.json("backup", "create", "Garden")
    refused, _ = terminal.json("backup", "show", "Garden", "backup-none")

    assert (damaged, report["ok"]) == (LOSSES, False)
    assert (failed, error["error"]["code"]) == (FAILED, "storage-problem")
    assert refused == REFUSED


def test_passphrase_is_asked_for_and_never_an_argument(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new one twice, a known one once; where nobody is there the command is refused."""
    refused, error = terminal.json("backup", "create", "Garden", "--encrypt")
    _, shown = terminal("backup", "create", "--help")
    asked: list[str] = []

    def answer(prompt: str) -> str:
        asked.append(prompt)
        return "four words in a row"

    def end_of_input(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(getpass, "getpass", end_of_input)
    given_up, _ = terminal("backup", "create", "Garden", "--encrypt")
    monkeypatch.setattr(getpass, "getpass", answer)
    code, made = terminal.json("backup", "create", "Garden", "--encrypt")

    assert (refused, error["error"]["code"]) == (REFUSED, "passphrase-needed")
    assert given_up == REFUSED
    assert "--passphrase" not in shown
    assert (code, made["encrypted"], len(asked)) == (DONE, True, 2)


def test_schedule_is_changed(terminal: Terminal) -> None:
    """`backup plan` says when; what makes no sense is refused."""
    _, plan = terminal.json("backup", "plan", "--every", "daily", "--after-import")
    refused, _ = terminal.json("backup", "plan", "--every", "sometimes")
    code, run = terminal.json("backup", "run")

    assert (plan["every"], plan["afterImport"], plan["nextAt"] is not None) == ("daily", True, True)
    assert refused == REFUSED
    assert (code, [each["status"] for each in run["items"]]) == (DONE, ["done"])
