"""What a save answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.core.problems import Problem


@dataclass(frozen=True, slots=True)
class SavedItem:
    """What became of one conversation; ``file`` is empty if it could not be saved.

    ``outcome``: "written" is new in the folder, "updated" took the place of our own file
    of before, "unchanged" was there already.
    """

    export: str
    id: str
    title: str
    file: str
    outcome: Literal["written", "updated", "unchanged", "failed"]


@dataclass(frozen=True, slots=True)
class SavedConversations:
    """Where a save put its files; ``open`` is the one to begin with, or the folder."""

    folder: str
    open: str
    files: tuple[str, ...]
    items: tuple[SavedItem, ...]
    media: int  # files beside the conversations
    problems: tuple[Problem, ...] = ()
