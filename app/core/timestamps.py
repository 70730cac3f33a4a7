"""Read the many ways an export writes a time (seconds, milliseconds, ISO 8601, strings)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_LONGEST = 64
_START = datetime(1970, 1, 1, tzinfo=UTC)  # fromtimestamp refuses far years on some systems
_END_OF_TIME = 253_402_300_800.0  # the year 10000, where datetime ends


def read_seconds(value: object) -> float | None:
    """Return seconds since 1970 UTC, or None if ``value`` is no time after that.

    A number above 1e11 counts milliseconds, above 1e14 microseconds, above 1e17
    nanoseconds. ISO 8601 without an offset is UTC. Zero and less mean "not known":
    nobody talked to ChatGPT then, but programs write 0 where they have nothing.
    """
    if type(value) is float and 0.0 < value < 1e11:
        return value
    if isinstance(value, str):
        return _from_string(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return _scaled(float(value))
    except OverflowError:
        return None


def read_time(value: object) -> datetime | None:
    """Return ``value`` as an aware UTC datetime, or None; see `read_seconds`."""
    seconds = read_seconds(value)
    return None if seconds is None else _START + timedelta(seconds=seconds)


def _scaled(number: float) -> float | None:
    """Bring a number of any unit to seconds; None outside of (0, year 10000)."""
    for limit, unit in ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3)):
        if number > limit:
            number /= unit
            break
    # microseconds are rounded, and the last one of the year 9999 must not round out of range
    return number if 0.0 < number < _END_OF_TIME - 1 else None


def _from_string(value: str) -> float | None:
    """Read a numeric or an ISO 8601 string."""
    value = value.strip()
    if not value or len(value) > _LONGEST:
        return None
    if _NUMBER.fullmatch(value):
        return _scaled(float(value))
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return _scaled_iso(moment)
    except (ValueError, OverflowError):
        return None


def _scaled_iso(moment: datetime) -> float | None:
    """Return a datetime's seconds, within the same bounds as a number's."""
    seconds = moment.timestamp()
    return seconds if 0.0 < seconds < _END_OF_TIME - 1 else None
