"""Sources offered from outside the page: on the command line, by a second start, by a drop.

They wait until the page takes them and asks the person what to do with them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct


class OfferedSource(Struct, frozen=True):
    """A file or folder on this computer: where it is, what it is called, its size in bytes.

    The size of a folder is None: it would have to be walked.
    """

    place: str
    path: str
    size: int | None


def describe_source(place: Path) -> OfferedSource:
    """Describe what is at a place; a file that is gone has no size either."""
    place = place.absolute()
    try:
        size = None if place.is_dir() else place.stat().st_size
    except OSError:
        size = None
    return OfferedSource(str(place), place.name, size)


class Offered:
    """What is offered and not yet taken; safe from any thread."""

    def __init__(self) -> None:
        self._waiting: list[Path] = []
        self._lock = threading.Lock()
        self.tell: Callable[[], None] = _nobody
        """Called after something was offered, or a second start asked for the window."""

    def add(self, places: Sequence[Path]) -> None:
        """Offer some sources, perhaps none, and tell whoever shows them."""
        with self._lock:
            self._waiting += places
        self.tell()

    def take(self) -> list[OfferedSource]:
        """Answer what waits, and forget it."""
        with self._lock:
            taken, self._waiting = self._waiting, []
        return [describe_source(place) for place in taken]


def _nobody() -> None:
    """Tell nobody: a browser asks by itself when its page is opened."""
