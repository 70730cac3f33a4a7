"""Merging exports: the union of all they hold, by the same machinery as an import."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import Cancelled, Conflict, InvalidInput, NotFound, StorageProblem
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.catalog import rebuild_catalog
from app.operations.exports import check_exports, list_exports, show_export
from app.operations.managing.table import merge_exports
from app.progress import Task
from tests.archives import damage, pairs
from tests.archives.messages import simple
from tests.archives.writing import classic_files, write_zip
from tests.conftest import WatchedTask
from tests.operations.conftest import bring, catalog_rows, digests, listing, nodes, stored


def apart(library: Library, pair: pairs.Pair) -> None:
    """Import both archives of a pair into exports of their own, the older first."""
    bring(library, pair.first, name="Old")
    bring(library, pair.second, name="New")


ONE_ACCOUNT = [each for each in pairs.PAIRS if each is not pairs.two_accounts]


@pytest.mark.parametrize("into", ["Old", "New", ""])
@pytest.mark.parametrize("builder", ONE_ACCOUNT, ids=lambda builder: builder.__name__)
def test_merged_export_holds_the_union(
    builder: Callable[[Path], pairs.Pair], into: str, open_library: Library, tmp_path: Path
) -> None:
    """Every message, every file and every word of both is in it; both others stay as they were."""
    pair = builder(tmp_path)
    apart(open_library, pair)
    exports = open_library.exports
    media = digests(exports / "Old/media") | digests(exports / "New/media")
    before = {name: listing(exports / name, times=True) for name in {"Old", "New"} - {into}}

    report = merge_exports(
        open_library, Task(), names=["Old", "New"], into=into, name="" if into else "Both"
    )

    merged = exports / (into or "Both")
    assert report.created is not bool(into)
    assert nodes(merged) == pair.both.nodes
    assert digests(merged / "media") >= media
    texts = json.dumps(stored(merged), ensure_ascii=False)
    assert all(text in texts for text in pair.texts)
    for name, facts in before.items():
        assert listing(exports / name, times=True) == facts
    assert check_exports(open_library, Task(), export=merged.name).ok
    rows = catalog_rows()
    rebuild_catalog(open_library, Task())
    assert catalog_rows() == rows


def test_merging_tells_what_it_was_made_of(open_library: Library, tmp_path: Path) -> None:
    """Sources, titles and what is gone come over from all, each once."""
    first, second = simple(1, title="Herbs"), simple(1, title="Herbs in pots", update_time=1.8e9)
    for name, talks in (("Old", [first, simple(2)]), ("New", [second, simple(3)])):
        archive = write_zip(tmp_path / f"{name}.zip", classic_files(talks))
        bring(open_library, archive, name=name)

    merge_exports(open_library, Task(), names=["Old", "New"], name="Both")
    again = merge_exports(open_library, Task(), names=["Old", "New"], into="Both")

    record = ExportFolder(open_library.exports / "Both").record()
    assert sorted(source.name for source in record.sources) == ["New.zip", "Old.zip"]
    assert list(record.previous_titles.values()) == [("Herbs",)]
    assert record.id not in {
        ExportFolder(open_library.exports / name).record().id for name in ("Old", "New")
    }
    assert (again.conversations.added, again.conversations.updated) == (0, 0)


def test_other_accounts_are_not_merged(open_library: Library, tmp_path: Path) -> None:
    """Two people's exports stay two, also where only the records tell whose they are."""
    for name in ("Ann", "Ben"):
        user = {"id": f"user-{name}", "email": f"{name.lower()}@example.org"}
        files = classic_files([simple(1)], account=user)
        bring(open_library, write_zip(tmp_path / f"{name}.zip", files), name=name)
        (open_library.exports / name / "user.json").unlink()
    before = listing(open_library.exports, times=True)

    for values in ({"into": "Ann"}, {"name": "Both"}):
        with pytest.raises(InvalidInput, match=r"different accounts|belongs to"):
            merge_exports(open_library, Task(), names=["Ann", "Ben"], **values)

    assert listing(open_library.exports, times=True) == before


@pytest.fixture
def two(open_library: Library, tmp_path: Path) -> Library:
    """A library with two exports."""
    for name, talks in (("A", [simple(1), simple(2)]), ("B", [simple(2), simple(3)])):
        bring(open_library, write_zip(tmp_path / f"{name}.zip", classic_files(talks)), name=name)
    return open_library


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"names": ["A", "B"]}, InvalidInput),
        ({"names": ["A"], "into": "A"}, InvalidInput),
        ({"names": ["A"], "name": "C"}, InvalidInput),
        ({"names": ["A", "a", "A"], "name": "C"}, InvalidInput),
        ({"names": [], "name": "C"}, InvalidInput),
        ({"names": ["A", "B"], "name": "a"}, Conflict),
        ({"names": ["A", "B"], "name": "..."}, InvalidInput),
        ({"names": ["A", "B"], "into": "A", "name": "C"}, InvalidInput),
        ({"names": ["A", "Nobody"], "name": "C"}, NotFound),
    ],
)
def test_senseless_merges_are_refused(
    two: Library, values: dict[str, object], error: type[Exception]
) -> None:
    """What cannot be merged is refused with a hint, and nothing is changed."""
    before = listing(two.exports, times=True)

    with pytest.raises(error) as refused:
        merge_exports(two, Task(), **values)  # type: ignore[arg-type]

    assert getattr(refused.value, "hint", "")
    assert listing(two.exports, times=True) == before


def test_merged_ones_go_to_the_trash_if_asked(two: Library) -> None:
    """Told so, the merged-from export is deleted as any other: it can be put back."""
    told = merge_exports(two, Task(), names=["A", "B"], into="A", remove=True)

    assert [(each.name, each.status) for each in told.deleted] == [("B", "deleted")]
    assert told.deleted[0].id
    assert [each.name for each in list_exports(two)] == ["A"]
    assert show_export(two, export="A").conversation_count == 3


def test_damaged_one_is_kept_where_it_is(two: Library) -> None:
    """Where something of the merged-from could not be read, it is told, and stays."""
    file = next((two.exports / "B/conversations").iterdir())
    file.write_bytes(file.read_bytes()[:90])

    told = merge_exports(two, Task(), names=["B"], into="A", remove=True)

    assert told.conversations.failed == 1
    assert told.deleted == ()
    assert (two.exports / "B").is_dir()
    assert list((two.exports / "A/damaged").iterdir())
    (two.exports / "B/export.json").unlink()
    with pytest.raises(StorageProblem):
        merge_exports(two, Task(), names=["B"], into="A")


@pytest.mark.parametrize("stage", ["opening", "conversations", "media", "other files", "finishing"])
def test_stopped_merge_leaves_no_trace(two: Library, stage: str) -> None:
    """Stopped anywhere, files and catalog are as they were."""
    before = listing(two.exports, times=True), catalog_rows()

    with pytest.raises(Cancelled):
        merge_exports(two, WatchedTask(stop_at=stage), names=["A", "B"], into="A")

    assert (listing(two.exports, times=True), catalog_rows()) == before


def test_damaged_pieces_and_earlier_files_come_over(open_library: Library, tmp_path: Path) -> None:
    """What an export kept of damage, and other versions of small files, is kept on."""
    bring(open_library, damage.malformed_json(tmp_path / "d"), name="Hurt")
    (open_library.exports / "Hurt/earlier/2024").mkdir(parents=True)
    (open_library.exports / "Hurt/earlier/2024/user.json").write_text('{"id": "x"}')
    (open_library.exports / "Hurt/notes.txt").write_text("mine")
    bring(open_library, write_zip(tmp_path / "a.zip", classic_files([simple(77)])), name="Fine")
    kept = digests(open_library.exports / "Hurt/damaged")

    merge_exports(open_library, Task(), names=["Hurt"], into="Fine")

    fine = open_library.exports / "Fine"
    assert digests(fine / "damaged") == kept
    assert (fine / "earlier/2024/user.json").is_file()
    assert (fine / "notes.txt").read_text() == "mine"
    assert show_export(open_library, export="Fine").health == "problems"
    shutil.rmtree(open_library.exports / "Hurt")
