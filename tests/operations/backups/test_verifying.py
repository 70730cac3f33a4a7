"""Reading backups again: whole, damaged, healed, in slices while nothing else is done."""

from __future__ import annotations

import shutil

import pytest

from app.jobs import JobRunner
from app.library import Library
from app.operations.backups import verifying
from app.operations.backups.attending import Attendant
from app.operations.backups.known.folder import backup_folder
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
