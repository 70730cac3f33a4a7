"""Undoing a restore: what it replaced comes back."""

from __future__ import annotations

import shutil

import pytest

from app.errors import NotFound, StorageProblem
from app.library import Library
from app.operations.backups import putting_back
from app.operations.backups.putting_back import put_back
from app.operations.backups.restoring import restore_backup
from app.operations.backups.standing import show_status
from app.operations.exports import list_exports
from app.progress import Task
from tests.operations.backups.making import back_up, write_conversation
from tests.operations.conftest import listing


def restored_over(library: Library) -> dict[str, str]:
    """Change an export and restore an earlier state over it; answer what it was in between."""
    made = back_up(library)
    write_conversation(library.exports / "Garden", 0, "Something else")
    changed = listing(library.exports / "Garden")
    restore_backup(library, Task(), export="Garden", id=made.id)
    return changed


def test_what_was_replaced_comes_back(garden: Library) -> None:
    """To the byte, and into the catalog; the restored state is in the trash."""
    changed = restored_over(garden)
    restored = listing(garden.exports / "Garden")

    settled = put_back(garden, Task(), export="garden")

    assert listing(garden.exports / "Garden") == changed
    assert listing(garden.root / settled.moved_to) == restored
    assert show_status(garden).restored == ()
    assert [each.name for each in list_exports(garden)] == ["Garden"]


def test_of_two_restores_the_last_is_undone(garden: Library) -> None:
    """The state before the first one stays kept."""
    restored_over(garden)
    restored_over(garden)

    put_back(garden, Task(), export="Garden")

    assert len(show_status(garden).restored) == 1


def test_export_that_is_gone_meanwhile(garden: Library) -> None:
    """What was replaced comes back also where nothing stands any more."""
    changed = restored_over(garden)
    shutil.rmtree(garden.exports / "Garden")

    assert put_back(garden, Task(), export="Garden").moved_to == ""

    assert listing(garden.exports / "Garden") == changed


def test_nothing_to_put_back(garden: Library) -> None:
    """Where no restore replaced anything, it is refused and nothing changes."""
    before = listing(garden.exports)

    with pytest.raises(NotFound):
        put_back(garden, Task(), export="Garden")

    assert listing(garden.exports) == before


def test_failed_half_way_all_is_as_it_was(garden: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fails at the second rename leaves the restored state in its place."""
    restored_over(garden)
    before, moves = listing(garden.exports), []

    def fail_once(source: object, target: object) -> None:
        moves.append(source)
        if len(moves) == 2:
            raise OSError(5, "Input/output error")
        real(source, target)  # type: ignore[arg-type]

    real = putting_back.move_folder
    monkeypatch.setattr(putting_back, "move_folder", fail_once)
    with pytest.raises(StorageProblem):
        put_back(garden, Task(), export="Garden")

    assert listing(garden.exports) == before
    assert len(show_status(garden).restored) == 1
