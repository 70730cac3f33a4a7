"""Both writers of archives keep the same promises, and everyone else's 7-Zip agrees."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import py7zr
import pytest

from app.core.backup.levels import LEVELS
from app.core.backup.manifest import Head
from app.core.backup.waymarks import MarkedFile, find_waymarks
from app.files.backup.draft import drafted, publish
from app.files.backup.sevenzip import codecs
from app.files.backup.sevenzip.archive import Archive, Locked
from app.files.backup.sevenzip.layout import Member
from app.files.backup.sevenzip.sealed import SealedWriter
from app.files.backup.sevenzip.writing import BlockWriter, Content
from tests.conftest import require_program
from tests.files.backup.trees import noise

HEAD = Head(
    id="backup-20260101T000000Z-00000000",
    export="e",
    name="E",
    type="full",
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)
MOMENT = 1_700_000_000_123_456_700  # ns
MANIFEST = b'{"formatVersion":1,"id":"invented for this test"}'
FILES = {
    "conversations/Été 👍.json": b'{"title": "summer"}' * 400,
    "b.txt": b"x" * 50,
    "one byte": b"1",
    "film.mp4": b"long " * 400_000,
    "picture.webp": noise(5000),
}
SECRET = "correct horse battery staple"


def content(name: str) -> Content:
    size = len(FILES[name])
    return Content(Member(name, size, MOMENT, 0o640), MarkedFile(name, "0" * 64, size))


def written(path: Path, kind: str, level: str):
    """Write FILES, an empty file and an empty folder; answer the blocks."""
    with drafted(path) as draft:
        if kind == "ours":
            writer = BlockWriter(draft, LEVELS[level], HEAD)
        else:
            writer = SealedWriter(draft, LEVELS[level], SECRET if kind == "sealed" else None)
        writer.add_empty(Member("empty folder", 0, MOMENT, 0o755, folder=True))
        writer.add_empty(Member("empty.txt", 0, MOMENT, 0o600))
        texts = ["conversations/Été 👍.json", "b.txt", "one byte"]
        numbers = [
            writer.add(
                writer.pack([content(n) for n in texts], [FILES[n] for n in texts], text=True)
            )
        ]
        writer.stream(content("film.mp4"), iter([b"spoilt " * 1000] * 9), text=True)
        writer.drop_last()
        pieces = [FILES["film.mp4"][at : at + 300_000] for at in range(0, 2_000_000, 300_000)]
        numbers.append(writer.stream(content("film.mp4"), iter(pieces), text=True))
        writer.mark_last(content("film.mp4").file)
        picture = writer.pack([content("picture.webp")], [FILES["picture.webp"]], text=False)
        numbers.append(writer.add(picture))
        blocks = writer.settle()
        writer.finish((MANIFEST[:9], MANIFEST[9:]), MOMENT)
        draft.flush()
        publish(draft, path)
    assert numbers == [0, 1, 2]
    return blocks


CASES = [("ours", level) for level in LEVELS] + [
    (kind, level) for kind in ("py7zr", "sealed") for level in ("store", "fast", "small")
]


@pytest.fixture(params=CASES, ids="-".join)
def made(request, tmp_path):
    """An archive by one of the writers at one of the levels: its path, blocks, passphrase."""
    path = tmp_path / "backup.7z"
    blocks = written(path, *request.param)
    return path, blocks, SECRET if request.param[0] == "sealed" else None


def test_blocks_are_where_they_are_said_to_be(made):
    """Every block unpacks to its files, and the manifest is found."""
    path, blocks, passphrase = made
    texts = b"".join(list(FILES.values())[:3])

    with Archive(path, passphrase) as archive:
        unpacked = [b"".join(archive.unpacked(block)) for block in blocks]
        manifest = archive.manifest()
        archive.check(lambda _: None)

    assert unpacked == [texts, FILES["film.mp4"], FILES["picture.webp"]]
    assert manifest == MANIFEST


def test_file_is_read_by_py7zr(made):
    """py7zr lists, tests and unpacks it, with empty files as files and folders as folders."""
    path, _, passphrase = made

    # by file, not by name: py7zr forgets to close what it opens for its threads
    with path.open("rb") as stream, py7zr.SevenZipFile(stream, password=passphrase) as archive:
        names = {each.filename: each.is_directory for each in archive.files}
        assert archive.test() is True
        archive.reset()
        archive.extractall(path.parent / "out")

    assert names["empty folder"] is True
    assert names["empty.txt"] is False
    assert_unpacked(path.parent / "out")


def test_file_is_read_by_7zip(made):
    """Stock 7-Zip tests and unpacks it: bytes, times, modes, empty files and folders."""
    path, _, passphrase = made
    program = require_program("7zz")
    secret = [f"-p{passphrase}"] if passphrase else []

    tested = subprocess.run([program, "t", *secret, path], capture_output=True, text=True)
    subprocess.run([program, "x", *secret, f"-o{path.parent / 'out'}", path], capture_output=True)

    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "Everything is Ok" in tested.stdout
    assert_unpacked(path.parent / "out")
    facts = (path.parent / "out" / "b.txt").stat()
    assert (facts.st_mode & 0o777, facts.st_mtime_ns // 100) == (0o640, MOMENT // 100)


def test_file_is_read_by_libarchive(made):
    """Bsdtar unpacks what is not encrypted: it knows no passphrases for 7z."""
    path, _, passphrase = made
    program = require_program("bsdtar")
    out = path.parent / "out"
    out.mkdir()

    run = subprocess.run(
        [program, "-xf", path, "-C", out], capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"}
    )

    if passphrase is None:
        assert run.returncode == 0, run.stderr
        assert_unpacked(out)
    else:
        assert run.returncode != 0


def assert_unpacked(out: Path) -> None:
    for name, data in FILES.items():
        assert (out / name).read_bytes() == data
    assert (out / "empty.txt").read_bytes() == b""
    assert (out / "empty folder").is_dir()
    assert (out / ".backup" / "manifest.json").read_bytes() == MANIFEST


def test_encrypted_archive_tells_nothing_in_the_clear(tmp_path):
    """Neither names nor contents nor the manifest can be seen, and a wrong passphrase is told."""
    path = tmp_path / "backup.7z"
    written(path, "sealed", "store")
    raw = path.read_bytes()

    for secret in (
        b"b.txt",
        "b.txt".encode("utf-16-le"),
        b"long long",
        b"summer",
        b"formatVersion",
    ):
        assert secret not in raw
    for passphrase in (None, "", "wrong"):
        with pytest.raises(Locked):
            Archive(path, passphrase)


def test_waymarks_tell_where_everything_is(tmp_path):
    """Without the archive's own list, waymarks lead to every block and to the manifest."""
    path = tmp_path / "backup.7z"
    blocks = written(path, "ours", "fast")
    raw = path.read_bytes()

    found = list(find_waymarks(raw))
    named = {file.path for *_, mark in found for block in mark.blocks for file in block.files}
    _, end, last = found[-1]
    behind = codecs.unpack("deflate", raw[end : end + last.manifest.packed], last.manifest.size)

    assert named == set(FILES)
    assert {mark.head for *_, mark in found} == {HEAD}
    assert behind == MANIFEST
    assert len(blocks) == 3


@pytest.mark.parametrize("without", [{"isal"}, {"deflate"}, {"isal", "deflate"}])
def test_archives_are_the_same_without_fast_wheels(tmp_path, monkeypatch, without):
    """Where a wheel is missing zlib packs and unpacks, and each reads what the other wrote."""
    written(tmp_path / "fast.7z", "ours", "fast")
    monkeypatch.setattr(codecs, "DEFLATING", without_wheels(monkeypatch, without))

    blocks = written(tmp_path / "plain.7z", "ours", "fast")

    with Archive(tmp_path / "fast.7z") as archive:
        assert archive.manifest() == MANIFEST
    monkeypatch.undo()
    with Archive(tmp_path / "plain.7z") as archive:
        assert b"".join(archive.unpacked(blocks[1])) == FILES["film.mp4"]


def without_wheels(monkeypatch, names: set[str]) -> codecs.Deflating:
    """Answer what does Deflate where some packages are not installed."""
    with monkeypatch.context() as patch:
        for name in names:
            patch.setitem(__import__("sys").modules, name, None)
        return codecs.fast_deflating()
