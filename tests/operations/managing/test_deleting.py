"""Deleting exports: into a trash and back again, or for good; never while they are in use."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from send2trash import plat_other

from app.errors import Conflict, InvalidInput, NotFound
from app.files import trash
from app.files.desktop import bins
from app.library import Library
from app.operations.exports import list_exports, show_export
from app.operations.managing.following import follow_folders
from app.operations.managing.table import (
    delete_export,
    delete_exports,
    list_deleted,
    restore_deleted,
)
from app.operations.search import search_messages
from app.progress import Progress, Task
from tests.archives import layouts
from tests.conftest import Clock
from tests.operations.conftest import bring, catalog_rows, listing


@pytest.fixture
def two(open_library: Library, tmp_path: Path) -> Library:
    """A library with the exports "Mine" and "Other"."""
    bring(open_library, layouts.classic_with_media(tmp_path), name="Mine")
    bring(open_library, layouts.voice(tmp_path), name="Other")
    return open_library


@pytest.fixture
def no_trash(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system whose trash takes nothing."""
    monkeypatch.setattr(plat_other, "HOMETRASH_B", b"/proc/no/Trash")
    monkeypatch.setattr(plat_other, "find_ext_volume_trash", lambda _top: b"/proc/no/Trash")


def names(library: Library) -> set[str]:
    return {each.name for each in list_exports(library)}


def test_deleted_export_is_in_the_systems_trash(two: Library) -> None:
    """Its folder is in the trash, whole, with the place it came from; nothing of it is found."""
    before = listing(two.exports / "Mine")

    told = delete_export(two, export="Mine")

    assert (told.status, told.went) == ("deleted", "trash")
    assert listing(Path(told.place)) == before
    note = Path(told.place).parent.parent / "info" / f"{Path(told.place).name}.trashinfo"
    assert bins.original_path(note, note.parent.parent.parent) == two.exports / "Mine"
    assert names(two) == {"Other"}
    assert search_messages(two, q="herb").total == 0
    assert follow_folders(two, Task()) == []


@pytest.mark.parametrize("system", ["with a trash", "without"])
def test_deletion_can_be_undone(two: Library, request: pytest.FixtureRequest, system: str) -> None:
    """Put back, files and catalog are as they were, and the list of deleted ones is empty."""
    if system == "without":
        request.getfixturevalue("no_trash")
    before, rows = listing(two.exports, times=True), catalog_rows()
    told = delete_export(two, export="Mine")
    assert told.went == ("trash" if system == "with a trash" else "library-trash")
    (listed,) = list_deleted(two)
    assert (listed.id, listed.name, listed.place) == (told.id, "Mine", told.place)
    assert (listed.went, listed.conversation_count) == (told.went, 2)

    back = restore_deleted(two, Task(), id=told.id)

    assert (back.name, back.renamed) == ("Mine", False)
    assert listing(two.exports, times=True) == before
    assert catalog_rows() == rows
    assert list_deleted(two) == []
    with pytest.raises(NotFound):
        restore_deleted(two, Task(), id=told.id)


def test_name_taken_meanwhile_is_not_taken_back(two: Library, tmp_path: Path) -> None:
    """Where another export has the name by now, the one put back stands beside it."""
    told = delete_export(two, export="Mine")
    bring(two, layouts.classic(tmp_path / "again"), name="mine")

    back = restore_deleted(two, Task(), id=told.id)

    assert (back.name, back.renamed) == ("Mine (2)", True)
    assert names(two) == {"mine", "Mine (2)", "Other"}
    assert show_export(two, export="Mine (2)").media_count
    assert follow_folders(two, Task()) == []


def test_same_name_deleted_twice_is_told_apart(two: Library, tmp_path: Path, clock: Clock) -> None:
    """Each deletion leads to its own folder, the last first."""
    first = delete_export(two, export="Mine")
    clock.advance(minutes=5)
    bring(two, layouts.classic(tmp_path / "again"), name="Mine")
    second = delete_export(two, export="Mine")

    assert [each.id for each in list_deleted(two)] == [second.id, first.id]
    assert restore_deleted(two, Task(), id=first.id).name == "Mine"
    assert show_export(two, export="Mine").conversation_count == 2
    assert [each.id for each in list_deleted(two)] == [second.id]


def test_emptied_trash_is_told_honestly(two: Library) -> None:
    """What was thrown out of the trash is not listed, and its note goes with the next deletion."""
    told = delete_export(two, export="Mine")
    shutil.rmtree(told.place)

    assert list_deleted(two) == []
    delete_export(two, export="Other")
    assert len(list(two.deleted.iterdir())) == 1


def test_deleted_with_the_record_lost(two: Library) -> None:
    """An export without its export.json is known again by its folder alone."""
    (two.exports / "Mine/export.json").unlink()
    follow_folders(two, Task())

    told = delete_export(two, export="Mine")

    assert restore_deleted(two, Task(), id=told.id).name == "Mine"
    assert show_export(two, export="Mine").conversation_count == 2


def test_for_good_asks_for_the_name(two: Library) -> None:
    """Without the name typed again nothing is deleted; with it nothing is left."""
    for confirm in ("", "mine", "Other", "Mine\nOther"):
        with pytest.raises(InvalidInput) as refused:
            delete_export(two, export="Mine", permanently=True, confirm=confirm)
        assert refused.value.hint
    with pytest.raises(InvalidInput):
        delete_exports(two, Task(), names=["Mine", "Other"], permanently=True, confirm="Mine")
    assert names(two) == {"Mine", "Other"}

    told = delete_export(two, export="Mine", permanently=True, confirm="Mine")

    assert (told.went, told.place, told.id) == ("gone", "", "")
    assert list_deleted(two) == []
    assert sorted(path.name for path in two.exports.iterdir()) == ["Other"]


def test_one_that_fails_does_not_stop_others(two: Library) -> None:
    """Each has its own end, told with the reason."""
    with two.using("Mine", "conversation save"):
        told = delete_exports(two, Task(), names=["Nobody", "Mine", "Other", "Other"])

    assert [(each.name, each.status) for each in told.items] == [
        ("Nobody", "failed"),
        ("Mine", "failed"),
        ("Other", "deleted"),
    ]
    assert told.items[0].error is not None
    assert told.items[0].error.code == "not-found"
    assert told.items[1].error is not None
    assert "conversation save" in told.items[1].error.message
    assert names(two) == {"Mine"}
    assert not told.stopped


def test_stop_keeps_what_was_done(two: Library) -> None:
    """Said stop after the first, the rest is left as it is, and that is told."""
    task = Task(lambda progress: task.cancel() if progress.item == "Mine" else None)

    told = delete_exports(two, task, names=["Mine", "Other"])

    assert [each.status for each in told.items] == ["deleted", "skipped"]
    assert told.stopped
    assert names(two) == {"Other"}


def test_nothing_named_is_refused(two: Library) -> None:
    """To delete nothing is no wish."""
    with pytest.raises(InvalidInput):
        delete_exports(two, Task(), names=["", " "])


def test_export_in_use_in_another_process_is_not_deleted(two: Library) -> None:
    """A lock another process holds counts as much as one of ours; one it left does not."""
    holding = "import sys, pathlib; from app.library import Library; " + (
        "use = Library(pathlib.Path(sys.argv[1])).using('Mine', 'backup create');"
        "use.__enter__(); print('holding', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(two.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"holding\n"
        with pytest.raises(Conflict, match="backup create is under way"):
            delete_export(two, export="Mine")
        other.kill()

    assert delete_export(two, export="Mine").status == "deleted"
    with two.using("*", "export check"), pytest.raises(Conflict, match="export check"):
        delete_export(two, export="Other")


def test_other_disk_without_a_trash(two: Library, no_trash: None) -> None:
    """Where the system has no trash the library's own is used, and nothing is deleted."""
    told = delete_export(two, export="Mine")

    assert told.went == "library-trash"
    assert Path(told.place).parent == two.trash
    assert (Path(told.place) / "export.json").is_file()
    assert not list(two.exports.glob(".*.probe"))


def test_long_name_goes_where_it_fits(two: Library) -> None:
    """A folder named by hand as long as can be has no room for a note in the trash."""
    (two.exports / "Mine").rename(two.exports / ("x" * 255))
    follow_folders(two, Task())

    told = delete_export(two, export="x" * 255)

    assert told.went == "library-trash"
    assert restore_deleted(two, Task(), id=told.id).name == "x" * 255


def test_recycle_bin_notes_are_understood() -> None:
    """Both versions of what Windows writes beside a deleted folder, and nonsense."""
    path = "C:\\Users\\Sam\\Data Dumpster Diver\\exports\\日記"
    text = f"{path}\0".encode("utf-16-le")
    second = struct.pack("<QQQI", 2, 77, 0, len(path) + 1) + text
    first = struct.pack("<QQQ", 1, 77, 0) + text.ljust(520, b"\0")

    assert bins.recycled_path(second) == bins.recycled_path(first) == path
    for nonsense in (b"", b"\2", struct.pack("<Q", 9) + text, second[:29]):
        assert bins.recycled_path(nonsense) in ("", "C")


def test_killed_between_note_and_trash(two: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A note of a deletion that did not happen shows nothing as deleted."""

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.operations.managing.deleting.trash_folder", killed)
    with pytest.raises(KeyboardInterrupt):
        delete_export(two, export="Mine")

    assert list_deleted(two) == []
    assert names(two) == {"Mine", "Other"}
    assert trash.Identity.of(two.exports / "none") is None


def test_progress_names_each(two: Library) -> None:
    """One panel for the whole: which of how many."""
    seen: list[Progress] = []

    delete_exports(two, Task(seen.append), names=["Mine", "Other"])

    assert next((each.done, each.total, each.item) for each in seen) == (0, 2, "Mine")
