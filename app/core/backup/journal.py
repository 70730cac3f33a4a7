"""What happened to backups, told event by event, and what it adds up to.

Pins and the times of full checks are no events: they belong to the archives, and are kept
beside them (`app/core/backup/marks.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

Kind = Literal[
    "made",  # a backup was made
    "unchanged",  # looked, and the backup before still holds everything
    "failed",  # no backup could be made
    "verified",  # a backup was read again; `full`: every block unpacked and hashed
    "restored",
    "removed",
    "reached",  # the check in slices: up to the block `times` of the archive `backup`
    "round",  # the check in slices has been through everything
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


class Attempts(Struct, frozen=True):
    """How backing up one export went: when last well, and what went wrong since."""

    good_at: datetime | None = None
    failed_at: datetime | None = None
    times: int = 0
    message: str = ""
    hint: str = ""


class Checks(Struct, frozen=True):
    """How reading a backup again went: when last at all, and what was damaged."""

    verified_at: datetime
    damaged: tuple[str, ...] = ()


class Memory(Struct, frozen=True):
    """What all events add up to.

    ``place`` is how far the check in slices has come, archive and block; ``round_at`` when it
    began, None if none is under way.
    """

    checks: Mapping[str, Checks] = {}
    attempts: Mapping[str, Attempts] = {}
    restores: int = 0
    last_restore_at: datetime | None = None
    place: tuple[str, int] | None = None
    round_at: datetime | None = None


def remembered(events: Iterable[Event]) -> Memory:
    """Add events up, in their order."""
    checks: dict[str, Checks] = {}
    attempts: dict[str, Attempts] = {}
    restores, last = 0, None
    place, round_at = None, None
    for event in events:
        match event.kind:
            case "made" | "unchanged" | "failed":
                attempts[event.export] = _attempted(attempts.get(event.export), event)
            case "verified":
                checks[event.backup] = _checked(checks.get(event.backup), event)
            case "restored":
                restores += event.times
                last = event.at if last is None else max(last, event.at)
            case "removed":
                checks.pop(event.backup, None)
            case "reached":
                place, round_at = (event.backup, event.times), round_at or event.at
            case "round":
                place, round_at = None, None
    return Memory(checks, attempts, restores, last, place, round_at)


def retold(memory: Memory) -> list[Event]:
    """Answer the fewest events that add up to a memory."""
    events = [
        Event(kind="verified", at=each.verified_at, backup=backup, full=True, damaged=each.damaged)
        for backup, each in sorted(memory.checks.items())
    ]
    for export, each in sorted(memory.attempts.items()):
        if each.good_at is not None:
            events.append(Event(kind="unchanged", at=each.good_at, export=export))
        if each.failed_at is not None:
            told = (each.message, each.hint)
            events.append(_failed(export, each.failed_at, each.times, *told))
    if memory.last_restore_at is not None:
        events.append(Event(kind="restored", at=memory.last_restore_at, times=memory.restores))
    if memory.place is not None and memory.round_at is not None:
        archive, block = memory.place
        events.append(Event(kind="reached", at=memory.round_at, backup=archive, times=block))
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
    """Note a check; a quick one that finds nothing does not clear what a full one found."""
    if event.full or event.damaged or before is None:
        return Checks(event.at, event.damaged)
    return Checks(event.at, before.damaged)
