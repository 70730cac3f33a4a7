"""What happened to backups, told event by event, and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import msgspec

Kind = Literal[
    "made",  # a backup was made
    "unchanged",  # looked, and the backup before still holds everything
    "failed",  # no backup could be made
    "verified",  # a backup was read again; `full`: every block unpacked and hashed
    "pinned",
    "unpinned",
    "restored",
    "removed",
]


class Event(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """One thing that happened; ``export`` is an export's id, ``backup`` a backup's.

    ``times``: one event may stand for several of its kind, the last of them.
    """

    kind: Kind
    at: datetime
    export: str = ""
    name: str = ""
    backup: str = ""
    full: bool = False
    damaged: tuple[str, ...] = ()
    message: str = ""
    hint: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Attempts:
    """How backing up one export went: when last well, and what went wrong since."""

    good_at: datetime | None = None
    failed_at: datetime | None = None
    times: int = 0
    message: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """How reading a backup again went: when last at all, when in full, what was damaged."""

    verified_at: datetime | None = None
    checked_at: datetime | None = None
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Memory:
    """What all events add up to."""

    pinned: frozenset[str] = frozenset()
    checks: Mapping[str, Checks] = field(default_factory=dict)
    attempts: Mapping[str, Attempts] = field(default_factory=dict)
    restores: int = 0
    last_restore_at: datetime | None = None


def remembered(events: Iterable[Event]) -> Memory:
    """Add events up, in their order."""
    pinned: set[str] = set()
    checks: dict[str, Checks] = {}
    attempts: dict[str, Attempts] = {}
    restores, last = 0, None
    for event in events:
        match event.kind:
            case "made" | "unchanged" | "failed":
                attempts[event.export] = _attempted(attempts.get(event.export), event)
            case "verified":
                checks[event.backup] = _checked(checks.get(event.backup), event)
            case "pinned":
                pinned.add(event.backup)
            case "unpinned":
                pinned.discard(event.backup)
            case "restored":
                restores += event.times
                last = event.at if last is None else max(last, event.at)
            case "removed":
                pinned.discard(event.backup)
                checks.pop(event.backup, None)
    return Memory(frozenset(pinned), checks, attempts, restores, last)


def retold(memory: Memory, now: datetime) -> list[Event]:
    """Answer the fewest events that add up to a memory."""
    events = [Event(kind="pinned", at=now, backup=each) for each in sorted(memory.pinned)]
    for backup, checks in sorted(memory.checks.items()):
        for at, full in ((checks.checked_at, True), (checks.verified_at, False)):
            if at is not None:
                damaged = checks.damaged
                events.append(
                    Event(kind="verified", at=at, backup=backup, full=full, damaged=damaged)
                )
    for export, each in sorted(memory.attempts.items()):
        if each.good_at is not None:
            events.append(Event(kind="unchanged", at=each.good_at, export=export))
        if each.failed_at is not None:
            told = (each.message, each.hint)
            events.append(_failed(export, each.failed_at, each.times, *told))
    if memory.last_restore_at is not None:
        events.append(Event(kind="restored", at=memory.last_restore_at, times=memory.restores))
    return events


def _failed(export: str, at: datetime, times: int, message: str, hint: str) -> Event:
    return Event(kind="failed", at=at, export=export, times=times, message=message, hint=hint)


def _attempted(before: Attempts | None, event: Event) -> Attempts:
    if event.kind != "failed":
        return Attempts(good_at=event.at)
    known = before or Attempts()
    return replace(
        known,
        failed_at=event.at,
        times=known.times + event.times,
        message=event.message,
        hint=event.hint,
    )


def _checked(before: Checks | None, event: Event) -> Checks:
    known = before or Checks()
    if event.full:
        return Checks(event.at, event.at, event.damaged)
    return Checks(event.at, known.checked_at, event.damaged or known.damaged)
