"""Progress as bars, where standard error is a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, TextColumn
from rich.progress import Progress as Bars
from rich.progress import Task as Bar
from rich.text import Text

from app.core.sizes import readable_size
from app.interfaces.terminal.phrases import amount, duration, line
from app.progress import Progress


class OnTerminal:
    """Shows the current stage as one moving line."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._bar: Any = None
        self._stage = ""

    def __call__(self, progress: Progress) -> None:
        """Show where the work is."""
        if progress.stage != self._stage:
            if self._bar is not None:
                self._bars.remove_task(self._bar)
            self._stage = progress.stage
            self._bar = self._bars.add_task(line(progress.stage), total=None, unit="")
        self._bars.update(
            self._bar, completed=progress.done, total=progress.total, unit=progress.unit
        )


class _Pace(ProgressColumn):
    """How much, how fast, and how long still."""

    def render(self, task: Bar) -> Text:
        """Write the pace of one stage."""
        unit = str(task.fields.get("unit", ""))
        total = None if task.total is None else int(task.total)
        words = [amount(Progress(task.description, int(task.completed), total, "", unit))]
        if task.speed:
            speed = readable_size(int(task.speed)) if unit == "bytes" else f"{task.speed:,.0f}"
            words.append(f"{speed}/s")
        if task.time_remaining:
            words.append(f"{duration(task.time_remaining)} left")
        return Text(" · ".join(word for word in words if word))


def bars(console: Console) -> Bars:
    """Answer bars on a console, gone when they are done."""
    bar = BarColumn(complete_style="green", finished_style="green", pulse_style="green")
    stage = TextColumn("{task.description}", markup=False)
    return Bars(stage, bar, _Pace(), console=console, transient=True)
