"""The index follows the folder: lost, moved, shared, with foreign and damaged archives in it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from app.core.backup.journal import Event
from app.files.backup.journal import Journal
from app.library import Library, open_library
from app.operations.backups.known import index
from app.operations.backups.known.folder import backup_folder
from app.operations.backups.known.index import follow_backups, now_utc
from app.operations.backups.reindexing import reindex_backups
from app.operations.backups.restoring import restore_backup
from app.operations.backups.showing import list_backups
from app.operations.backups.standing import show_status
from app.operations.managing.following import follow_folders
from app.operations.managing.table import follow_exports
from app.operations.settings import change_settings
from app.progress import Task
from db.connection import close_catalog, connected
from tests.conftest import Clock
from tests.operations.backups.making import back_up, make_export, write_conversation
from tests.operations.conftest import listing


def test_made_again_from_the_archives_alone(garden: Library, clock: Clock) -> None:
    """The catalog lost, all that was known of backups is known again, checksums too."""
    back_up(garden)
    clock.advance(days=1)
    write_conversation(garden.exports / "Garden", 0, "Dill?")
    back_up(garden)
    before = list_backups(garden)
    close_catalog()
    for each in garden.root.glob("catalog.sqlite3*"):
        each.unlink()

    library = open_library(garden.root, clock=clock)
    with connected():
        follow_folders(library, Task())
        told = reindex_backups(library, Task())

        assert list_backups(library) == before
        assert (told.backups, told.archives) == (2, 2)
        assert told.bytes == sum(each.stored_bytes for each in before)


def test_moved_folder_is_found_again(garden: Library, tmp_path: Path) -> None:
    """Moved and named in the settings, the same backups are there at once, to be restored."""
    made = back_up(garden)
    moved = tmp_path / "elsewhere"
    backup_folder(garden).rename(moved)
    change_settings(garden, key="backups.directory", value=str(moved))

    assert [each.id for each in list_backups(garden)] == [made.id]
    restore_backup(garden, Task(), export="Garden", id=made.id, as_="Again")


def test_absent_disk_keeps_what_is_known(garden: Library, tmp_path: Path) -> None:
    """With the disk away its backups are still listed; nothing is made in its place."""
    place = tmp_path / "disk"
    place.mkdir()
    change_settings(garden, key="backups.directory", value=str(place))
    made = back_up(garden)
    place.rename(tmp_path / "unplugged")

    (problem,) = follow_backups(garden)

    assert problem.code == "backups-absent"
    assert [each.id for each in list_backups(garden)] == [made.id]
    assert not show_status(garden).folder.available
    assert not place.exists()


def test_archives_copied_in_and_removed_are_followed(
    garden: Library, clock: Clock, tmp_path: Path
) -> None:
    """Another library's archives show, at a look, as backups of exports not here; gone, they go."""
    made = back_up(garden)
    other = open_library(tmp_path / "other", clock=clock)
    make_export(other, "Foreign")
    with connected():
        foreign = back_up(other, "Foreign")
    close_catalog()
    library = open_library(garden.root, clock=clock)
    with connected():
        before = follow_exports(library, Task()).backups
        copied = shutil.copy(backup_folder(other) / f"{foreign.id}.7z", backup_folder(library))

        seen = follow_exports(library, Task()).backups
        shown = {each.id: (each.export, each.gone) for each in list_backups(library)}
        restored = restore_backup(library, Task(), export="Foreign", id=foreign.id)
        Path(copied).unlink()
        follow_backups(library)

        assert (before, seen) == (False, True)
        assert shown == {made.id: ("Garden", False), foreign.id: ("Foreign", True)}
        assert restored.export == "Foreign"
        assert [each.id for each in list_backups(library)] == [made.id]


def test_rubbish_is_named_and_harms_nothing(garden: Library) -> None:
    """A file that is no archive is told as a problem; the others are listed."""
    made = back_up(garden)
    rubbish = backup_folder(garden) / "backup-20260101T000000Z-00000000.7z"
    rubbish.write_bytes(b"not an archive" * 100)

    follow_backups(garden)

    assert [each.id for each in list_backups(garden)] == [made.id]
    (problem,) = show_status(garden).problems
    assert (problem.code, problem.item) == ("damaged-backup", rubbish.name)


def test_two_libraries_share_a_folder(garden: Library, clock: Clock, tmp_path: Path) -> None:
    """Two programs back up into one folder at the same time; both find all of it."""
    shared = tmp_path / "shared"
    shared.mkdir()
    change_settings(garden, key="backups.directory", value=str(shared))
    roots = []
    for name in ("one", "two"):
        close_catalog()
        other = open_library(tmp_path / name, clock=clock)
        make_export(other, f"Export {name}")
        change_settings(other, key="backups.directory", value=str(shared))
        roots.append(other.root)
    close_catalog()
    project = Path(__file__).resolve().parents[3]

    running = [
        subprocess.Popen(
            [sys.executable, "-m", "app.main", "backup", "bulk", "--quiet", "--library", str(root)],
            cwd=project,
            stdout=subprocess.DEVNULL,
        )
        for root in roots
    ]
    codes = [each.wait(60) for each in running]

    library = open_library(garden.root, clock=clock)
    with connected():
        follow_backups(library)
        assert codes == [0, 0]
        assert sorted(each.export for each in list_backups(library)) == ["Export one", "Export two"]


def test_lost_journal_is_written_again_from_the_catalog(garden: Library) -> None:
    """What failed and when is known to the catalog, too: losing the file loses nothing."""
    back_up(garden)
    follow_backups(garden)
    told = garden.backup_journal.read_bytes()
    garden.backup_journal.unlink()

    follow_backups(garden)

    assert garden.backup_journal.read_bytes() == told


def test_nothing_of_the_export_is_touched(garden: Library) -> None:
    """Backing up reads: no file of the export is changed, added or removed by it."""
    before = listing(garden.exports, times=True)

    back_up(garden)

    assert listing(garden.exports, times=True) == before


def test_catalog_knows_the_journal_however_it_changes(garden: Library) -> None:
    """Grown, told again shorter, or gone on with: the same events, in their order."""
    journal = Journal(garden.backup_journal)
    events = [Event(kind="failed", at=now_utc(garden), export=str(n)) for n in range(900)]

    for told in (events[:1], events[:3], events, events[5:9], [events[5], *events[:2]]):
        journal.tell_again(told)
        index.follow_journal(garden)

        assert [each.export for each in index._known_events()] == [each.export for each in told]
        assert not index._journal_news(garden)
