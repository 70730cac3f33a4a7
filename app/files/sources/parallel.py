"""Writing many entries with threads, reported and stopped on the caller's thread."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from pathlib import Path

from app.core.archive.entries import Entry
from app.core.problems import Problem
from app.errors import StorageProblem
from app.files.sources.blocks import OnBytes
from app.files.sources.contract import DamagedEntry, Extracted, Pair

_THREADS = 2  # hashing, inflating and writing let go of the interpreter; more gain little
_WORTH_SHARING = 1 << 17  # mean bytes of a file; making smaller ones, threads only wait in line
_PATIENCE = 0.05  # seconds between two looks at the byte count while nothing is finished

Write = Callable[[Entry, Path, OnBytes], str]
_Outcome = Extracted | StorageProblem | BaseException | None


class _Stopped(BaseException):
    """The caller wants no more; ends a worker from within its byte count."""


class _Crew:
    """Worker threads that share one list of work and one count of bytes."""

    def __init__(self, pairs: Iterable[Pair], writers: Iterable[Write]) -> None:
        self._pairs = iter(pairs)
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._bytes = 0
        self.outcomes: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, args=(write,), daemon=True) for write in writers
        ]

    def start(self) -> int:
        for thread in self._threads:
            thread.start()
        return len(self._threads)

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def taken_bytes(self) -> int:
        """Answer the bytes written since the last call."""
        with self._lock:
            count, self._bytes = self._bytes, 0
        return count

    def _count(self, count: int) -> None:
        if self._stop.is_set():
            raise _Stopped
        with self._lock:
            self._bytes += count

    def _next(self) -> Pair | None:
        if self._stop.is_set():
            return None
        with self._lock:
            return next(self._pairs, None)

    def _work(self, write: Write) -> None:
        try:
            while (pair := self._next()) is not None:
                self.outcomes.put((pair[0], self._one(write, *pair)))
        except _Stopped:
            pass
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, raised there
            self.outcomes.put(error)
        finally:
            self.outcomes.put(None)

    def _one(self, write: Write, entry: Entry, target: Path) -> str | Problem:
        try:
            return write(entry, target, self._count)
        except DamagedEntry as damaged:
            return damaged.problem


def thread_count(pairs: Sequence[Pair]) -> int:
    """Answer how many threads these entries are written fastest with; at least one."""
    total = sum(entry.size_bytes for entry, _ in pairs)
    return _THREADS if len(pairs) > 1 and total >= _WORTH_SHARING * len(pairs) else 1


def extract_in_threads(
    pairs: Iterable[Pair], writers: Iterable[Write], on_bytes: OnBytes
) -> Generator[Extracted, None, None]:
    """Write every pair with one of ``writers``, each of which has a thread to itself.

    Yields as entries are finished. ``on_bytes`` is called on this thread only; whatever it
    raises, or leaving the loop early, stops the workers before it goes on.
    """
    crew = _Crew(pairs, writers)
    working = crew.start()
    try:
        while working:
            try:
                outcome = crew.outcomes.get(timeout=_PATIENCE)
            except queue.Empty:
                on_bytes(crew.taken_bytes())
                continue
            if isinstance(outcome, BaseException):
                raise outcome
            if outcome is None:
                working -= 1
                continue
            if count := crew.taken_bytes():
                on_bytes(count)
            yield outcome
        on_bytes(crew.taken_bytes())
    finally:
        crew.stop()
