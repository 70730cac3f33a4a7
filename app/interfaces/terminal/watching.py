"""Progress of a long command on standard error, and Ctrl-C as the request to stop."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from app.interfaces.terminal.phrases import amount, line
from app.progress import Progress, Task

EVERY = 5.0  # seconds between two lines within a stage where there is no terminal
STOPPED = 130
SAME_PRESS = 0.5  # seconds; a single file is told twice: by the terminal, and by its starter


@contextmanager
def watched_task(*, quiet: bool) -> Iterator[Task]:
    """Yield a task that shows where it is and that Ctrl-C asks to stop."""
    if quiet:
        task = Task()
        with _stoppable(task):
            yield task
    elif sys.stderr.isatty():
        # Imported here: what draws the bars takes longer to load than most commands to run.
        from rich.console import Console

        from app.interfaces.terminal.bars import OnTerminal, bars

        with bars(Console(stderr=True, highlight=False)) as drawn:
            task = Task(OnTerminal(drawn))
            with _stoppable(task):
                yield task
    else:
        task = Task(_AsLines())
        with _stoppable(task):
            yield task


@contextmanager
def _stoppable(task: Task) -> Iterator[None]:
    """Let the first Ctrl-C (or SIGTERM) ask the task to stop, and a second one end the process."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked: float | None = None

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        now = time.monotonic()
        if asked is not None:
            if now - asked > SAME_PRESS:
                os._exit(STOPPED)
            return
        asked = now
        task.cancel()
        print("Stopping … press Ctrl-C again to stop at once.", file=sys.stderr)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, earlier in before.items():
            signal.signal(each, earlier)


class _AsLines:
    """Writes a line at each new stage, and now and then within it."""

    def __init__(self) -> None:
        self._stage = ""
        self._last = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage == self._stage and now - self._last < EVERY:
            return
        self._stage, self._last = progress.stage, now
        print(f"{line(progress.stage)} {amount(progress)}".rstrip(), file=sys.stderr, flush=True)
