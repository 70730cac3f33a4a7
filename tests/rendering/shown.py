"""Rendering one message in a test, and reading the HTML back as a browser's parser would."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from app.core.blocks import AssetReference, Block, Content, Prose, Source
from app.rendering.media import PlacedAsset
from app.rendering.message import render_message

MEDIA = "/api/media/garden/"
EMPTY_TAGS = {"br", "hr", "img", "mprescripts", "none"}


def place(reference: AssetReference) -> PlacedAsset:
    """Place pointers beginning with "media/"; everything else is missing."""
    there = reference.pointer.startswith("media/")
    return PlacedAsset(
        MEDIA + reference.pointer if there else None,
        reference.kind,
        name=reference.name,
        caption=reference.caption,
        note=reference.note,
        width=reference.width,
        height=reference.height,
        size_bytes=reference.size_bytes,
    )


def html_of(*blocks: Block, sources: Sequence[Source] = ()) -> str:
    """Render blocks as one message."""
    return render_message(Content("text", "show", blocks, tuple(sources)), place)


def prose(text: str, *sources: Source) -> str:
    """Render Markdown as one message."""
    return html_of(Prose(text), sources=sources)


class Page(HTMLParser):
    """Elements, attributes and text of a piece of HTML, and whether its tags balance."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.unbalanced: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.unbalanced += self._open

    @property
    def text(self) -> str:
        """What a person sees."""
        return "".join(self.words)

    @property
    def everything(self) -> str:
        """What a person sees, and every attribute's value."""
        return self.text + " ".join(
            value for _, attributes in self.elements for value in attributes.values()
        )

    def tags(self) -> list[str]:
        """List the names of the elements in order."""
        return [tag for tag, _ in self.elements]

    def all(self, tag: str, class_: str = "") -> list[dict[str, str]]:
        """List the attributes of each element of a name, and of a class if one is given."""
        return [
            attributes
            for name, attributes in self.elements
            if name == tag and (not class_ or class_ in attributes.get("class", "").split())
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in EMPTY_TAGS:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY_TAGS:
            return
        if not self._open or self._open.pop() != tag:
            self.unbalanced.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        self.comments.append(decl)

    def handle_pi(self, data: str) -> None:
        self.comments.append(data)
