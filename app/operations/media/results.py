"""What is told of media."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.core.problems import Problem


@dataclass(frozen=True, slots=True)
class MediaItem:
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


@dataclass(frozen=True, slots=True)
class MediaTotal:
    """How many files there are of one kind."""

    count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class MediaPage:
    """A page of media. ``totals``, by kind, come with the first page only."""

    items: tuple[MediaItem, ...]
    totals: Mapping[str, MediaTotal] | None
    next: str | None


@dataclass(frozen=True, slots=True)
class FoundElsewhere:
    """Where another export has a missing file."""

    export: str
    path: str


@dataclass(frozen=True, slots=True)
class MissingMedia:
    """A file a message refers to and the export does not have, and why."""

    pointer: str
    name: str
    kind: str
    conversation_id: str
    conversation_title: str
    message_id: str
    reason: str
    found_in: tuple[FoundElsewhere, ...]


@dataclass(frozen=True, slots=True)
class MissingMediaList:
    """What is missing in one export, each pointer once; ``fillable`` counts those found."""

    export: str
    items: tuple[MissingMedia, ...]
    total: int
    fillable: int
    next: str | None


@dataclass(frozen=True, slots=True)
class FilledPointer:
    """What became of one pointer; ``path`` is where the file is now, empty if nowhere."""

    pointer: str
    outcome: Literal["filled", "not-found"]
    path: str
    source: str  # the export it was copied from


@dataclass(frozen=True, slots=True)
class FilledMedia:
    """What filling in did."""

    export: str
    filled: int
    items: tuple[FilledPointer, ...]
    problems: tuple[Problem, ...] = ()
