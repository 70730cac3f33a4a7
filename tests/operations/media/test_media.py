"""Media of the library as a list, and what is missing filled in from other exports."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.api import BY_NAME
from app.errors import Cancelled, InvalidInput, NotFound
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.catalog import rebuild_catalog
from app.operations.conversations import show_conversation
from app.operations.media.gallery import list_media
from app.operations.media.missing import fill_missing_media, list_missing_media
from app.operations.named import export_row
from app.operations.results import ShownAsset
from app.progress import Task
from db import gallery
from tests.conftest import WatchedTask
from tests.core.shapes import chain, message
from tests.operations.conftest import bring, catalog_rows, listing

PNG = b"\x89PNG\r\n\x1a\n"
KITE, FERN = "file-KiteAAAAAAAAAAAAAAAAAAAA", "file-FernAAAAAAAAAAAAAAAAAAAA"


def picture(id_: str, size: int = 20) -> dict[str, Any]:
    """Answer a part that points to a picture."""
    pointer = f"file-service://{id_}"
    fields = {"asset_pointer": pointer, "size_bytes": size, "width": 640, "height": 480}
    return {"content_type": "image_asset_pointer", **fields}


def archive(path: Path, *ids: str, held: dict[str, bytes], account: str = "user-1") -> Path:
    """Write an archive whose one conversation shows these pictures and holds some of them."""
    messages = [
        message(
            {"content_type": "multimodal_text", "parts": [picture(id_)]},
            "user",
            create_time=1_700_000_000.0 + number,
            metadata={"attachments": [{"id": id_, "name": f"{id_[5:9].lower()}.png"}]},
        )
        for number, id_ in enumerate(ids)
    ]
    with zipfile.ZipFile(path, "w") as opened:
        opened.writestr("conversations.json", json.dumps([chain(*messages)]))
        opened.writestr("user.json", json.dumps({"id": account, "email": f"{account}@e.org"}))
        for name, content in held.items():
            opened.writestr(name, content)
    return path


@pytest.fixture
def two(open_library: Library, tmp_path: Path) -> Library:
    """An export that misses two pictures, and a later one of the account that has one of them."""
    bring(open_library, archive(tmp_path / "old.zip", KITE, FERN, held={}), name="Old")
    held = {f"{KITE}-kite.png": PNG + b"kite"}
    bring(open_library, archive(tmp_path / "new.zip", KITE, held=held), name="New")
    return open_library


def test_every_file_is_listed_once_in_every_order(demo_library: Library) -> None:
    """Page after page, each order brings every file below media/, and only once."""
    operation = BY_NAME["media list"]
    folder = ExportFolder(demo_library.exports / "Sample")
    there = {p.relative_to(folder.path).as_posix() for p in folder.media.rglob("*") if p.is_file()}

    for sort in ("newest", "oldest", "largest", "name"):
        items, after = [], ""
        while True:
            values = operation.read({"sort": sort, "limit": 3, "after": after})
            page: Any = operation.call(demo_library, values, Task())
            assert (page.totals is None) == bool(after)
            items += page.items
            if page.next is None:
                break
            after = page.next
        assert sorted(item.path for item in items) == sorted(there)
        keys = [_key(sort, item) for item in items]
        assert keys == sorted(keys)


@pytest.mark.parametrize("sort", ["newest", "oldest", "largest", "name"])
def test_search_finds_the_same_however_much_it_finds(
    demo_library: Library, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    """A search that finds little is answered another way than one that finds much, alike."""
    operation = BY_NAME["media list"]

    def pages() -> list[list[str]]:
        found, after = [], ""
        while True:
            values = {"sort": sort, "search": "e", "limit": 2, "after": after}
            page: Any = operation.call(demo_library, operation.read(values), Task())
            found.append([item.path for item in page.items])
            if page.next is None:
                return found
            after = page.next

    little = pages()
    monkeypatch.setattr(gallery, "_FEW", 0)

    assert len(little) > 2
    assert pages() == little


def _key(sort: str, item: Any) -> Any:
    if sort == "largest":
        return -item.size_bytes
    if sort == "name":
        return item.name.casefold()
    undated = item.created_at is None
    seconds = 0.0 if undated else item.created_at.timestamp()
    return undated, -seconds if sort == "newest" else seconds


def test_items_say_where_they_are_shown(two: Library) -> None:
    """A file tells its message, its time and its measures; kinds and words narrow the list."""
    (item,) = list_media(two).items

    assert (item.export, item.name, item.kind) == ("New", f"{KITE}-kite.png", "image")
    assert (item.conversation_id, item.conversation_title) == ("c-1", "Herb garden")
    assert (item.message_id, item.width, item.height) == ("n0", 640, 480)
    assert item.created_at is not None
    assert item.created_at.timestamp() == 1_700_000_000.0
    assert list_media(two, search="KITE").items == (item,)
    assert list_media(two, search="herb").items == (item,)
    assert list_media(two, export="New", kind="image").items == (item,)
    assert list_media(two, export="Old").items == ()
    assert list_media(two, kind="audio").items == ()
    totals = list_media(two).totals
    assert totals is not None
    assert (totals["image"].count, totals["image"].size_bytes, totals["file"].count) == (1, 12, 0)


def test_cursor_of_another_order_is_refused(two: Library) -> None:
    """A cursor nobody gave is a sentence, not a fault."""
    with pytest.raises(InvalidInput):
        list_media(two, after="nonsense")
    with pytest.raises(NotFound):
        list_media(two, export="None")


def test_missing_media_say_why_and_who_has_them(two: Library) -> None:
    """What an export lacks is listed with the reader's own reason, and where it could be had."""
    found = list_missing_media(two, export="Old")

    assert (found.total, found.fillable) == (2, 1)
    kite, fern = found.items
    assert (kite.pointer, kite.name, kite.message_id) == (
        f"file-service://{KITE}",
        "kite.png",
        "n0",
    )
    assert [(each.export, each.path) for each in kite.found_in] == [
        ("New", f"media/{KITE}-kite.png")
    ]
    assert fern.found_in == ()
    assert fern.reason == _shown(two, "Old", "n1").missing
    first = list_missing_media(two, export="Old", limit=1)
    assert list_missing_media(two, export="Old", after=first.next or "").items == (fern,)


def test_filling_brings_the_file_and_all_follows(two: Library) -> None:
    """The file is copied in; the map, the record, the reader and the catalog know it."""
    before = listing(two.exports / "New", times=True)

    done = fill_missing_media(two, Task(), export="Old")

    assert [(each.outcome, each.source) for each in done.items] == [
        ("filled", "New"),
        ("not-found", ""),
    ]
    shown = _shown(two, "Old", "n0")
    assert shown.path == done.items[0].path
    old = ExportFolder(two.exports / "Old")
    assert (old.path / str(shown.path)).read_bytes() == PNG + b"kite"
    assert old.record().counts.missing_media == 1
    assert old.record().counts.media == 1
    assert export_row(two, "Old").missing_count == 1
    assert {item.export for item in list_media(two).items} == {"Old", "New"}
    assert listing(two.exports / "New", times=True) == before
    assert fill_missing_media(two, Task(), export="Old").filled == 0


def test_catalog_after_filling_is_what_the_folders_say(two: Library) -> None:
    """Made again from the files alone, the catalog is the same."""
    fill_missing_media(two, Task(), export="Old", pointers=[f"file-service://{KITE}"])
    known = catalog_rows()

    rebuild_catalog(two, Task())

    assert catalog_rows() == known


@pytest.mark.parametrize("stage", ["media", "finishing"])
def test_stopped_filling_leaves_no_trace(two: Library, stage: str) -> None:
    """Stopped while copying or at the last moment, the export is as it was."""
    before = listing(two.exports, times=True)

    with pytest.raises(Cancelled):
        fill_missing_media(two, WatchedTask(stop_at=stage), export="Old")

    assert listing(two.exports, times=True) == before
    assert list_missing_media(two, export="Old").total == 2


def test_only_a_file_of_the_same_id_comes_from_another_account(
    open_library: Library, tmp_path: Path
) -> None:
    """Another account's file is taken for its id, never for its name."""
    bring(open_library, archive(tmp_path / "old.zip", KITE, FERN, held={}), name="Old")
    held = {f"{KITE}-kite.png": PNG + b"kite", "fern.png": PNG + b"somebody's"}
    other = archive(tmp_path / "other.zip", held=held, account="user-2")
    bring(open_library, other, name="Other")

    found = list_missing_media(open_library, export="Old")

    assert [[place.export for place in item.found_in] for item in found.items] == [["Other"], []]


def test_pointer_that_is_not_missing_is_refused(two: Library) -> None:
    """A pointer nobody misses is a sentence, and nothing is changed."""
    with pytest.raises(NotFound, match="is not missing"):
        fill_missing_media(two, Task(), export="Old", pointers=["file-service://file-x"])


def _shown(library: Library, export: str, node: str) -> ShownAsset:
    messages = show_conversation(library, export=export, id="c-1").messages
    (shown,) = [each for each in messages if each.id == node]
    return shown.assets[0]
