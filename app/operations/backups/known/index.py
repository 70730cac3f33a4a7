"""The catalog's index of backups: made from the archives, followed as the folder changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import msgspec
from msgspec import Struct

from app.core.backup.journal import Event, Memory, remembered, retold
from app.core.backup.manifest import Head, decode_head
from app.core.backup.marks import Mark, Marks
from app.core.backup.outcomes import ENCRYPTED, FileStamp, Listing, Snapshot, Unopened
from app.core.problems import Problem
from app.errors import AppError, Conflict
from app.files.backup.journal import Journal
from app.files.backup.store import BackupStore
from app.library import Library
from app.operations.backups.known.folder import has_backups, open_store
from app.operations.backups.known.passphrase import held, known_passphrase
from db import backups as index
from db.backups import NewBackup
from db.connection import connected
from db.models import Backup


class IndexedBackup(Struct, frozen=True):
    """One backup as the index knows it."""

    head: Head
    archive: str
    stored_bytes: int
    sha256: str
    mark: Mark

    @property
    def id(self) -> str:
        """The backup's id."""
        return self.head.id

    @property
    def local_time(self) -> datetime:
        """When it was made, by the days of whoever made it."""
        return self.head.created_at.astimezone(timezone(timedelta(minutes=self.head.utc_offset)))


def follow_backups(library: Library, *, asking: bool = True) -> list[Problem]:
    """Bring the index up to date with the folder; where another process writes, leave it to that.

    A folder that is not there leaves the index as it is: the disk may come back. Answers
    why the folder could not be looked into. Without ``asking`` the system's keyring is left
    alone: it may have to ask the person.
    """
    try:
        with connected():
            if not has_backups(library) and not index.stamps():
                return []
            store = open_store(library)
            listing = _look(library, store, asking=asking)
            if not _news(listing) and not _journal_news(library):
                return []
            with library.writing():
                apply_listing(_look(library, store, asking=asking))
                follow_journal(library)
    except Conflict:
        return []
    except AppError as problem:
        return [Problem("backups-absent", problem.message, hint=problem.hint)]
    return []


def index_folder_of_backups(library: Library, store: BackupStore) -> None:
    """Bring the index up to date; for whoever may write to the library already."""
    if _news(listing := _look(library, store)):
        apply_listing(listing)


def _look(library: Library, store: BackupStore, *, asking: bool = True) -> Listing:
    """Look at the folder; where something is locked, with the passphrase if it is known."""
    known = {name: FileStamp(*stamp) for name, stamp in index.stamps().items()}
    unopened = index.unopened()
    same = {name: FileStamp(size, at) for name, (size, at, _) in unopened.items()}
    listing = store.look(known | same)
    locked = any(each.encrypted for each in listing.unopened)
    if not locked and not any(why == ENCRYPTED for _, _, why in unopened.values()):
        return listing  # the system's keyring is slow to ask
    passphrase = known_passphrase(library) if asking else held(library) or None
    return listing if passphrase is None else store.look(known, passphrase=passphrase)


def wanted_passphrase(library: Library, given: str = "") -> str | None:
    """Answer the passphrase if it is known, and any backup asks for one.

    Else it is not even looked for: to ask a keyring takes longer than to see that nothing
    changed.
    """
    if given:
        return given
    encrypted = any(decode_head(row.head.encode()).encrypted for row in index.every())
    return known_passphrase(library) if encrypted or index.unopened() else None


def _news(listing: Listing) -> bool:
    known = index.unopened()
    unopened = [
        each
        for each in listing.unopened
        if known.get(each.archive) != (each.stamp.size, each.stamp.mtime_ns, each.why)
    ]
    return bool(listing.found or unopened or _gone(listing))


def _gone(listing: Listing) -> list[str]:
    """Answer the archives the index knows that are there no more."""
    there = {*listing.same, *(each.archive for each in listing.found)}
    there |= {each.archive for each in listing.unopened}
    return sorted({*listing.missing, *(index.unopened().keys() - there)})


def index_snapshot(snapshot: Snapshot) -> None:
    """Index a backup that was just made: without its passphrase it could not be read again."""
    index.replace([_row(snapshot, {}, {})], ())


def apply_listing(listing: Listing) -> None:
    """Write what a look has found into the index."""
    digests = index.digests()
    stamps = index.stamps()
    found = [_row(each, digests, stamps) for each in listing.found]
    index.replace([*found, *map(_unopened_row, listing.unopened)], _gone(listing))


def _row(
    snapshot: Snapshot, digests: dict[str, str], stamps: dict[str, tuple[int, int]]
) -> NewBackup:
    head, stamp = snapshot.head, snapshot.stamp
    same = stamps.get(snapshot.archive) == (stamp.size, stamp.mtime_ns)
    return NewBackup(
        archive=snapshot.archive,
        size=stamp.size,
        mtime_ns=stamp.mtime_ns,
        backup=head.id,
        export=head.export,
        name=head.name,
        sequence=head.sequence,
        created_at=head.created_at.timestamp(),
        sha256=snapshot.sha256 or (digests.get(snapshot.archive, "") if same else ""),
        head=msgspec.json.encode(_bare(head)).decode(),
    )


def _bare(head: Head) -> Head:
    """Answer the head alone, whatever longer form it came in."""
    fields = {name: getattr(head, name) for name in Head.__struct_fields__}
    return Head(**fields)


def _unopened_row(unopened: Unopened) -> NewBackup:
    stamp = unopened.stamp
    return NewBackup(unopened.archive, stamp.size, stamp.mtime_ns, why=unopened.why)


def indexed(library: Library, export: str = "") -> list[IndexedBackup]:
    """Answer the backups of one export (by its id) or all, the newest first, none retired."""
    rows: Sequence[Backup] = index.of_export(export) if export else index.every()
    marks = _marks(library)
    found = [_indexed(row, marks) for row in rows]
    return [each for each in found if not each.mark.retired]


def find_indexed(library: Library, backup: str) -> IndexedBackup | None:
    """Answer one backup; None if there is none of this id, or it is retired."""
    row = index.find(backup)
    found = None if row is None else _indexed(row, _marks(library))
    return None if found is None or found.mark.retired else found


def _indexed(row: Backup, marks: Marks) -> IndexedBackup:
    head = decode_head(row.head.encode())
    return IndexedBackup(head, row.archive, row.size, row.sha256, marks.get(head.id, Mark()))


def _marks(library: Library) -> Marks:
    """Read the marks; none where the disk is away: what is known of its backups still is."""
    if not has_backups(library):
        return {}
    try:
        return open_store(library).marks()
    except AppError:
        return {}


def locked_archives() -> list[Problem]:
    """Name the archives that could not be opened, and why."""
    return [
        Problem(
            "locked-backup" if why == "encrypted" else "damaged-backup",
            "A backup is encrypted and cannot be listed without its passphrase."
            if why == "encrypted"
            else f"An archive among the backups cannot be read. {why}",
            archive,
            "Unlock the backups with their passphrase."
            if why == "encrypted"
            else "Verify the backups; what can be saved of it is salvaged.",
            loss=why != "encrypted",
        )
        for archive, (_, _, why) in sorted(index.unopened().items())
    ]


def tell(library: Library, *events: Event) -> None:
    """Note what happened to backups, in the journal and in the catalog."""
    journal = Journal(library.backup_journal)
    try:
        journal.add(*events)
        if journal.is_long:
            journal.tell_again(retold(remembered(journal.events())))
    except OSError:
        return  # a full disk: the backup itself is what matters, and its failure is told anyway


def memory(library: Library) -> Memory:
    """Answer what all that happened to backups adds up to."""
    journal = Journal(library.backup_journal)
    if journal.stamp():
        return remembered(journal.events())
    return remembered(_known_events())


def _journal_news(library: Library) -> bool:
    return index.events()[0] != Journal(library.backup_journal).stamp()


def follow_journal(library: Library) -> None:
    """Let the catalog know the journal; write it again from the catalog where it is lost."""
    journal = Journal(library.backup_journal)
    if not journal.stamp() and (events := _known_events()):
        journal.tell_again(events)
    told = [msgspec.json.encode(each).decode() for each in journal.events()]
    index.replace_events(journal.stamp(), told)


def _known_events() -> list[Event]:
    return [msgspec.json.decode(each, type=Event) for each in index.events()[1]]


def now_utc(library: Library) -> datetime:
    """Answer the time, in UTC."""
    return library.clock().astimezone(UTC)
