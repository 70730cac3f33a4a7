"""How much of a message is rendered richly, and for how long: hostile text must not hang us."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

RICH_CHARACTERS = 400_000  # of one message; the rest is shown as plain text
PATIENCE = 3.0  # seconds of work on one message; then what is left is shown as plain text
_CUT_BACK = 20_000  # how far before the limit a paragraph's end is looked for


class OutOfPatience(Exception):
    """Rendering took too long; the caller shows the text plainly instead."""


@dataclass
class Budget:
    """What one message may still use; made anew for each message, used by one thread.

    Time is the thread's own: a busy or sleeping machine makes no message plain.
    """

    characters: int = RICH_CHARACTERS
    deadline: float = field(default_factory=lambda: time.thread_time() + PATIENCE)

    @property
    def spent(self) -> bool:
        """Whether the time is over."""
        return time.thread_time() > self.deadline

    def check(self) -> None:
        """Raise OutOfPatience when the time is over."""
        if time.thread_time() > self.deadline:
            raise OutOfPatience

    def take(self, text: str) -> tuple[str, str]:
        """Split ``text`` into what may be rendered richly and the rest, at a line's end if near."""
        if len(text) <= self.characters:
            self.characters -= len(text)
            return text, ""
        limit, self.characters = self.characters, 0
        start = max(0, limit - _CUT_BACK)
        cut = max(text.rfind("\n\n", start, limit), 0) or max(text.rfind("\n", start, limit), 0)
        return text[: cut or limit], text[cut or limit :]
