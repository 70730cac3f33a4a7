"""Progress of a long operation, and the request to stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from msgspec import Struct

from app.errors import Cancelled

MIN_INTERVAL = 0.1  # seconds between two reports within a stage


class Progress(Struct, frozen=True):
    """One reading: the stage, and how far it is, in ``unit`` ("bytes", "conversations" …)."""

    stage: str
    done: int = 0
    total: int | None = None
    item: str = ""
    unit: str = ""


class Task:
    """Handed to every long operation.

    Reporting and listening for cancellation are one call on purpose: a loop
    that tells the person where it is can always be stopped.
    """

    def __init__(self, report: Callable[[Progress], None] | None = None) -> None:
        self._report = report
        self._cancelled = threading.Event()
        self._stage = ""
        self._last = 0.0

    def cancel(self) -> None:
        """Ask the operation to stop at its next step; safe from any thread."""
        self._cancelled.set()

    def step(
        self, stage: str, done: int = 0, total: int | None = None, item: str = "", unit: str = ""
    ) -> None:
        """Report progress; raise Cancelled if the person asked us to stop.

        A new stage is always reported. Within a stage, reports closer together
        than MIN_INTERVAL are dropped; the cancellation check never is.
        """
        if self._cancelled.is_set():
            raise Cancelled
        now = time.monotonic()
        if stage == self._stage and done != total and now - self._last < MIN_INTERVAL:
            return
        self._stage, self._last = stage, now
        if self._report is not None:
            self._report(Progress(stage, done, total, item, unit))
