"""When an export's next backup is due, and how its backups stand by their age."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

Every = Literal["never", "hourly", "daily", "weekly", "monthly"]
Standing = Literal["good", "never", "late", "failing"]

INTERVALS: dict[str, timedelta] = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
}
AGAIN = timedelta(hours=1)  # after a failure; a disk that is absent is not asked every minute
EARLY = timedelta(minutes=5)  # a look every hour must not slip a whole hour for seconds
OLD = timedelta(days=30)  # where nothing is scheduled: worth a word from here on


class Plan(Struct, frozen=True):
    """What makes a backup due."""

    every: Every = "never"
    after_import: bool = False
    after_migration: bool = False


class History(Struct, frozen=True):
    """What is known of one export's backups.

    ``good_at``: when its state was last found safe in a backup, a new one or, where
    nothing had changed, the one before. ``changed_at``, ``imported_at`` and
    ``migrated_at``: when the export was last changed at all, by an archive, by a
    migration. ``failed_at``: when the last attempt failed, None if it did not.
    """

    good_at: datetime | None = None
    changed_at: datetime | None = None
    imported_at: datetime | None = None
    migrated_at: datetime | None = None
    failed_at: datetime | None = None


def why_due(history: History, plan: Plan, now: datetime) -> str:
    """Answer why a backup is due now, empty if none is.

    What was missed while nothing ran is due at the first look after. A clock that was
    set back does not put a backup off: a time in the future counts as none.
    """
    if history.failed_at is not None and now - AGAIN < history.failed_at <= now:
        return ""
    good = _past(history.good_at, now)
    if plan.every != "never":
        if good is None:
            return "no backup yet"
        if now - good >= INTERVALS[plan.every] - EARLY:
            return f"the {plan.every} one"
    for wanted, at, reason in (
        (plan.after_import, history.imported_at, "after an import"),
        (plan.after_migration, history.migrated_at, "after a migration"),
    ):
        if wanted and at is not None and (good is None or at > good):
            return reason
    return ""


def next_due(history: History, plan: Plan, now: datetime) -> datetime | None:
    """Answer when the interval asks for the next backup; None if there is no interval."""
    if plan.every == "never":
        return None
    good = _past(history.good_at, now)
    return now if good is None else max(now, good + INTERVALS[plan.every])


def missed(history: History, plan: Plan, now: datetime) -> int:
    """Count the backups the interval asked for since the last good one, and did not get."""
    good = _past(history.good_at, now)
    if plan.every == "never" or good is None:
        return 0
    return max(0, (now - good) // INTERVALS[plan.every] - 1)


def changed_since(history: History, now: datetime) -> bool:
    """Tell whether an export was changed after it was last found safe."""
    good = _past(history.good_at, now)
    return history.changed_at is not None and (good is None or history.changed_at > good)


def standing(history: History, plan: Plan, now: datetime) -> Standing:
    """Judge an export's backups by their age.

    "failing": the last attempt failed; "never": there is none; "late": the interval was
    missed, or, without an interval, the export was changed since a backup made long ago.
    """
    good = _past(history.good_at, now)
    if history.failed_at is not None and (good is None or history.failed_at > good):
        return "failing"
    if good is None:
        return "never"
    if plan.every != "never":
        return "late" if missed(history, plan, now) else "good"
    return "late" if changed_since(history, now) and now - good > OLD else "good"


def _past(time: datetime | None, now: datetime) -> datetime | None:
    return time if time is not None and time <= now else None
