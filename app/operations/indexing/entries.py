"""A conversation as the catalog wants it: its facts, and its words cut for the index."""

from __future__ import annotations

import json
import os
from pathlib import Path

from app.core.blocks import AssetReference
from app.core.conversation.indexing import Indexed
from app.core.search_text import segment
from app.core.text import fold
from app.files.asset_places import asset_key
from app.files.light_reading import message_places
from db.assets import NewUse
from db.conversations import NewConversation, NewMessage, NewPlaces


def new_use(
    conversation: str, message: str, asset: AssetReference, path: str | None, created: float | None
) -> NewUse:
    """Make the catalog's entry of a message's pointer to a file; ``path`` is where it is."""
    return NewUse(
        conversation,
        message,
        asset_key(asset, conversation),
        asset.kind,
        path,
        name=asset.name or asset.caption,
        created_at=created,
        width=asset.width,
        height=asset.height,
    )


def catalog_entry(indexed: Indexed, file: Path, *, gone: bool) -> NewConversation:
    """Make the catalog's entry of the conversation in a file; its title is found like a message.

    What the file looks like is remembered, too.
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
        places=_places(file),
    )


def _places(file: Path) -> NewPlaces | None:
    try:
        found = message_places(file)
    except OSError:  # then reading it will tell
        return None
    return NewPlaces(found.size, found.modified_ns, found.encoded) if found else None
