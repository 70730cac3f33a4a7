"""Sizes, times and foreign text as a terminal shows them."""

from __future__ import annotations

import re
from datetime import datetime

from app.core.sizes import readable_size
from app.progress import Progress

# Control letters and marks that turn the writing direction: a title must not steer a terminal.
_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def plain(text: str) -> str:
    """Make any text safe to print: nothing in it reaches the terminal as a command."""
    return _SURROGATE.sub("\ufffd", _STEERING.sub("", text))


def line(text: str) -> str:
    """Make any text safe to print on one line."""
    return " ".join(plain(text).split())


def moment(time: datetime | None) -> str:
    """Write a time in this machine's zone, to the minute; nothing for none."""
    if time is None:
        return ""
    return time.astimezone().strftime("%d %b %Y %H:%M").lstrip("0")


def day(time: datetime | None) -> str:
    """Write the day of a time in this machine's zone."""
    return "" if time is None else time.astimezone().strftime("%d %b %Y").lstrip("0")


def duration(seconds: float) -> str:
    """Write a number of seconds as people say it."""
    if seconds < 1:
        return "less than a second"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def count(number: int, one: str, many: str = "") -> str:
    """Write a number with its noun: ``1 message``, ``1,204 messages``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def amount(progress: Progress) -> str:
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
