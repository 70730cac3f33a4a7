"""Reading backups again: all of them, some, or a slice now and then; and healing damage."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import msgspec

from app.core.backup.journal import Event
from app.core.backup.outcomes import ENCRYPTED, Damage, Healed, Place, Verification
from app.core.problems import Problem
from app.errors import AppError
from app.files.backup.store import BackupStore
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import (
    IndexedBackup,
    find_indexed,
    index_folder_of_backups,
    indexed,
    locked_archives,
    memory,
    now_utc,
    tell,
    wanted_passphrase,
)
from app.operations.backups.known.passphrase import Passphrase
from app.operations.backups.known.subject import find_backup, find_subject, live_exports
from app.operations.backups.results import DamagedFile, VerifyReport
from app.operations.backups.showing import partial, passphrase_for
from app.progress import Task
from app.settings import read_settings
from db import backups as index

SLICE = 64 << 20  # bytes a check in slices reads at a time: well below a second
ARRIVING_NS = 60_000_000_000  # since its last byte was written, an archive is all there


def verify_backups(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name; all of them if left out"] = "",
    id: Annotated[str, "which of its backups; all of them if left out"] = "",
    quick: Annotated[bool, "only that archives are there, whole, with their checksums"] = False,
    heal: Annotated[bool, "put damage right with what another copy still holds"] = True,
    passphrase: Passphrase = "",
) -> VerifyReport:
    """Verify backups: unpack every block and compare every file's hash."""
    store = open_store(library)
    secret = wanted_passphrase(library, passphrase)
    unlisted = _unlisted(id)
    problems = _salvage(library, store, task, unlisted, secret) if heal else []
    found = _chosen(library, export, id, unlisted)
    for each in found:
        secret = passphrase_for(library, each, passphrase)
    problems += _still_unread(export, id)
    if not found:
        return VerifyReport(not any(e.loss for e in problems), 0, (), (), 0, quick, tuple(problems))
    ids = [each.id for each in found]
    seen = store.verify(ids, task=task, quick=quick, digests=index.digests(), passphrase=secret)
    _remember(library, found, seen.damages, full=not quick)
    healed: list[str] = []
    if heal and seen.damages:
        archives = dict.fromkeys(each.archive for each in seen.damages if each.archive)
        healed, more = _heal(library, store, task, archives, secret)
        problems += more
        if healed:
            again = store.verify(ids, task=task, quick=quick, passphrase=secret)
            _remember(library, found, again.damages, full=not quick)
            seen = Verification(again.damages, seen.checked_bytes, seen.checked_archives, quick)
    return _report(found, seen, healed, problems)


def verify_next_slice(library: Library, task: Task) -> bool:
    """Read some more of the backups again, if any were not for long; answer whether it did.

    Goes on where it stopped, also at another day; a round that found nothing counts as a
    full check of all that was there when it began.
    """
    days = read_settings(library.settings_file).number("backups.verifyEvery")
    known, found = memory(library), indexed(library)
    now = now_utc(library)
    under_way = known.place is not None
    if not days or not (under_way or any(_is_stale(each, days, library) for each in found)):
        return False
    store, secret = open_store(library), wanted_passphrase(library)
    if secret is None and any(each.head.encrypted for each in found):
        return False  # nobody is there to be asked
    start = Place(*known.place) if known.place else None
    seen = store.verify_slice(start, task=task, limit=SLICE, passphrase=secret)
    if seen.damages:
        damaged = {each.backup for each in seen.damages}
        _remember(library, [e for e in found if e.id in damaged], seen.damages, full=False)
    if seen.next is not None:
        place = (seen.next.archive, seen.next.block)
        tell(library, Event(kind="reached", at=now, backup=place[0], times=place[1]))
        return True
    began = known.round_at or now
    tell(library, Event(kind="round", at=now))
    for each in found:
        if each.head.created_at <= began and not _is_damaged(library, each):
            store.mark(each.id, msgspec.structs.replace(each.mark, checked_at=now))
    return True


def _chosen(
    library: Library, export: str, id_: str, unlisted: Mapping[str, int]
) -> list[IndexedBackup]:
    if f"{id_}.7z" in unlisted and find_indexed(library, id_) is None:
        return []  # nothing but its name is known of it
    if id_:
        found, _ = find_backup(library, export, id_)
        return [found]
    return indexed(library, find_subject(library, export).key if export else "")


def _unlisted(id_: str) -> dict[str, int]:
    """Answer archives whose own list of files cannot be read, with their times; or only one."""
    return {
        archive: mtime_ns
        for archive, (_, mtime_ns, why) in index.unopened().items()
        if why != ENCRYPTED and id_ in ("", archive.removesuffix(".7z"))
    }


def _still_unread(export: str, id_: str) -> list[Problem]:
    """Tell of archives that cannot be listed: whose they are is not known."""
    if id_:
        return [each for each in locked_archives() if each.item == f"{id_}.7z"]
    return [each for each in locked_archives() if each.loss or not export]


def _salvage(
    library: Library,
    store: BackupStore,
    task: Task,
    unlisted: Mapping[str, int],
    passphrase: str | None,
) -> list[Problem]:
    """Put archives whose list is lost together again, from what their blocks tell of themselves.

    One that was just written may still be on its way here.
    """
    settled_ns = time.time_ns() - ARRIVING_NS
    archives = [archive for archive, mtime_ns in unlisted.items() if mtime_ns < settled_ns]
    return _heal(library, store, task, archives, passphrase)[1] if archives else []


def _heal(
    library: Library,
    store: BackupStore,
    task: Task,
    archives: Iterable[str],
    passphrase: str | None,
) -> tuple[list[str], list[Problem]]:
    """Write damaged archives again; answer the paths put right, and what could not be."""
    healed: list[str] = []
    problems: list[Problem] = []
    live = [each.folder for each in live_exports(library).values() if each.folder is not None]
    for archive in archives:
        try:
            done = store.heal(archive, task=task, live=live, passphrase=passphrase)
        except AppError as error:
            message = f"This archive could not be put right: {error.message}"
            problems.append(Problem("heal-failed", message, archive, error.hint))
            continue
        healed += done.healed
        if done.kept is not None:
            message = "A damaged archive was written again; the damaged one is kept beside it."
            hint = "Delete it once you are sure you do not need it."
            problems.append(Problem("healed-backup", message, str(done.kept), hint))
            problems += _salvaged(archive, done)
    index_folder_of_backups(library, store)
    return healed, problems


def _salvaged(archive: str, done: Healed) -> list[Problem]:
    """Say what is missing of an archive that had to be put together from its blocks."""
    if done.snapshot is None:
        message = "Nothing in this archive could be recognised: its backup is lost."
        return [Problem("lost-backup", message, archive, loss=True)]
    return partial(done.snapshot.head)


def _remember(
    library: Library, found: Iterable[IndexedBackup], damages: Sequence[Damage], *, full: bool
) -> None:
    now = now_utc(library)
    events = []
    for each in found:
        damaged = tuple(sorted({one.path for one in damages if one.backup == each.id}))
        events.append(Event(kind="verified", at=now, backup=each.id, full=full, damaged=damaged))
    tell(library, *events)


def _report(
    found: Sequence[IndexedBackup],
    seen: Verification,
    healed: Sequence[str],
    problems: Sequence[Problem],
) -> VerifyReport:
    damaged = tuple(
        DamagedFile(each.path, each.archive, each.why, each.backup) for each in seen.damages
    )
    return VerifyReport(
        ok=not damaged and not any(each.loss for each in problems),
        backups=len(found),
        damaged=damaged,
        healed=tuple(dict.fromkeys(healed)),
        checked_bytes=seen.checked_bytes,
        quick=seen.quick,
        problems=tuple(problems),
    )


def _is_stale(backup: IndexedBackup, days: int, library: Library) -> bool:
    last = backup.mark.checked_at or backup.head.created_at
    return (library.clock() - last).days >= days


def _is_damaged(library: Library, backup: IndexedBackup) -> bool:
    checks = memory(library).checks.get(backup.id)
    return bool(checks and checks.damaged)
