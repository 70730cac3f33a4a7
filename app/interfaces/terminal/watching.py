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
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, TextColumn
from rich.progress import Progress as Bars
from rich.progress import Task as Bar
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import duration, line
from app.progress import Progress, Task

EVERY = 5.0  # seconds between two lines within a stage where there is no terminal
STOPPED = 130


@contextmanager
def watched_task(*, quiet: bool) -> Iterator[Task]:
    """Yield a task that shows where it is and that Ctrl-C asks to stop."""
    console = Console(stderr=True, highlight=False)
    if quiet:
        task = Task()
        with _stoppable(task):
            yield task
    elif console.is_terminal:
        with _bars(console) as bars:
            task = Task(_OnTerminal(bars))
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
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            os._exit(STOPPED)
        asked = True
        task.cancel()
        print("Stopping … press Ctrl-C again to stop at once.", file=sys.stderr)

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, earlier in before.items():
            signal.signal(each, earlier)


class _OnTerminal:
    """Shows the current stage as one moving line."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._bar: Any = None
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._stage:
            if self._bar is not None:
                self._bars.remove_task(self._bar)
            self._stage = progress.stage
            self._bar = self._bars.add_task(line(progress.stage), total=None, unit="")
        self._bars.update(
            self._bar, completed=progress.done, total=progress.total, unit=progress.unit
        )


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
        print(f"{line(progress.stage)} {_amount(progress)}".rstrip(), file=sys.stderr, flush=True)


class _Pace(ProgressColumn):
    """How much, how fast, and how long still."""

    def render(self, task: Bar) -> Text:
        """Write the pace of one stage."""
        unit = str(task.fields.get("unit", ""))
        total = None if task.total is None else int(task.total)
        words = [_amount(Progress(task.description, int(task.completed), total, "", unit))]
        if task.speed:
            speed = readable_size(int(task.speed)) if unit == "bytes" else f"{task.speed:,.0f}"
            words.append(f"{speed}/s")
        if task.time_remaining:
            words.append(f"{duration(task.time_remaining)} left")
        return Text(" · ".join(word for word in words if word))


def _bars(console: Console) -> Bars:
    bar = BarColumn(complete_style="green", finished_style="green", pulse_style="green")
    stage = TextColumn("{task.description}", markup=False)
    return Bars(stage, bar, _Pace(), console=console, transient=True)


def _amount(progress: Progress) -> str:
    """Write how far a stage is, in its own unit."""
    if not progress.done and not progress.total:
        return ""
    is_bytes = progress.unit == "bytes"
    done = readable_size(progress.done) if is_bytes else f"{progress.done:,}"
    unit = "" if is_bytes else f" {progress.unit}".rstrip()
    if progress.total is None:
        return done + unit
    total = readable_size(progress.total) if is_bytes else f"{progress.total:,}"
    return f"{done} of {total}{unit}"
