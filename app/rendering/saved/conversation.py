"""What a saved file is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core.blocks import Content


@dataclass(frozen=True, slots=True)
class SavedMessage:
    """One message of the branch that is saved; ``folded`` ones open from their label."""

    author: str
    role: str
    created: datetime | None
    model: str
    content: Content
    folded: bool = False


@dataclass(frozen=True, slots=True)
class SavedConversation:
    """One conversation along one branch; ``left_out`` counts the messages on others."""

    id: str
    title: str
    created: datetime | None
    updated: datetime | None
    models: tuple[str, ...]
    url: str
    messages: Sequence[SavedMessage]
    left_out: int = 0

    @property
    def note(self) -> str:
        """One line about what the file does not hold, empty if it holds everything."""
        if not self.left_out:
            return ""
        what = "message is" if self.left_out == 1 else "messages are"
        return (
            f"{self.left_out} more {what} on other branches; "
            "saved as JSON, the conversation has them all."
        )


def written_time(moment: datetime | None) -> str:
    """Return a time for people, in UTC: "2024-05-12 14:05 UTC"; empty if there is none."""
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment is not None else ""
