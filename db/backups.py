"""Queries over the index of backups; the archives themselves are the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import peewee as pw
from msgspec import Struct
from msgspec.structs import asdict

from db.models import Backup, BackupEvent, as_tuples, database

_TOGETHER = 400  # rows written at once: SQLite takes so many values in one statement


class NewBackup(Struct, frozen=True):
    """One archive to index; ``head`` is JSON, empty where ``why`` says what is wrong."""

    archive: str
    size: int
    mtime_ns: int
    backup: str = ""
    export: str = ""
    name: str = ""
    sequence: int = 0
    created_at: float = 0.0
    sha256: str = ""
    head: str = ""
    why: str = ""


def stamps() -> dict[str, tuple[int, int]]:
    """Answer archive -> size and time of every archive that is indexed and was opened."""
    query = Backup.select(Backup.archive, Backup.size, Backup.mtime_ns).where(Backup.head != "")
    return {archive: (size, time) for archive, size, time in as_tuples(query)}


def unopened() -> dict[str, tuple[int, int, str]]:
    """Answer archive -> size, time and what is wrong of those that could not be opened."""
    query = Backup.select(Backup.archive, Backup.size, Backup.mtime_ns, Backup.why)
    rows = as_tuples(query.where(Backup.head == ""))
    return {archive: (size, time, why) for archive, size, time, why in rows}


def replace(found: Iterable[NewBackup], gone: Iterable[str]) -> None:
    """Index archives in the place of what was known of them, and forget others."""
    with database.atomic():
        for each in found:
            Backup.delete().where(Backup.archive == each.archive).execute()
            Backup.create(**asdict(each))
        for archive in gone:
            Backup.delete().where(Backup.archive == archive).execute()


def empty() -> None:
    """Forget every archive."""
    Backup.delete().execute()


def every() -> Sequence[Backup]:
    """Answer every archive that was opened, the newest first: by sequence within an export."""
    query = Backup.select().where(Backup.head != "")
    return list(query.order_by(Backup.created_at.desc(), Backup.sequence.desc()))


def of_export(export: str) -> Sequence[Backup]:
    """Answer the archives of one export, the newest first."""
    query = Backup.select().where((Backup.head != "") & (Backup.export == export))
    return list(query.order_by(Backup.sequence.desc(), Backup.created_at.desc()))


def find(backup: str) -> Backup | None:
    """Answer the archive of a backup."""
    found: Backup | None = Backup.get_or_none((Backup.backup == backup) & (Backup.head != ""))
    return found


def last_times() -> dict[str, float]:
    """Answer export -> when it was last backed up, in seconds since 1970; not those never."""
    query = Backup.select(Backup.export, pw.fn.max(Backup.created_at)).where(Backup.head != "")
    return dict(as_tuples(query.group_by(Backup.export)))


def digests() -> dict[str, str]:
    """Answer archive -> SHA-256 where it is known."""
    query = Backup.select(Backup.archive, Backup.sha256).where(Backup.sha256 != "")
    return dict(as_tuples(query))


def note_digest(archive: str, sha256: str) -> None:
    """Note the SHA-256 of an archive."""
    Backup.update(sha256=sha256).where(Backup.archive == archive).execute()


def events() -> tuple[str, list[str]]:
    """Answer what the journal looked like when it was last read, and its events as JSON."""
    query = BackupEvent.select(BackupEvent.stamp, BackupEvent.event).order_by(BackupEvent.row)
    rows = list(as_tuples(query))
    return (rows[0][0] if rows else ""), [event for _, event in rows]


def replace_events(stamp: str, told: Sequence[str]) -> None:
    """Put the events of the journal in the place of all that were known.

    A journal grows at its end: where it begins as it did, only what is new is written.
    """
    with database.atomic():
        known = events()[1]
        if not known or known != list(told[: len(known)]):
            known = []
            BackupEvent.delete().execute()
        rows = [{"stamp": stamp, "event": event} for event in told[len(known) :]]
        for start in range(0, len(rows), _TOGETHER):
            BackupEvent.insert_many(rows[start : start + _TOGETHER]).execute()
        BackupEvent.update(stamp=stamp).where(BackupEvent.stamp != stamp).execute()
