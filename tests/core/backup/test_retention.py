"""Which backups stay: each rule by a table, and what no policy may do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.backup.retention import Candidate, RetentionPolicy, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)  # a Sunday


def made(*ages: float, **facts: bool) -> list[Candidate]:
    """Backups made so many days ago, called by their place."""
    return [
        Candidate(str(place), NOW - timedelta(days=age), **facts) for place, age in enumerate(ages)
    ]


def kept(backups: list[Candidate], **rules: int) -> list[str]:
    return [each.id for each in judge(backups, RetentionPolicy(**rules), now=NOW) if each.keep]


@pytest.mark.parametrize(
    ("ages", "rules", "expected"),
    [
        ((), {"keep_last": 3}, []),
        ((1, 2, 3), {"keep_last": 2}, ["0", "1"]),
        ((1, 2, 3), {"keep_last": 9}, ["0", "1", "2"]),
        ((0.1, 0.2, 1.1, 1.2, 2.1), {"keep_daily": 2}, ["0", "2"]),
        ((0.1, 5, 9, 10, 15), {"keep_daily": 3}, ["0", "1", "2"]),  # days that have one
        ((0, 1, 6, 7, 13, 14), {"keep_weekly": 2}, ["0", "3"]),
        ((0, 1, 2, 40, 41, 80), {"keep_monthly": 3}, ["0", "1", "3"]),
        ((0, 1, 2, 40), {"keep_last": 1, "keep_monthly": 2}, ["0", "1"]),
        ((1, 2), {}, ["0", "1"]),
    ],
)
def test_each_rule_keeps_what_it_says(
    ages: tuple[float, ...], rules: dict[str, int], expected: list[str]
) -> None:
    """The last few, and the newest of each of the last days, weeks and months that have one."""
    assert kept(made(*ages), **rules) == expected


def test_reasons_are_told() -> None:
    """Every rule that wants a backup says so, in words."""
    first, second, *_ = judge(
        made(0, 1), RetentionPolicy(keep_last=2, keep_daily=1, keep_weekly=1, keep_monthly=1),
        now=NOW,
    )  # fmt: skip

    assert first.reasons == (
        "newest", "among the last 2", "day 2026-03-01", "week 2026-W09", "month 2026-03",
    )  # fmt: skip
    assert second.reasons == ("among the last 2",)


def test_pinned_and_future_ones_stay_and_take_no_place() -> None:
    """A pin keeps a backup; one from a clock gone wrong counts for no rule."""
    future = Candidate("future", NOW + timedelta(days=400))
    pinned = Candidate("pinned", NOW - timedelta(days=90), pinned=True)

    verdicts = judge([future, *made(1, 2), pinned], RetentionPolicy(keep_last=1), now=NOW)

    assert [(each.id, each.keep) for each in verdicts] == [
        ("future", True), ("0", True), ("1", False), ("pinned", True),
    ]  # fmt: skip


def test_newest_whole_one_stays_where_the_newest_is_damaged() -> None:
    """Damage found in the newest backup does not cost the one before it."""
    damaged = made(0, damaged=True)[0]
    whole = Candidate("whole", NOW - timedelta(days=1))
    old = Candidate("old", NOW - timedelta(days=2))

    verdicts = judge([damaged, whole, old], RetentionPolicy(keep_last=1), now=NOW)

    assert [each.keep for each in verdicts] == [True, True, False]
    assert verdicts[1].reasons == ("newest that is whole",)


def test_days_are_those_of_the_place() -> None:
    """Half past midnight in Berlin is the next day there, whatever UTC says."""
    berlin = timezone(timedelta(hours=1))
    late = Candidate("late", datetime(2026, 2, 28, 23, 30, tzinfo=UTC).astimezone(berlin))
    noon = Candidate("noon", datetime(2026, 2, 28, 12, 0, tzinfo=UTC).astimezone(berlin))

    assert kept([late, noon], keep_daily=2) == ["late", "noon"]


TIMES = st.timedeltas(timedelta(days=-2000), timedelta(days=900)).map(lambda passed: NOW + passed)
BACKUPS = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        created_at=TIMES,
        pinned=st.booleans(),
        damaged=st.booleans(),
    ),
    unique_by=lambda each: each.id,
    max_size=40,
)
FEW = st.integers(0, 5)
POLICIES = st.builds(RetentionPolicy, FEW, FEW, FEW, FEW)


@given(BACKUPS, POLICIES)
def test_no_policy_leaves_a_library_without_its_newest(
    backups: list[Candidate], policy: RetentionPolicy
) -> None:
    """Newest, newest whole, pinned and future ones stay under every policy; order is kept."""
    verdicts = judge(backups, policy, now=NOW)
    stay = {each.id for each in verdicts if each.keep}

    assert [each.id for each in verdicts] == [each.id for each in backups]
    assert {each.id for each in backups[:1]} <= stay
    assert {each.id for each in backups if not each.damaged} == set() or any(
        not each.damaged and each.id in stay for each in backups
    )
    assert {each.id for each in backups if each.pinned or each.created_at > NOW} <= stay


@given(BACKUPS, POLICIES, FEW)
def test_more_generous_never_keeps_less(
    backups: list[Candidate], policy: RetentionPolicy, more: int
) -> None:
    """Raising a rule that is on only ever adds to what stays."""
    if policy.is_empty:
        return
    wider = RetentionPolicy(
        policy.keep_last + more, policy.keep_daily + more, policy.keep_weekly, policy.keep_monthly
    )
    narrow = {each.id for each in judge(backups, policy, now=NOW) if each.keep}

    assert narrow <= {each.id for each in judge(backups, wider, now=NOW) if each.keep}


@given(BACKUPS, POLICIES)
def test_judging_what_was_kept_keeps_it(backups: list[Candidate], policy: RetentionPolicy) -> None:
    """Cleaning up twice is cleaning up once."""
    once = {each.id for each in judge(backups, policy, now=NOW) if each.keep}
    left = [each for each in backups if each.id in once]

    assert {each.id for each in judge(left, policy, now=NOW) if each.keep} == once
