"""Which backups to keep, and why: a policy that gives its reasons.

A kept backup keeps the archives its bytes are in; which those are is no concern here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from msgspec import Struct


class RetentionPolicy(Struct, frozen=True):
    """How many backups each rule keeps; 0 switches a rule off.

    What any rule wants stays. With every rule off, all backups stay.
    """

    keep_last: int = 0
    keep_daily: int = 0
    keep_weekly: int = 0
    keep_monthly: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether every rule is off."""
        return not (self.keep_last or self.keep_daily or self.keep_weekly or self.keep_monthly)


class Candidate(Struct, frozen=True):
    """One backup to judge; ``created_at`` is in the zone whose days count."""

    id: str
    created_at: datetime
    pinned: bool = False
    damaged: bool = False


class Verdict(Struct, frozen=True):
    """What becomes of one backup; without a reason it goes."""

    id: str
    reasons: tuple[str, ...]

    @property
    def keep(self) -> bool:
        """Whether it stays."""
        return bool(self.reasons)


def judge(backups: Sequence[Candidate], policy: RetentionPolicy, *, now: datetime) -> list[Verdict]:
    """Decide of one export's backups, the newest first, which stay and why.

    The order is the one given, not that of the clock: a clock may have been wrong. The
    newest always stays, and so does the newest that is whole: a library that had a good
    backup yesterday must not have none today. A backup dated in the future stays too,
    and takes no other's place.
    """
    present = [each for each in backups if each.created_at <= now]
    wanted = [*_always(backups, policy, now), *_by_number(present, policy)]
    wanted += _by_calendar(present, policy)
    reasons: dict[str, list[str]] = {each.id: [] for each in backups}
    for id_, reason in wanted:
        reasons[id_].append(reason)
    return [Verdict(each.id, tuple(reasons[each.id])) for each in backups]


def _always(
    backups: Sequence[Candidate], policy: RetentionPolicy, now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield what stays under every policy, with the reason."""
    whole = next((each for each in backups if not each.damaged), None)
    for place, each in enumerate(backups):
        if place == 0:
            yield each.id, "newest"
        elif each is whole:
            yield each.id, "newest that is whole"
        if each.pinned:
            yield each.id, "pinned"
        if each.created_at > now:
            yield each.id, "dated in the future"
        if policy.is_empty:
            yield each.id, "no rule is set"


def _by_number(present: Sequence[Candidate], policy: RetentionPolicy) -> Iterator[tuple[str, str]]:
    for each in present[: policy.keep_last]:
        yield each.id, f"among the last {policy.keep_last}"


def _by_calendar(
    present: Sequence[Candidate], policy: RetentionPolicy
) -> Iterator[tuple[str, str]]:
    for rule, wanted, period in _periods(policy):
        for each in _latest_of_each(present, wanted, period):
            yield each.id, f"{rule} {period(each.created_at)}"


def _periods(
    policy: RetentionPolicy,
) -> tuple[tuple[str, int, Callable[[datetime], str]], ...]:
    """Answer each rule of the calendar: its name, how many it keeps, the period of a time."""
    return (
        ("day", policy.keep_daily, lambda time: f"{time:%Y-%m-%d}"),
        ("week", policy.keep_weekly, lambda time: "{}-W{:02}".format(*time.isocalendar()[:2])),
        ("month", policy.keep_monthly, lambda time: f"{time:%Y-%m}"),
    )


def _latest_of_each(
    backups: Sequence[Candidate], wanted: int, period: Callable[[datetime], str]
) -> list[Candidate]:
    """Answer the newest backup of each of the last ``wanted`` periods that have one."""
    found: dict[str, Candidate] = {}
    for each in backups:
        if len(found) >= wanted:
            break
        found.setdefault(period(each.created_at), each)
    return list(found.values())
