"""A conversation as one Markdown file, for notes programs and for reading in ten years."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import count
from typing import Any, Literal
from urllib.parse import unquote

from app.core import blocks as b
from app.core.sizes import readable_size
from app.rendering.media import PlacedAsset, Resolve
from app.rendering.saved.conversation import SavedConversation, SavedMessage, written_time
from app.rendering.saved.markdown_text import (
    answer,
    fenced,
    label,
    linked,
    quoted,
    typed,
)

Links = Literal["markdown", "obsidian"]

_json = json.JSONEncoder(ensure_ascii=False).encode
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def markdown_file(
    conversation: SavedConversation, resolve: Resolve, links: Links = "markdown"
) -> str:
    """Return the file's text; ``resolve`` places media at paths relative to the file.

    ``links`` says how the file names its media: as every program reads it, or as Obsidian
    does, which finds a file by its name wherever a vault keeps it.
    """
    numbers = count(1)  # of messages, for the names of their footnotes

    def write(message: SavedMessage) -> str:
        return _message(message, _Writer(resolve, str(next(numbers)), links))

    parts = [_front_matter(conversation, links)]
    parts.append(f"# {label(conversation.title) or 'Untitled'}")
    parts += map(write, conversation.messages)
    if conversation.branches:
        parts.append("# Other branches")
    for branch in conversation.branches:
        parts += [f"*{label(branch.place)}*", *map(write, branch.messages)]
    return "\n\n".join(parts) + "\n"


def _front_matter(conversation: SavedConversation, links: Links) -> str:
    facts: dict[str, object] = {
        "id": conversation.id,
        "title": conversation.title,
        "created": conversation.created and conversation.created.isoformat(),
        "updated": conversation.updated and conversation.updated.isoformat(),
        "models": list(conversation.models),
        "project": conversation.project,
        "source": conversation.url,
    }
    if links == "obsidian":
        facts["aliases"] = [conversation.title] if conversation.title else []
        facts["tags"] = ["chatgpt"]
    lines = [f"{name}: {_json(value)}" for name, value in facts.items() if value]
    text = "\n".join(["---", *lines, "---"])  # JSON, which YAML reads
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _message(message: SavedMessage, writer: _Writer) -> str:
    content = message.content
    body = "\n\n".join(filter(None, map(writer.write, content.blocks)))
    if message.folded:
        parts = [_folded(message, body)]
    else:
        when, model = written_time(message.created), label(message.model)
        about = f"{when} · {model}" if when and model else when or model
        name = label(message.author) or "Unknown"
        parts = [f"## {name}", f"*{about}*" if about else "", body]
    if content.sources:
        parts.append("\n".join(map(writer.note, content.sources)))
    return "\n\n".join(filter(None, parts))


def _folded(message: SavedMessage, body: str) -> str:
    facts = ", ".join(fact for fact in (message.author, written_time(message.created)) if fact)
    name = _html_text(f"{message.content.label or message.content.kind} ({facts})")
    return f"<details>\n<summary>{name}</summary>\n\n{body}\n\n</details>"


def _html_text(text: str) -> str:
    return " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")


class _Writer:
    """Writes the blocks of one message; ``number`` makes its footnotes' names its own."""

    __slots__ = ("_links", "_number", "_resolve")

    def __init__(self, resolve: Resolve, number: str, links: Links) -> None:
        self._resolve = resolve
        self._number = number
        self._links = links

    def write(self, block: b.Block) -> str:
        """Return one block as Markdown."""
        return _WRITERS[type(block)](self, block)

    def answer(self, text: str) -> str:
        """Return an answer's own Markdown."""
        return answer(text, self._number)

    def note(self, source: b.Source) -> str:
        """Return what a footnote of the answer says."""
        name = linked(source.title or source.site or source.url or "Untitled", source.url)
        about = " — ".join(label(each) for each in (source.site, source.snippet) if each)
        return f"[^{self._number}-{source.number}]: {name}" + (f" — {about}" if about else "")

    def asset(self, block: b.AssetReference) -> str:
        """Return a picture, or a link to a file, or a line saying why it is missing."""
        placed = self._resolve(block)
        what = _called(placed)
        if placed.url is None:
            return f"*Missing {placed.kind}: {label(what)} ({label(block.pointer)}). " + (
                f"{label(placed.missing)}*" if placed.missing else "It is not in the archive.*"
            )
        mark = "!" if placed.kind == "image" else ""
        if self._links == "obsidian":
            return _wiki_link(placed.url, what, placed)
        return f"{mark}[{label(what)}]({placed.url}){_about(placed)}"


def _called(placed: PlacedAsset) -> str:
    """Return what a file is called: its caption and its name, for both are searched for."""
    if placed.caption and placed.name and placed.name != placed.caption:
        return f"{placed.caption} ({placed.name})"
    return placed.caption or placed.name or placed.kind


def _wiki_link(url: str, what: str, placed: PlacedAsset) -> str:
    """Return a link as Obsidian has it: by the file's name alone, what it is called below."""
    name = unquote(url).rpartition("/")[2]
    mark = "" if placed.kind == "file" else "!"
    told = f"  \n*{label(what)}*" if what != name else ""
    return f"{mark}[[{name}]]{told}{_about(placed)}"


def _about(placed: PlacedAsset) -> str:
    size = readable_size(placed.size_bytes) if placed.size_bytes and placed.kind == "file" else ""
    facts = ", ".join(each for each in (placed.note, size) if each)
    return f" ({label(facts)})" if facts else ""


def _titled(title: str, body: str) -> str:
    return "\n\n".join(part for part in (f"**{label(title)}**" if title else "", body) if part)


def _canvas(writer: _Writer, block: b.Canvas) -> str:
    newest_first = sorted(block.versions, key=lambda version: version.number, reverse=True)
    parts = [f"**Canvas: {label(block.title or 'Untitled')}** ({label(block.kind)})"]
    for index, version in enumerate(newest_first):
        text = _version(writer, block, version)
        name = f"Version {version.number}" + (" (approximate)" if version.approximate else "")
        if index == 0:
            parts += [name, text]
        else:
            parts.append(f"<details>\n<summary>{name}</summary>\n\n{text}\n\n</details>")
    return "\n\n".join(parts)


def _version(writer: _Writer, block: b.Canvas, version: b.CanvasVersion) -> str:
    kind, _, language = block.kind.partition("/")
    code = kind == "code"
    text = (
        fenced(version.text, language) if code else quoted(writer.answer(version.text.rstrip("\n")))
    )
    comments = "\n".join(f"- {label(comment)}" for comment in version.comments)
    return "\n\n".join(part for part in (text, comments) if part)


def _links(_writer: _Writer, block: b.Links) -> str:
    items = "\n".join(f"- {linked(name or url, url)}" for name, url in block.links)
    return _titled(block.title, items)


def _card(_writer: _Writer, block: b.Card) -> str:
    name = linked(block.title or block.site or block.url or "Untitled", block.url)
    site = f" — {label(block.site)}" if block.site else ""
    return quoted("\n\n".join(part for part in (f"**{name}**{site}", typed(block.text)) if part))


def _instructions(_writer: _Writer, block: b.Instructions) -> str:
    return "\n\n".join(_titled(name, quoted(typed(text))) for name, text in block.parts)


def _not_understood(_writer: _Writer, block: b.NotUnderstood) -> str:
    chip = f"*Content this program does not know: {label(block.content_type)}*"
    return "\n\n".join(part for part in (chip, fenced(block.text) if block.text else "") if part)


_WRITERS: dict[type, Callable[[_Writer, Any], str]] = {
    b.Prose: lambda writer, block: writer.answer(block.text),
    b.Plain: lambda _writer, block: typed(block.text),
    b.Code: lambda _writer, block: _titled(block.title, fenced(block.text, block.language)),
    b.Output: lambda _writer, block: _titled(
        block.title or ("Failed" if block.failed else ""), fenced(block.text)
    ),
    b.AssetReference: lambda writer, block: writer.asset(block),
    b.Transcript: lambda _writer, block: typed(block.text),
    b.Card: _card,
    b.Links: _links,
    b.Thought: lambda writer, block: _titled(block.summary, writer.answer(block.text)),
    b.Canvas: _canvas,
    b.Instructions: _instructions,
    b.Box: lambda writer, block: _titled(block.title, quoted(writer.answer(block.text))),
    b.Notice: lambda _writer, block: f"*{label(block.text)}*",
    b.NotUnderstood: _not_understood,
}
