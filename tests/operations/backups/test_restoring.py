"""Bringing back: in place, beside, in part, of what is gone; and what was replaced."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.api import BY_NAME
from app.errors import Cancelled, Conflict, NotFound, StorageProblem
from app.files.export_folder import ExportFolder
from app.jobs import JobRunner
from app.library import Library
from app.operations.backups.known.folder import backup_folder
from app.operations.backups.known.replaced import settle_restore
from app.operations.backups.restoring import restore_backup
from app.operations.backups.showing import list_backups, preview_restore
from app.operations.backups.standing import show_status
from app.operations.conversations import list_conversations
from app.operations.exports import list_exports
from app.operations.managing.following import follow, follow_folders
from app.progress import Task
from tests.conftest import Clock, WatchedTask
from tests.operations.backups.making import back_up, damage, make_export, write_conversation
from tests.operations.conftest import listing


def test_in_place_it_is_as_it_was(garden: Library) -> None:
    """To the byte and to the time; what stood there is kept until it is settled."""
    path = garden.exports / "Garden"
    before = listing(path, times=True)
    made = back_up(garden)
    write_conversation(path, 0, "Something else")
    (path / "media" / "mint.png").unlink()
    (path / "new.txt").write_text("new")
    changed = listing(path)

    report = restore_backup(garden, Task(), export="Garden", id=made.id)

    assert listing(path, times=True) == before
    assert (report.export, report.files) == ("Garden", 7)
    assert listing(Path(report.previous)) == changed
    (kept,) = show_status(garden).restored
    assert (kept.export, kept.path) == ("Garden", report.previous)
    (settled,) = settle_restore(garden, export="Garden")
    assert listing(Path(settled.moved_to)) == changed
    assert not Path(report.previous).exists()
    assert show_status(garden).restored == ()


def test_what_is_damaged_is_left_out_only_if_that_is_accepted(garden: Library) -> None:
    """Refused first, nothing written; accepted, the rest is there and the damaged are named."""
    made = back_up(garden)
    damage(backup_folder(garden) / made.archives[0])
    asked = {"export": "Garden", "id": made.id, "as_": "The rest"}

    with pytest.raises(StorageProblem, match="cannot be restored"):
        restore_backup(garden, Task(), **asked)
    assert not (garden.exports / "The rest").exists()
    report = restore_backup(garden, Task(), **asked, accept_losses=True)

    lost = {each.item for each in report.problems if each.code == "backup-loss"}
    assert lost
    whole = set(listing(garden.exports / "Garden")) - lost
    assert whole <= set(listing(garden.exports / "The rest"))


def test_beside_the_original_it_is_an_export_of_its_own(garden: Library) -> None:
    """Under another name it has another id, is in the list, and touches nothing."""
    path = garden.exports / "Garden"
    made = back_up(garden)
    before = listing(path)

    report = restore_backup(garden, Task(), export="Garden", id=made.id, as_="Garden, then")

    assert (report.export, report.previous) == ("Garden, then", "")
    assert listing(path) == before
    copy = garden.exports / "Garden, then"
    assert {**listing(copy), "export.json": 0} == {**before, "export.json": 0}
    assert ExportFolder(copy).record().id != ExportFolder(path).record().id
    assert sorted(each.name for each in list_exports(garden)) == ["Garden", "Garden, then"]
    follow_folders(garden, Task())
    page = list_conversations(garden, export="Garden, then")
    assert page.total == 3


def test_restored_it_is_read_at_the_next_look(garden: Library) -> None:
    """A restore in place waits for no index; the look after it reads what differs."""
    made = back_up(garden)
    write_conversation(garden.exports / "Garden", 0, "Something", "else", "entirely")
    follow(garden, Task(), thorough=True)

    restore_backup(garden, Task(), export="Garden", id=made.id)
    follow_folders(garden, Task())

    assert [each.message_count for each in list_conversations(garden, export="Garden").items] == [
        2, 2, 2,
    ]  # fmt: skip


def test_a_name_that_is_taken_is_refused(garden: Library) -> None:
    """Nothing is written over an export that was not asked about."""
    make_export(garden, "Kitchen")
    made = back_up(garden)

    with pytest.raises(Conflict, match="already an export"):
        restore_backup(garden, Task(), export="Garden", id=made.id, as_="kitchen")


def test_chosen_files_only(garden: Library) -> None:
    """With `only` the rest stays as it is now; beside the original only they are there."""
    path = garden.exports / "Garden"
    made = back_up(garden)
    wanted = "conversations/2026.01.01_Mint_0.json"
    original = (path / wanted).read_bytes()
    write_conversation(path, 0, "Something else")
    other = write_conversation(path, 1, "Something else, too").read_bytes()

    report = restore_backup(garden, Task(), export="Garden", id=made.id, only=[wanted])
    beside = restore_backup(
        garden, Task(), export="Garden", id=made.id, only=["media"], as_="Pictures"
    )

    assert (path / wanted).read_bytes() == original
    assert (path / "conversations/2026.01.02_Mint_1.json").read_bytes() == other
    assert report.previous
    assert beside.export == "Pictures"
    files = [
        name for name, facts in listing(garden.exports / "Pictures").items() if facts != ("folder",)
    ]
    assert sorted(files) == ["export.json", "media/mint.png"]


def test_what_the_backup_does_not_hold_is_refused(garden: Library) -> None:
    """A path that is in no backup changes nothing and leaves no room behind."""
    made = back_up(garden)
    before = listing(garden.exports)

    with pytest.raises(NotFound):
        restore_backup(garden, Task(), export="Garden", id=made.id, only=["no/such.json"])

    assert listing(garden.exports) == before
    assert not garden.replaced.exists()


def test_an_export_that_is_gone_comes_back(garden: Library) -> None:
    """Its backups are listed under its name, and restoring one brings it back."""
    path = garden.exports / "Garden"
    before = listing(path, times=True)
    made = back_up(garden)
    shutil.rmtree(path)
    follow_folders(garden, Task())

    (listed,) = list_backups(garden, export="Garden")
    status = show_status(garden)
    report = restore_backup(garden, Task(), export="Garden", id=made.id)

    assert (listed.gone, listed.export) == (True, "Garden")
    assert (status.exports, status.gone) == ((), ("Garden",))
    assert (report.export, report.previous) == ("Garden", "")
    assert listing(path, times=True) == before
    assert [each.gone for each in list_backups(garden, export="Garden")] == [False]


def test_backups_follow_a_renamed_export(garden: Library) -> None:
    """Renamed in the file manager, it keeps its backups, and restores under its new name."""
    made = back_up(garden)
    (garden.exports / "Garden").rename(garden.exports / "Orchard")
    follow_folders(garden, Task())

    (listed,) = list_backups(garden, export="Orchard")
    report = restore_backup(garden, Task(), export="Orchard", id=made.id)

    assert (listed.id, listed.export) == (made.id, "Orchard")
    assert report.export == "Orchard"
    assert not (garden.exports / "Garden").exists()


def test_preview_tells_what_would_change(garden: Library, clock: Clock) -> None:
    """Against the export as it is now, and between two backups."""
    path = garden.exports / "Garden"
    first = back_up(garden)
    clock.advance(hours=1)
    write_conversation(path, 0, "Something else")
    (path / "media" / "mint.png").rename(path / "media" / "green.png")
    (path / "new.txt").write_text("new")
    second = back_up(garden)

    live = preview_restore(garden, Task(), export="Garden", id=first.id)
    between = preview_restore(garden, Task(), export="Garden", id=second.id, against=first.id)

    assert live.changes.changed == ("conversations/2026.01.01_Mint_0.json",)
    assert live.changes.removed == ("new.txt",)
    assert live.changes.renamed == {"media/green.png": "media/mint.png"}
    assert (between.changes.added, between.changes.since) == (("new.txt",), first.id)
    assert live.files == 7


def test_stopped_it_leaves_the_export_as_it_was(garden: Library) -> None:
    """Stopped at any stage, nothing has changed and nothing lies about."""
    made = back_up(garden)
    write_conversation(garden.exports / "Garden", 0, "Something else")
    watched = WatchedTask()
    restore_backup(garden, watched, export="Garden", id=made.id)
    settle_restore(garden, export="Garden")
    write_conversation(garden.exports / "Garden", 0, "Something else")
    before = listing(garden.exports)

    for stage in watched.stages:
        with pytest.raises(Cancelled):
            restore_backup(garden, WatchedTask(stop_at=stage), export="Garden", id=made.id)
        assert listing(garden.exports) == before
        assert not garden.replaced.exists()


def test_a_program_that_stays_open_reads_it_at_once(garden: Library) -> None:
    """As a job, a restore ends when its conversations are indexed: no page has to wait for it."""
    made = back_up(garden)
    jobs = JobRunner()
    values = {"export": "Garden", "id": made.id, "as": "Again"}

    job = BY_NAME["backup restore"].start(garden, values, jobs)

    *_, last = jobs.follow(job.id)
    jobs.close()
    assert last is not None
    assert last.state == "done"
    assert list_conversations(garden, export="Again").total == 3
