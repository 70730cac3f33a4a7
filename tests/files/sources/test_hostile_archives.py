"""Archives that are broken, or made to break us: each file that can be had is had."""

from __future__ import annotations

import io
import os
import stat
import struct
import subprocess
import tarfile
import unicodedata
import zipfile
from pathlib import Path

import py7zr
import pytest

from app.core.problems import Problem
from app.errors import InvalidInput, NotAnExport, NotFound, StorageProblem
from app.files.sources import refusals
from app.files.sources.blocks import CHUNK
from app.files.sources.contract import DamagedEntry
from app.files.sources.opening import open_source
from tests.conftest import require_program
from tests.files.sources.makers import MAKERS, tarred, zipped

GOOD = {"conversations.json": b'[{"mapping": {}}]', "file-Q1w2e3.png": b"\x89PNG" + b"x" * 9000}


def make_zip(path: Path, files: list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return path


def extracted(path: Path, out: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Extract everything; answer what was written by entry name, and every problem."""
    with open_source(path, path.parent) as source:
        pairs = [(entry, out / entry.safe_name) for entry in source.entries()]
        done = list(source.extract_all(pairs))
        problems = source.problems + [told for _, told in done if isinstance(told, Problem)]
        targets = dict(pairs)
        written = {
            entry.name: targets[entry].read_bytes()
            for entry, told in done
            if not isinstance(told, Problem)
        }
    return written, problems


@pytest.mark.parametrize(
    "name",
    ["../evil", "a/../../evil", "/etc/evil", "C:\\evil", "c:evil", "..\\evil", "\\\\host\\evil"],
)
def test_names_that_lead_outside_are_left_out_and_told(tmp_path: Path, name: str):
    """The rest of the archive is read; the entry is a loss with its name in it."""
    path = make_zip(tmp_path / "a.zip", [(name, b"evil"), *GOOD.items()])

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert [(problem.code, problem.loss) for problem in problems] == [("unsafe-name", True)]
    assert not list(tmp_path.rglob("evil"))


def test_name_with_nul_is_left_out(tmp_path: Path):
    """A NUL would end the name for the system while checks see more."""
    path = make_zip(tmp_path / "a.zip", [("abcdef.txt", b"evil"), *GOOD.items()])
    path.write_bytes(path.read_bytes().replace(b"abcdef.txt", b"abc\0ef.txt"))

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert problems[0].code == "unsafe-name"


def test_double_dots_within_a_name_are_fine(tmp_path: Path):
    """Only a component that is two dots climbs."""
    path = make_zip(tmp_path / "a.zip", [("notes..final.pdf", b"1"), ("..a/b..", b"2")])

    written, problems = extracted(path, tmp_path / "out")

    assert written == {"notes..final.pdf": b"1", "..a/b..": b"2"}
    assert problems == []


def test_backslashes_separate(tmp_path: Path):
    """Archives from Windows name files with them."""
    info = zipfile.ZipInfo("dir\\file.txt")
    path = make_zip(tmp_path / "a.zip", [(info, b"1")])

    assert set(extracted(path, tmp_path / "out")[0]) == {"dir/file.txt"}


def test_links_and_devices_are_left_out(tmp_path: Path):
    """A link in a ZIP is an entry whose mode says so."""
    link = zipfile.ZipInfo("link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    fifo = zipfile.ZipInfo("fifo")
    fifo.create_system, fifo.external_attr = 3, (stat.S_IFIFO | 0o777) << 16
    path = make_zip(tmp_path / "a.zip", [(link, b"/etc/passwd"), (fifo, b""), *GOOD.items()])

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert [problem.code for problem in problems] == ["link", "link"]


@pytest.mark.parametrize("kind", ["symlink", "hardlink", "device"])
def test_links_in_tar_are_left_out(tmp_path: Path, kind: str):
    """Neither kind of link is followed, nor is a device made."""
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as archive:
        member = tarfile.TarInfo("bad")
        member.type = {
            "symlink": tarfile.SYMTYPE, "hardlink": tarfile.LNKTYPE, "device": tarfile.CHRTYPE
        }[kind]  # fmt: skip
        member.linkname = "/etc/passwd"
        archive.addfile(member)
        for name, data in GOOD.items():
            good = tarfile.TarInfo(name)
            good.size = len(data)
            archive.addfile(good, io.BytesIO(data))

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert [(problem.code, problem.item) for problem in problems] == [("link", "bad")]


def test_links_in_folder_are_never_followed(tmp_path: Path):
    """Neither to a file nor to a folder, nor round in a circle."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.txt").write_text("secret")
    root = tmp_path / "export"
    root.mkdir()
    for name, data in GOOD.items():
        (root / name).write_bytes(data)
    (root / "file").symlink_to(tmp_path / "secret/key.txt")
    (root / "folder").symlink_to(tmp_path / "secret")
    (root / "circle").symlink_to(root)
    os.mkfifo(root / "fifo")

    written, problems = extracted(root, tmp_path / "out")

    assert written == GOOD
    assert sorted(problem.item for problem in problems) == ["circle", "fifo", "file", "folder"]


def test_links_in_seven_zip_are_left_out(tmp_path: Path):
    """7-Zip keeps links when asked to; they are not ours to make."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "conversations.json").write_bytes(b"[]")
    (root / "link").symlink_to("/etc/passwd")
    program = require_program("7zz")
    subprocess.run([program, "a", "-snl", "-bso0", "-bsp0", "../a.7z", "."], cwd=root, check=True)

    written, problems = extracted(tmp_path / "a.7z", tmp_path / "out")

    assert written == {"conversations.json": b"[]"}
    assert [problem.code for problem in problems] == ["link"]


def test_of_duplicates_the_last_is_taken(tmp_path: Path):
    """As every unpacking program would leave it; told, because something was there twice."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = make_zip(
            tmp_path / "a.zip", [("a.json", b"old"), ("./a.json", b"x"), ("a.json", b"new")]
        )

    written, problems = extracted(path, tmp_path / "out")

    assert written == {"a.json": b"new"}
    assert {problem.code for problem in problems} == {"duplicate-name"}


def test_names_that_some_systems_confuse_are_all_kept(tmp_path: Path):
    """Upper and lower case, composed and decomposed: four files stay four files."""
    composed = unicodedata.normalize("NFC", "é.png")
    decomposed = unicodedata.normalize("NFD", "é.png")
    files = {"A/x.png": b"1", "a/X.PNG": b"2", composed: b"3", decomposed: b"4"}
    path = make_zip(tmp_path / "a.zip", list(files.items()))

    with open_source(path, tmp_path) as source:
        names = [entry.name for entry in source.entries()]
        safe = [unicodedata.normalize("NFC", e.safe_name).casefold() for e in source.entries()]
    written, problems = extracted(path, tmp_path / "out")

    assert len(set(names)) == len(set(safe)) == 4
    assert sorted(written.values()) == [b"1", b"2", b"3", b"4"]
    assert [(problem.code, problem.loss) for problem in problems] == [("colliding-name", False)] * 2


def test_file_named_like_a_folder_is_kept_beside_it(tmp_path: Path):
    """A file "a" and a file "a/b" can't both be where they say."""
    path = make_zip(tmp_path / "a.zip", [("a", b"1"), ("a/b/c", b"2"), ("A/b", b"3")])

    written, _ = extracted(path, tmp_path / "out")

    assert sorted(written.values()) == [b"1", b"2", b"3"]


def test_names_too_long_for_a_file_system_are_shortened(tmp_path: Path):
    """The name in the archive stays known; the one on the disk fits and keeps its extension."""
    name = "file-Q1w2e3-" + "長い" * 100 + ".png"
    path = make_zip(tmp_path / "a.zip", [(name, b"1")])

    with open_source(path, tmp_path) as source:
        entry = source.entries()[0]
    written, problems = extracted(path, tmp_path / "out")

    assert written == {name: b"1"}
    assert len(entry.safe_name.encode()) <= 255
    assert entry.safe_name.endswith(".png")
    assert [problem.code for problem in problems] == ["long-name"]


def test_junk_of_systems_is_dropped_silently(tmp_path: Path):
    """Nobody wrote these and nobody misses them."""
    junk = ["__MACOSX/._conversations.json", "top/._a", "top/.DS_Store", "Thumbs.db", "top/"]
    path = make_zip(tmp_path / "a.zip", [(name, b"") for name in junk] + list(GOOD.items()))

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert problems == []


def test_one_damaged_entry_costs_only_itself(tmp_path: Path):
    """Its checksum is wrong: it is a loss; the others are written."""
    path = zipped(zipfile.ZIP_STORED)(tmp_path, {**GOOD, "bad.png": b"B" * 5000})
    path.write_bytes(path.read_bytes().replace(b"B" * 5000, b"B" * 4999 + b"C"))

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert [(problem.code, problem.item) for problem in problems] == [("damaged-file", "bad.png")]
    assert not (tmp_path / "out/bad.png").exists()
    with open_source(path, tmp_path) as source:
        bad = next(entry for entry in source.entries() if entry.name == "bad.png")
        with pytest.raises(DamagedEntry), source.open(bad) as stream:
            stream.read()
        with pytest.raises(DamagedEntry, match="damaged in the archive"):
            source.extract(bad, tmp_path / "x")


@pytest.mark.parametrize("kind", ["7z copy", "7z lzma2", "7z by 7zz", "7z by 7zz, not solid"])
def test_damage_inside_seven_zip_is_told(tmp_path: Path, kind: str):
    """Whatever py7zr raises on flipped bytes becomes a problem of the file it was in."""
    files = {f"{n}.bin": bytes([n]) * 50 + os.urandom(20_000) for n in range(4)}
    path = MAKERS[kind](tmp_path, files)
    data = bytearray(path.read_bytes())
    for at in range(30_000, 30_016):
        data[at] ^= 0xFF
    path.write_bytes(data)

    written, problems = extracted(path, tmp_path / "out")

    assert problems
    assert all(problem.code == "damaged-file" and problem.loss for problem in problems)
    assert len(written) + len(problems) == 4
    assert all(files[name] == data for name, data in written.items())


@pytest.mark.parametrize("declared", [10, 100 * 1024 * 1024])
def test_entry_that_lies_about_its_size_is_stopped(tmp_path: Path, declared: int):
    """A bomb that inflates past its declared size is cut off there, and told."""
    path = zipped(zipfile.ZIP_DEFLATED)(tmp_path, {"bomb": bytes(50 * CHUNK), **GOOD})
    data = path.read_bytes()
    true = struct.pack("<I", 50 * CHUNK)
    assert data.count(true) == 2  # in the local header and in the directory
    path.write_bytes(data.replace(true, struct.pack("<I", declared)))

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert [problem.item for problem in problems] == ["bomb"]


def test_entries_that_share_their_bytes_are_left_out(tmp_path: Path):
    """Many names for one block of bytes: how a small archive unpacks to petabytes."""
    path = zipped(zipfile.ZIP_DEFLATED)(tmp_path, {"a": bytes(1000), "b": bytes(1000)})
    data = bytearray(path.read_bytes())
    second = data.rfind(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)  # b begins where a does
    path.write_bytes(data)

    written, problems = extracted(path, tmp_path / "out")

    assert set(written) == {"a"}
    assert [problem.code for problem in problems] == ["overlapping-entry"]


def test_too_large_for_the_disk_is_refused_with_both_numbers(tmp_path: Path):
    """Told before a byte is written."""
    with pytest.raises(StorageProblem, match="free on the disk") as refused:
        refusals.require_room(1 << 60, tmp_path)

    assert refused.value.details["needed"] == 1 << 60
    refusals.require_room(1, tmp_path)


@pytest.mark.parametrize("kind", ["zip deflated", "7z lzma2", "tar", "tar.gz", "7z by 7zz"])
@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_truncated_archive_is_an_incomplete_download(tmp_path: Path, kind: str, kept: float):
    """People are told what happened and what to do, not that there are no conversations."""
    path = MAKERS[kind](tmp_path, {**GOOD, "large.bin": os.urandom(100_000)})
    os.truncate(path, int(path.stat().st_size * kept))

    with pytest.raises(NotAnExport, match="download is incomplete") as refused:
        open_source(path, tmp_path)

    assert "again" in refused.value.hint


def test_truncated_archive_is_not_taken_for_one_within_it(tmp_path: Path):
    """Its last bytes are those of an attached ZIP, with an end of its own."""
    inner = zipped(zipfile.ZIP_DEFLATED)(tmp_path, {"conversations.json": b"[]"}).read_bytes()
    path = zipped(zipfile.ZIP_STORED)(tmp_path, {**GOOD, "file-Q1.dat": inner})
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(inner) + len(inner)])

    with pytest.raises(NotAnExport, match="download is incomplete"):
        open_source(path, tmp_path)


def test_program_before_an_archive_is_passed_over(tmp_path: Path):
    """Some tools make archives that unpack themselves."""
    path = zipped(zipfile.ZIP_STORED)(tmp_path, GOOD)
    path.write_bytes(b"MZ" + bytes(5000) + path.read_bytes())

    assert extracted(path, tmp_path / "out") == (GOOD, [])


def test_encrypted_zip_is_refused(tmp_path: Path):
    """Every entry wants a password: the person is asked to unpack it."""
    path = zipped(zipfile.ZIP_STORED)(tmp_path, {"conversations.json": b"[]" * 20})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    directory = data.rfind(b"PK\x01\x02")
    data[directory + 8] |= 1
    path.write_bytes(data)

    with pytest.raises(InvalidInput, match="protected with a password"):
        open_source(path, tmp_path)


def test_one_encrypted_entry_is_left_out(tmp_path: Path):
    """The others don't want a password."""
    path = make_zip(tmp_path / "a.zip", [*GOOD.items(), ("locked.png", b"1")])
    data = bytearray(path.read_bytes())
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)

    written, problems = extracted(path, tmp_path / "out")

    assert written == GOOD
    assert [problem.code for problem in problems] == ["encrypted-entry"]


@pytest.mark.parametrize("hidden", [False, True])
def test_encrypted_seven_zip_is_refused(tmp_path: Path, hidden: bool):
    """With its list of names encrypted too, or not."""
    path = tmp_path / "a.7z"
    with py7zr.SevenZipFile(path, "w", password="x", header_encryption=hidden) as archive:
        archive.writestr(b"[]", "conversations.json")

    with pytest.raises(InvalidInput, match="protected with a password"):
        open_source(path, tmp_path)


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"\x89PNG\r\n",
        b"Rar!\x1a\x07",
        b"%PDF-1.7",
        os.urandom(1000),
        b"7z\xbc\xaf\x27\x1c",
    ],
)
def test_something_else_is_refused_in_one_sentence(tmp_path: Path, data: bytes):
    """Whatever it is called."""
    path = tmp_path / "export.zip"
    path.write_bytes(data)

    with pytest.raises(NotAnExport) as refused:
        open_source(path, tmp_path)

    assert "export.zip" in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize("data", [b"", b" \n", b"\0" * 5000])
def test_empty_file_is_refused(tmp_path: Path, data: bytes):
    """A download that left nothing, or a file of zeros."""
    path = tmp_path / "export.zip"
    path.write_bytes(data)

    with pytest.raises(NotAnExport, match="is empty"):
        open_source(path, tmp_path)


def test_empty_folder_archive_and_missing_path_are_refused(tmp_path: Path):
    """Each with its own sentence."""
    make_zip(tmp_path / "empty.zip", [])
    (tmp_path / "folder").mkdir()

    for name in ("empty.zip", "folder"):
        with pytest.raises(NotAnExport, match="is empty"):
            open_source(tmp_path / name, tmp_path)
    with pytest.raises(NotFound):
        open_source(tmp_path / "gone.zip", tmp_path)


def test_web_page_saved_as_zip_says_the_link_expired(tmp_path: Path):
    """What a browser saves when the download link is too old."""
    path = tmp_path / "export.zip"
    path.write_bytes(b"<p>Sorry</p><html><body>AccessDenied</body></html>")

    with pytest.raises(NotAnExport) as refused:
        open_source(path, tmp_path)

    assert "expired" in refused.value.hint


def test_names_in_unmarked_utf8_are_read(tmp_path: Path):
    """Macs and older programs write UTF-8 without saying so."""
    path = make_zip(tmp_path / "a.zip", [("été.txt", b"1")])
    data = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        where = data.find(magic) + at
        flags = struct.unpack_from("<H", data, where)[0] & ~0x800
        struct.pack_into("<H", data, where, flags)
    path.write_bytes(data)

    assert set(extracted(path, tmp_path / "out")[0]) == {"été.txt"}


def test_tar_with_damaged_tail_is_incomplete(tmp_path: Path):
    """Tarfile stops silently at a header that makes no sense; we don't."""
    path = tarred("w")(tmp_path, {**GOOD, "z.bin": bytes(10)})
    data = bytearray(path.read_bytes())
    where = data.rfind(b"z.bin")
    data[where : where + 512] = b"\xff" * 512
    path.write_bytes(data)

    with pytest.raises(NotAnExport):
        open_source(path, tmp_path)


def test_source_that_vanishes_is_a_storage_problem(tmp_path: Path):
    """A disk pulled out in the middle."""
    path = zipped(zipfile.ZIP_STORED)(tmp_path, GOOD)
    source = open_source(path, tmp_path)
    path.unlink()

    with pytest.raises(StorageProblem, match="can't be read"):
        source.peek(source.entries()[0])


def test_file_that_vanishes_from_a_folder_is_one_loss(tmp_path: Path):
    """The other files of the folder are still copied."""
    root = tmp_path / "root"
    root.mkdir()
    for name, data in GOOD.items():
        (root / name).write_bytes(data)
    source = open_source(root, tmp_path)
    (root / "file-Q1w2e3.png").unlink()

    done = {
        e.name: told
        for e, told in source.extract_all((e, tmp_path / "o" / e.name) for e in source.entries())
    }

    assert isinstance(done["conversations.json"], str)
    assert isinstance(done["file-Q1w2e3.png"], Problem)


def test_target_that_cannot_be_written_is_a_storage_problem(tmp_path: Path):
    """The place for a file is taken by a folder."""
    path = zipped(zipfile.ZIP_STORED)(tmp_path, GOOD)
    (tmp_path / "taken").mkdir()

    with open_source(path, tmp_path) as source, pytest.raises(StorageProblem, match="written"):
        source.extract(source.entries()[0], tmp_path / "taken")
