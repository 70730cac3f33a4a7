"""The catalog's seconds as times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(seconds: float | None) -> datetime | None:
    """Turn seconds since 1970 into a time; None for a year no clock shows."""
    if seconds is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return None
