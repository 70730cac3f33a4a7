"""Importing every built archive: what is expected is there, and nothing of it is lost."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import py7zr
import pytest

from app.core.archive.entries import is_junk
from app.errors import AppError, NotAnExport
from app.library import Library
from app.operations.exports import check_exports
from app.progress import Task
from tests.archives import contents, damage, hostile, layouts, providers
from tests.archives.expected import Expected
from tests.archives.messages import simple
from tests.archives.odd_conversations import ODD
from tests.archives.test_archives import CONVERSATIONS, files_of
from tests.archives.writing import classic_files, png, wire, write_zip
from tests.operations.conftest import bring, catalog_rows, digests, listing, nodes, stored

Builder = Callable[[Path], Expected]
WHOLE = (*layouts.WHOLE, *contents.CONTENT)


def by_name(builders: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("builder", builders, ids=lambda builder: builder.__name__)


@by_name((*WHOLE, *damage.DAMAGED))
def test_everything_expected_is_found(
    builder: Builder, open_library: Library, tmp_path: Path
) -> None:
    """Conversations, nodes, media and problems are those the archive says, and no others."""
    expected = builder(tmp_path)

    report = bring(open_library, expected, name="Mine")

    export = open_library.exports / "Mine"
    assert nodes(export) == expected.nodes
    assert expected.media <= digests(export / "media")
    assert expected.problems <= {problem.code for problem in report.warnings}
    assert report.assets.missing >= len(expected.missing)
    assert report.conversations.added == len(expected.nodes)
    assert [path.name for path in open_library.exports.iterdir()] == ["Mine"]


@by_name(WHOLE)
def test_every_other_file_is_kept_byte_for_byte(
    builder: Builder, open_library: Library, tmp_path: Path
) -> None:
    """What is neither conversations nor their page is in the export as it came."""
    expected = builder(tmp_path)
    files: dict[str, bytes] = {}
    for path in (expected.path, *expected.sources):
        files |= files_of(path)

    bring(open_library, expected, name="Mine")

    kept = digests(open_library.exports / "Mine")
    for name, data in files.items():
        leaf = PurePosixPath(name).name
        if not (CONVERSATIONS.fullmatch(leaf) or leaf == "chat.html" or is_junk(name)):
            assert hashlib.sha256(data).hexdigest() in kept, name


def test_other_files_keep_their_places(open_library: Library, tmp_path: Path) -> None:
    """Small files are where the source had them; the portal's further archives as they are."""
    bring(open_library, layouts.under_tmp(tmp_path), name="Tmp")
    bring(open_library, layouts.privacy_portal(tmp_path), name="Portal")

    assert (open_library.exports / "Tmp/tmp/sora.json").read_text() == "not JSON at all {"
    assert (open_library.exports / "Tmp/tmp/shopping.json").read_bytes() == b""
    portal = open_library.exports / "Portal"
    assert (portal / "Financial/Charge History.csv").is_file()
    assert (portal / "User Online Activity/Ads__77ab.zip").is_file()
    assert not list((portal / "media").rglob("Ads__*"))


def source_objects(expected: Expected) -> dict[str, list[dict[str, Any]]]:
    """The conversation objects of an archive, by id."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in (expected.path, *expected.sources):
        for name, data in files_of(path).items():
            if CONVERSATIONS.fullmatch(PurePosixPath(name).name) and not is_junk(name):
                for talk in json.loads(data):
                    found.setdefault(talk.get("conversation_id") or talk["id"], []).append(talk)
    return found


@by_name(WHOLE)
def test_conversations_keep_every_key(
    builder: Builder, open_library: Library, tmp_path: Path
) -> None:
    """A stored conversation decodes to exactly the object the source had."""
    expected = builder(tmp_path)

    bring(open_library, expected, name="Mine")

    found = stored(open_library.exports / "Mine")
    for key, talks in source_objects(expected).items():
        if all(talk == talks[0] for talk in talks):
            assert found[key] == talks[0]


def odd_archive(folder: Path) -> dict[str, dict[str, Any]]:
    """Write all odd conversations into one archive, each under an id of its own, by that id."""
    talks = [
        json.loads(wire(make()).replace(b"c-odd-one", f"c-odd-{number}".encode()))
        for number, make in enumerate(ODD.values())
    ]
    write_zip(folder / "odd.zip", {"conversations.json": talks})
    ids = [talk.get("conversation_id") or talk.get("id") for talk in talks]
    return {key: talk for key, talk in zip(ids, talks, strict=True) if isinstance(key, str)}


def test_odd_conversations_are_all_stored(open_library: Library, tmp_path: Path) -> None:
    """However odd a conversation is, it comes in, with every key it had."""
    talks = odd_archive(tmp_path)

    report = bring(open_library, tmp_path / "odd.zip", name="Odd")

    files = list((open_library.exports / "Odd/conversations").iterdir())
    found = [json.loads(file.read_bytes()) for file in files]
    assert report.conversations.added == len(found) == len(ODD)
    assert report.conversations.failed == 0
    for key, talk in talks.items():
        assert any(each == talk for each in found), key


@pytest.mark.parametrize(
    "builder",
    [layouts.classic_with_media, layouts.shards_dat, layouts.voice, layouts.privacy_portal],
    ids=lambda builder: builder.__name__,
)
def test_export_is_a_source_itself(builder: Builder, open_library: Library, tmp_path: Path) -> None:
    """The folder of an export, imported again, gives the same export: it is no dead end."""
    expected = builder(tmp_path)
    bring(open_library, expected, name="Mine")
    mine, again = open_library.exports / "Mine", open_library.exports / "Again"

    bring(open_library, mine, name="Again")

    assert nodes(again) == expected.nodes
    assert stored(again) == stored(mine)
    assert listing(mine / "media") == listing(again / "media")
    assert digests(mine) - digests(again) == set()


def pack_zip(folder: Path, target: Path) -> Path:
    return Path(shutil.make_archive(str(target), "zip", folder))


def pack_tar(folder: Path, target: Path) -> Path:
    return Path(shutil.make_archive(str(target), "gztar", folder))


def pack_7z(folder: Path, target: Path) -> Path:
    with py7zr.SevenZipFile(target.with_suffix(".7z"), "w") as archive:
        archive.writeall(folder, "export")
    return target.with_suffix(".7z")


@pytest.mark.parametrize("pack", [pack_zip, pack_tar, pack_7z])
def test_every_kind_of_archive_gives_the_same_export(
    pack: Callable[[Path, Path], Path], open_library: Library, tmp_path: Path
) -> None:
    """Packed as ZIP, as tar or as 7z, a folder comes in as it does by itself."""
    expected = layouts.unpacked(tmp_path)
    bring(open_library, expected, name="Folder")

    bring(open_library, pack(expected.path, tmp_path / "packed"), name="Packed")

    folder, packed = open_library.exports / "Folder", open_library.exports / "Packed"
    assert stored(packed) == stored(folder)
    assert listing(packed / "media") == listing(folder / "media")
    assert digests(folder) ^ digests(packed) == digests(folder, only="export.json") ^ digests(
        packed, only="export.json"
    )


def test_file_names_tell_day_and_title(open_library: Library, tmp_path: Path) -> None:
    """Conversations are in files called by their day and title, made unique by their id."""
    twins = [simple(1, title="Same"), simple(2, title="Same"), simple(3, title="a/b: c?")]
    bring(open_library, write_zip(tmp_path / "a.zip", classic_files(twins)), name="Mine")

    files = {path.name for path in (open_library.exports / "Mine/conversations").iterdir()}
    assert len(files) == 3
    assert {"2025.01.01_Same.json", "2025.01.01_ab_c.json"} <= files
    assert all(re.fullmatch(r"2025\.01\.01_\w+\.json", file.replace("-", "")) for file in files)


def refusals() -> dict[str, Builder]:
    """Everything that must be refused, by name."""
    found: dict[str, Builder] = {builder.__name__: builder for builder in damage.REFUSED}
    for name in providers.OTHERS:
        found[name] = lambda folder, name=name: providers.other(name, folder)  # type: ignore[misc]
    found["bomb"] = hostile.bomb
    found["zip_in_zip_in_zip"] = hostile.zip_in_zip_in_zip
    return found


@pytest.mark.parametrize("name", refusals())
def test_what_is_no_export_is_refused(name: str, open_library: Library, tmp_path: Path) -> None:
    """One sentence says what is wrong, another what to do; the library is as it was."""
    bring(open_library, layouts.classic(tmp_path), name="Before")
    expected = refusals()[name](tmp_path)
    before = listing(open_library.exports, times=True), catalog_rows()

    with pytest.raises(AppError) as refused:
        bring(open_library, expected, name="Mine")

    assert refused.value.code == expected.refused
    assert refused.value.message.endswith(".")
    assert "\n" not in refused.value.message
    assert refused.value.hint
    assert (listing(open_library.exports, times=True), catalog_rows()) == before


def test_saved_sign_in_page_is_told(open_library: Library, tmp_path: Path) -> None:
    """A web page in the place of the download says that its link had expired."""
    with pytest.raises(NotAnExport) as refused:
        bring(open_library, damage.not_a_zip(tmp_path))

    assert "the link had expired" in refused.value.hint


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("page.html", b"<html><body>Please sign in</body></html>"),
        ("settings.json", b'{"theme": "dark"}'),
        ("numbers.json", b"{}"),
        ("list.json", b'[{"name": "x"}, {"name": "y"}]'),
    ],
)
@pytest.mark.parametrize("into", ["", "Before"])
def test_without_any_conversation_nothing_is_imported(
    open_library: Library, tmp_path: Path, name: str, data: bytes, into: str
) -> None:
    """A file that could be an export, and holds no conversation, is refused and not stored."""
    bring(open_library, layouts.classic(tmp_path), name="Before")
    (tmp_path / name).write_bytes(data)
    before = listing(open_library.exports, times=True)

    with pytest.raises(NotAnExport, match="no ChatGPT conversations"):
        bring(open_library, tmp_path / name, into=into)

    assert listing(open_library.exports, times=True) == before


def test_unreadable_conversations_are_refused_by_their_reason(
    open_library: Library, tmp_path: Path
) -> None:
    """An archive whose only conversations.json does not unpack is refused for just that."""
    path = write_zip(tmp_path / "x.zip", {"conversations.json": [simple(1)]}, stored=True)
    data = bytearray(path.read_bytes())
    data[data.index(b"Which herb")] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(NotAnExport, match=r"conversations\.json” is damaged"):
        bring(open_library, path)


def test_only_damage_is_kept_and_told(open_library: Library, tmp_path: Path) -> None:
    """Where all there is is damaged, its bytes are kept, and the report tells of the loss."""
    broken = wire([simple(1)])[:-40]
    (tmp_path / "conversations.json").write_bytes(broken)

    report = bring(open_library, tmp_path / "conversations.json", name="Mine")

    (kept,) = (open_library.exports / "Mine/damaged").iterdir()
    assert kept.read_bytes() in broken
    assert report.conversations.failed == 1
    assert any(problem.loss for problem in report.warnings)


def test_empty_shard_is_told(open_library: Library, tmp_path: Path) -> None:
    """A conversations file of no bytes is no account without conversations: it is a loss."""
    report = bring(open_library, damage.one_bad_shard(tmp_path), name="Mine")

    empty = [problem for problem in report.warnings if problem.code == "empty-file"]
    assert [problem.item for problem in empty] == ["conversations-000.json"]
    assert empty[0].loss


@pytest.mark.parametrize("name", [*hostile.MALICIOUS, "hostile_titles"])
def test_hostile_archives_reach_nothing_outside(
    name: str, open_library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever an archive's names say, files come to lie within the export and nowhere else."""
    attack = {**hostile.MALICIOUS, "hostile_titles": hostile.hostile_titles}[name]
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    expected = attack(tmp_path)
    before = listing(tmp_path)

    report = None
    if expected.refused:
        with pytest.raises(AppError):
            bring(open_library, expected, name="Mine")
    else:
        report = bring(open_library, expected, name="Mine")

    outside = {
        path: facts
        for path, facts in listing(tmp_path).items()
        if not path.startswith(("library/exports/Mine", "library/catalog.sqlite3"))
    }
    assert outside == {k: v for k, v in before.items() if not k.startswith("library/catalog")}
    assert not Path("/tmp/evil.txt").exists()
    export = open_library.exports / "Mine"
    assert not [path for path in export.rglob("*") if path.is_symlink()]
    if report is not None:
        assert nodes(export) == expected.nodes
        assert expected.media <= digests(export / "media")
        assert expected.problems <= {problem.code for problem in report.warnings}


def spoiled(data: bytes, seed: int) -> bytes:
    """Some bytes changed, taken out, put in, or the end cut off."""
    chance = random.Random(seed)  # noqa: S311 - which bytes
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(len(found))
        kind = chance.choice(("change", "change", "take out", "put in"))
        if kind == "change":
            found[at] = chance.randrange(256)
        elif kind == "take out":
            del found[at : at + chance.randrange(1, 50)]
        else:
            found[at:at] = chance.randbytes(chance.randrange(1, 20))
    return bytes(found[: chance.randrange(len(found))] if chance.random() < 0.1 else found)


@pytest.mark.parametrize("kind", ["zip", "7z", "tar", "json", "page"])
def test_any_damage_is_refused_or_told(kind: str, open_library: Library, tmp_path: Path) -> None:
    """Whichever bytes of an archive are wrong, what comes in is whole, or it is refused."""
    folder = layouts.unpacked(tmp_path).path
    makers = {"zip": pack_zip, "7z": pack_7z, "tar": pack_tar}
    names = {"json": "conversations.json", "page": "chat.html"}
    source = makers[kind](folder, tmp_path / "a") if kind in makers else folder / names[kind]
    whole = bring(open_library, source, name="Whole")
    data = source.read_bytes()

    for seed in range(25):
        source.write_bytes(spoiled(data, seed))
        try:
            report = bring(open_library, source, name=f"Mine {seed}")
        except AppError as refused:
            told = bool(refused.message and refused.hint)
        else:
            export = open_library.exports / f"Mine {seed}"
            told = check_exports(open_library, Task(), export=export.name).ok
            less = report.conversations.added < whole.conversations.added
            assert not less or any(problem.loss for problem in report.warnings)
        assert told, f"damage number {seed}"
    assert not open_library.staging.exists()


def test_file_called_as_a_folder_is_kept_beside_it(open_library: Library, tmp_path: Path) -> None:
    """Of a file and a folder of one name both are kept, now and when they come again."""
    first = hostile.file_and_folder(tmp_path)
    media = {"user-A1/x.png": png(1), "user-A1/x.png/y.png": png(2)}
    second = write_zip(
        tmp_path / "b.zip", {**classic_files([simple(1)]), **media, "thing/inside.txt/deep": b"d"}
    )

    bring(open_library, first, name="Mine")
    bring(open_library, second, into="Mine")

    export = open_library.exports / "Mine"
    kept = digests(export)
    for data in (b"file", b"below it", b"d", png(1), png(2)):
        assert hashlib.sha256(data).hexdigest() in kept
    before = listing(open_library.exports, times=True)
    bring(open_library, first, second, into="Mine")
    assert listing(open_library.exports, times=True) == before
