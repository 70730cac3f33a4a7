"""Adding archives to an export: it only ever grows, and says what changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import AppError, Conflict, InvalidInput, NotFound
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.conversations import list_conversations
from app.operations.exports import show_export
from tests.archives import damage, layouts, pairs
from tests.archives.messages import simple
from tests.archives.pairs import Pair
from tests.archives.writing import classic_files, wire, write_zip
from tests.conftest import Clock
from tests.operations.conftest import bring, catalog_rows, digests, listing, nodes, stored

ORDERS = ("older first", "newer first", "both at once")
SAME_ACCOUNT = [builder for builder in pairs.PAIRS if builder is not pairs.two_accounts]


def dated(pair: Pair) -> tuple[Path, Path]:
    """The two archives under names that tell when ChatGPT made them, a day apart."""
    paths = (pair.first.path, pair.second.path)
    named = [
        path.with_name(f"{'3f' * 32}-2026-03-0{day}-10-20-30-{'c4' * 16}.zip")
        for day, path in enumerate(paths, start=1)
    ]
    for path, new in zip(paths, named, strict=True):
        path.rename(new)
    return named[0], named[1]


def bring_both(library: Library, pair: Pair, order: str) -> None:
    first, second = dated(pair)
    if order == "both at once":
        bring(library, second, first, name="Mine")
        return
    if order == "newer first":
        first, second = second, first
    bring(library, first, name="Mine")
    bring(library, second, into="mine")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("builder", SAME_ACCOUNT, ids=lambda builder: builder.__name__)
def test_both_archives_are_in_the_export(
    builder: Callable[[Path], Pair], order: str, open_library: Library, tmp_path: Path
) -> None:
    """In whatever order they come, nodes are joined, media kept, and nothing made poorer."""
    pair = builder(tmp_path)

    bring_both(open_library, pair, order)

    export = open_library.exports / "Mine"
    text = json.dumps(stored(export), ensure_ascii=False)
    assert nodes(export) == pair.both.nodes
    assert pair.both.media <= digests(export / "media")
    assert all(each in text for each in pair.texts)
    assert set(ExportFolder(export).record().gone) == pair.gone
    listed = list_conversations(open_library, export="Mine").items
    assert {each.id for each in listed if each.gone} == pair.gone


@pytest.mark.parametrize("order", ORDERS)
def test_the_newer_title_counts_and_the_older_is_remembered(
    order: str, open_library: Library, tmp_path: Path
) -> None:
    """The title is the newer archive's in either order."""
    bring_both(open_library, pairs.edited_since(tmp_path), order)

    (shown,) = list_conversations(open_library, export="Mine").items
    assert shown.title == "Herbs of the north wall"
    assert shown.archived
    titles = ExportFolder(open_library.exports / "Mine").record().previous_titles
    assert titles == {"c-edit": ("Herbs",)}


def test_conversation_that_returns_is_no_longer_gone(open_library: Library, tmp_path: Path) -> None:
    """What a later archive has again loses its mark."""
    first, second = dated(pairs.deleted_upstream(tmp_path))
    again = write_zip(
        tmp_path / f"{'3f' * 32}-2026-03-05-10-20-30-{'c4' * 16}.zip",
        classic_files([simple(1), simple(2), simple(3)]),
    )
    bring(open_library, first, name="Mine")
    bring(open_library, second, into="Mine")

    report = bring(open_library, again, into="Mine")

    assert ExportFolder(open_library.exports / "Mine").record().gone == ("c-pic",)
    assert report.gone == 1


def test_single_shard_says_nothing_of_what_is_gone(open_library: Library, tmp_path: Path) -> None:
    """Adding part of an export marks nothing as gone."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    (tmp_path / "conversations-003.json").write_bytes(wire([simple(30)]))

    report = bring(open_library, tmp_path / "conversations-003.json", into="Mine")

    assert report.gone == 0
    assert ExportFolder(open_library.exports / "Mine").record().gone == ()


@pytest.mark.parametrize(
    "builder",
    [*layouts.WHOLE, damage.malformed_json, damage.bad_crc, damage.strange_media],
    ids=lambda builder: builder.__name__,
)
def test_same_archive_again_changes_nothing(
    builder: Callable[[Path], layouts.Expected], open_library: Library, tmp_path: Path, clock: Clock
) -> None:
    """Every file, its time and the catalog are as they were, and the report says unchanged."""
    expected = builder(tmp_path)
    bring(open_library, expected, name="Mine")
    before = listing(open_library.exports, times=True), catalog_rows()
    clock.advance(days=1)

    report = bring(open_library, expected, into="Mine")

    counts = report.conversations
    assert (counts.added, counts.updated) == (0, 0)
    assert counts.unchanged == len(expected.nodes)
    assert report.assets.stored == 0
    assert not report.created
    assert (listing(open_library.exports, times=True), catalog_rows()) == before


def test_adding_leaves_what_was_there_in_place(open_library: Library, tmp_path: Path) -> None:
    """Files the addition does not change keep their bytes, names and times."""
    bring(open_library, layouts.classic_with_media(tmp_path), name="Mine")
    before = listing(open_library.exports / "Mine", times=True)

    bring(open_library, layouts.classic(tmp_path), into="Mine")

    after = listing(open_library.exports / "Mine", times=True)
    changed = {path for path, facts in before.items() if after.get(path) != facts}
    assert changed == {"export.json"}


def test_pieces_of_one_download_are_not_gone(open_library: Library, tmp_path: Path) -> None:
    """Imported one by one, pieces made at about one time do not mark each other as gone."""
    for minute in (20, 35):
        name = f"{'3f' * 32}-2026-03-01-10-{minute}-30-{'c4' * 16}.zip"
        piece = write_zip(tmp_path / name, classic_files([simple(minute)]))
        report = bring(open_library, piece, **{"into" if minute == 35 else "name": "Mine"})

    assert report.gone == 0
    assert show_export(open_library, export="Mine").conversation_count == 2


def test_earlier_versions_of_small_files_are_kept(open_library: Library, tmp_path: Path) -> None:
    """A newer source's user.json takes the place of the older one, which moves to earlier/."""
    user = {"id": "user-7Hq", "email": "sam@example.org"}
    archives = [
        write_zip(
            tmp_path / f"{'3f' * 32}-2026-03-0{day}-10-20-30-{'c4' * 16}.zip",
            classic_files([simple(1)], account={**user, "day": day}),
        )
        for day in (1, 2, 3)
    ]
    bring(open_library, archives[1], name="Mine")
    bring(open_library, archives[2], into="Mine")
    bring(open_library, archives[0], into="Mine")

    export = open_library.exports / "Mine"
    assert json.loads((export / "user.json").read_bytes())["day"] == 3
    earlier = [json.loads(p.read_bytes())["day"] for p in (export / "earlier").rglob("user.json")]
    assert sorted(earlier) == [1, 2]


@pytest.mark.parametrize("at_once", [True, False])
def test_two_accounts_are_never_mixed(at_once: bool, open_library: Library, tmp_path: Path) -> None:
    """Archives of two people are refused by their names, chosen together or one into the other."""
    pair = pairs.two_accounts(tmp_path)
    bring(open_library, pair.first, name="Sam")
    before = listing(open_library.root / "exports", times=True), catalog_rows()

    with pytest.raises(InvalidInput, match=r"sam@example.org.*kim@|kim@example.org.*sam@"):
        if at_once:
            bring(open_library, pair.first, pair.second, name="Both")
        else:
            bring(open_library, pair.second, into="Sam")

    assert (listing(open_library.exports, times=True), catalog_rows()) == before


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"name": "mine"}, Conflict),
        ({"into": "Nobody"}, NotFound),
        ({"into": "Mine", "name": "Both"}, InvalidInput),
        ({"name": "///"}, InvalidInput),
    ],
)
def test_target_that_cannot_be_is_refused(
    asked: dict[str, str], error: type[AppError], open_library: Library, tmp_path: Path
) -> None:
    """A name that is taken, an export that is not there, both at once: nothing is changed."""
    archive = layouts.classic(tmp_path)
    bring(open_library, archive, name="Mine")
    before = listing(open_library.exports, times=True)

    with pytest.raises(error) as refused:
        bring(open_library, archive, **asked)

    assert refused.value.hint
    assert listing(open_library.exports, times=True) == before


def test_unnamed_exports_are_called_by_the_day_of_their_archive(
    open_library: Library, tmp_path: Path
) -> None:
    """Without a name, the archive's own date is in it; a second one gets a number."""
    archive = layouts.classic(tmp_path)

    names = [bring(open_library, archive).export for _ in range(2)]

    assert names == ["ChatGPT 2026-03-01", "ChatGPT 2026-03-01 (2)"]


def test_export_remembers_its_sources(open_library: Library, tmp_path: Path, clock: Clock) -> None:
    """Each import adds what it read, when, and how many conversations met which end."""
    first, second = dated(pairs.deleted_upstream(tmp_path))
    bring(open_library, first, name="Mine")
    clock.advance(days=1)
    bring(open_library, second, into="Mine")

    shown = show_export(open_library, export="Mine")
    assert [source.name for source in shown.sources] == [first.name, second.name]
    assert [s.conversations.added for s in shown.sources] == [3, 1]
    assert [s.conversations.unchanged for s in shown.sources] == [0, 2]
    assert shown.updated_at - shown.created_at == clock.now - shown.created_at
    assert shown.account == "sam@example.org"


def test_damaged_pieces_of_two_archives_are_both_kept(
    open_library: Library, tmp_path: Path
) -> None:
    """Two pieces broken at the same place of files of one name do not replace each other."""
    archives = []
    for number in (1, 2):
        broken = wire(simple(number)).replace(b'"mapping":', b'"mapping" ', 1)
        files = {"conversations.json": b"[" + broken + b"," + wire(simple(9)) + b"]"}
        archives.append(write_zip(tmp_path / f"{number}.zip", files))

    bring(open_library, archives[0], name="Mine")
    bring(open_library, archives[1], into="Mine")

    kept = [path.read_bytes() for path in (open_library.exports / "Mine/damaged").iterdir()]
    assert len(kept) == 2
    assert all(sum(f"c-simple-000{n}".encode() in each for each in kept) == 1 for n in (1, 2))


def test_folder_changed_behind_the_program_is_looked_at_first(
    open_library: Library, tmp_path: Path
) -> None:
    """A conversation deleted from the folder by hand comes in again."""
    archive = layouts.classic(tmp_path)
    bring(open_library, archive, name="Mine")
    export = open_library.exports / "Mine"
    lost = next(iter((export / "conversations").iterdir()))
    lost.unlink()
    os.utime(export / "export.json", (1, 1))

    report = bring(open_library, archive, into="Mine")

    assert report.conversations.added == 1
    assert nodes(export) == archive.nodes
