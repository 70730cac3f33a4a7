"""What a save answers."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from app.core.problems import Problem


class SavedItem(Struct, frozen=True):
    """What became of one conversation; ``file`` is empty if it could not be saved.

    ``outcome``: "written" is new in the folder, "updated" took the place of our own file
    of before, "unchanged" was there already.
    """

    export: str
    id: str
    title: str
    file: str
    outcome: Literal["written", "updated", "unchanged", "failed"]


class SavedConversations(Struct, frozen=True):
    """Where a save put its files; ``open`` is the one to begin with, or the folder."""

    folder: str
    open: str
    files: tuple[str, ...]
    items: tuple[SavedItem, ...]
    media: int  # files beside the conversations
    problems: tuple[Problem, ...] = ()
