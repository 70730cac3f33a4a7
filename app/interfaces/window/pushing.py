"""Telling the page what happens, without being asked: progress, drops, the menu."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from app.interfaces.wire import dump, to_wire
from app.jobs import JobRunner


class Pusher:
    """Sends news to the page, in order, from one thread of its own.

    ``run`` runs a line of JavaScript in the page; it may wait for the page, so nobody else
    ever calls it.
    """

    def __init__(self, run: Callable[[str], object]) -> None:
        self._run = run
        self._news: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []

    def push(self, name: str, value: object = None) -> None:
        """Tell the page; answers at once, from any thread."""
        # U+2028 and U+2029 end a line in old JavaScript: written as escapes they do not.
        said = dump(to_wire(value)).replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
        event = f'new CustomEvent("python:{name}", {{detail: {said}}})'
        self._news.put(f"window.dispatchEvent({event}); 0")

    def start(self, jobs: JobRunner, after: Callable[[], None]) -> None:
        """Begin to send, and to tell each change of each job; ``after`` is called after those."""
        self._begin("pushing", self._send)
        self._begin("watching", lambda: self._watch(jobs, after))

    def _begin(self, name: str, target: Callable[[], None]) -> None:
        # Daemons: a page that never answers must not keep the program from ending.
        thread = threading.Thread(target=target, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _send(self) -> None:
        while (script := self._news.get()) is not None:
            self._run(script)

    def _watch(self, jobs: JobRunner, after: Callable[[], None]) -> None:
        for moved in jobs.watch():
            for job in moved:
                self.push("job", job)
            after()
