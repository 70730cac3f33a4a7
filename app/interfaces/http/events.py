"""Following a job as server-sent events: a few streams at a time, the oldest gives way."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator

from app.errors import NotFound
from app.interfaces.wire import dump, job_to_wire
from app.jobs import JobRunner

STREAMS = 4  # each holds a thread of the server; the rest must stay free to answer
KEEP_ALIVE = 15.0  # seconds of silence after which a comment finds out who is still there
LOOK = 1.0  # seconds between two looks at whether the stream was asked to close


class EventStreams:
    """Hands out event streams and closes the oldest when there are too many."""

    def __init__(
        self, jobs: JobRunner, *, limit: int = STREAMS, keep_alive: float = KEEP_ALIVE
    ) -> None:
        self._jobs = jobs
        self._limit = limit
        self._keep_alive = keep_alive
        self._open: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    def open(self, job_id: str) -> Iterator[bytes]:
        """Answer the events of one job, ending with its final state. Raises NotFound now."""
        self._jobs.show(job_id)
        closed = threading.Event()
        with self._lock:
            while len(self._open) >= self._limit:
                self._open.popleft().set()
            self._open.append(closed)
        return self._events(job_id, closed)

    def close(self) -> None:
        """Ask every stream to end."""
        with self._lock:
            for closed in self._open:
                closed.set()

    def _events(self, job_id: str, closed: threading.Event) -> Iterator[bytes]:
        look = min(LOOK, self._keep_alive)
        silent = 0.0
        try:
            for job in self._jobs.follow(job_id, silence=look):
                if closed.is_set():
                    return
                silent = silent + look if job is None else 0.0
                if job is not None:
                    yield f"data: {dump(job_to_wire(job))}\n\n".encode()
                elif silent >= self._keep_alive:
                    silent = 0.0
                    yield b": still here\n\n"
        except NotFound:
            return  # so many jobs ended since that this one is forgotten
        finally:
            with self._lock:
                if closed in self._open:
                    self._open.remove(closed)
