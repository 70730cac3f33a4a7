"""When a backup is due, and how an export's backups stand: tables of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.backup.schedule import INTERVALS, History, Plan, missed, next_due, standing, why_due

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAILY = Plan("daily")


def ago(**passed: float) -> datetime:
    return NOW - timedelta(**passed)


@pytest.mark.parametrize(
    ("history", "plan", "expected"),
    [
        (History(), Plan(), ""),
        (History(), DAILY, "no backup yet"),
        (History(good_at=ago(hours=23)), DAILY, ""),
        (History(good_at=ago(hours=24)), DAILY, "the daily one"),
        (History(good_at=ago(hours=23, minutes=58)), DAILY, "the daily one"),
        (History(good_at=ago(days=200)), DAILY, "the daily one"),  # caught up
        (History(good_at=ago(days=6)), Plan("weekly"), ""),
        (History(good_at=ago(days=7)), Plan("weekly"), "the weekly one"),
        (History(good_at=NOW + timedelta(days=400)), DAILY, "no backup yet"),
        (History(failed_at=ago(minutes=30)), DAILY, ""),
        (History(failed_at=ago(minutes=90)), DAILY, "no backup yet"),
        (History(failed_at=NOW + timedelta(days=9)), DAILY, "no backup yet"),
        (History(imported_at=ago(hours=1)), Plan(), ""),
        (History(imported_at=ago(hours=1)), Plan(after_import=True), "after an import"),
        (
            History(good_at=ago(minutes=5), imported_at=ago(hours=1)),
            Plan(after_import=True),
            "",
        ),
        (
            History(good_at=ago(hours=2), migrated_at=ago(hours=1)),
            Plan(after_migration=True),
            "after a migration",
        ),
        (History(good_at=ago(hours=2), imported_at=ago(hours=1)), Plan(after_migration=True), ""),
    ],
)
def test_due(history: History, plan: Plan, expected: str) -> None:
    """By interval, after an import, after a migration; caught up; not again right after failing."""
    assert why_due(history, plan, NOW) == expected


@pytest.mark.parametrize(
    ("history", "plan", "expected"),
    [
        (History(), Plan(), "never"),
        (History(good_at=ago(days=1)), Plan(), "good"),
        (History(good_at=ago(days=90)), Plan(), "good"),  # nothing changed since
        (History(good_at=ago(days=90), changed_at=ago(days=40)), Plan(), "late"),
        (History(good_at=ago(days=9), changed_at=ago(days=4)), Plan(), "good"),
        (History(good_at=ago(hours=30)), DAILY, "good"),
        (History(good_at=ago(hours=49)), DAILY, "late"),
        (History(good_at=ago(hours=30), failed_at=ago(hours=2)), DAILY, "failing"),
        (History(good_at=ago(hours=1), failed_at=ago(hours=2)), DAILY, "good"),
        (History(failed_at=ago(hours=2)), Plan(), "failing"),
    ],
)
def test_standing(history: History, plan: Plan, expected: str) -> None:
    """What the first page says of an export's backups."""
    assert standing(history, plan, NOW) == expected


def test_next_due() -> None:
    """An interval after the last good one; now if that has passed; never without an interval."""
    assert next_due(History(), Plan(), NOW) is None
    assert next_due(History(), DAILY, NOW) == NOW
    assert next_due(History(good_at=ago(hours=4)), DAILY, NOW) == NOW + timedelta(hours=20)
    assert next_due(History(good_at=ago(days=4)), DAILY, NOW) == NOW


@pytest.mark.parametrize(("hours", "expected"), [(1, 0), (47, 0), (49, 1), (97, 3)])
def test_missed_ones_are_counted(hours: int, expected: int) -> None:
    """The one that is due now is not missed yet; those before it are."""
    assert missed(History(good_at=ago(hours=hours)), DAILY, NOW) == expected
    assert missed(History(), DAILY, NOW) == missed(History(good_at=ago(hours=hours)), Plan(), NOW)


@given(
    st.sampled_from(sorted(INTERVALS)),
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_a_good_backup_puts_the_next_one_off(
    every: str, since: timedelta, later: timedelta
) -> None:
    """Right after a good backup none is due; once one is due it stays due until it is made."""
    plan = Plan(every)
    history = History(good_at=NOW - since)

    assert not why_due(History(good_at=NOW), plan, NOW)
    if why_due(history, plan, NOW):
        assert why_due(history, plan, NOW + later)
