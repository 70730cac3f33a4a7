"""Media and the page's files: ranges, types, and nothing outside their folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from app.interfaces.http.files import content_disposition, parse_range
from app.interfaces.http.page import web_folder
from app.library import Library
from tests.interfaces.serving import Talk

PICTURE = bytes(range(256)) * 40


@pytest.fixture
def export(library: Library) -> Path:
    """An export called "a#b" with a few files."""
    folder = library.exports / "a#b"
    (folder / "media").mkdir(parents=True)
    record = {"id": "1", "name": "a#b", "formatVersion": 1}
    record |= {"createdAt": "2024-01-01T00:00:00Z", "updatedAt": "2024-01-01T00:00:00Z"}
    (folder / "export.json").write_text(json.dumps(record))
    (folder / "media" / "picture 日本.png").write_bytes(PICTURE)
    for name in ("drawing.svg", "page.html", "paper.pdf", "thing", "talk.WAV", "a.js"):
        (folder / "media" / name).write_bytes(b"0123456789")
    (library.root / "secret.png").write_text("TREASURE")
    return folder


def address(name: str) -> str:
    return f"/api/media/{quote('a#b')}/media/{quote(name)}"


@pytest.mark.usefixtures("export")
def test_picture_is_shown_whole(talk: Talk) -> None:
    """A picture comes inline, by its type, with a validator."""
    answer = talk("GET", address("picture 日本.png"))

    assert (answer.status, answer.body) == (200, PICTURE)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert "Content-Disposition" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("export")
@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=-5", -5, None),
        ("bytes=10000-", 10000, None),
        ("bytes=0-999999", 0, None),
    ],
)
def test_ranges(talk: Talk, asked: str, start: int, end: int | None) -> None:
    """A range is answered with its bytes and its place."""
    answer = talk("GET", address("picture 日本.png"), headers={"Range": asked})

    assert answer.status == 206
    assert answer.body == PICTURE[start:end]
    assert answer.headers["Content-Range"].endswith(f"/{len(PICTURE)}")


@pytest.mark.usefixtures("export")
def test_range_outside_the_file(talk: Talk) -> None:
    """A range the file does not have is 416, with the true length."""
    answer = talk("GET", address("thing"), headers={"Range": "bytes=10-"})

    assert answer.status == 416
    assert answer.headers["Content-Range"] == "bytes */10"


@pytest.mark.usefixtures("export")
def test_unchanged_file_is_not_sent_again(talk: Talk) -> None:
    """The validator of the first answer makes the second one empty."""
    etag = talk("GET", address("thing")).headers["ETag"]

    again = talk("GET", address("thing"), headers={"If-None-Match": etag})
    range_of_another = talk(
        "GET", address("thing"), headers={"Range": "bytes=0-1", "If-Range": '"other"'}
    )

    assert (again.status, again.body) == (304, b"")
    assert range_of_another.status == 200


@pytest.mark.usefixtures("export")
@pytest.mark.parametrize("name", ["drawing.svg", "page.html", "paper.pdf", "thing", "a.js"])
def test_what_could_run_is_only_saved(talk: Talk, name: str) -> None:
    """Whatever a browser might run or guess at is an attachment in a sandbox."""
    answer = talk("GET", address(name))

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["notes.txt", "table.csv", "program.py"])
def test_plain_text_opens_to_be_read(talk: Talk, export: Path, name: str) -> None:
    """A text opens in the browser as text and nothing else, whatever is written in it."""
    (export / "media" / name).write_bytes(b"<script>alert(1)</script>")

    answer = talk("GET", address(name))

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "Content-Disposition" not in answer.headers


def test_picture_without_extension_is_shown(talk: Talk, export: Path) -> None:
    """A picture whose name says nothing is known by its first bytes; a page is not shown."""
    (export / "media" / "file-1.dat").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(20))
    (export / "media" / "file-2").write_bytes(b"<html><script>alert(1)</script></html>")

    picture = talk("GET", address("file-1.dat"))
    page = talk("GET", address("file-2"))

    assert picture.headers["Content-Type"] == "image/png"
    assert "Content-Disposition" not in picture.headers
    assert page.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.usefixtures("export")
def test_download_forces_saving(talk: Talk) -> None:
    """A picture asked for as a download comes as one, under its own name."""
    answer = talk("GET", address("picture 日本.png") + "?download=1")

    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"picture __.png\"; filename*=UTF-8''picture%20%E6%97%A5%E6%9C%AC.png"
    )


@pytest.mark.usefixtures("export")
@pytest.mark.parametrize(
    "path",
    [
        "../../secret.png",
        "%2e%2e/%2e%2e/secret.png",
        "media/..%2f..%2f..%2fsecret.png",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "media",
        "media/none.png",
        "media/%00.png",
        "media/" + "x" * 5000,
        "..%5c..%5csecret.png",
    ],
)
def test_nothing_outside_the_export(talk: Talk, path: str) -> None:
    """No way of writing a path leads out of the export's folder."""
    answer = talk("GET", f"/api/media/{quote('a#b')}/{path}")

    assert answer.status in (400, 404)
    assert b"TREASURE" not in answer.body


@pytest.mark.parametrize("name", ["none", "..", ".", "%2e%2e", ".staging"])
def test_no_such_export(talk: Talk, name: str) -> None:
    """Only a folder that is an export is served."""
    assert talk("GET", f"/api/media/{name}/secret.png").status in (400, 404)


@pytest.mark.usefixtures("export")
def test_link_inside_the_export_is_not_followed_out(talk: Talk, export: Path) -> None:
    """A symbolic link planted in an export does not open the rest of the disk."""
    (export / "media" / "link.png").symlink_to(export.parent.parent / "secret.png")

    assert talk("GET", address("link.png")).status in (400, 404)


@pytest.mark.parametrize(
    ("text", "size", "expected"),
    [
        ("", 10, None),
        ("bytes=0-4,6-7", 10, None),
        ("bytes=-", 10, None),
        ("lines=0-4", 10, None),
        ("bytes=5-3", 10, None),
        ("bytes=2-", 10, (2, 10)),
        ("bytes=-20", 10, (0, 10)),
    ],
)
def test_parse_range(text: str, size: int, expected: tuple[int, int] | None) -> None:
    """One plain range is honoured; anything else means the whole file."""
    assert parse_range(text, size) == expected


@pytest.mark.parametrize(("text", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0)])
def test_parse_range_outside(text: str, size: int) -> None:
    """A range with nothing in it is told apart."""
    with pytest.raises(ValueError, match="bytes"):
        parse_range(text, size)


def test_disposition_cannot_be_broken_out_of() -> None:
    """A name with quotes and line ends stays inside its header."""
    header = content_disposition("attachment", 'a"\r\nX: y.txt')

    assert "\r" not in header
    assert "\n" not in header
    assert header.startswith('attachment; filename="a___X: y.txt"; ')


@pytest.mark.parametrize(
    "path", ["/", "/exports/a.b", "/exports/a%20b/c.d.e", "/search", "/settings?x=1"]
)
def test_page_routes_by_path(talk: Talk, path: str) -> None:
    """Every address of the page answers index.html, also where a name holds a dot."""
    answer = talk("GET", path)

    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/none.js", "/lib/none.js", "/%2e%2e/pyproject.toml", "/..%2fpyproject.toml"]
)
def test_page_files_that_are_not_there(talk: Talk, path: str) -> None:
    """A file the page does not have is a 404, and nothing beside web/ is served."""
    assert talk("GET", path).status == 404


def test_modules_have_a_type_browsers_run(talk: Talk) -> None:
    """A module is served as JavaScript, whatever the system's table of types says."""
    answer = talk("GET", "/main.js")

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    again = talk("GET", "/main.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status == 304


def test_page_is_found_where_it_was_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a checkout web/ stands beside app/; in a frozen program, in its folder."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("<!doctype html>")

    assert web_folder().name == "web"
    assert (web_folder() / "main.js").is_file()
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert web_folder() == tmp_path / "web"
