"""What looks into legacy sessions found, so that a list need not read them all again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

import peewee as pw

from db.connection import PRAGMAS
from db.models import SessionLook, as_tuples, database

KEPT = 2_000  # looks; the oldest are forgotten
AT_ONCE = 500  # keys asked for in one query


def found(keys: Iterable[str]) -> dict[str, str]:
    """Answer the looks that are remembered, by their keys."""
    wanted = list(keys)
    looks: dict[str, str] = {}
    for start in range(0, len(wanted), AT_ONCE):
        those = SessionLook.key.in_(wanted[start : start + AT_ONCE])
        looks |= as_tuples(SessionLook.select(SessionLook.key, SessionLook.look).where(those))
    return looks


def remember(looks: Mapping[str, str]) -> None:
    """Remember looks; where another is writing to the catalog now, it is left undone."""
    rows = [{"key": key, "look": look} for key, look in looks.items()]
    database.pragma("busy_timeout", 0)  # a list is not worth waiting for an import
    try:
        with suppress(pw.OperationalError), database.atomic("IMMEDIATE"):
            for row in rows:
                SessionLook.insert(row).on_conflict_replace().execute()
            newest = SessionLook.select(SessionLook.row).order_by(SessionLook.row.desc())
            SessionLook.delete().where(SessionLook.row.not_in(newest.limit(KEPT))).execute()
    finally:
        database.pragma("busy_timeout", PRAGMAS["busy_timeout"])
