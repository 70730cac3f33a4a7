"""A conversation as plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.core import blocks as b
from app.rendering.markdown.citations import PLACEHOLDER
from app.rendering.saved.conversation import SavedConversation, SavedMessage, written_time


def text_file(conversation: SavedConversation) -> str:
    """Return the file's text: a line about each message, what it says, what it cites."""
    times = " – ".join(
        dict.fromkeys(written_time(time) for time in (conversation.created, conversation.updated))
    ).strip(" –")
    head = [conversation.title or "Untitled", times, ", ".join(conversation.models)]
    parts = ["\n".join(line for line in (*head, conversation.url) if line)]
    parts += [_message(message) for message in conversation.messages]
    parts += ["Other branches\n==============" for _ in conversation.branches[:1]]
    for branch in conversation.branches:
        parts += [f"({branch.place})", *(_message(message) for message in branch.messages)]
    return "\n\n\n".join(parts) + "\n"


def _message(message: SavedMessage) -> str:
    facts = (message.author or "Unknown", written_time(message.created), message.model)
    name = " · ".join(fact for fact in facts if fact)
    texts = [message.content.label] if message.folded else []
    texts += [text for block in message.content.blocks for text in _TEXTS[type(block)](block)]
    if message.content.sources:
        texts.append("\n".join(_source(source) for source in message.content.sources))
    return "\n\n".join([f"{name}\n{'-' * min(len(name), 78)}", *(text for text in texts if text)])


def _source(source: b.Source) -> str:
    facts = " ".join(dict.fromkeys(each for each in (source.title, source.url) if each))
    return f"[{source.number}] {facts or source.site}"


def _cited(text: str) -> str:
    return PLACEHOLDER.sub(lambda found: f"[{found.group(1)}]", text)


def _asset(block: b.AssetReference) -> Iterable[str]:
    what = dict.fromkeys(each for each in (block.caption, block.name) if each)
    yield f"[{block.kind}: {', '.join(what) or block.pointer}]"


def _canvas(block: b.Canvas) -> Iterable[str]:
    yield block.title
    for version in block.versions:
        mark = ", approximate" if version.approximate else ""
        yield f"(version {version.number}{mark})"
        yield version.text
        yield "\n".join(f"- {comment}" for comment in version.comments)


_TEXTS: dict[type, Callable[[Any], Iterable[str]]] = {
    b.Prose: lambda block: (_cited(block.text),),
    b.Plain: lambda block: (block.text,),
    b.Transcript: lambda block: (block.text,),
    b.Code: lambda block: (block.title, block.text),
    b.Output: lambda block: (block.title, block.text),
    b.Box: lambda block: (block.title, _cited(block.text)),
    b.Card: lambda block: (" ".join((block.title, block.url)).strip(), block.text),
    b.AssetReference: _asset,
    b.Thought: lambda block: (block.summary, _cited(block.text)),
    b.Links: lambda block: (block.title, *(f"- {name} {url}" for name, url in block.links)),
    b.Canvas: _canvas,
    b.Instructions: lambda block: (f"{name}: {text}" for name, text in block.parts),
    b.NotUnderstood: lambda block: (f"({block.content_type})", block.text),
    b.Notice: lambda block: (block.text,),
}
