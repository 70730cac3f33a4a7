"""Encrypted backups: there and back, and what is refused without the passphrase."""

from __future__ import annotations

import pytest

from app.errors import InvalidInput, PassphraseNeeded
from app.library import Library
from app.operations.backups.cleaning import clean_up_backups
from app.operations.backups.known import passphrase
from app.operations.backups.known.folder import backup_folder
from app.operations.backups.known.unlocking import unlock_backups
from app.operations.backups.reindexing import reindex_backups
from app.operations.backups.restoring import restore_backup
from app.operations.backups.showing import list_backups, show_backup
from app.operations.backups.standing import show_status
from app.operations.backups.verifying import verify_backups
from app.progress import Task
from tests.conftest import Clock
from tests.operations.backups.making import back_up, write_conversation
from tests.operations.conftest import listing

SECRET = "four words in a row"


def test_there_and_back(garden: Library, clock: Clock) -> None:
    """A full and an incremental one, verified and restored, with the passphrase of each call."""
    path = garden.exports / "Garden"
    first = back_up(garden, encrypt=True, passphrase=SECRET)
    clock.advance(hours=1)
    write_conversation(path, 0, "Dill?")
    second = back_up(garden, encrypt=True, passphrase=SECRET)
    held = listing(path)
    write_conversation(path, 0, "Something else")

    checked = verify_backups(garden, Task(), passphrase=SECRET)
    restore_backup(garden, Task(), export="Garden", id=second.id, passphrase=SECRET)

    assert (first.encrypted, second.encrypted, second.type) == (True, True, "incremental")
    assert checked.ok
    assert listing(path) == held


def test_without_it_nothing_is_shown(garden: Library) -> None:
    """Asked for, not guessed; a wrong one is refused; unlocked, all is there again."""
    made = back_up(garden, encrypt=True, passphrase=SECRET)

    with pytest.raises(PassphraseNeeded):
        show_backup(garden, export="Garden", id=made.id)
    with pytest.raises(PassphraseNeeded):
        restore_backup(garden, Task(), export="Garden", id=made.id)
    with pytest.raises(InvalidInput):
        restore_backup(garden, Task(), export="Garden", id=made.id, passphrase="another one")
    passphrase.unlock(garden, SECRET)

    assert len(show_backup(garden, export="Garden", id=made.id).files) > 7


def test_no_name_and_no_word_in_the_clear(garden: Library) -> None:
    """Neither what was said nor how files are called can be read in the archive."""
    made = back_up(garden, encrypt=True, passphrase=SECRET)
    raw = (backup_folder(garden) / made.archives[0]).read_bytes()

    for word in ("mint", "Mint", "Garden", "conversations", "manifest"):
        assert word.encode() not in raw
        assert word.encode("utf-16-le") not in raw
    told = [each for each in garden.root.rglob("*") if each.is_file()]
    assert not any(SECRET.encode() in each.read_bytes() for each in told)


def test_locked_archives_are_counted_until_they_are_unlocked(garden: Library) -> None:
    """With the index lost, an encrypted archive is named as locked; the passphrase lists it."""
    made = back_up(garden, encrypt=True, passphrase=SECRET)

    locked = reindex_backups(garden, Task())
    (problem,) = show_status(garden).problems
    before = list_backups(garden)
    with pytest.raises(PassphraseNeeded):
        show_backup(garden, export="Garden", id=made.id)
    unlock_backups(garden, passphrase="another one")
    still = show_status(garden).problems
    unlock_backups(garden, passphrase=SECRET)

    assert [each.code for each in still] == ["locked-backup"]
    assert (locked.backups, locked.archives, before) == (0, 1, [])
    assert (problem.code, problem.item) == ("locked-backup", f"{made.id}.7z")
    assert [each.id for each in list_backups(garden)] == [made.id]
    assert show_status(garden).problems == ()


def test_encrypting_needs_a_passphrase(garden: Library) -> None:
    """Without one nothing is written in the clear in its stead."""
    with pytest.raises(PassphraseNeeded):
        back_up(garden, encrypt=True)
    with pytest.raises(InvalidInput, match="too short"):
        back_up(garden, encrypt=True, passphrase="short")

    assert not list(backup_folder(garden).glob("*.7z"))


def test_what_is_locked_does_not_keep_the_rest_from_being_cleared_away(garden: Library) -> None:
    """Without the passphrase plain backups go by the rules, encrypted ones wait, and it is said."""
    secret = back_up(garden, encrypt=True, passphrase=SECRET)
    plain = [back_up(garden, incremental=False, force=True) for _ in range(3)]
    asked = {"export": "Garden", "keep_last": 1}

    dry = clean_up_backups(garden, Task(), **asked, dry_run=True)
    told = clean_up_backups(garden, Task(), **asked)

    assert {each.id for each in list_backups(garden)} == {secret.id, plain[-1].id}
    for report in (dry, told):
        assert [(each.code, each.item) for each in report.problems] == [
            ("cleanup-locked", secret.id)
        ]
        assert report.freed_bytes > 0
    again = clean_up_backups(garden, Task(), **asked, passphrase=SECRET)
    assert again.problems == ()
    assert [each.id for each in list_backups(garden)] == [plain[-1].id]
