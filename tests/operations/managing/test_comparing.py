"""Comparing an export with another, or with an archive before it is imported."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import Cancelled, InvalidInput, NotAnExport, NotFound
from app.library import Library
from app.operations.exports import list_exports
from app.operations.managing.results import Comparison
from app.operations.managing.table import compare_exports
from app.progress import Task
from db.connection import connected
from tests.archives import layouts, pairs
from tests.archives.messages import simple
from tests.archives.writing import classic_files, write_zip
from tests.conftest import WatchedTask
from tests.operations.conftest import bring, catalog_rows, listing

LISTS = ("new", "grown", "renamed", "edited", "archived", "gone")


def compare(library: Library, b: str | Path, **values: int) -> Comparison:
    return compare_exports(library, Task(), a="Mine", b=str(b), **values)


def said(told: Comparison) -> dict[str, list[str]]:
    """The ids in each list that holds any; the media by pointer."""
    found = {name: [each.id for each in getattr(told, name).items] for name in LISTS}
    for name in ("media_lost", "media_found"):
        found[name] = [each.pointer for each in getattr(told, name).items]
    return {name: ids for name, ids in found.items() if ids}


@pytest.fixture(params=["archive", "export"])
def other(request: pytest.FixtureRequest, open_library: Library) -> Callable[[Path], str]:
    """How the other side is given: an archive's path, or the name of an export made of it."""

    def given(archive: Path) -> str:
        if request.param == "archive":
            return str(archive)
        bring(open_library, archive, name="Theirs")
        return "theirs"

    return given


def test_what_changed_upstream(
    open_library: Library, tmp_path: Path, other: Callable[[Path], str]
) -> None:
    """New, grown, edited, renamed, archived and gone, each named once with its id and title."""
    pair = pairs.edited_since(tmp_path)
    bring(open_library, pair.first, name="Mine")
    more = write_zip(tmp_path / "more.zip", classic_files([simple(1), simple(2)]))
    bring(open_library, more, into="Mine")
    grown = copy.deepcopy(simple(2))
    with zipfile.ZipFile(pair.second.path) as archive:
        (talk,) = json.loads(archive.read("conversations.json"))
    later = write_zip(tmp_path / "later.zip", classic_files([talk, grown, simple(3)]))

    told = compare(open_library, other(later))

    assert said(told) == {
        "new": ["c-simple-0003"],
        "grown": ["c-edit"],
        "renamed": ["c-edit"],
        "edited": ["c-edit"],
        "archived": ["c-edit"],
        "gone": ["c-simple-0001"],
    }
    (renamed,) = told.renamed.items
    assert (renamed.title, renamed.title_before) == ("Herbs of the north wall", "Herbs")
    assert (renamed.added, renamed.lost, renamed.edited, renamed.archived) == (2, 1, 1, True)
    assert (told.unchanged, told.complete, told.same_account) == (1, True, True)
    assert told.problems == ()


def test_media_lost_upstream(open_library: Library, tmp_path: Path) -> None:
    """Files only our side has are named with the conversation they belong to."""
    talks, files, assets = layouts.media_talks()
    names = list(files)
    without = {name: data for name, data in files.items() if name != names[0]}
    lacking = {key: name for key, name in assets.items() if name != names[0]}
    ours = write_zip(tmp_path / "ours.zip", classic_files(talks, files, assets))
    theirs = write_zip(tmp_path / "theirs.zip", classic_files(talks, without, lacking))
    bring(open_library, ours, name="Mine")

    told = compare(open_library, theirs)

    assert said(told) == {"media_lost": ["file-service://file-Q1w2E3r4T5y6U7i8O9p0A1"]}
    assert told.media_lost.items[0].title
    assert told.unchanged == len(talks)


def test_media_found_again(open_library: Library, tmp_path: Path) -> None:
    """A file ours lacks and the other has is worth a merge, and is named."""
    pair = pairs.older_richer_newer_poorer(tmp_path)
    bring(open_library, pair.second, name="Mine")
    talks, files, assets = layouts.media_talks()
    names = list(files)
    poor = {name: data for name, data in files.items() if name != names[0]}
    kept = {key: name for key, name in assets.items() if name != names[0]}
    archive = write_zip(tmp_path / "poor.zip", classic_files(talks, poor, kept))
    bring(open_library, archive, into="Mine")

    told = compare(open_library, write_zip(tmp_path / "r.zip", classic_files(talks, files, assets)))

    assert said(told)["media_found"] == ["file-service://file-Q1w2E3r4T5y6U7i8O9p0A1"]


@pytest.mark.parametrize("builder", pairs.PAIRS, ids=lambda builder: builder.__name__)
def test_export_is_as_itself_and_as_its_archive(
    builder: Callable[[Path], pairs.Pair], open_library: Library, tmp_path: Path
) -> None:
    """Compared with itself or with what it was made of, nothing differs; nothing is written."""
    pair = builder(tmp_path)
    bring(open_library, pair.first, name="Mine")
    before = listing(open_library.root / "exports", times=True), catalog_rows()

    for b in ("Mine", pair.first.path):
        told = compare(open_library, b)
        assert said(told) == {}
        assert told.unchanged == len(pair.first.nodes)

    other = compare(open_library, pair.second.path)
    assert other.same_account is (pair.accounts == 1)
    assert (listing(open_library.root / "exports", times=True), catalog_rows()) == before
    assert not open_library.staging.exists()


def test_every_kind_of_pointer_is_known_again(demo_library: Library, sample: Path) -> None:
    """Compared with the very archive it was made of, the whole sample is as it was."""
    with connected():
        told = compare_exports(demo_library, Task(), a="Sample", b=str(sample))

    assert said(told) == {}
    assert told.unchanged > 100


def test_what_was_gone_before_is_no_news(open_library: Library, tmp_path: Path) -> None:
    """Conversations known to be gone are counted, not told again."""
    pair = pairs.deleted_upstream(tmp_path)
    old = pair.first.path.rename(tmp_path / "x-2025-01-01-00-00-00.zip")
    new = pair.second.path.rename(tmp_path / "x-2025-06-01-00-00-00.zip")
    bring(open_library, old, name="Mine")
    first = compare(open_library, new)
    bring(open_library, new, into="Mine")

    again = compare(open_library, new)

    assert [each.id for each in first.gone.items] == sorted(pair.gone)
    assert (again.gone.total, again.gone_before) == (0, len(pair.gone))


def test_part_of_an_archive_calls_nothing_gone(open_library: Library, tmp_path: Path) -> None:
    """One shard does not say what the account no longer has."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    shard = tmp_path / "conversations-003.json"
    shard.write_text(f"[{json.dumps(simple(90))}]")

    told = compare(open_library, shard)

    assert (told.complete, told.gone.total, told.new.total) == (False, 0, 1)


def test_long_lists_are_cut_and_counted(open_library: Library, tmp_path: Path) -> None:
    """However much is new, a few are named and all are counted, the newest first."""
    bring(open_library, write_zip(tmp_path / "a.zip", classic_files([simple(0)])), name="Mine")
    talks = [simple(n, update_time=1.7e9 + n) for n in range(40)]
    archive = write_zip(tmp_path / "b.zip", classic_files(talks))

    told = compare(open_library, archive, limit=3)

    assert told.new.total == 39
    assert [each.id for each in told.new.items] == [f"c-simple-00{n}" for n in (39, 38, 37)]
    assert compare(open_library, archive, limit=0).new.items == ()
    with pytest.raises(InvalidInput):
        compare(open_library, archive, limit=-1)


def test_damage_on_either_side_is_told(open_library: Library, tmp_path: Path) -> None:
    """What cannot be read is named; the rest is compared."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    bring(open_library, layouts.classic(tmp_path), name="Theirs")
    for name in ("Mine", "Theirs"):
        file = sorted((open_library.exports / name / "conversations").iterdir())[name == "Mine"]
        file.write_bytes(file.read_bytes()[:150])

    told = compare(open_library, "Theirs")

    assert {each.code for each in told.problems} == {"damaged-file", "damaged-conversation"}
    assert not told.complete
    assert said(told) == {}


@pytest.mark.parametrize("b", ["", " ", "Nobody", "/nowhere/at all.zip"])
def test_nothing_to_compare_with(open_library: Library, tmp_path: Path, b: str) -> None:
    """What is neither an export nor an archive is refused with a hint."""
    bring(open_library, layouts.voice(tmp_path), name="Mine")
    (tmp_path / "notes.txt").write_text("just notes")

    with pytest.raises((NotFound, NotAnExport)) as refused:
        compare(open_library, b)

    assert refused.value.hint
    with pytest.raises(NotAnExport):
        compare(open_library, tmp_path / "notes.txt")


def test_comparison_can_be_stopped(open_library: Library, tmp_path: Path) -> None:
    """Stopped while reading, nothing is left behind."""
    archive = layouts.classic(tmp_path)
    bring(open_library, archive, name="Mine")

    with pytest.raises(Cancelled):
        compare_exports(
            open_library, WatchedTask(stop_at="conversations"), a="Mine", b=str(archive.path)
        )

    assert [each.name for each in list_exports(open_library)] == ["Mine"]
