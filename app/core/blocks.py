"""What a message is made of once ChatGPT's many shapes are understood.

`app/core/messages` turns a message of the export into these; `app/rendering`
turns them into HTML and `app/operations/saving` into Markdown and text.
Text in blocks is clean (no lone surrogates, no control characters but tab and
newline) but still hostile: it is escaped or sanitised where it is shown.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Source(Struct, frozen=True):
    """Something an answer cites. ``number`` counts from 1 within one message.

    ``url`` is empty for an uploaded file, else http or https.
    """

    number: int
    title: str
    url: str = ""
    site: str = ""
    snippet: str = ""


class Prose(Struct, frozen=True):
    """The assistant's Markdown.

    A citation stands in ``text`` as U+FDD0, the numbers of its sources joined by
    commas, U+FDD1: two code points Unicode never assigns, and which cleaning removes
    from everything that comes from outside.
    """

    text: str


class Plain(Struct, frozen=True):
    """Text shown as it was typed: what the person wrote is not Markdown."""

    text: str


class Code(Struct, frozen=True):
    """Source code, a query or a tool's arguments. ``language`` may be empty."""

    text: str
    language: str = ""
    title: str = ""


class Output(Struct, frozen=True):
    """What a program or tool answered, in a fixed-width face."""

    text: str
    title: str = ""
    failed: bool = False


AssetKind = Literal["image", "audio", "video", "file"]


class AssetReference(Struct, frozen=True):
    """A picture, recording, film or file a message refers to.

    ``pointer`` is as the export has it. ``caption`` is a prompt or title, ``name`` a
    file name; ``note`` says e.g. "generated", "screenshot", "page 2".
    """

    pointer: str
    kind: AssetKind
    name: str = ""
    caption: str = ""
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    mime_type: str = ""
    note: str = ""
    alternatives: tuple[str, ...] = ()  # other pointers to try, e.g. the watermarked one


class Transcript(Struct, frozen=True):
    """Words spoken in a voice conversation; ``direction`` "in" is the person speaking."""

    text: str
    direction: str = ""


class Card(Struct, frozen=True):
    """A quotation or a page looked at: a title, where it is from, and some of its text."""

    title: str
    url: str = ""
    site: str = ""
    text: str = ""


class Links(Struct, frozen=True):
    """A list of links, each ``(title, url)``."""

    links: tuple[tuple[str, str], ...]
    title: str = ""


class Thought(Struct, frozen=True):
    """One step of reasoning: a summary line and, where the export has it, its Markdown."""

    summary: str
    text: str = ""


class CanvasVersion(Struct, frozen=True):
    """One state of a canvas document. ``approximate``: an edit could not be replayed."""

    number: int
    text: str
    comments: tuple[str, ...] = ()
    approximate: bool = False


class Canvas(Struct, frozen=True):
    """A canvas document; ``kind`` as exported: "document", "code/python" …"""

    document_id: str
    title: str
    kind: str
    versions: tuple[CanvasVersion, ...]


class Instructions(Struct, frozen=True):
    """Custom instructions or memory, as the model was given them: ``(label, text)`` pairs."""

    parts: tuple[tuple[str, str], ...]


class Box(Struct, frozen=True):
    """A titled box of Markdown, such as a letter in a ``:::writing`` block."""

    title: str
    text: str


class Notice(Struct, frozen=True):
    """One quiet line of ours about the message, e.g. that an answer was stopped."""

    text: str
    level: Literal["quiet", "error"] = "quiet"


class NotUnderstood(Struct, frozen=True):
    """Content of a type this program does not know; ``text`` holds what strings it had."""

    content_type: str
    text: str = ""


Block = (
    Prose
    | Plain
    | Code
    | Output
    | AssetReference
    | Transcript
    | Card
    | Links
    | Thought
    | Canvas
    | Instructions
    | Box
    | Notice
    | NotUnderstood
)

Display = Literal["show", "fold", "hide", "meta"]


class Content(Struct, frozen=True):
    """One message understood: how to show it, what it says, what it cites.

    ``kind`` is a word for programs and styles: "text", "code", "output", "thoughts",
    "recap", "browsing", "quote", "image", "audio", "canvas", "instructions", "memory",
    "error", "system", "other". ``label`` is the one quiet line a folded message shows
    ("Thought for 7 seconds", "Searched 3 sites"); ``not_understood`` lists the names of
    content and part types met that this program does not know.
    """

    kind: str
    display: Display
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    label: str = ""
    not_understood: tuple[str, ...] = ()
