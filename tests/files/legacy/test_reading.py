"""A session as a source: names as the archive had them, each file once, backups checked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.archive.asset_lists import read_assets_json
from app.core.problems import Problem
from app.files.legacy.backups import BackupSource
from app.files.legacy.contents import look_into, look_into_page
from app.files.legacy.finding import find_sessions
from app.files.legacy.generated import GeneratedSource
from app.files.legacy.source import LegacySource
from tests.archives.messages import simple
from tests.archives.writing import chat_html, wire, write_folder
from tests.legacy.old_program import A, backup, backup_name, media, pretty, session, stub
from tests.legacy.versions import other_top_folder, top_folder, until_december


def opened(base: Path) -> LegacySource:
    (found,) = find_sessions(base)
    return LegacySource(found)


def test_top_folders_are_left_off(tmp_path: Path) -> None:
    """Whatever top folder was kept, names are those of the archive."""
    for build in (top_folder, other_top_folder):
        names = {entry.name for entry in opened(build(tmp_path / build.__name__).base).entries()}

        assert {"conversations.json", "chat.html", "user.json", "notes.txt"} <= names
        assert not [name for name in names if name.startswith(("Test-Chat", "chatgpt "))]


def test_what_lies_in_two_places_is_listed_once(tmp_path: Path) -> None:
    """A file with the same name and bytes in both places is one; another with its name is not."""
    source = opened(until_december(tmp_path / "same").base)
    differing = {**session(A, {"audio/a.wav": b"one"}), **media(A, {"audio/a.wav": b"two"})}
    other = opened(write_folder(tmp_path / "other", differing))

    assert source.duplicates == 2
    assert len({entry.name for entry in source.entries()}) == len(source.entries())
    assert sorted(entry.name for entry in other.entries()) == ["audio/a.wav", "audio/a_2.wav"]


def test_extracting_is_reading(tmp_path: Path) -> None:
    """Every entry is written with the bytes it has on the disk, whichever folder it is in."""
    source = opened(until_december(tmp_path / "old").base)
    pairs = [(entry, tmp_path / "out" / entry.safe_name) for entry in source.entries()]

    for entry, outcome in source.extract_all(pairs):
        raw = source.original(entry).read_bytes()
        assert outcome == hashlib.sha256(raw).hexdigest()
        assert (tmp_path / "out" / entry.safe_name).read_bytes() == raw
    source.original(source.entries()[0]).unlink()
    ((_, failed),) = source.extract_all(pairs[:1])
    assert isinstance(failed, Problem)


def test_a_backup_is_trusted_file_by_file(tmp_path: Path) -> None:
    """A file of the wrong length, or no text and read as one, is left out and told."""
    rows = {
        "short.txt": {"content": "abc", "size": 4},
        "upload.zip": {"content": "PK\ufffd", "size": 5},
        "none.json": {"size": 0},
        "../../out.txt": {"content": "x", "size": 1},
    }
    path = tmp_path / backup_name(A)
    files = {"chat.html": b"\xef\xbf\xbd is fine in a text"}
    write_folder(tmp_path, {backup_name(A): backup(A, files, **rows)})

    source = BackupSource(path)

    assert [entry.name for entry in source.entries()] == ["chat.html"]
    assert not source.whole
    codes = sorted(problem.code for problem in source.problems)
    assert codes == ["damaged-backup"] * 3 + ["unsafe-name"]


@given(
    st.binary(max_size=200) | st.recursive(st.none() | st.text(max_size=5), st.lists).map(pretty)
)
def test_any_backup_is_survived(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever a backup is, opening it answers."""
    path = tmp_path_factory.mktemp("any") / "backup.json"
    path.write_bytes(raw)

    assert BackupSource(path).entries() == []


@pytest.mark.parametrize(
    ("raw", "what", "damaged"),
    [
        (wire([simple(1)]), "conversations", False),
        (wire(simple(1)), "conversations", False),
        (b"[]", "conversations", False),
        (b"", "conversations", True),
        (wire([simple(1)])[:-30], "conversations", True),
        (wire([stub(simple(1)), stub(simple(2))]), "shares", False),
        (wire([stub(simple(1)), simple(2)]), "conversations", False),
        (wire([{"hello": "world"}]), "other", False),
    ],
)
def test_a_look_tells_what_a_file_is(tmp_path: Path, raw: bytes, what: str, damaged: bool) -> None:
    """Conversations, the list of shares, or something else; whole or not."""
    source = GeneratedSource("conversations.json", raw)
    (entry,) = source.entries()
    look = look_into(source, entry, tmp_path)

    assert (look.what, look.damaged) == (what, damaged)


def test_a_look_into_a_page(tmp_path: Path) -> None:
    """A page is read as far as it has data; one without is said to be unreadable."""
    whole = GeneratedSource("chat.html", chat_html([simple(1), simple(2)]))
    empty = GeneratedSource("chat.html", b"<html>Sign in</html>")

    assert len(look_into_page(whole, whole.entries()[0], tmp_path).nodes) == 2
    assert look_into_page(empty, empty.entries()[0], tmp_path).unreadable


@pytest.mark.parametrize(
    "value",
    [
        {"file-service://file-Ab12Cd34": "file-Ab12Cd34-a.png"},
        {"file-service://file-Ab12Cd34": {"name": "file-Ab12Cd34-a.png"}},
        [["file-service://file-Ab12Cd34", "file-Ab12Cd34-a.png"]],
        [{"asset_pointer": "file-service://file-Ab12Cd34", "name": "file-Ab12Cd34-a.png"}],
    ],
)
def test_maps_of_assets_of_every_form(value: object) -> None:
    """An object, objects with a name, pairs, and rows all mean the same."""
    expected = {"file-service://file-Ab12Cd34": "file-Ab12Cd34-a.png"}

    assert read_assets_json(value) == expected


def test_a_map_of_paths_alone() -> None:
    """Of a list of paths the names tell the ids."""
    assert read_assets_json(["x/file-Ab12Cd34-a.png", 7, None]) == {
        "file-Ab12Cd34-a.png": "x/file-Ab12Cd34-a.png"
    }
