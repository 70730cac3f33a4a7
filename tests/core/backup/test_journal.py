"""What events add up to, and that telling them again shorter adds up to the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core.backup.journal import Attempts, Event, remembered, retold

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def test_failures_are_counted_until_one_goes_well() -> None:
    """The last failure and how many in a row; a good one, or finding nothing new, ends them."""
    made = Event(kind="made", at=at(0), export="e", backup="b")
    failures = [
        Event(kind="failed", at=at(n), export="e", message=f"No room {n}.", hint="Free some.")
        for n in (1, 2)
    ]

    failing = remembered([made, *failures]).attempts["e"]
    well = remembered([made, *failures, Event(kind="unchanged", at=at(3), export="e")])

    assert failing == Attempts(at(0), at(2), 2, "No room 2.", "Free some.")
    assert well.attempts["e"] == Attempts(at(3))


def test_checks_end_with_their_backup() -> None:
    """What was removed is checked no more; the others still are."""
    events = [
        Event(kind="verified", at=at(1), backup="b", full=True),
        Event(kind="verified", at=at(2), backup="a", full=True),
        Event(kind="verified", at=at(3), backup="a"),
        Event(kind="removed", at=at(4), backup="b"),
    ]

    checks = remembered(events).checks

    assert {backup: each.verified_at for backup, each in checks.items()} == {"a": at(3)}


def test_check_in_slices_goes_on_where_it_stopped() -> None:
    """The last place counts, and the time of the first slice; a round's end forgets both."""
    slices = [Event(kind="reached", at=at(n), backup="x.7z", times=n * 10) for n in (1, 2)]

    under_way = remembered(slices)
    over = remembered([*slices, Event(kind="round", at=at(3))])

    assert (under_way.place, under_way.round_at) == (("x.7z", 20), at(1))
    assert (over.place, over.round_at) == (None, None)


def test_damage_is_forgotten_only_by_a_full_check() -> None:
    """A quick look that finds nothing does not clear what a full one found."""
    found = Event(kind="verified", at=at(0), backup="a", full=True, damaged=("x.json",))
    quick = Event(kind="verified", at=at(1), backup="a")
    full = Event(kind="verified", at=at(2), backup="a", full=True)

    assert remembered([found, quick]).checks["a"].damaged == ("x.json",)
    assert remembered([found, quick, full]).checks["a"].damaged == ()


NAMES = st.sampled_from(["a", "b", "c"])
EVENTS = st.lists(
    st.builds(
        Event,
        kind=st.sampled_from(
            ["made", "unchanged", "failed", "verified", "restored", "removed", "reached", "round"]
        ),
        at=st.integers(0, 9999).map(at),
        export=NAMES,
        backup=NAMES,
        full=st.booleans(),
        damaged=st.lists(NAMES, max_size=2).map(tuple),
        message=NAMES,
    ),
    max_size=60,
)


@given(EVENTS)
def test_told_again_it_adds_up_to_the_same(events: list[Event]) -> None:
    """The shorter telling means the same, and is short."""
    memory = remembered(events)
    again = retold(memory)

    assert remembered(again) == memory
    assert len(again) <= 3 + 2 * 3 + 1 + 1
