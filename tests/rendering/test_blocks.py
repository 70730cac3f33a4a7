"""Each kind of block has its own HTML."""

from __future__ import annotations

import pytest

from app.core.blocks import (
    AssetReference,
    Box,
    Canvas,
    CanvasVersion,
    Card,
    Code,
    Instructions,
    Links,
    Notice,
    NotUnderstood,
    Output,
    Plain,
    Thought,
    Transcript,
)
from app.rendering.media import readable_size
from tests.rendering.shown import MEDIA, Page, html_of


def test_plain_text_is_kept_as_typed_with_links() -> None:
    """What the person wrote is not Markdown; its addresses are links."""
    page = Page(html_of(Plain("# not *a* heading\n  indented https://e.org/x, <b>")))

    assert page.text == "# not *a* heading\n  indented https://e.org/x, <b>"
    assert [link["href"] for link in page.all("a")] == ["https://e.org/x"]
    assert page.all("div", "plain")


def test_picture_opens_large_and_reserves_its_place() -> None:
    """A picture is a button with its size, loaded when near, captioned by its prompt."""
    picture = AssetReference("media/a b.png", "image", caption="A fern", width=640, height=480)

    page = Page(html_of(picture))

    image = page.all("img")[0]
    assert image == {
        "src": f"{MEDIA}media/a b.png",
        "alt": "A fern",
        "loading": "lazy",
        "decoding": "async",
        "width": "640",
        "height": "480",
    }
    assert page.all("button", "media-image")[0]["data-lightbox"] == ""
    assert page.text == "A fern"


def test_pictures_in_a_row_share_a_grid() -> None:
    """Several pictures after one another stand in one grid; a single one does not."""
    picture = AssetReference("media/a.png", "image")

    page = Page(html_of(picture, picture, Plain("x"), picture))

    assert len(page.all("div", "media-grid")) == 1
    assert len(page.all("img")) == 3


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_players_have_controls_and_load_only_their_measures(kind: str) -> None:
    """Recordings and films wait for the person."""
    page = Page(html_of(AssetReference("media/a", kind, name="hello.wav")))  # type: ignore[arg-type]

    player = page.all(kind)[0]
    assert (player["preload"], player["controls"]) == ("metadata", "")
    assert player["aria-label"] == "hello.wav"


def test_file_is_a_link_with_its_size() -> None:
    """An uploaded file opens in its own page."""
    page = Page(html_of(AssetReference("media/a.pdf", "file", name="a.pdf", size_bytes=4_600)))

    assert page.all("a", "media-file")[0]["href"] == f"{MEDIA}media/a.pdf"
    assert page.text == "a.pdf 4.6 kB"


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [
        (1024, 1024, "1-1"),
        (1792, 1024, "16-9"),
        (9, 16, "9-16"),
        (None, None, "4-3"),
        (-1, 5, "4-3"),
    ],
)
def test_missing_picture_leaves_a_frame_of_its_shape(
    width: int | None, height: int | None, shape: str
) -> None:
    """What is missing says so, by name and pointer, in a box like the picture's."""
    lost = AssetReference("file-service://file-1", "image", "a.png", width=width, height=height)

    page = Page(html_of(lost))

    assert page.all("div", f"ratio-{shape}")
    assert "Picture: a.png" in page.text
    assert "file-service://file-1" in page.text
    assert "not in the archive" in page.text


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (999_600, "1.0 MB"), (2e9, "2.0 GB")],
)
def test_sizes_are_read_by_people(size: float, words: str) -> None:
    """Sizes are in decimal units, as the system's file manager has them."""
    assert readable_size(int(size)) == words


def test_code_is_highlighted_with_its_title() -> None:
    """Code has a header, a Copy button and can be scrolled from the keyboard."""
    page = Page(html_of(Code("SELECT 'a' -- x", "sql", "query")))

    assert page.all("pre")[0]["tabindex"] == "0"
    assert "data-copy" in page.all("button")[0]
    assert page.all("span", "keyword")
    assert page.text == "sqlqueryCopySELECT 'a' -- x"


@pytest.mark.parametrize(
    "language", ["", "text", "no-such-language", "\x00", "x" * 500, "../python"]
)
def test_unknown_languages_are_shown_plain(language: str) -> None:
    """A language nobody knows colours nothing and loses nothing."""
    page = Page(html_of(Code("if x:\n\ty\n", language)))

    assert page.text.endswith("if x:\n\ty\n")
    assert page.all("span", "keyword") == []


def test_failed_output_is_marked() -> None:
    """What a program printed is fixed-width; failure is a class, and a figure has its title."""
    page = Page(html_of(Output("Traceback …", "Result", failed=True)))

    assert page.all("figure", "failed")
    assert page.all("samp")


def test_canvas_opens_its_latest_version() -> None:
    """Versions are there to choose, newest first; only the latest is open."""
    versions = (
        CanvasVersion(1, "# One"),
        CanvasVersion(2, "# Two", comments=("spreads fast",), approximate=True),
    )

    page = Page(html_of(Canvas("d", "Shade list", "document", versions)))

    shown = page.all("details", "canvas-version")
    assert [each["data-canvas-version"] for each in shown] == ["2", "1"]
    assert ["open" in each for each in shown] == [True, False]
    assert page.tags().count("h3") == 2
    assert "Version 2, latest, approximate" in page.text
    assert "spreads fast" in page.text


def test_canvas_of_code_is_code() -> None:
    """A canvas of kind code/python is highlighted, not read as Markdown."""
    page = Page(html_of(Canvas("d", "", "code/python", (CanvasVersion(1, "import os  # *x*"),))))

    assert page.all("span", "keyword")
    assert page.all("em") == []


@pytest.mark.parametrize(
    ("block", "tag", "class_", "words"),
    [
        (Thought("Looking", "at *herbs*"), "div", "thought", "Lookingat herbs"),
        (Card("T", "https://e.org", "e.org", "body"), "blockquote", "card", "Te.orgbody"),
        (Links((("A", "https://e.org"), ("", "x:y")), "See"), "div", "links", "SeeAx:y"),
        (Instructions((("About you", "*me*"),)), "dl", "instructions", "About you*me*"),
        (Box("Subject", "*Dear*"), "section", "box", "SubjectDear"),
        (Notice("Stopped.", "error"), "p", "error", "Stopped."),
        (NotUnderstood("new_type", "words"), "div", "not-understood", "new_typewords"),
        (Transcript("hello", "in"), "div", "spoken-in", "hello"),
    ],
)
def test_block(block: object, tag: str, class_: str, words: str) -> None:
    """The block has an element of its role, and all its words."""
    page = Page(html_of(block))  # type: ignore[arg-type]

    assert page.all(tag, class_)
    assert "".join(page.text.split("\n")).endswith(words)
