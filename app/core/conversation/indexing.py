"""What the catalog needs to know of a conversation, gathered in one pass over its messages.

This runs for every message of an import, so the ordinary message takes a short way: its
text is taken as it stands where `understand` would come to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.core import blocks as b
from app.core.conversation.branches import Branches
from app.core.conversation.facts import ConversationFacts, default_model, facts
from app.core.conversation.tree import Message, Tree
from app.core.messages.citations.rewriting import may_be_marked, without_marks
from app.core.messages.context import Context
from app.core.messages.speakers import Models
from app.core.messages.understanding import understand
from app.core.messages.visibility import ordinary_text, role_of
from app.core.text import lines
from app.core.timestamps import read_seconds


@dataclass(slots=True)
class IndexedMessage:
    """One message as the catalog has it.

    ``kind`` and ``display`` are those of its `Content`. ``text`` is what search finds it
    by, empty for what is hidden; ``assets`` are the files it refers to; ``created`` is
    seconds since 1970 UTC.
    """

    id: str
    role: str
    kind: str
    display: b.Display
    created: float | None
    model: str
    text: str
    assets: tuple[b.AssetReference, ...] = ()


@dataclass(slots=True)
class Indexed:
    """A conversation as the catalog has it.

    ``message_count`` counts what the person and ChatGPT said to each other, on any
    branch; ``branches`` the further answers and questions a reader can switch to;
    ``models`` the messages of each model, in order of first use; ``not_understood``
    the contents of each type this program does not know.
    """

    facts: ConversationFacts
    messages: list[IndexedMessage]
    message_count: int
    branches: int
    models: dict[str, int]
    not_understood: dict[str, int]
    has_media: bool
    first_message: float | None
    last_message: float | None


def index_conversation(conversation: Mapping[str, Any]) -> Indexed:
    """Return what the catalog needs of a conversation object; any JSON object will do."""
    tree = Tree.of(conversation)
    context = Context(tree, sources=False)
    unknown: dict[str, int] = {}
    models = Models(tree, default_model(conversation))
    messages: list[IndexedMessage] = []
    for node in tree.order:
        message = tree.messages[node]
        model = models.hear(node, message)
        if message is not None:
            messages.append(_indexed(node, message, model, context, unknown))
    times = [m.created for m in messages if m.created is not None and m.display == "show"]
    displays: dict[str, b.Display] = {each.id: each.display for each in messages}
    return Indexed(
        facts(conversation),
        messages,
        message_count=sum(_is_said(message) for message in messages),
        branches=Branches(tree, displays.__getitem__).extra,
        models=_counted(messages),
        not_understood=unknown,
        has_media=any(message.assets for message in messages),
        first_message=min(times, default=None),
        last_message=max(times, default=None),
    )


def index_text(content: b.Content) -> str:
    """Return what search finds a message by: the text it shows, without citation marks.

    What is hidden is not found, but a file's name, a picture's prompt, a transcript, a
    thought are.
    """
    if content.display in ("hide", "meta"):
        return ""
    texts = [text for block in content.blocks for text in _TEXTS[type(block)](block)]
    return texts[0] if len(texts) == 1 else "\n\n".join(text for text in texts if text)


_TEXTS: dict[type, Callable[[Any], Iterable[str]]] = {
    b.Prose: lambda block: (without_marks(block.text),),
    b.Plain: lambda block: (block.text,),
    b.Transcript: lambda block: (block.text,),
    b.Code: lambda block: (block.title, block.text),
    b.Output: lambda block: (block.title, block.text),
    b.Box: lambda block: (block.title, without_marks(block.text)),
    b.Card: lambda block: (block.title, block.text),
    b.AssetReference: lambda block: (block.caption, block.name),
    b.Thought: lambda block: (block.summary, block.text),
    b.Links: lambda block: (block.title, *(name for name, _url in block.links)),
    b.Canvas: lambda block: (block.title, *(version.text for version in block.versions[-1:])),
    b.Instructions: lambda block: (text for _label, text in block.parts),
    b.NotUnderstood: lambda block: (block.text,),
    b.Notice: lambda _block: (),  # our words, not theirs
}


def _indexed(
    node: str, message: Message, model: str, context: Context, unknown: dict[str, int]
) -> IndexedMessage:
    """Return one message for the catalog, by the short way if it can be taken."""
    role, created = role_of(message), read_seconds(message.get("create_time"))
    text = _plain_text(message, role)
    if text is not None:
        return IndexedMessage(node, role, "text", "show", created, model, text)
    content = understand(node, message, context)
    for name in content.not_understood:
        unknown[name] = unknown.get(name, 0) + 1
    assets = tuple(each for each in content.blocks if isinstance(each, b.AssetReference))
    return IndexedMessage(
        node, role, content.kind, content.display, created, model, index_text(content), assets
    )


def _plain_text(message: Message, role: str) -> str | None:
    """Return the text of an ordinary shown message, or None if it must be understood."""
    text = ordinary_text(message, role)
    if text is None or role == "user":
        return None if text is None else lines(text)
    # what references match without a mark may stand anywhere
    if may_be_marked(text) or ":::" in text or _has_references(message):
        return None
    return lines(text).strip("\n")


def _has_references(message: Message) -> bool:
    metadata = message.get("metadata")
    return isinstance(metadata, dict) and bool(metadata.get("content_references"))


def _is_said(message: IndexedMessage) -> bool:
    """Tell whether a reader would count this as a message; a report of research is one."""
    said = message.role in ("user", "assistant") or message.kind == "text"
    return said and message.display == "show"


def _counted(messages: list[IndexedMessage]) -> dict[str, int]:
    """Return how many messages each model wrote that are shown, in order of first use."""
    counts: dict[str, int] = {}
    for message in messages:
        if message.model and message.role == "assistant" and message.display == "show":
            counts[message.model] = counts.get(message.model, 0) + 1
    return counts
