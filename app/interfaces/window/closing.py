"""Whether the window may close: at once, when the jobs are finished, or after asking.

The question is asked on the page. Nothing here waits: the system asks on the thread that
draws the window.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

UNHEARD = 5.0  # seconds after which a page that does not show the question is taken for dead

Answer = Literal["ask", "heard", "finish", "stop", "stay"]


class Closing:
    """Decides about closing; ``is_busy`` tells of jobs, ``ask`` puts the question on the page."""

    def __init__(
        self,
        *,
        is_busy: Callable[[], bool],
        ask: Callable[[], None],
        close: Callable[[], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_busy = is_busy
        self._ask = ask
        self._close = close
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: float | None = None  # when, as long as the page has not shown it
        self._when_finished = False
        self._decided = False

    def may_close(self) -> bool:
        """Answer the system's question; asks the person if a job would be stopped."""
        with self._lock:
            if self._decided or not self._is_busy():
                return True
            now = self._clock()
            if self._asked is not None and now - self._asked > UNHEARD:
                return True  # nobody is there to ask: the page does not answer
            if self._asked is None:
                self._asked = now
        self._ask()
        return False

    def answer(self, answer: Answer) -> None:
        """Take what the page says: it shows the question, or what the person decided."""
        with self._lock:
            self._asked = None
            if answer == "heard":
                return
            self._when_finished = answer == "finish"
            self._decided = answer == "stop"
        if answer != "stay":
            self.look()
        if answer in ("ask", "stop"):
            self._close()

    def decide(self) -> None:
        """Close without a question: the system ends the session, or the person pressed Ctrl-C."""
        with self._lock:
            self._decided = True
        self._close()

    def look(self) -> None:
        """Close if that was to be done once the jobs are finished, and they are."""
        with self._lock:
            due = self._when_finished and not self._is_busy()
            self._when_finished = self._when_finished and not due
        if due:
            self._close()
