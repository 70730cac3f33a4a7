"""Each kind of block of a message as HTML; the classes are named by role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any

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
    Prose,
    Source,
    Thought,
    Transcript,
)
from app.rendering.budget import Budget
from app.rendering.code import code_figure
from app.rendering.links import link, linked
from app.rendering.markdown.citations import without_citations
from app.rendering.markdown.render import render_markdown, rest_as_text
from app.rendering.markdown.writer import Headings
from app.rendering.media import Resolve, asset


@dataclass
class MessageWriter:
    """Writes the blocks of one message, which share a budget, sources and heading levels."""

    resolve: Resolve
    sources: dict[int, Source]
    budget: Budget = field(default_factory=Budget)
    headings: Headings = field(default_factory=Headings)

    def write(self, block: object) -> str:
        """Return one block as HTML, not yet sanitised."""
        return _WRITERS[type(block)](self, block)

    def markdown(self, text: str) -> str:
        """Return Markdown as HTML."""
        return render_markdown(
            text,
            sources=self.sources,
            resolve=self.resolve,
            budget=self.budget,
            headings=self.headings,
        )

    def plain(self, text: str) -> str:
        """Return text as typed, its addresses links; beyond the budget, in a part that opens."""
        now, rest = self.budget.take(without_citations(text))
        return f'<div class="plain">{linked(now)}</div>{rest_as_text(rest)}'

    def code(self, text: str, language: str = "", title: str = "") -> str:
        """Return code in its figure."""
        return code_figure(
            without_citations(text), language=language, title=title, budget=self.budget
        )


def _asset(writer: MessageWriter, block: AssetReference) -> str:
    return asset(block, writer.resolve)


def _output(_writer: MessageWriter, block: Output) -> str:
    failed = " failed" if block.failed else ""
    title = f"<figcaption>{escape(block.title)}</figcaption>" if block.title else ""
    text = escape(without_citations(block.text))
    shown = f'<pre tabindex="0"><samp>{text}</samp></pre>'
    return f'<figure class="output{failed}">{title}{shown}</figure>'


def _transcript(writer: MessageWriter, block: Transcript) -> str:
    side = {"in": " spoken-in", "out": " spoken-out"}.get(block.direction, "")
    return f'<div class="transcript{side}">{writer.plain(block.text)}</div>'


def _card(writer: MessageWriter, block: Card) -> str:
    title = escape(block.title or block.site or block.url or "Untitled")
    site = f'<p class="card-site">{escape(block.site)}</p>' if block.site else ""
    text = writer.plain(block.text) if block.text else ""
    name = link(block.url, f"<bdi>{title}</bdi>")
    return f'<blockquote class="card"><p class="card-title">{name}</p>{site}{text}</blockquote>'


def _links(_writer: MessageWriter, block: Links) -> str:
    title = f'<p class="links-title">{escape(block.title)}</p>' if block.title else ""
    items = "".join(
        f"<li>{link(url, f'<bdi>{escape(name or url)}</bdi>')}</li>" for name, url in block.links
    )
    return f'<div class="links">{title}<ul>{items}</ul></div>'


def _thought(writer: MessageWriter, block: Thought) -> str:
    summary = f'<p class="thought-summary">{escape(block.summary)}</p>' if block.summary else ""
    text = writer.markdown(block.text) if block.text else ""
    return f'<div class="thought">{summary}{text}</div>'


def _canvas(writer: MessageWriter, block: Canvas) -> str:
    """Write a canvas document: the latest version open, the earlier ones to open below it."""
    newest_first = sorted(block.versions, key=lambda version: version.number, reverse=True)
    versions = "".join(
        _version(writer, block, version, latest=index == 0)
        for index, version in enumerate(newest_first)
    )
    title = f"<bdi>{escape(block.title or 'Untitled')}</bdi>"
    return (
        f'<section class="canvas"><p class="canvas-title">{title} '
        f'<span class="canvas-kind">{escape(block.kind)}</span></p>{versions}</section>'
    )


def _version(writer: MessageWriter, canvas: Canvas, version: CanvasVersion, *, latest: bool) -> str:
    kind, _, language = canvas.kind.partition("/")
    if kind == "code":
        text = writer.code(version.text, language)
    else:
        text = f'<div class="canvas-text">{writer.markdown(version.text)}</div>'
    facts = [f"Version {version.number}"]
    facts += ["latest"] if latest else []
    facts += ["approximate: an edit could not be replayed"] if version.approximate else []
    comments = "".join(f"<li>{linked(comment)}</li>" for comment in version.comments)
    notes = f'<ul class="canvas-comments">{comments}</ul>' if comments else ""
    return (
        f'<details class="canvas-version" data-canvas-version="{version.number}"'
        f"{' open' if latest else ''}><summary>{', '.join(facts)}</summary>{text}{notes}</details>"
    )


def _instructions(writer: MessageWriter, block: Instructions) -> str:
    parts = "".join(
        f"<dt>{escape(label)}</dt><dd>{writer.plain(text)}</dd>" for label, text in block.parts
    )
    return f'<dl class="instructions">{parts}</dl>'


def _box(writer: MessageWriter, block: Box) -> str:
    title = f'<p class="box-title">{escape(block.title)}</p>' if block.title else ""
    return f'<section class="box">{title}{writer.markdown(block.text)}</section>'


def _notice(_writer: MessageWriter, block: Notice) -> str:
    return f'<p class="notice {escape(block.level)}">{linked(block.text)}</p>'


def _not_understood(writer: MessageWriter, block: NotUnderstood) -> str:
    text = writer.plain(block.text) if block.text else ""
    return (
        '<div class="not-understood"><p class="chip">Content this program does not know: '
        f"<code>{escape(block.content_type)}</code></p>{text}</div>"
    )


_WRITERS: dict[type, Callable[[MessageWriter, Any], str]] = {
    Prose: lambda writer, block: writer.markdown(block.text),
    Plain: lambda writer, block: writer.plain(block.text),
    Code: lambda writer, block: writer.code(block.text, block.language, block.title),
    AssetReference: _asset,
    Output: _output,
    Transcript: _transcript,
    Card: _card,
    Links: _links,
    Thought: _thought,
    Canvas: _canvas,
    Instructions: _instructions,
    Box: _box,
    Notice: _notice,
    NotUnderstood: _not_understood,
}
