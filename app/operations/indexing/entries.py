"""A conversation as the catalog wants it: its facts, and its words cut for the index."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

from app.core.conversation.indexing import Indexed
from app.core.search_text import segment
from db.conversations import NewConversation, NewMessage


def fold(text: str) -> str:
    """Make a title, or what is searched for in it, comparable: case and width aside."""
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFKC", text).casefold().strip()


def catalog_entry(indexed: Indexed, file: Path, *, gone: bool) -> NewConversation:
    """Make the catalog's entry of one conversation; its title is found like a message.

    ``file`` is where it has been written: what it looks like is remembered, too.
    """
    facts = indexed.facts
    state = os.stat(file)  # noqa: PTH116 - the innermost loop of an import
    title = NewMessage("", "title", "title", facts.created, "", segment(facts.title))
    messages = [
        NewMessage(each.id, each.role, each.kind, each.created, each.model, segment(each.text))
        for each in indexed.messages
        if each.text
    ]
    return NewConversation(
        id=facts.id,
        file=file.name,
        title=facts.title,
        title_key=fold(facts.title),
        created_at=facts.created,
        updated_at=facts.updated,
        message_count=indexed.message_count,
        models=json.dumps(indexed.models),
        starred=facts.starred,
        archived=facts.archived,
        gone=gone,
        has_media=indexed.has_media,
        branches=indexed.branches,
        project=facts.project,
        messages=[title, *messages],
        size_bytes=state.st_size,
        modified=state.st_mtime_ns,
    )
