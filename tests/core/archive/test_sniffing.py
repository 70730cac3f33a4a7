"""What a file is by its bytes, and what it should be called."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.archive.sniffing import better_name, by_extension, sniff, sniff_stream

JPEG, PNG = b"\xff\xd8\xff\xe0abc", b"\x89PNG\r\n\x1a\n"


def packed(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "application/epub+zip" if name == "mimetype" else "x" * 5000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("head", "extension", "kind"),
    [
        (PNG, ".png", "image"),
        (JPEG, ".jpg", "image"),
        (b"GIF89a", ".gif", "image"),
        (b"RIFF\0\0\0\0WEBPVP8 ", ".webp", "image"),
        (b"RIFF\0\0\0\0WAVEfmt ", ".wav", "audio"),
        (b"\0\0\0\x18ftypheic", ".heic", "image"),
        (b"\0\0\0\x18ftypmif1", ".heic", "image"),
        (b"\0\0\0\x18ftypavif", ".avif", "image"),
        (b"\0\0\0\x18ftypqt  ", ".mov", "video"),
        (b"\0\0\0\x18ftypM4A ", ".m4a", "audio"),
        (b"\0\0\0\x18ftypisom", ".mp4", "video"),
        (b"\x1aE\xdf\xa3", ".webm", "video"),
        (b"OggS", ".ogg", "audio"),
        (b"ID3\x04", ".mp3", "audio"),
        (b"\xff\xfb\x90\x64", ".mp3", "audio"),
        (b"%PDF-1.7", ".pdf", "file"),
        (b'  {"a": 1}', ".json", "file"),
        (b"\xef\xbb\xbf[1]", ".json", "file"),
        ("Grüße\n".encode(), ".txt", "file"),
        (b"<svg onload=x>", ".txt", "file"),
        (b"<html>", ".txt", "file"),
        (b"abc\0def", "", "file"),
        (b"\xff\xff\xff\xff", "", "file"),
        (b"\xc3\x28", "", "file"),
        (b"", "", "file"),
    ],
)
def test_bytes_tell_what_a_file_is(head: bytes, extension: str, kind: str):
    """By the marks files begin with; a page or drawing that could hold scripts is text."""
    found = sniff(head)

    assert (found.extension, found.kind) == (extension, kind)


@pytest.mark.parametrize(
    ("names", "extension"),
    [
        (("[Content_Types].xml", "_rels/.rels", "word/document.xml"), ".docx"),
        (("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        (("docProps/app.xml", "ppt/presentation.xml"), ".pptx"),
        (("mimetype", "META-INF/container.xml"), ".epub"),
        (("a.txt", "b.txt"), ".zip"),
    ],
)
def test_office_documents_are_told_from_archives(names: tuple[str, ...], extension: str):
    """They are ZIPs; what is in them tells."""
    assert sniff_stream(io.BytesIO(packed(*names))).extension == extension


def test_letter_cut_at_the_end_of_the_look_is_still_text():
    """A look ends after some bytes, not after a letter."""
    assert sniff("日本語".encode()[:-1]).extension == ".txt"


@pytest.mark.parametrize(
    ("leaf", "head", "known", "expected"),
    [
        ("file-Q1w2.dat", PNG, "", "file-Q1w2.png"),
        ("file-Q1w2", JPEG, "", "file-Q1w2.jpg"),
        ("file-Q1w2.dat", b"%PDF", "garden plan.pdf", "file-Q1w2-garden plan.pdf"),
        ("file-Q1w2.dat", PNG, "photo.jpg", "file-Q1w2-photo.png"),
        ("file-Q1w2.dat", JPEG, "photo.jpeg", "file-Q1w2-photo.jpeg"),
        ("file-Q1w2.dat", b"a,b\n1,2", "table.csv", "file-Q1w2-table.csv"),
        ("file_00aa.dat", PNG, "dalle-generations/5d1c.webp", "file_00aa-5d1c.png"),
        ("file_00bb.dat", b"RIFF\0\0\0\0WAVE", "c/audio/file_00bb-77.wav", "file_00bb-77.wav"),
        ("file_00cc.dat", PNG, "0b7e6f5a-1111", "file_00cc-0b7e6f5a-1111.png"),
        ("file-Q1w2.dat", b"\0\1\2", "", "file-Q1w2.dat"),
        ("x.png", JPEG, "", "x.jpg"),
        ("x.part0.jpeg", JPEG, "", "x.part0.jpeg"),
        ("x.png", b"", "", "x.png"),
        ("x.docx", b"PK\x03\x04", "", "x.docx"),
        ("script.py", b"print(1)", "", "script.py"),
        ("file-Q1w2.dat", PNG, "../../../etc/a:b?.png", "file-Q1w2-a_b_.png"),
        ("file-Q1w2.dat", PNG, "x" * 300 + ".png", None),
    ],
)
def test_name_gets_a_real_extension_and_what_is_known(
    leaf: str, head: bytes, known: str, expected: str | None
):
    """The id stays in front, so the file is found by it; extensions that fit are kept."""
    name = better_name(leaf, head, known)

    assert name == expected or (expected is None and len(name.encode()) <= 255)


@settings(deadline=None)
@given(st.text(max_size=50), st.binary(max_size=50), st.text(max_size=50))
def test_any_name_and_bytes_give_a_usable_name(leaf: str, head: bytes, known: str):
    """Names and bytes both come from outside."""
    name = better_name(leaf, head, known)

    assert name
    assert "/" not in name
    assert "\0" not in name


def test_pages_are_served_as_text():
    """A name is no reason to run what is in a file."""
    assert by_extension("a.html").mime_type == by_extension("a.SVG").mime_type == "text/plain"
    assert by_extension("file-a.b.jpeg").kind == "image"
    assert by_extension("noextension").mime_type == "application/octet-stream"
