"""Nothing a message holds can run, load from outside, or break out of its place."""

from __future__ import annotations

import re

import pytest

from app.core.blocks import (
    AssetReference,
    Block,
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
    Prose,
    Source,
    Thought,
    Transcript,
)
from app.rendering.wall import sanitised
from tests.attacks import ATTACKS
from tests.rendering.shown import MEDIA, Page, html_of, prose

FORBIDDEN_TAGS = {
    *("script", "style", "iframe", "object", "embed", "link", "base", "meta", "form", "input"),
    *("svg", "template", "noscript", "xmp", "marquee", "body", "title", "textarea", "source"),
    *("maction", "annotation-xml", "mglyph", "select"),
}
ADDRESS = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
KINDS = ("image", "audio", "video", "file")


def everywhere(text: str) -> tuple[list[Block], list[Source]]:
    """Put one hostile text into every string a message can show."""
    files = [
        AssetReference(pointer, kind, name=text, caption=text, note=text, width=4, height=3)
        for pointer in (f"media/{text}", text)
        for kind in KINDS
    ]
    blocks: list[Block] = [
        *(Prose(text), Plain(text), Code(text, text, text), Code(text, "html"), *files),
        *(Output(text, text, failed=True), Transcript(text, text), Card(text, text, text, text)),
        *(Links(((text, text), (text, f"https://e.org/{text}")), text), Thought(text, text)),
        Canvas(text, text, text, (CanvasVersion(1, text, (text,), approximate=True),)),
        Canvas(text, text, f"code/{text}", (CanvasVersion(1, text), CanvasVersion(2, text))),
        *(Instructions(((text, text),)), Box(text, text), Notice(text), NotUnderstood(text, text)),
        Prose(f"a [{text}](https://e.org '{text}') ﷐1,2﷑ `{text}`\n\n| {text} |\n|--|\n| {text} |"),
    ]
    sources = [Source(1, text, text, text, text), Source(2, text, f"https://e.org/{text}")]
    return blocks, sources


def assert_harmless(html: str) -> None:
    """Fail if a browser could run or load something because of this HTML."""
    page = Page(html)
    assert not FORBIDDEN_TAGS & set(page.tags())
    assert page.comments == []
    for tag, attributes in page.elements:
        names = set(attributes)
        assert not [name for name in names if name.startswith("on")], tag
        assert not names & {"style", "id", "srcset", "poster", "formaction", "action", "srcdoc"}
        assert not [name for name in names if ":" in name], tag
        if "src" in attributes:
            assert attributes["src"].startswith(MEDIA), attributes
        if "href" in attributes:
            href = attributes["href"]
            assert tag == "a"
            assert ADDRESS.match(href) or href.startswith(MEDIA), href
            assert attributes["target"] == "_blank"
            assert attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("text", [text for _, text in ATTACKS], ids=[name for name, _ in ATTACKS])
def test_attack_in_every_place_is_harmless(text: str) -> None:
    """Whatever field of whatever block holds it, no script, handler or foreign load survives."""
    blocks, sources = everywhere(text)

    html = html_of(*blocks, sources=sources)

    assert_harmless(html)
    assert Page(html).unbalanced == []
    assert sanitised(html) == html


def test_corpus_is_large_and_each_attack_has_a_name_of_its_own() -> None:
    """The corpus keeps at least eighty different strings."""
    assert len({name for name, _ in ATTACKS}) == len({text for _, text in ATTACKS}) >= 80


@pytest.mark.parametrize("text", [text for _, text in ATTACKS], ids=[name for name, _ in ATTACKS])
def test_wall_alone_stops_raw_markup(text: str) -> None:
    """Should our writers ever fail, the wall alone lets nothing run."""
    page = Page(sanitised(f"<p>{text}</p>"))

    assert not FORBIDDEN_TAGS & set(page.tags())
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        assert "javascript:" not in attributes.get("href", "").lower()


def test_raw_html_is_shown_as_text() -> None:
    """Markup in an answer is something it talks about: people read it."""
    assert "<b onclick=x>bold</b>" in Page(prose("<b onclick=x>bold</b>")).text
