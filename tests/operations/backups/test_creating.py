"""Making backups: full, incremental, of many, what fails, and what is remembered of it."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from app.errors import Cancelled, Conflict, InvalidInput, NotFound, PassphraseNeeded, StorageProblem
from app.library import Library
from app.operations.backups.creating import create_backup, create_backups, run_due_backups
from app.operations.backups.known.folder import backup_folder
from app.operations.backups.restoring import restore_backup
from app.operations.backups.showing import list_backups, show_backup
from app.operations.backups.standing import show_status
from app.operations.exports import list_exports, show_export
from app.operations.settings import change_settings
from app.progress import Progress, Task
from tests.conftest import Clock, WatchedTask
from tests.operations.backups.making import back_up, make_export, write_conversation
from tests.operations.conftest import listing


def archives(library: Library) -> list[str]:
    return sorted(each.name for each in backup_folder(library).glob("*.7z"))


def test_first_backup_is_full_and_tells_all(garden: Library) -> None:
    """Everything promised of a backup is told, and its archive is where it says."""
    made = back_up(garden)

    assert made.export == "Garden"
    assert (made.type, made.base) == ("full", "")
    assert (made.verified, made.unchanged, made.gone, made.damaged) == (True, False, False, 0)
    assert made.file_count == 7
    assert made.changed_count == 7
    assert made.size_bytes == sum(
        each.stat().st_size for each in (garden.exports / "Garden").rglob("*") if each.is_file()
    )
    assert list(made.archives) == archives(garden) == [f"{made.id}.7z"]
    assert made.stored_bytes == (backup_folder(garden) / made.archives[0]).stat().st_size
    assert len(made.sha256) == 64
    assert made.problems == ()


def test_next_one_holds_only_what_is_new(garden: Library, clock: Clock) -> None:
    """An incremental backup names its base, stores little, and its list is complete."""
    first = back_up(garden)
    clock.advance(hours=1)
    write_conversation(garden.exports / "Garden", 1, "And basil?", "In the sun.")

    second = back_up(garden)

    assert (second.type, second.base) == ("incremental", first.id)
    assert (second.file_count, second.changed_count) == (7, 1)
    assert second.stored_bytes < first.stored_bytes
    shown = show_backup(garden, export="Garden", id=second.id)
    assert len([each for each in shown.files if each.kind == "file"]) == 7
    assert shown.difference is not None
    assert shown.difference.since == first.id
    assert shown.difference.changed == ("conversations/2026.01.02_Mint_1.json",)
    assert [each.id for each in list_backups(garden)] == [second.id, first.id]


def test_nothing_new_writes_nothing(garden: Library, clock: Clock) -> None:
    """Unchanged, the backup before stands for it; forced, there is another one."""
    first = back_up(garden)
    clock.advance(hours=1)

    again = back_up(garden)
    forced = back_up(garden, force=True)

    assert (again.id, again.unchanged) == (first.id, True)
    assert (forced.id != first.id, forced.unchanged) == (True, False)
    assert len(archives(garden)) == 2
    (standing,) = show_status(garden).exports
    assert standing.last_good_at == clock.now


def test_settings_say_how(garden: Library, clock: Clock) -> None:
    """Level and kind come from the settings unless the call says otherwise."""
    change_settings(garden, key="backups.incremental", value=False)
    change_settings(garden, key="backups.compressionLevel", value=1)

    made = [back_up(garden)]
    write_conversation(garden.exports / "Garden", 0, "Dill?")
    clock.advance(hours=1)
    made.append(back_up(garden))
    write_conversation(garden.exports / "Garden", 0, "Chives?")
    clock.advance(hours=1)
    made.append(back_up(garden, incremental=True, level="9"))

    assert [(each.type, each.level) for each in made] == [
        ("full", "fast"), ("full", "fast"), ("incremental", "smallest"),
    ]  # fmt: skip


@pytest.mark.parametrize("level", ["10", "fastest", "-1", "", "٣", True])
def test_senseless_levels_are_refused(garden: Library, level: object) -> None:
    """A level nobody knows is refused before anything is written."""
    with pytest.raises(InvalidInput):
        back_up(garden, level=level)

    assert archives(garden) == []


def test_what_is_not_there_is_refused(garden: Library) -> None:
    """No export of that name, no backup."""
    with pytest.raises(NotFound):
        back_up(garden, "Nothing")


def test_exports_know_their_last_backup(garden: Library, clock: Clock) -> None:
    """The list of exports and one in full tell when it was."""
    before = list_exports(garden)[0].last_backup_at
    back_up(garden)

    assert before is None
    assert list_exports(garden)[0].last_backup_at == clock.now
    assert show_export(garden, export="Garden").last_backup_at == clock.now


def test_stopped_it_leaves_no_trace(garden: Library) -> None:
    """Stopped at any stage, there is no archive, no row, and no failure told."""
    stages = WatchedTask()
    create_backup(garden, stages, export="Garden")
    shutil.rmtree(backup_folder(garden))

    for stage in stages.stages[:-1]:
        task = WatchedTask(stop_at=stage)
        with pytest.raises(Cancelled):
            create_backup(garden, task, export="Garden")
        assert archives(garden) == []

    (standing,) = show_status(garden).exports
    assert standing.failure is None


def test_many_at_once_and_one_that_fails(garden: Library) -> None:
    """A bulk backup makes what it can, and tells of each."""
    make_export(garden, "Kitchen")
    broken = make_export(garden, "Attic")

    def vanish(progress: Progress) -> None:
        if progress.item == "Attic":
            shutil.rmtree(broken)

    report = create_backups(garden, Task(vanish))

    status = {each.export: each.status for each in report.items}
    assert status == {"Garden": "done", "Kitchen": "done", "Attic": "failed"}
    assert [each.item for each in report.problems] == ["Attic"]
    again = create_backups(garden, WatchedTask(), exports=["Garden"])
    assert [each.status for each in again.items] == ["unchanged"]


def test_an_export_that_is_gone_is_left_out(garden: Library) -> None:
    """What the catalog has not yet been told is gone is not taken for there."""
    back_up(garden)
    shutil.rmtree(make_export(garden, "Attic"))

    assert [each.export for each in create_backups(garden, Task()).items] == ["Garden"]
    assert [each.name for each in show_status(garden).exports] == ["Garden"]
    with pytest.raises(NotFound, match="any more"):
        back_up(garden, "Attic")


def test_the_same_bytes_are_stored_once_for_all_exports(garden: Library, clock: Clock) -> None:
    """What another export's backup holds takes next to nothing in this one's next backup."""
    film = random.Random(1).randbytes(300_000)  # noqa: S311 - bytes nothing compresses
    (garden.exports / "Garden" / "media" / "film.mp4").write_bytes(film)
    back_up(garden)
    kitchen = make_export(garden, "Kitchen")
    back_up(garden, "Kitchen")
    clock.advance(hours=1)
    (kitchen / "media" / "the same film.mp4").write_bytes(film)

    made = back_up(garden, "Kitchen")

    assert made.type == "incremental"
    assert made.stored_bytes < 10_000
    assert len(made.archives) == 3


def test_failure_is_remembered_until_one_goes_well(garden: Library, clock: Clock) -> None:
    """A folder that is not there is told with each failure counted; a good backup ends it."""
    absent = garden.root / "disk" / "backups"
    absent.mkdir(parents=True)
    change_settings(garden, key="backups.directory", value=str(absent))
    shutil.rmtree(absent.parent)

    for _ in range(2):
        clock.advance(minutes=1)
        with pytest.raises(StorageProblem, match="not there now"):
            back_up(garden)
    failing = show_status(garden)
    absent.mkdir(parents=True)
    clock.advance(minutes=1)
    back_up(garden)

    assert not failing.folder.available
    (standing,) = failing.exports
    assert standing.state == "failing"
    assert standing.failure is not None
    assert (standing.failure.times, standing.failure.at) == (2, clock.now.replace(minute=2))
    (well,) = show_status(garden).exports
    assert (well.state, well.failure) == ("good", None)


@pytest.mark.parametrize(
    "inside", ["exports", "exports/Garden", "exports/Garden/media", ".trash", "."]
)
def test_a_folder_of_the_librarys_own_is_refused(garden: Library, inside: str) -> None:
    """Backups never lie among what they back up."""
    with pytest.raises(InvalidInput):
        change_settings(garden, key="backups.directory", value=str(garden.root / inside))


def test_a_link_into_the_exports_is_refused(garden: Library, tmp_path: Path) -> None:
    """Nor do they by way of a link."""
    link = tmp_path / "link"
    link.symlink_to(garden.exports / "Garden", target_is_directory=True)

    with pytest.raises(InvalidInput):
        change_settings(garden, key="backups.directory", value=str(link / "backups"))


def test_same_disk_is_said(garden: Library) -> None:
    """Beside the library a backup does not survive its disk, and people are told."""
    folder = show_status(garden).folder

    assert folder.same_disk
    assert [each.code for each in folder.warnings] == ["backups-same-disk"]
    assert folder.free_bytes


def test_due_backups_are_made_and_no_others(garden: Library, clock: Clock) -> None:
    """The one command for a scheduler: what is due, once; later again."""
    change_settings(garden, key="backups.every", value="daily")

    first = run_due_backups(garden, WatchedTask())
    at_once = run_due_backups(garden, WatchedTask())
    clock.advance(days=1)
    next_day = run_due_backups(garden, WatchedTask())

    assert [(each.status, each.why) for each in first.items] == [("done", "no backup yet")]
    assert at_once.items == ()
    assert [(each.status, each.why) for each in next_day.items] == [("unchanged", "the daily one")]


def test_without_its_passphrase_a_due_backup_fails_and_says_so(garden: Library) -> None:
    """Encrypted ones need somebody who knows it: the failure stands where backups are shown."""
    change_settings(garden, key="backups.every", value="daily")
    change_settings(garden, key="backups.encrypt", value=True)

    with pytest.raises(PassphraseNeeded):
        run_due_backups(garden, WatchedTask())

    (standing,) = show_status(garden).exports
    assert standing.failure is not None
    assert "passphrase" in standing.failure.message


def test_pinned_and_deleted_do_not_go_together(garden: Library) -> None:
    """What is pinned is not deleted before the pin is out."""
    from app.operations.backups.cleaning import delete_backup, pin_backup, unpin_backup

    made = back_up(garden)

    assert pin_backup(garden, export="Garden", id=made.id).pinned
    with pytest.raises(Conflict, match="pinned"):
        delete_backup(garden, export="Garden", id=made.id)
    assert not unpin_backup(garden, export="Garden", id=made.id).pinned
    assert delete_backup(garden, export="Garden", id=made.id).freed_bytes == made.stored_bytes
    assert list_backups(garden) == []


def test_first_backup_builds_on_those_of_other_exports(garden: Library) -> None:
    """What another export's backup holds is not stored again, unless a full one is asked for."""
    film = random.Random(1).randbytes(300_000)  # noqa: S311 - bytes nothing compresses
    kitchen = make_export(garden, "Kitchen")
    for path in (garden.exports / "Garden", kitchen):
        (path / "media" / "film.mp4").write_bytes(film)
    first = back_up(garden)

    second = back_up(garden, "Kitchen")
    whole = back_up(garden, "Kitchen", incremental=False)

    assert (first.type, second.type, second.base) == ("full", "incremental", "")
    assert set(first.archives) < set(second.archives)
    assert second.stored_bytes < 100_000 < whole.stored_bytes
    assert (whole.type, len(whole.archives)) == ("full", 1)
    before = listing(kitchen)
    restore_backup(garden, Task(), export="Kitchen", id=second.id)
    assert listing(kitchen) == before
