"""Living folders: what is done in the file manager is followed, and only what changed is read."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from app.files import export_folder
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.catalog import rebuild_catalog
from app.operations.conversations import list_conversations
from app.operations.exports import list_exports, show_export
from app.operations.indexing import from_folder
from app.operations.managing.followed import Followed
from app.operations.managing.following import follow_names
from app.operations.managing.table import follow_exports
from app.operations.search import search_messages
from app.progress import Task
from tests.archives import layouts
from tests.archives.messages import simple
from tests.archives.writing import classic_files, write_zip
from tests.operations.conftest import bring, catalog_rows


@pytest.fixture
def two(open_library: Library, tmp_path: Path) -> Library:
    """A library with the exports "Mine" and "Other"."""
    archive = write_zip(tmp_path / "a.zip", classic_files([simple(n) for n in range(8)]))
    bring(open_library, archive, name="Mine")
    bring(open_library, layouts.classic_with_media(tmp_path), name="Other")
    return open_library


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the conversations' files that are read, in order."""
    names: list[str] = []
    real = export_folder.read_conversation

    def watched(path: Path) -> object:
        names.append(path.name)
        return real(path)

    monkeypatch.setattr(from_folder, "read_conversation", watched)
    return names


def follow(library: Library) -> Followed:
    """Follow, and find the catalog as one made from nothing would be."""
    told = follow_exports(library, Task())
    rows = catalog_rows()
    assert follow_exports(library, Task()) == Followed()
    rebuild_catalog(library, Task())
    assert catalog_rows() == rows
    return told


def ids(library: Library) -> dict[str, str]:
    return {each.name: each.id for each in list_exports(library)}


def test_renamed_folder_is_not_read_again(two: Library, read: list[str]) -> None:
    """The export keeps its id, and not one conversation is opened."""
    before = ids(two)
    (two.exports / "Mine").rename(two.exports / "Herbs")

    told = follow_exports(two, Task())

    assert (told.renamed, told.added, told.removed, told.changed) == ({"Mine": "Herbs"}, (), (), ())
    assert read == []
    assert ids(two) == {"Herbs": before["Mine"], "Other": before["Other"]}
    assert list_conversations(two, export="Herbs").total == 8
    follow(two)


def test_two_folders_that_change_names(two: Library) -> None:
    """Each name shows what its folder holds now, under that folder's id."""
    before = ids(two)
    exports = two.exports
    (exports / "Mine").rename(exports / "aside")
    (exports / "Other").rename(exports / "Mine")
    (exports / "aside").rename(exports / "Other")

    follow(two)

    assert ids(two) == {"Mine": before["Other"], "Other": before["Mine"]}
    assert list_conversations(two, export="Other").total == 8


def test_copy_becomes_its_own_export(two: Library) -> None:
    """The copy has another id, in its own file; the original's is untouched."""
    record = (two.exports / "Mine/export.json").read_bytes()
    before = ids(two)
    shutil.copytree(two.exports / "Mine", two.exports / "Mine (copy)")

    told = follow(two)

    assert told.copied == ("Mine (copy)",)
    after = ids(two)
    assert after["Mine"] == before["Mine"]
    assert len(set(after.values())) == 3
    copy = ExportFolder(two.exports / "Mine (copy)").record()
    assert (copy.id, copy.name) == (after["Mine (copy)"], "Mine (copy)")
    assert (two.exports / "Mine/export.json").read_bytes() == record


def test_copies_are_told_apart_from_nothing_too(two: Library) -> None:
    """A catalog made anew keeps the id of the one called as it says, and parts the copies."""
    before = ids(two)
    shutil.copytree(two.exports / "Mine", two.exports / "A copy")
    shutil.copytree(two.exports / "Mine", two.exports / "Z copy")

    rebuild_catalog(two, Task())

    after = ids(two)
    assert after["Mine"] == before["Mine"]
    assert len(set(after.values())) == 4


def test_copy_put_in_anothers_place(two: Library) -> None:
    """Where one export was replaced by a copy of another, the copy has an id of its own."""
    before = ids(two)
    shutil.rmtree(two.exports / "Other")
    shutil.copytree(two.exports / "Mine", two.exports / "Other")

    follow(two)

    after = ids(two)
    assert after["Mine"] == before["Mine"]
    assert after["Other"] not in before.values()
    assert list_conversations(two, export="Other").total == 8


def test_moved_in_and_trashed(two: Library, tmp_path: Path) -> None:
    """A folder from elsewhere is an export; one that is gone is none, and what it said neither."""
    (two.exports / "Other").rename(tmp_path / "Other")
    gone = follow(two)
    (tmp_path / "Other").rename(two.exports / "Back")
    back = follow(two)

    assert (gone.removed, back.added) == (("Other",), ("Back",))
    assert set(ids(two)) == {"Mine", "Back"}


@pytest.mark.parametrize("how", ["in place", "by renaming", "its times kept"])
def test_edited_conversation_alone_is_read(two: Library, read: list[str], how: str) -> None:
    """Of eight conversations the one that was edited is read, and found by its new words."""
    file = sorted((two.exports / "Mine/conversations").iterdir())[3]
    state = file.stat()
    talk = json.loads(file.read_bytes())
    talk["title"] = "Rhubarb rhubarb"
    target = file if how == "in place" else file.with_name("draft")
    target.write_text(json.dumps(talk))
    target.replace(file)
    if how == "its times kept":
        os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))

    told = follow_exports(two, Task())

    assert told.changed == ("Mine",)
    assert read == [file.name]
    assert search_messages(two, q="rhubarb").total == 1
    assert list_conversations(two, export="Mine", search="rhubarb").total == 1
    follow(two)


def test_quick_look_sees_all_but_edits_in_place(two: Library) -> None:
    """What a start looks at: files added, taken away or replaced."""
    talks = two.exports / "Mine/conversations"
    first, second, *_ = sorted(talks.iterdir())
    first.write_bytes(first.read_bytes() + b"\n")
    assert follow_exports(two, Task(), quick=True) == Followed()

    second.unlink()

    assert follow_exports(two, Task(), quick=True).changed == ("Mine",)
    assert list_conversations(two, export="Mine").total == 7
    follow(two)


def test_conversation_added_copied_and_renamed_by_hand(two: Library, read: list[str]) -> None:
    """Files are taken in under whatever name they have; only new names are read."""
    talks = two.exports / "Mine/conversations"
    first, second, *_ = sorted(talks.iterdir())
    shutil.copy(first, talks / "a copy.json")
    second.rename(talks / "renamed.json")
    (talks / "mine.json").write_text(json.dumps(simple(99, title="Quinces")))

    follow_exports(two, Task())

    assert read == ["a copy.json", "mine.json", "renamed.json"]
    assert list_conversations(two, export="Mine").total == 10
    follow(two)


def test_media_use_is_followed(two: Library) -> None:
    """A conversation edited keeps its pictures; its missing ones are counted once."""
    before = show_export(two, export="Other")
    file = sorted((two.exports / "Other/conversations").iterdir())[0]
    file.write_bytes(file.read_bytes() + b" ")

    follow(two)

    after = show_export(two, export="Other")
    assert (after.missing_media, after.media) == (before.missing_media, before.media)


@pytest.mark.parametrize("part", ["export.json", "conversations", "both"])
def test_damaged_export_is_shown_with_what_is_wrong(
    two: Library, part: str, tmp_path: Path
) -> None:
    """It does not vanish: it is listed, its problems named; put right, it is as before."""
    before = show_export(two, export="Mine")
    folder = two.exports / "Mine"
    away = tmp_path / "away"
    away.mkdir()
    parts = ["export.json", "conversations"] if part == "both" else [part]
    for name in parts:
        (folder / name).rename(away / name)

    told = follow_exports(two, Task())

    assert {each.code for each in told.problems} <= {"damaged-file", "gone-folder"}
    assert len(told.problems) == len(parts)
    listed = next(each for each in list_exports(two) if each.name == "Mine")
    assert (listed.health, listed.problems) == ("problems", len(parts))
    shown = show_export(two, export="Mine")
    assert shown.problems == told.problems
    assert all(each.hint for each in shown.problems)
    assert shown.conversation_count == (8 if part == "export.json" else 0)
    for name in parts:
        (away / name).rename(folder / name)
    follow(two)
    assert show_export(two, export="Mine") == before


def test_damaged_conversation_is_told_once_and_shown_on(two: Library) -> None:
    """What cannot be read is named at the look that met it, and in the details ever after."""
    file = sorted((two.exports / "Mine/conversations").iterdir())[0]
    whole = file.read_bytes()
    file.write_bytes(whole[:99])

    told = follow_exports(two, Task())

    assert [each.item for each in told.problems] == [file.name]
    assert follow_exports(two, Task()) == Followed()
    assert show_export(two, export="Mine").problem_count == 1
    file.unlink()
    file.write_bytes(whole)
    follow(two)
    assert show_export(two, export="Mine").health == "good"


def test_busy_library_is_looked_at_later(two: Library) -> None:
    """While another process writes nothing is followed, and that is told."""
    (two.exports / "Mine").rename(two.exports / "Herbs")

    with two.writing("export import"):
        assert follow_exports(two, Task()).busy

    assert follow_exports(two, Task()).renamed == {"Mine": "Herbs"}


def test_which_exports_there_are_is_known_without_reading_them(
    two: Library, read: list[str], tmp_path: Path
) -> None:
    """Edited, added to or gone, an export is left to the next look; a new one is not."""
    conversation = next((two.exports / "Mine" / "conversations").iterdir())
    shutil.copy(conversation, conversation.with_name("another.json"))
    (two.exports / "Other").rename(tmp_path / "elsewhere")

    assert follow_names(two, Task()) == Followed()
    assert read == []
    (tmp_path / "elsewhere").rename(two.exports / "Herbs")
    assert follow_names(two, Task()).renamed == {"Other": "Herbs"}
    assert read != []


def test_another_export_in_the_place_of_one_is_seen(two: Library) -> None:
    """Where a folder's record is another export's, its name alone is not believed."""
    shutil.copy(two.exports / "Other" / "export.json", two.exports / "Mine" / "export.json")

    follow_names(two, Task())

    assert len(set(ids(two).values())) == 2


def test_half_a_rename_is_finished(two: Library) -> None:
    """Killed between its steps, a rename leaves the old name or the new one, as it was typed."""
    folder = ExportFolder(two.exports / "Mine")
    record = folder.record()
    record_file = two.exports / "Mine/export.json"
    told = json.loads(record_file.read_bytes()) | {"renaming": "2024/25"}
    record_file.write_text(json.dumps(told))
    follow(two)
    assert set(ids(two)) == {"Mine", "Other"}

    (two.exports / "Mine").rename(two.exports / "2024-25")
    follow(two)

    assert ids(two)["2024/25"] == record.id
