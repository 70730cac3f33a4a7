"""Every way an export writes a time is read; what is no time is None."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.timestamps import read_seconds, read_time

WHEN = 1735700000.25
ISO = "2025-01-01T02:53:20.250000"


@pytest.mark.parametrize(
    "value",
    [
        WHEN,
        str(WHEN),
        f" {WHEN} ",
        WHEN * 1e3,
        int(WHEN * 1e3),
        str(int(WHEN * 1e3)),
        WHEN * 1e6,
        int(WHEN * 1e9),
        ISO,
        ISO + "Z",
        ISO + "+00:00",
        "2025-01-01T04:53:20.250+02:00",
        "2025-01-01 02:53:20.25",
    ],
)
def test_units_and_forms(value):
    """Seconds, milliseconds, microseconds, nanoseconds, strings of them, and ISO 8601 agree."""
    assert read_seconds(value) == pytest.approx(WHEN, abs=1e-3)
    assert read_time(value) == datetime(2025, 1, 1, 2, 53, 20, 250000, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        0.0,
        -1,
        -1735700000.0,
        float("nan"),
        float("inf"),
        float("-inf"),
        "",
        "soon",
        "nan",
        "inf",
        "1_000",
        "-5",
        "0",
        "9" * 100,
        "1e999",
        [],
        {},
        [1700000000.0],
        10**400,
        1e300,
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_no_time(value):
    """Booleans, zero, negatives, infinities, words and other types are no time."""
    assert read_seconds(value) is None
    assert read_time(value) is None


def test_future_times_are_kept():
    """A clock that ran ahead is not corrected."""
    assert read_time("2999-01-01") == datetime(2999, 1, 1, tzinfo=UTC)


@settings(deadline=None)
@given(st.one_of(st.floats(), st.integers(), st.text(), st.datetimes().map(str), st.booleans()))
def test_reading_never_raises(value):
    """Any value is a time a datetime can hold, or None; both readers agree which."""
    seconds, time = read_seconds(value), read_time(value)

    assert (seconds is None) == (time is None)
