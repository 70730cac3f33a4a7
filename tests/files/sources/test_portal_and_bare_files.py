"""Archives within archives, and files that are an export by themselves."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from app.core.archive.layout import read_layouts
from app.errors import NotAnExport
from app.files.sources.opening import open_source

CONVERSATIONS = b'[{"id": "c-1", "mapping": {}}]'


def packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


FILES_ZIP = packed({"personal/files/c-1/n-1/mnt/data/conversations.json": b"[1]"})
PART_1 = packed({"conversations-000.json": CONVERSATIONS, "user.json": b"{}"})
PART_2 = packed({"conversations-001.json": CONVERSATIONS, "file-Q1w2e3r4.dat": PART_1})
OUTER = {
    "report.html": b"<html>",
    "User Online Activity/Conversations__ab12-chatgpt-0001.zip": PART_1,
    "User Online Activity/Conversations__ab12-chatgpt-0002.zip": PART_2,
    "User Online Activity/Files__ab12.zip": FILES_ZIP,
    "Contact Info/Contact Info.csv": b"a,b",
    "some other.zip": PART_1,
}


def test_parts_of_a_portal_archive_are_one_source(tmp_path: Path):
    """Nested exports are opened, other archives stay files; scratch space is given back."""
    path, scratch = tmp_path / "portal.zip", tmp_path / "scratch"
    path.write_bytes(packed(OUTER))
    scratch.mkdir()

    with open_source(path, scratch) as source:
        activity = "User Online Activity/Conversations__ab12-chatgpt-000"
        parts = {entry.name: entry.part for entry in source.entries()}
        (layout,) = read_layouts(source.entries(), source.peek)
        conversations = [source.peek(entry) for entry in layout.conversations]
        out = tmp_path / "out"
        pairs = [(entry, out / entry.safe_name) for entry in source.entries()]
        done = dict(source.extract_all(pairs))

    assert parts[f"{activity}1/user.json"] == f"{activity}1"
    assert parts["some other.zip"] == ""
    assert layout.era == "portal"
    assert conversations == [CONVERSATIONS, CONVERSATIONS]
    assert {layout.relative(entry) for entry in layout.media} == {
        "file-Q1w2e3r4.dat",
        "personal/files/c-1/n-1/mnt/data/conversations.json",
        "some other.zip",
    }
    assert all(isinstance(digest, str) for digest in done.values())
    assert (out / "some other.zip").read_bytes() == PART_1
    assert list(scratch.iterdir()) == []


def test_an_unpacked_portal_folder_is_the_same(tmp_path: Path):
    """A browser may have unpacked the outer archive."""
    root = tmp_path / "portal"
    for name, data in OUTER.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)

    with open_source(root, tmp_path) as source:
        (layout,) = read_layouts(source.entries(), source.peek)

    assert len(layout.conversations) == 2


def test_archives_nest_two_deep_and_no_deeper(tmp_path: Path):
    """Past that an archive is a file like any other."""
    third = packed({"Conversations__3.zip": packed({"conversations.json": b"[]"})})
    second = packed({"Conversations__2.zip": third})
    path = tmp_path / "portal.zip"
    path.write_bytes(packed({"Conversations__1.zip": second}))

    with open_source(path, tmp_path) as source:
        names = [entry.name for entry in source.entries()]

    assert names == ["Conversations__1/Conversations__2/Conversations__3.zip"]


def test_damaged_part_is_told_and_the_others_are_read(tmp_path: Path):
    """One part of many did not survive the download."""
    damaged = {**OUTER, "User Online Activity/Files__ab12.zip": b"PK\x03\x04" + b"x" * 100}
    path = tmp_path / "portal.zip"
    path.write_bytes(packed(damaged))

    with open_source(path, tmp_path) as source:
        (layout,) = read_layouts(source.entries(), source.peek)
        problems = source.problems

    assert len(layout.conversations) == 2
    assert [(problem.code, problem.loss) for problem in problems] == [("damaged-part", True)]


def test_an_earlier_export_that_was_attached_stays_an_attachment(tmp_path: Path):
    """Its bytes say ZIP, its name does not say portal."""
    path = tmp_path / "export.zip"
    path.write_bytes(packed({"conversations.json": CONVERSATIONS, "file-Q1w2e3r4.dat": PART_1}))

    with open_source(path, tmp_path) as source:
        (layout,) = read_layouts(source.entries(), source.peek)

    assert [entry.name for entry in layout.media] == ["file-Q1w2e3r4.dat"]
    assert len(layout.conversations) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("conversations.json", "conversations.json"),
        ("conversations-003.json", "conversations-003.json"),
        ("conversations (1).json", "conversations (1).json"),
        ("my chats.json", "conversations.json"),
        ("dump.txt", "conversations.json"),
    ],
)
def test_bare_json_is_an_export_whatever_it_is_called(tmp_path: Path, name: str, expected: str):
    """With a byte order mark, as JSON lines or as one conversation, too."""
    path = tmp_path / name
    for data in (CONVERSATIONS, b"\xef\xbb\xbf" + CONVERSATIONS, b'{"mapping": {}}\n{"id": "x"}\n'):
        path.write_bytes(data)
        with open_source(path, tmp_path) as source:
            (layout,) = read_layouts(source.entries(), source.peek)

            assert source.kind == "json"
            assert [entry.name for entry in layout.conversations] == [expected]
            assert source.peek(layout.conversations[0]) == data


def test_bare_share_list_holds_no_conversations(tmp_path: Path):
    """It is named like them, and is not."""
    path = tmp_path / "shared_conversations.json"
    path.write_bytes(b'[{"id": "s", "conversation_id": "c", "title": "t"}]')

    with open_source(path, tmp_path) as source, pytest.raises(NotAnExport, match="shared_conv"):
        read_layouts(source.entries(), source.peek)


def test_bare_chat_html_is_an_export(tmp_path: Path):
    """It holds all conversations once more."""
    path = tmp_path / "my chat (1).html"
    path.write_bytes(b"<!DOCTYPE html>\n<html><script>\nvar jsonData = []\n</script>")

    with open_source(path, tmp_path) as source:
        (layout,) = read_layouts(source.entries(), source.peek)

    assert source.kind == "html"
    assert layout.era == "page"
    assert layout.chat_html is not None
