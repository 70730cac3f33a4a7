"""What a saved file is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from app.core.blocks import Content


class SavedMessage(Struct, frozen=True):
    """One message of the branch that is saved; ``folded`` ones open from their label."""

    author: str
    role: str
    created: datetime | None
    model: str
    content: Content
    folded: bool = False


class SavedBranch(Struct, frozen=True):
    """Messages beside the branch last shown; ``place`` says where they leave it."""

    place: str
    messages: Sequence[SavedMessage]


class SavedConversation(Struct, frozen=True):
    """One conversation: the branch last shown, then everything on its other branches."""

    id: str
    title: str
    created: datetime | None
    updated: datetime | None
    models: tuple[str, ...]
    url: str
    messages: Sequence[SavedMessage]
    branches: Sequence[SavedBranch] = ()
    project: str = ""


def written_time(moment: datetime | None) -> str:
    """Return a time for people, in UTC: "2024-05-12 14:05 UTC"; empty if there is none."""
    if moment is None:
        return ""
    day = f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
    return f"{day} {moment.hour:02d}:{moment.minute:02d} UTC"
