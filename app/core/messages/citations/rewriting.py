"""Turn an answer's raw text into Markdown with our own citation marks, its sources and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote

from app.core.blocks import AssetReference
from app.core.loose import Json
from app.core.messages.citations.links import without_tracking
from app.core.messages.citations.markers import Mark, find_marks
from app.core.messages.citations.references import Meaning, cited_by, references_in
from app.core.messages.citations.sources import Numbering
from app.core.messages.context import Context
from app.core.text import clean, lines, one_line

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_FENCE = re.compile(r"^[ \t>]{0,40}(?:[-*+] |\d{1,9}[.)] )?[ ]{0,8}(`{3,}|~{3,})([^\n]*)$", re.M)
_UNFINISHED = re.compile("\ue200(?:file)?cite(?:\ue202[^\\s\ue200-\ue2ff]{0,200}){0,50}")
_STRAY = re.compile("[\ue200-\ue2ff]")
_SANDBOX_PATH = r"sandbox:(?:[^()\n<>]|\([^()\n<>]*\))+"
_SANDBOX_LINK = re.compile(
    rf"(!?)\[([^\[\]\n]{{0,500}})\]\(\s?<?({_SANDBOX_PATH}?)>?(?:\s\"[^\"\n]{{0,200}}\")?\s?\)"
)
_SANDBOX_BARE = re.compile(r"sandbox:/[^\s()<>\[\]\"'`]+")
_PLACEHOLDER = re.compile(f"{_OPEN}[0-9,]*{_CLOSE}")


@dataclass
class Gathered:
    """What the texts of one message brought up beside themselves."""

    numbering: Numbering = field(default_factory=Numbering)
    links: dict[str, dict[tuple[str, str], None]] = field(default_factory=dict)
    files: dict[str, AssetReference] = field(default_factory=dict)


def without_marks(text: str) -> str:
    """Return prose without the citation marks this program put into it."""
    return _PLACEHOLDER.sub("", text) if _OPEN in text else text


def without_private(text: str) -> str:
    """Return a tool's text without ChatGPT's marker characters."""
    return _STRAY.sub("", text)


def rewrite(raw: str, metadata: Json, node: str, context: Context, gathered: Gathered) -> str:
    """Return ``raw`` as clean Markdown, its citations marked by number; the rest is gathered.

    Code fences stay as they are, marks in them included.
    """
    references = references_in(metadata)
    if not (references or may_be_marked(raw)):
        return lines(raw)
    marks = find_marks(
        raw,
        metadata,
        lambda key: context.result(key, node),
        lambda number: context.listed(number, node),
    )
    pieces = list(_pieces(raw, marks, gathered))
    for reference in references:
        if reference.get("type") == "sources_footnote":
            for found in cited_by(reference):
                gathered.numbering.cite(found)
    return "".join(pieces)


def may_be_marked(raw: str) -> bool:
    """Tell cheaply whether there is anything to rewrite."""
    # one letter is looked for ten times as fast as a word
    if ("=" in raw and "utm_source=" in raw) or (":" in raw and "sandbox:" in raw):
        return True
    if "cite" in raw and "turn" in raw:
        return True
    if raw.isascii():
        return False
    # every private-use letter begins with this byte: looking by bytes is many times faster
    private = b"\xee" in raw.encode("utf-8", "surrogatepass")
    return "【" in raw or (private and _STRAY.search(raw) is not None)


def _pieces(raw: str, marks: list[Mark], gathered: Gathered) -> Iterator[str]:
    """Yield the text between marks, and what stands for each mark outside of code fences."""
    fences = _fences(raw)
    place = fence = 0
    for mark in [*marks, Mark(len(raw), len(raw), Meaning())]:
        while fence < len(fences) and fences[fence][0] <= mark.start:
            start, end = fences[fence]
            if start > place:
                yield _plain(raw[place:start], gathered)
            if end > place:
                yield lines(raw[max(start, place) : end])
                place = end
            fence += 1
        if mark.start < place:
            continue
        yield _plain(raw[place : mark.start], gathered)
        yield _stand_in(mark.meaning, gathered)
        place = mark.end


def _stand_in(meaning: Meaning, gathered: Gathered) -> str:
    if meaning.links:
        gathered.links.setdefault(meaning.heading, {}).update(dict.fromkeys(meaning.links))
    if meaning.cited:
        numbers = dict.fromkeys(gathered.numbering.cite(found) for found in meaning.cited)
        return f"{_OPEN}{','.join(map(str, numbers))}{_CLOSE}"
    return meaning.text


def _plain(text: str, gathered: Gathered) -> str:
    """Clean a piece without marks: stray marker characters, tracking, links into the sandbox."""
    if not text.isascii():
        text = _STRAY.sub("", _UNFINISHED.sub("", text))
    text = without_tracking(lines(text))
    if "sandbox:" in text:
        text = _SANDBOX_LINK.sub(lambda found: _file_link(found, gathered), text)
        text = _SANDBOX_BARE.sub(lambda found: _file(found.group(), "", gathered).name, text)
    return text


def _file_link(found: re.Match[str], gathered: Gathered) -> str:
    """Return what is left of a link to a file in the sandbox: its words, and the file's name."""
    picture, label, pointer = found.groups()
    name = _file(pointer.strip(), picture, gathered).name
    return label if name in label else f"{label} ({name})" if label.strip() else name


def _file(pointer: str, picture: str, gathered: Gathered) -> AssetReference:
    path = PurePosixPath(unquote(pointer.removeprefix("sandbox:"), errors="replace"))
    name = one_line(path.name) or "file"
    kind = "image" if picture else "file"
    return gathered.files.setdefault(
        pointer, AssetReference(clean(pointer), "image" if kind == "image" else "file", name=name)
    )


def _fences(raw: str) -> list[tuple[int, int]]:
    """Return where code fences begin and end; one left open goes on to the end."""
    if "```" not in raw and "~~~" not in raw:
        return []
    fences = []
    opened: tuple[int, str] | None = None
    for found in _FENCE.finditer(raw):
        ticks, rest = found.group(1), found.group(2)
        if opened is None:
            if "`" not in rest or ticks[0] == "~":
                opened = (found.start(), ticks)
        elif ticks.startswith(opened[1]) and not rest.strip():
            fences.append((opened[0], found.end()))
            opened = None
    if opened is not None:
        fences.append((opened[0], len(raw)))
    return fences
