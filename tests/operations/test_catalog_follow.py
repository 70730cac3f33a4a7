"""The catalog follows the folders: what is made again from them is what the import made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.library import Library, open_library
from app.operations.catalog import rebuild_catalog
from app.operations.conversations import list_conversations
from app.operations.exports import list_exports, show_export
from app.operations.managing.following import follow_folders
from app.operations.search import search_messages
from app.progress import Task
from db.connection import close_catalog, connected
from tests.archives import contents, damage, hostile, layouts, pairs
from tests.archives.expected import Expected
from tests.archives.messages import simple
from tests.archives.writing import classic_files, write_zip
from tests.operations.conftest import bring, catalog_rows, listing
from tests.operations.test_import_archives import odd_archive


def names(library: Library) -> set[str]:
    return {export.name for export in list_exports(library)}


@pytest.mark.parametrize(
    "builder",
    [
        *layouts.WHOLE,
        *contents.CONTENT,
        damage.malformed_json,
        damage.strange_media,
        damage.only_page,
        damage.empty_array,
    ],
    ids=lambda builder: builder.__name__,
)
def test_rebuilt_catalog_is_what_the_import_made(
    builder: Callable[[Path], Expected], open_library: Library, tmp_path: Path
) -> None:
    """Row for row, the catalog made from the folders alone equals the one the import left."""
    bring(open_library, builder(tmp_path), name="Mine")
    made = catalog_rows()

    report = rebuild_catalog(open_library, Task())

    assert catalog_rows() == made
    assert report.problems == ()
    assert report.conversations == sum(e.conversation_count for e in list_exports(open_library))


@pytest.mark.parametrize("builder", pairs.PAIRS[:3], ids=lambda builder: builder.__name__)
def test_rebuilt_catalog_knows_what_merges_left(
    builder: Callable[[Path], pairs.Pair], open_library: Library, tmp_path: Path
) -> None:
    """Gone, renamed and filled in: an export that grew comes out of its folder as it was."""
    pair = builder(tmp_path)
    bring(open_library, pair.first, name="Mine")
    bring(open_library, pair.second, into="Mine")
    made = catalog_rows()

    rebuild_catalog(open_library, Task())

    assert catalog_rows() == made


def test_rebuilt_catalog_knows_odd_conversations(open_library: Library, tmp_path: Path) -> None:
    """Also where conversations have no id, no title and times from nowhere."""
    odd_archive(tmp_path)
    bring(open_library, tmp_path / "odd.zip", name="Odd")
    bring(open_library, hostile.hostile_titles(tmp_path), into="Odd")
    made = catalog_rows()

    rebuild_catalog(open_library, Task())

    assert catalog_rows() == made


def test_lost_catalog_is_made_again(library: Library, tmp_path: Path) -> None:
    """Deleted, damaged or from the future, the catalog is made again at the next start."""
    with connected():
        bring(library, layouts.classic(tmp_path), name="Mine")
        made = catalog_rows()
    for spoil in (
        lambda: library.catalog.unlink(),
        lambda: library.catalog.write_bytes(b"not a database at all" * 99),
        lambda: library.catalog.write_bytes(b""),
    ):
        close_catalog()
        for suffix in ("-wal", "-shm"):
            library.catalog.with_name(library.catalog.name + suffix).unlink(missing_ok=True)
        spoil()
        again = open_library(library.root)

        assert follow_folders(again, Task()) == []

        with connected():
            assert catalog_rows() == made


def test_unchanged_folders_are_not_read(open_library: Library, tmp_path: Path) -> None:
    """Where nothing has changed, following writes nothing and opens no conversation."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    for file in (open_library.exports / "Mine/conversations").iterdir():
        file.write_text("{")  # would be told, were it read
    made = catalog_rows()

    assert follow_folders(open_library, Task()) == []

    assert catalog_rows() == made


def test_export_renamed_in_the_file_manager_has_the_new_name(
    open_library: Library, tmp_path: Path
) -> None:
    """The folder's name is the export's; its conversations are found under it."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    (open_library.exports / "Mine").rename(open_library.exports / "Herbs of 2025")

    follow_folders(open_library, Task())

    assert names(open_library) == {"Herbs of 2025"}
    assert list_conversations(open_library, export="Herbs of 2025").total == 3
    assert {hit.export for hit in search_messages(open_library, q="mint").hits} == {"Herbs of 2025"}


def test_export_copied_in_the_file_manager_is_a_second_one(
    open_library: Library, tmp_path: Path
) -> None:
    """A copy is an export of its own, with everything in it."""
    bring(open_library, layouts.classic_with_media(tmp_path), name="Mine")
    exports = open_library.exports
    shutil.copytree(exports / "Mine", exports / "Mine (copy)")

    follow_folders(open_library, Task())

    assert names(open_library) == {"Mine", "Mine (copy)"}
    copy = show_export(open_library, export="Mine (copy)")
    mine = show_export(open_library, export="Mine")
    assert copy.conversation_count == mine.conversation_count == 2
    assert copy.media_bytes == mine.media_bytes
    bring(open_library, layouts.classic(tmp_path), into="Mine (copy)")
    assert show_export(open_library, export="Mine").conversation_count == 2


def test_removed_export_is_forgotten(open_library: Library, tmp_path: Path) -> None:
    """What was put into the trash is not listed and not found any more."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    bring(open_library, layouts.voice(tmp_path), name="Spoken")
    shutil.rmtree(open_library.exports / "Mine")

    follow_folders(open_library, Task())

    assert names(open_library) == {"Spoken"}
    assert search_messages(open_library, q="herb").total == 0
    assert catalog_rows()["message"]


def test_changed_export_is_read_anew(open_library: Library, tmp_path: Path) -> None:
    """An export put back from a copy shows what the copy holds."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    shutil.copytree(open_library.exports / "Mine", tmp_path / "copy")
    later = write_zip(tmp_path / "later.zip", classic_files([simple(50)]))
    bring(open_library, later, into="Mine")
    shutil.rmtree(open_library.exports / "Mine")
    shutil.copytree(tmp_path / "copy", open_library.exports / "Mine")

    follow_folders(open_library, Task())

    assert show_export(open_library, export="Mine").conversation_count == 3


def test_damaged_record_is_told(open_library: Library, tmp_path: Path) -> None:
    """An export whose export.json is damaged is named; the others are there; nothing is changed."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    bring(open_library, layouts.voice(tmp_path), name="Spoken")
    (open_library.exports / "Mine/export.json").write_text("{")
    before = listing(open_library.exports)

    (problem,) = follow_folders(open_library, Task())

    assert problem.code == "damaged-file"
    assert problem.item == "export.json"
    assert "Mine" in problem.message
    assert problem.hint
    assert listing(open_library.exports) == before
    assert list_conversations(open_library, export="Spoken").total == 1
    assert list_conversations(open_library, export="Mine").total == 3
    shown = show_export(open_library, export="Mine")
    assert (shown.health, shown.problems) == ("problems", (problem,))
    assert follow_folders(open_library, Task()) == []  # told once, shown as long as it is so


def test_damaged_conversation_file_is_told(open_library: Library, tmp_path: Path) -> None:
    """A conversation that cannot be read is named; all others are in the catalog."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    file = sorted((open_library.exports / "Mine/conversations").iterdir())[0]
    file.write_bytes(file.read_bytes()[:100])
    os.utime(open_library.exports / "Mine/export.json", (1, 1))

    (problem,) = follow_folders(open_library, Task())

    assert problem.item == file.name
    assert list_conversations(open_library, export="Mine").total == 2


def test_strangers_among_the_exports_are_left_alone(open_library: Library, tmp_path: Path) -> None:
    """Files and folders that are no exports are neither listed nor touched."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    (open_library.exports / "notes.txt").write_text("mine")
    (open_library.exports / "Holiday").mkdir()
    (open_library.exports / ".hidden").mkdir()

    assert follow_folders(open_library, Task()) == []
    rebuild_catalog(open_library, Task())

    assert names(open_library) == {"Mine"}
    assert (open_library.exports / "Holiday").is_dir()


def test_another_writer_is_left_in_peace(open_library: Library, tmp_path: Path) -> None:
    """While another process writes, following changes nothing and does not fail."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    shutil.rmtree(open_library.exports / "Mine")

    with open_library.writing():
        assert follow_folders(open_library, Task()) == []

    assert names(open_library) == {"Mine"}
