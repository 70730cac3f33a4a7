"""Clearing away: what goes, what it frees, and that all that stays can be restored."""

from __future__ import annotations

import pytest

from app.errors import Conflict
from app.library import Library
from app.operations.backups.cleaning import (
    clean_up_backups,
    delete_backup,
    pin_backup,
    unpin_backup,
)
from app.operations.backups.known.folder import backup_folder
from app.operations.backups.restoring import restore_backup
from app.operations.backups.showing import list_backups
from app.operations.settings import change_settings
from app.progress import Task
from tests.conftest import Clock
from tests.operations.backups.making import back_up, write_conversation
from tests.operations.conftest import listing


def several(library: Library, clock: Clock, count: int) -> dict[str, dict[str, tuple[object, ...]]]:
    """Make backups a day apart; answer what each holds, by its id."""
    path, held = library.exports / "Garden", {}
    for number in range(count):
        write_conversation(path, number % 3, f"Herb {number}?", "Yes. " * 50 * (number + 1))
        if number == 2:
            (path / "media" / "mint.png").rename(path / "media" / "renamed.png")
        made = back_up(library)
        held[made.id] = listing(path)
        clock.advance(days=1)
    return held


def test_dry_run_tells_and_changes_nothing(garden: Library, clock: Clock) -> None:
    """Verdicts with reasons, the bytes that would be freed, and every archive still there."""
    held = list(several(garden, clock, 4))
    before = listing(backup_folder(garden))

    report = clean_up_backups(garden, Task(), export="Garden", keep_last=2, dry_run=True)

    assert [(each.id, each.keep) for each in report.backups] == [
        (held[3], True), (held[2], True), (held[1], False), (held[0], False),
    ]  # fmt: skip
    assert report.backups[0].reasons == ("newest", "among the last 2")
    assert report.freed_bytes > 0
    assert listing(backup_folder(garden)) == before


def test_what_stays_can_be_restored(garden: Library, clock: Clock) -> None:
    """After a clean-up every backup that stays comes back to the byte, also without its base."""
    held = several(garden, clock, 5)
    ids = list(held)

    report = clean_up_backups(garden, Task(), export="Garden", keep_last=2)

    assert [each.id for each in list_backups(garden)] == [ids[4], ids[3]]
    assert report.freed_bytes > 0
    for id_ in (ids[3], ids[4]):
        restore_backup(garden, Task(), export="Garden", id=id_)
        assert listing(garden.exports / "Garden") == held[id_]


def test_what_others_need_is_not_deleted(garden: Library, clock: Clock) -> None:
    """The full backup others build on is refused, and those that need it are named."""
    held = several(garden, clock, 3)
    first, second, third = held
    before = listing(backup_folder(garden))

    with pytest.raises(Conflict, match="2 other backups need") as refused:
        delete_backup(garden, export="Garden", id=first)

    assert set(refused.value.details["backups"]) == {second, third}
    assert listing(backup_folder(garden)) == before
    for id_ in held:
        restore_backup(garden, Task(), export="Garden", id=id_)
        assert listing(garden.exports / "Garden") == held[id_]


def test_those_in_need_can_go_too(garden: Library, clock: Clock) -> None:
    """With the others, the base and all that build on it are deleted, and no byte stays."""
    first, second, third = several(garden, clock, 3)
    pin_backup(garden, export="Garden", id=third)
    with pytest.raises(Conflict, match="pinned"):
        delete_backup(garden, export="Garden", id=first, with_others=True)
    unpin_backup(garden, export="Garden", id=third)

    told = delete_backup(garden, export="Garden", id=first, with_others=True)

    assert set(told.others) == {second, third}
    assert told.kept_bytes == 0
    assert list_backups(garden) == []
    assert list(backup_folder(garden).glob("*.7z")) == []


def test_the_last_of_a_chain_goes_alone(garden: Library, clock: Clock) -> None:
    """What nobody builds on is deleted; the others restore as before."""
    held = several(garden, clock, 3)
    *kept, last = held

    assert delete_backup(garden, export="Garden", id=last).others == ()
    for id_ in kept:
        restore_backup(garden, Task(), export="Garden", id=id_)
        assert listing(garden.exports / "Garden") == held[id_]


def test_rules_of_the_settings_follow_every_backup(garden: Library, clock: Clock) -> None:
    """Past maxBackups the oldest goes by itself, and those that stay say why."""
    change_settings(garden, key="backups.maxBackups", value=2)

    held = list(several(garden, clock, 4))

    left = list_backups(garden)
    assert [each.id for each in left] == [held[3], held[2]]
    assert [each.reasons for each in left] == [
        ("newest", "among the last 2"), ("among the last 2",),
    ]  # fmt: skip


def test_no_rule_keeps_all(garden: Library, clock: Clock) -> None:
    """With maxBackups 0 and nothing else every backup stays."""
    change_settings(garden, key="backups.maxBackups", value=0)
    several(garden, clock, 3)

    report = clean_up_backups(garden, Task())

    assert all(each.keep for each in report.backups)
    assert report.freed_bytes == 0
