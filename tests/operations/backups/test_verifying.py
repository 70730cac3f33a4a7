"""Reading backups again: whole, damaged, healed, in slices while nothing else is done."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.jobs import JobRunner
from app.library import Library
from app.operations.backups import verifying
from app.operations.backups.attending import Attendant
from app.operations.backups.known.folder import backup_folder
from app.operations.backups.known.index import follow_backups
from app.operations.backups.restoring import restore_backup
from app.operations.backups.showing import list_backups
from app.operations.backups.statistics import show_stats
from app.operations.backups.verifying import verify_backups, verify_next_slice
from app.operations.managing.following import follow_folders
from app.operations.settings import change_settings
from app.progress import Task
from tests.conftest import Clock
from tests.operations.backups.making import back_up, damage, write_conversation


def test_whole_backups_are_said_to_be_whole(garden: Library, clock: Clock) -> None:
    """All bytes are read, and the date of it stands with each backup."""
    made = back_up(garden)
    before = list_backups(garden)[0].checked_at
    clock.advance(days=1)

    quick = verify_backups(garden, Task(), quick=True)
    full = verify_backups(garden, Task(), export="Garden", id=made.id)

    assert before is None
    assert (quick.ok, quick.quick, full.ok, full.damaged, full.healed) == (True, True, True, (), ())
    assert full.checked_bytes >= made.size_bytes
    assert list_backups(garden)[0].checked_at == clock.now
    stats = show_stats(garden)
    assert (stats.checked_backups, stats.last_verified_at) == (1, clock.now)


def test_nothing_there_is_nothing_wrong(garden: Library) -> None:
    """A library without backups has none that is damaged."""
    report = verify_backups(garden, Task())

    assert (report.ok, report.backups) == (True, 0)


def test_damage_is_named_and_stays_told(garden: Library) -> None:
    """With the export gone and no other copy, the damaged file is named, in the list as well."""
    made = back_up(garden)
    damage(backup_folder(garden) / made.archives[0])
    shutil.rmtree(garden.exports / "Garden")
    follow_folders(garden, Task())

    report = verify_backups(garden, Task(), heal=False)

    assert not report.ok
    assert {each.backup for each in report.damaged} == {made.id}
    assert all(each.path and each.why for each in report.damaged)
    (listed,) = list_backups(garden)
    assert listed.damaged == len({each.path for each in report.damaged})
    assert not listed.verified


def test_what_the_export_still_holds_is_put_right(garden: Library) -> None:
    """Damaged bytes come back from the live export; afterwards all is whole again."""
    made = back_up(garden)
    damage(backup_folder(garden) / made.archives[0])

    report = verify_backups(garden, Task())

    assert report.ok
    assert report.healed
    assert list_backups(garden)[0].damaged == 0
    assert verify_backups(garden, Task(), heal=False).ok
    restore_backup(garden, Task(), export="Garden", id=made.id, as_="Again")


def _cut(archive: Path, share: float) -> None:
    """Cut an archive off, long ago."""
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(len(whole) * share)])
    os.utime(archive, (1_700_000_000, 1_700_000_000))


@pytest.mark.parametrize("named", [{}, {"export": "Garden"}, {"export": "Garden", "id": "?"}])
def test_what_is_left_of_a_cut_archive_is_salvaged(garden: Library, named: dict[str, str]) -> None:
    """Its list is at its end, and lost: what stands before is a backup again, and says so."""
    made = back_up(garden)
    named = {**named, "id": made.id} if "id" in named else named
    _cut(backup_folder(garden) / made.archives[0], 0.7)
    follow_backups(garden)

    report = verify_backups(garden, Task(), **named)
    again = verify_backups(garden, Task(), heal=False)

    assert not report.ok
    assert {each.code for each in report.problems} == {"healed-backup", "partial-backup"}
    (listed,) = list_backups(garden)
    assert (listed.id, listed.export, again.ok) == (made.id, "Garden", True)
    told = restore_backup(garden, Task(), export="Garden", id=made.id, as_="Saved")
    assert "partial-backup" in {each.code for each in told.problems}
    saved = garden.exports / "Saved"
    paths = [path.relative_to(saved) for path in saved.rglob("*") if path.is_file()]
    assert paths
    for path in paths:
        if path.name != "export.json":
            assert (saved / path).read_bytes() == (garden.exports / "Garden" / path).read_bytes()


def test_an_archive_in_which_nothing_is_left_is_told_and_kept(garden: Library) -> None:
    """It goes out of the way under another name; one still being copied here is let be."""
    made = back_up(garden)
    archive = backup_folder(garden) / made.archives[0]
    _cut(archive, 0.01)
    os.utime(archive)
    follow_backups(garden)
    early = verify_backups(garden, Task(), export="Garden")
    assert [each.code for each in early.problems] == ["damaged-backup"]
    assert archive.exists()
    os.utime(archive, (1_700_000_000, 1_700_000_000))
    follow_backups(garden)

    report = verify_backups(garden, Task(), export="Garden", id=made.id)

    assert (report.ok, report.backups) == (False, 0)
    assert "lost-backup" in {each.code for each in report.problems}
    assert [path.name for path in archive.parent.glob("*.7z*")] == [f"{archive.name}.damaged"]


def test_idle_check_goes_through_everything_in_slices(
    garden: Library, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read before its time; then slice after slice until each has its date."""
    monkeypatch.setattr(verifying, "SLICE", 500)
    back_up(garden)
    clock.advance(hours=1)
    write_conversation(garden.exports / "Garden", 0, "Dill?")
    back_up(garden)

    early = verify_next_slice(garden, Task())
    clock.advance(days=31)
    slices = 0
    while verify_next_slice(garden, Task()):
        slices += 1
        clock.advance(seconds=10)
        assert slices < 100

    assert not early
    assert slices > 2
    assert all(each.checked_at is not None for each in list_backups(garden))
    change_settings(garden, key="backups.verifyEvery", value=0)
    clock.advance(days=400)
    assert not verify_next_slice(garden, Task())


def test_attendant_starts_what_is_due_and_waits_while_busy(garden: Library) -> None:
    """Due, it starts the operation; while a job runs, it does nothing at all."""
    started: list[str] = []
    jobs = JobRunner()
    attendant = Attendant(garden, jobs, lambda: started.append("run"))

    before = attendant.look()
    change_settings(garden, key="backups.every", value="daily")
    attendant.look()
    jobs.close()

    assert (before, started) == (False, ["run"])
