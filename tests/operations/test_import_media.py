# ruff: noqa: E501 - a shape on one line reads as a table
"""From a message's pointer to a file: all nine steps, in archives imported for real."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.catalog import rebuild_catalog
from app.operations.conversations import show_conversation
from app.operations.exports import check_exports, show_export
from app.operations.results import ShownAsset
from app.progress import Task
from tests.archives import damage, hostile, layouts
from tests.archives.messages import assistant, audio, conversation, image, mixed, simple, user
from tests.archives.writing import (
    USER,
    USER_FOLDER,
    chat_html,
    classic_files,
    pdf,
    png,
    wav,
    write_zip,
)
from tests.operations.conftest import bring, catalog_rows, digests, listing

A = "file-Q1w2E3r4T5y6U7i8O9p0A1"
B = "file_00000000aa11bb22"
OTHER = "file-Z9y8X7w6V5u4T3s2R1q0P9"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def assets_of(library: Library, export: str, talk: str = "c-step") -> list[ShownAsset]:
    """Every file of a conversation, as it is shown."""
    view = show_conversation(library, export=export, id=talk, hidden=True, limit=100)
    return [asset for message in view.messages for asset in message.assets]


@dataclass(frozen=True)
class Step:
    """A message's pointer, the archive's files and lists, and the file it must find."""

    pointer: str
    media: Mapping[str, bytes]
    found: bytes | None
    assets: Mapping[str, str] | None = None
    lists: Mapping[str, object] = field(default_factory=dict)
    attachments: tuple[Mapping[str, object], ...] = ()
    size: int = 20_480
    prompt: str | None = None


STEPS: dict[str, Step] = {
    "1 exact path": Step(f"file-service://{A}", {"odd name.png": png(1), f"{A}-x.png": png(2)}, png(1), {f"file-service://{A}": "odd name.png"}),
    "1 path below another folder": Step(f"sediment://{B}", {f"{USER_FOLDER}/plan.png": png(1)}, png(1), {f"sediment://{B}": f"export/{USER_FOLDER}/plan.png"}),
    "1 leaf alone": Step(f"sediment://{B}", {f"{USER_FOLDER}/plan.png": png(1)}, png(1), {f"sediment://{B}": "elsewhere/plan.png"}),
    "1 pointer with a query": Step(f"sediment://{B}?shared_conversation_id=c", {"plan.png": png(1)}, png(1), {f"sediment://{B}": "plan.png"}),
    "2 packed as .dat": Step(f"sediment://{B}", {f"{B}.dat": png(1), f"{USER_FOLDER}/{B}-7c.png": png(2)}, png(1)),
    "3 by id": Step(f"file-service://{A}", {f"{A}-garden.png": png(1), f"{A}B-other.png": png(2)}, png(1)),
    "3 by size among several": Step(f"file-service://{A}", {f"{A}-a.png": png(1), f"{A}-b.png": png(2) + b"more"}, png(2) + b"more", size=len(png(2)) + 4),
    "3 by folder of what is generated": Step(f"file-service://{A}", {f"{A}-a.webp": png(1), f"dalle-generations/{A}-b.webp": png(2)}, png(2), prompt="a kite"),
    "3 whole before part": Step(f"sediment://{B}", {f"{USER_FOLDER}/{B}-1.part0.png": png(1), f"{USER_FOLDER}/{B}-2.png": png(2)}, png(2)),
    "4 by the list of names": Step(f"sediment://{B}", {f"{USER_FOLDER}/my plan.png": png(1)}, png(1), lists={"conversation_asset_file_names.json": {f"{B}.dat": f"{USER_FOLDER}/my plan.png"}}),
    "4 by the list of the library": Step(f"sediment://{B}", {f"{USER_FOLDER}/my plan.png": png(1)}, png(1), lists={"library_files.json": [{"file_id": B, "file_name": "my plan.png"}]}),
    "4 not if two have the name": Step(f"sediment://{B}", {f"{USER_FOLDER}/image.png": png(1)}, None, lists={"conversation_asset_file_names.json": {B: "image.png", OTHER: "image.png"}}),
    "5 by the attachment's name": Step(f"file-service://{A}", {"leaf of the fig.png": png(1)}, png(1), attachments=({"id": A, "name": "leaf of the fig.png", "mime_type": "image/png"},)),
    "6 by the other prefix": Step(f"sediment://{B}", {f"{B.replace('_', '-')}-x.png": png(1)}, png(1)),
    "6 by the bare id": Step(f"sediment://{B}", {f"{B[5:]}.png": png(1)}, png(1)),
    "9 nowhere": Step(f"sediment://{B}", {f"{B}0-longer.png": png(1)}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_each_step_finds_its_file(name: str, open_library: Library, tmp_path: Path) -> None:
    """The message shows the bytes the step leads to, under a path that is there."""
    step = STEPS[name]
    part = image(step.pointer, step.size, prompt=step.prompt)
    talk = conversation(
        "c-step", user(mixed(part), metadata={"attachments": list(step.attachments)})
    )
    files = {**classic_files([talk], step.media, step.assets), **step.lists}

    report = bring(open_library, write_zip(tmp_path / "a.zip", files), name="Mine")

    (shown,) = assets_of(open_library, "Mine")
    assert report.assets.missing == (0 if step.found else 1)
    assert {sha(data) for data in step.media.values()} <= digests(
        open_library.exports / "Mine/media"
    )
    if step.found is None:
        assert shown.path is None
        assert "not contained in the archive" in shown.missing
    else:
        assert sha((open_library.exports / "Mine" / str(shown.path)).read_bytes()) == sha(
            step.found
        )
        places = ExportFolder(open_library.exports / "Mine").assets()
        assert f"media/{places[step.pointer]}" == shown.path


def test_step_7_an_older_export_still_has_the_picture(
    open_library: Library, tmp_path: Path
) -> None:
    """What a later archive dropped is copied from another export of the same account."""
    talk = conversation("c-step", user(mixed(image(f"sediment://{B}"))))
    old = write_zip(
        tmp_path / "old.zip", classic_files([talk], {f"{USER_FOLDER}/{B}-1.png": png(1)})
    )
    new = write_zip(tmp_path / "new.zip", classic_files([talk]))
    stranger = write_zip(
        tmp_path / "kim.zip", classic_files([talk], account={**USER, "id": "user-Kim"})
    )
    bring(open_library, old, name="Old")

    kept = bring(open_library, new, name="New")
    foreign = bring(open_library, stranger, name="Kim")

    (shown,) = assets_of(open_library, "New")
    assert sha((open_library.exports / "New" / str(shown.path)).read_bytes()) == sha(png(1))
    assert (kept.assets.missing, foreign.assets.missing) == (0, 1)
    assert check_exports(open_library, Task(), export="New").ok


def test_file_that_comes_later_fills_the_gap(open_library: Library, tmp_path: Path) -> None:
    """A picture missing at first is found when an archive that has it is added."""
    talk = conversation("c-step", user(mixed(image(f"sediment://{B}"))))
    without = write_zip(tmp_path / "a.zip", classic_files([talk]))
    holding = write_zip(
        tmp_path / "b.zip", classic_files([talk], {f"{USER_FOLDER}/{B}-1.png": png(1)})
    )
    first = bring(open_library, without, name="Mine")

    second = bring(open_library, holding, into="Mine")

    (shown,) = assets_of(open_library, "Mine")
    assert (first.assets.missing, second.assets.missing) == (1, 0)
    assert second.assets.stored == 1
    assert shown.path == f"media/{USER_FOLDER}/{B}-1.png"


@pytest.mark.parametrize("order", [(b"", png(1)), (png(1), b""), (png(1), png(2))])
def test_empty_file_gives_way_and_no_other(
    order: tuple[bytes, bytes], open_library: Library, tmp_path: Path
) -> None:
    """Where two archives differ on a picture, the one that is there stays unless it is empty."""
    pointer, name = f"sediment://{B}", f"{USER_FOLDER}/{B}-1.png"
    talk = conversation("c-step", user(mixed(image(pointer))))
    first, second = (
        write_zip(tmp_path / f"{n}.zip", classic_files([talk], {name: data}, {pointer: name}))
        for n, data in enumerate(order)
    )
    bring(open_library, first, name="Mine")

    bring(open_library, second, into="Mine")

    (shown,) = assets_of(open_library, "Mine")
    export = open_library.exports / "Mine"
    assert (export / str(shown.path)).read_bytes() == (order[0] or order[1])
    assert {sha(data) for data in order} == digests(export / "media")
    made = catalog_rows()
    rebuild_catalog(open_library, Task())
    assert catalog_rows() == made


def library_row(file_id: str, name: str, **keys: object) -> dict[str, object]:
    return {"file_id": file_id, "file_name": name, "file_size_bytes": 70, **keys}


SANDBOX: dict[str, tuple[list[dict[str, object]], dict[str, bytes], bytes | None]] = {
    "by message and name": ([library_row(B, "chart.png", origination_message_id="c-step-n1"), library_row(OTHER, "chart.png", origination_message_id="else")], {f"{B}.dat": png(1), f"{OTHER}.dat": png(2)}, png(1)),
    "by conversation and name": ([library_row(B, "chart.png", origination_thread_id="c-step"), library_row(OTHER, "chart.png", origination_thread_id="else")], {f"{B}.dat": png(1), f"{OTHER}.dat": png(2)}, png(1)),
    "by a name only one has": ([library_row(B, "chart.png"), library_row(OTHER, "else.png")], {f"{B}.dat": png(1), f"{OTHER}.dat": png(2)}, png(1)),
    "not by a name two have": ([library_row(B, "chart.png"), library_row(OTHER, "chart.png")], {f"{B}.dat": png(1), f"{OTHER}.dat": png(2)}, None),
    "in the portal's folders": ([], {"personal/files/c-step/c-step-n1/mnt/data/chart.png": png(1), "personal/files/c-else/m/chart.png": png(2)}, png(1)),
}  # fmt: skip


@pytest.mark.parametrize("name", SANDBOX)
def test_step_8_files_a_program_wrote(name: str, open_library: Library, tmp_path: Path) -> None:
    """A sandbox link finds what the library lists of its message, its conversation, or at all."""
    rows, media, found = SANDBOX[name]
    talk = conversation("c-step", assistant("See [the chart](sandbox:/mnt/data/chart.png)."))
    files = {**classic_files([talk], media), "library_files.json": rows}

    bring(open_library, write_zip(tmp_path / "a.zip", files), name="Mine")

    places = ExportFolder(open_library.exports / "Mine").assets()
    path = places.get("c-step/sandbox:/mnt/data/chart.png")
    if found is None:
        assert path is None
    else:
        assert (open_library.exports / "Mine/media" / str(path)).read_bytes() == found


def test_uploaded_picture_is_shown_once(open_library: Library, tmp_path: Path) -> None:
    """Listed as a part and as an attachment, a picture is one, with the name it had."""
    attached = {"id": A, "name": "plan.png", "mime_type": "image/png"}
    talk = conversation(
        "c-step", user(mixed(image(f"file-service://{A}")), metadata={"attachments": [attached]})
    )
    bring(
        open_library,
        write_zip(tmp_path / "a.zip", classic_files([talk], {f"{A}-plan.png": png(1)})),
        name="Mine",
    )

    (shown,) = assets_of(open_library, "Mine")
    assert (shown.name, shown.kind) == ("plan.png", "image")


def test_packed_files_get_names_that_tell(open_library: Library, tmp_path: Path) -> None:
    """A .dat or a file without extension is called by its content and the name known of it."""
    media = {
        f"{B}.dat": png(1),
        "file_00000000cc33.dat": wav(2),
        A: pdf("x"),
        "file_00000000dd44.dat": b"\0\1\2 no known kind",
    }
    names = {f"{B}.dat": "my plan.png"}
    talk = conversation(
        "c-step", user(mixed(image(f"sediment://{B}"), audio("sediment://file_00000000cc33", 844)))
    )
    files = {**classic_files([talk], media), "conversation_asset_file_names.json": names}

    bring(open_library, write_zip(tmp_path / "a.zip", files), name="Mine")

    kept = {
        path.name: sha(path.read_bytes())
        for path in (open_library.exports / "Mine/media").iterdir()
    }
    told = {Path(name).suffix: digest for name, digest in kept.items()}
    assert told == {
        ".png": sha(png(1)),
        ".wav": sha(wav(2)),
        ".pdf": sha(pdf("x")),
        ".dat": sha(media["file_00000000dd44.dat"]),
    }
    assert any("my plan" in name for name in kept)


def test_same_bytes_are_stored_once(open_library: Library, tmp_path: Path) -> None:
    """One picture under many names takes the room of one; each pointer finds it."""
    pointers = [f"sediment://file_0000000000000{number:03}" for number in range(5)]
    media = {f"{USER_FOLDER}/{pointer[11:]}-x.png": png(1) for pointer in pointers}
    talk = conversation("c-step", user(mixed(*map(image, pointers))))

    report = bring(
        open_library, write_zip(tmp_path / "a.zip", classic_files([talk], media)), name="Mine"
    )

    assert report.assets.stored == len(digests(open_library.exports / "Mine/media")) == 1
    assert len({asset.path for asset in assets_of(open_library, "Mine")}) == 1


def test_media_keep_their_folders(open_library: Library, tmp_path: Path) -> None:
    """Media are below media/ as the source had them."""
    expected = layouts.voice(tmp_path)
    bring(open_library, expected, name="Mine")

    places = {
        path
        for path, facts in listing(open_library.exports / "Mine/media").items()
        if facts != ("folder",)
    }
    assert places == {
        "c-voice/audio/file_0000000000000a01-11.wav",
        "c-voice/audio/file_0000000000000a02-12.wav",
        "c-voice/video/file_0000000000000a03-13.mp4",
        f"{USER_FOLDER}/file_0000000000000a04-14.part0.png",
    }


@pytest.mark.parametrize("builder", [damage.bad_crc, hostile.one_locked], ids=["damaged", "locked"])
def test_media_that_cannot_be_read_is_told_and_missing(
    builder: Any, open_library: Library, tmp_path: Path
) -> None:
    """A damaged or locked picture is a loss the report names; its place says so."""
    expected = builder(tmp_path)

    report = bring(open_library, expected, name="Mine")

    (talk,) = expected.nodes
    (shown,) = assets_of(open_library, "Mine", talk)
    assert shown.path is None
    assert any(problem.loss for problem in report.warnings)


def test_page_goes_when_all_it_holds_is_elsewhere(open_library: Library, tmp_path: Path) -> None:
    """chat.html is not kept where its conversations are; its map of assets always is."""
    assets = {f"file-service://{A}": "a.png", "sediment://unused": "b.png"}
    bring(
        open_library,
        write_zip(
            tmp_path / "a.zip",
            classic_files([simple(1)], {"a.png": png(1), "b.png": png(2)}, assets),
        ),
        name="Mine",
    )

    export = open_library.exports / "Mine"
    assert not (export / "chat.html").exists()
    assert json.loads((export / "chat-assets.json").read_bytes()) == assets


@pytest.mark.parametrize(
    "page",
    [b"<html>no data at all</html>", chat_html([simple(1)], {}).replace(b'"mapping":', b'"mapping" ', 1), b"\0\xff\xfe"],
    ids=["without data", "damaged", "noise"],
)  # fmt: skip
def test_page_that_cannot_be_read_is_kept(
    page: bytes, open_library: Library, tmp_path: Path
) -> None:
    """A page that might say more than was understood stays, byte for byte."""
    files = {**classic_files([simple(1)]), "chat.html": page}

    bring(open_library, write_zip(tmp_path / "a.zip", files), name="Mine")

    assert (open_library.exports / "Mine/chat.html").read_bytes() == page


@pytest.mark.parametrize(
    "builder",
    [damage.recovered_from_page, damage.only_page, damage.poisoned],
    ids=lambda b: b.__name__,
)
def test_page_gives_what_the_files_do_not(
    builder: Any, open_library: Library, tmp_path: Path
) -> None:
    """Conversations only chat.html has whole come from there, and nothing counts as lost."""
    expected = builder(tmp_path)

    report = bring(open_library, expected, name="Mine")

    assert report.conversations.added == len(expected.nodes)
    assert report.conversations.failed == 0
    assert not any(problem.loss for problem in report.warnings)
    assert show_export(open_library, export="Mine").health == "good"


@pytest.mark.parametrize("page", [True, False])
def test_conversations_that_do_not_unpack_are_a_loss_unless_the_page_has_them(
    page: bool, open_library: Library, tmp_path: Path
) -> None:
    """A damaged shard is told and marks the export; with chat.html beside it nothing is lost."""
    files: dict[str, object] = {"conversations-000.json": [simple(1)]}
    files["conversations-001.json"] = [simple(2)]
    if page:
        files["chat.html"] = chat_html([simple(1), simple(2)], {})
    path = write_zip(tmp_path / "a.zip", files, stored=True)
    data = bytearray(path.read_bytes())
    data[data.index(b"Which herb is number 2")] ^= 0xFF
    path.write_bytes(data)

    report = bring(open_library, path, name="Mine")

    lost = [problem for problem in report.warnings if problem.loss]
    assert report.conversations.added == (2 if page else 1)
    assert bool(lost) is not page
    health = show_export(open_library, export="Mine").health
    assert health == ("good" if page else "problems")
