"""Running operations: one writer at a time, watched and stopped from any thread.

What only reads has a thread of its own: saving a conversation does not wait for an
import that takes an hour.
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from app.bugs import as_bug
from app.errors import AppError, Cancelled, NotFound
from app.progress import Progress, Task

State = Literal["queued", "running", "done", "failed", "cancelled"]
FINAL: frozenset[State] = frozenset({"done", "failed", "cancelled"})
REMEMBERED = 200  # finished jobs kept for `job list`


class Job(Struct, frozen=True):
    """A running operation as the outside sees it; replaced at every change, never mutated."""

    id: str
    operation: str
    state: State
    progress: Progress
    created_at: datetime
    values: dict[str, object] = {}
    seconds_left: float | None = None
    rate: float | None = None  # of progress.unit per second, within the stage
    result: object = None
    error: AppError | None = None


Work = Callable[[Task], object]
Queue = queue.SimpleQueue[tuple[str, Work, Callable[[], None]] | None]


class JobRunner:
    """Runs jobs that write one after another, and jobs that read one after another."""

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self._jobs: dict[str, Job] = {}
        self._tasks: dict[str, Task] = {}
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._queues: dict[str, Queue] = {}
        self._threads: list[threading.Thread] = []
        self._paces: dict[str, _Pace] = {}
        self._listeners: list[Callable[[Job], None]] = []

    def when_over(self, listener: Callable[[Job], None]) -> None:
        """Call ``listener`` with every job that is over, however it ended, on the job's thread.

        It must be quick and raise nothing: what takes long it leaves to a thread of its own.
        """
        with self._changed:
            self._listeners.append(listener)

    def start(
        self,
        operation: str,
        values: dict[str, object],
        work: Work,
        *,
        writes: bool = True,
        after: Callable[[], None] | None = None,
    ) -> Job:
        """Queue ``work``; it is handed the job's Task. Answers the queued job at once.

        ``after`` tidies up once the work is over or was stopped before it began.
        """
        job_id = str(next(self._numbers))
        job = Job(job_id, operation, "queued", Progress("queued"), self._clock(), values)
        with self._changed:
            self._jobs[job_id] = job
            self._tasks[job_id] = Task(lambda progress: self._advance(job_id, progress))
            self._paces[job_id] = _Pace()
            self._forget_old()
            waiting = self._queue("writing" if writes else "reading")
        waiting.put((job_id, work, after or _nothing))
        return job

    def show(self, job_id: str) -> Job:
        """Answer one job. Raises NotFound."""
        with self._changed:
            return self._get(job_id)

    def list(self) -> list[Job]:
        """Answer every remembered job, newest first."""
        with self._changed:
            return sorted(self._jobs.values(), key=lambda job: int(job.id), reverse=True)

    def cancel(self, job_id: str) -> Job:
        """Ask a job to stop; it is over when its state says so. Raises NotFound."""
        with self._changed:
            job = self._get(job_id)
            if job.state not in FINAL:
                self._tasks[job_id].cancel()
            return job

    def follow(self, job_id: str, *, silence: float = 15.0) -> Iterator[Job | None]:
        """Yield a job at each change until it is final; None after ``silence`` seconds of none."""
        seen: Job | None = None
        while seen is None or seen.state not in FINAL:
            with self._changed:
                if self._get(job_id) is seen:
                    self._changed.wait_for(partial(self._has_moved, job_id, seen), silence)
                job = self._get(job_id)
            if job is seen:
                yield None
            else:
                seen = job
                yield job

    def watch(self, *, silence: float = 15.0) -> Iterator[tuple[Job, ...]]:
        """Yield the jobs that changed since the look before, without end; none in silence."""
        seen: dict[str, Job] = {}
        while True:
            with self._changed:
                self._changed.wait_for(partial(self._moved_since, seen), silence)
                moved = self._moved_since(seen)
                seen = dict(self._jobs)
            yield moved

    def _moved_since(self, seen: dict[str, Job]) -> tuple[Job, ...]:
        return tuple(job for job in self._jobs.values() if seen.get(job.id) is not job)

    def is_busy(self) -> bool:
        """Tell whether any job is queued or running."""
        with self._changed:
            return any(job.state not in FINAL for job in self._jobs.values())

    def _has_moved(self, job_id: str, seen: Job | None) -> bool:
        return self._get(job_id) is not seen

    def close(self, patience: float = 10.0) -> None:
        """Stop every job and the threads; wait at most ``patience`` seconds for each."""
        with self._changed:
            for task in self._tasks.values():
                task.cancel()
            threads = list(self._threads)
            for waiting in self._queues.values():
                waiting.put(None)
        for thread in threads:
            thread.join(patience)

    def _get(self, job_id: str) -> Job:
        try:
            return self._jobs[job_id]
        except KeyError:
            raise NotFound(
                f"There is no job {job_id}.", hint="It may have ended before the last start."
            ) from None

    def _queue(self, kind: str) -> Queue:
        """Answer the queue of a kind of jobs; its thread starts with the first of them."""
        if kind not in self._queues:
            self._queues[kind] = queue.SimpleQueue()
            thread = threading.Thread(
                target=self._run, args=(self._queues[kind],), name=f"jobs {kind}", daemon=True
            )
            self._threads.append(thread)
            thread.start()
        return self._queues[kind]

    def _run(self, waiting: Queue) -> None:
        while (entry := waiting.get()) is not None:
            self._do(*entry)

    def _do(self, job_id: str, work: Work, after: Callable[[], None]) -> None:
        task = self._tasks[job_id]
        changes: dict[str, object]
        try:
            try:
                task.step("starting")
                self._change(job_id, state="running")
                changes = {"state": "done", "result": work(task)}
            finally:
                after()  # before the job is final: who waits for it finds things tidy
        except Cancelled:
            changes = {"state": "cancelled"}
        except AppError as error:
            changes = {"state": "failed", "error": error}
        except Exception as problem:  # noqa: BLE001 - the edge: a bug ends the job, not the thread
            changes = {"state": "failed", "error": as_bug(problem)}
        self._change(job_id, **changes)
        with self._changed:
            job, listeners = self._jobs[job_id], list(self._listeners)
        for listener in listeners:
            listener(job)

    def _advance(self, job_id: str, progress: Progress) -> None:
        rate, left = self._paces[job_id].measure(progress)
        self._change(job_id, progress=progress, rate=rate, seconds_left=left)

    def _change(self, job_id: str, **changes: object) -> None:
        with self._changed:
            self._jobs[job_id] = replace(self._jobs[job_id], **changes)
            self._changed.notify_all()

    def _forget_old(self) -> None:
        finished = [job.id for job in self._jobs.values() if job.state in FINAL]
        for job_id in finished[: max(0, len(finished) - REMEMBERED)]:
            del self._jobs[job_id], self._tasks[job_id], self._paces[job_id]


def _nothing() -> None:
    """Tidy up after work that leaves nothing lying about."""


class _Pace:
    """Rate and time left within a stage, from the first reading of that stage."""

    def __init__(self) -> None:
        self._stage = ""
        self._began = 0.0
        self._from = 0

    def measure(self, progress: Progress) -> tuple[float | None, float | None]:
        now = time.monotonic()
        if progress.stage != self._stage:
            self._stage, self._began, self._from = progress.stage, now, progress.done
            return None, None
        passed = now - self._began
        moved = progress.done - self._from
        if passed < 0.5 or moved <= 0:
            return None, None
        rate = moved / passed
        left = (progress.total - progress.done) / rate if progress.total else None
        return rate, left
