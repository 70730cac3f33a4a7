"""What is told of media."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.core.problems import Problem


class MediaItem(Struct, frozen=True):
    """One file and the first message that shows it; ``path`` is as in `ShownAsset`."""

    export: str
    path: str
    name: str
    kind: str  # image, audio, video, file
    size_bytes: int
    created_at: datetime | None
    conversation_id: str  # empty if no message shows it
    conversation_title: str
    message_id: str
    width: int | None
    height: int | None


class MediaTotal(Struct, frozen=True):
    """How many files there are of one kind."""

    count: int
    size_bytes: int


class MediaPage(Struct, frozen=True):
    """A page of media. ``totals``, by kind, come with the first page only."""

    items: tuple[MediaItem, ...]
    totals: Mapping[str, MediaTotal] | None
    next: str | None


class FoundElsewhere(Struct, frozen=True):
    """Where another export has a missing file."""

    export: str
    path: str


class MissingMedia(Struct, frozen=True):
    """A file a message refers to and the export does not have, and why."""

    pointer: str
    name: str
    kind: str
    conversation_id: str
    conversation_title: str
    message_id: str
    reason: str
    found_in: tuple[FoundElsewhere, ...]


class MissingMediaList(Struct, frozen=True):
    """What is missing in one export, each pointer once; ``fillable`` counts those found."""

    export: str
    items: tuple[MissingMedia, ...]
    total: int
    fillable: int
    next: str | None


class FilledPointer(Struct, frozen=True):
    """What became of one pointer; ``path`` is where the file is now, empty if nowhere."""

    pointer: str
    outcome: Literal["filled", "not-found"]
    path: str
    source: str  # the export it was copied from


class FilledMedia(Struct, frozen=True):
    """What filling in did."""

    export: str
    filled: int
    items: tuple[FilledPointer, ...]
    problems: tuple[Problem, ...] = ()
