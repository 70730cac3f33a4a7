"""Duplicating an export: the same files, another export."""

from __future__ import annotations

import errno
import fcntl
from pathlib import Path

import pytest

from app.errors import Cancelled, Conflict
from app.files import copying
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.exports import list_exports, show_export
from app.operations.managing.following import follow_folders
from app.operations.managing.table import duplicate_export
from app.progress import Task
from tests.archives import layouts
from tests.conftest import WatchedTask
from tests.operations.conftest import bring, catalog_rows, listing


@pytest.fixture
def mine(open_library: Library, tmp_path: Path) -> Library:
    """A library with the export "Mine"."""
    bring(open_library, layouts.classic_with_media(tmp_path), name="Mine")
    return open_library


def without_record(folder: Path) -> dict[str, tuple[object, ...]]:
    found = listing(folder, times=True)
    del found["export.json"]
    return found


def test_copy_is_the_same_and_another(mine: Library) -> None:
    """Every file with its time is there twice; the key and the name are its own."""
    told = duplicate_export(mine, Task(), export="Mine", name="Yours")

    assert without_record(mine.exports / "Yours") == without_record(mine.exports / "Mine")
    first, second = (ExportFolder(mine.exports / name).record() for name in ("Mine", "Yours"))
    assert first.id != second.id == told.id
    assert second.name == "Yours"
    assert second.sources == first.sources
    rows = catalog_rows()
    assert follow_folders(mine, Task()) == []
    assert catalog_rows() == rows
    file = next((mine.exports / "Yours/conversations").iterdir())
    file.write_text("{}")
    assert (mine.exports / "Mine/conversations" / file.name).read_text() != "{}"


def test_copies_have_names_of_their_own(mine: Library) -> None:
    """Without a name each copy gets one that is free; a taken one is refused."""
    made = [duplicate_export(mine, Task(), export="Mine").name for _ in range(2)]

    assert made == ["Mine copy", "Mine copy (2)"]
    with pytest.raises(Conflict):
        duplicate_export(mine, Task(), export="Mine", name="MINE")


@pytest.mark.parametrize("stage", ["copying", "finishing"])
def test_stopped_copy_leaves_no_trace(mine: Library, stage: str) -> None:
    """Stopped on the way, there is one export as before."""
    before = listing(mine.exports, times=True), catalog_rows()

    with pytest.raises(Cancelled):
        duplicate_export(mine, WatchedTask(stop_at=stage), export="Mine")

    assert (listing(mine.exports, times=True), catalog_rows()) == before
    assert [each.name for each in list_exports(mine)] == ["Mine"]


def test_bytes_are_counted_once(mine: Library) -> None:
    """The progress ends where the export's bytes do, whether or not the disk could share them."""
    task = WatchedTask()

    told = duplicate_export(mine, task, export="Mine")

    counted = [each.done for each in task.seen if each.stage == "copying"]
    assert max(counted) <= told.bytes == show_export(mine, export="Mine").size_bytes


def test_disk_that_shares_is_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system can share a file's bytes nothing is copied; where not, every byte is."""
    asked = []

    def ioctl(target: int, what: int, source: int) -> int:
        asked.append((what, target != source))
        if len(asked) > 1:
            raise OSError(errno.EOPNOTSUPP, "not here")
        return 0

    monkeypatch.setattr(fcntl, "ioctl", ioctl)
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    moved: list[int] = []

    for name in ("shared", "copied"):
        copying.copy_file(tmp_path / "a", tmp_path / name, lambda size, _: moved.append(size))

    assert asked == [(copying.FICLONE, True)] * 2
    assert moved[:2] == [0, 3_000_000]
    assert sum(moved[2:]) == 3_000_000
    assert (tmp_path / "copied").read_bytes() == b"x" * 3_000_000


def test_links_are_not_followed(tmp_path: Path) -> None:
    """A link in a folder leads nowhere in its copy."""
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/file").write_text("x")
    (tmp_path / "a/link").symlink_to("/etc")
    (tmp_path / "a/b/file-link").symlink_to("/etc/hostname")

    copying.copy_tree(tmp_path / "a", tmp_path / "c", lambda *_: None)

    assert set(listing(tmp_path / "c")) == {"b", "b/file"}
