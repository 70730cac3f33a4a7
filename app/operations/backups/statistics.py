"""What backups take and save: by export, before and after packing, over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from app.errors import AppError
from app.files.backup.store import BackupStore
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import IndexedBackup, indexed, memory, wanted_passphrase
from app.operations.backups.known.subject import live_exports, subject_of
from app.operations.backups.results import BackupStats, ExportBackups, GrowthPoint

MONTHS = 120  # of growth that are told


def show_stats(library: Library) -> BackupStats:
    """Add up what backups take: in all, by export, and what packing and storing once save."""
    found, known = indexed(library), memory(library)
    source = sum(each.head.size_bytes for each in found)
    stored = sum(each.stored_bytes for each in found)
    unique = _unique_bytes(library, found)
    checks = [each.mark.checked_at for each in found if each.mark.checked_at is not None]
    verified = [each.verified_at for each in known.checks.values()]
    times = [each.head.created_at for each in found]
    return BackupStats(
        backups=len(found),
        source_bytes=source,
        unique_bytes=unique,
        stored_bytes=stored,
        deduplication=_ratio(source, unique),
        compression=_ratio(unique, stored),
        oldest_at=min(times, default=None),
        newest_at=max(times, default=None),
        last_verified_at=max((*verified, *checks), default=None),
        checked_backups=len(checks),
        oldest_check_at=min(checks, default=None),
        restores=known.restores,
        last_restore_at=known.last_restore_at,
        exports=_by_export(library, found),
        growth=tuple(_growth(found)),
    )


def _unique_bytes(library: Library, found: Iterable[IndexedBackup]) -> int:
    """Answer how many bytes the archives hold unpacked: each once, wherever it is needed."""
    try:
        store, passphrase = open_store(library), wanted_passphrase(library)
    except AppError:
        return 0
    return sum(_unpacked(store, each, passphrase) for each in found)


def _unpacked(store: BackupStore, backup: IndexedBackup, passphrase: str | None) -> int:
    try:
        manifest = store.manifest(backup.id, passphrase=passphrase)
    except AppError:  # encrypted and locked, or damaged: verifying tells of that
        return 0
    return sum(blob.size for blob in manifest.blobs)


def _by_export(library: Library, found: Sequence[IndexedBackup]) -> tuple[ExportBackups, ...]:
    live = live_exports(library)
    groups: dict[str, list[IndexedBackup]] = {}
    for each in found:
        groups.setdefault(each.head.export, []).append(each)
    told = []
    for group in groups.values():
        subject = subject_of(group[0], live)
        times = [each.head.created_at for each in group]
        told.append(
            ExportBackups(
                export=subject.name,
                gone=subject.gone,
                backups=len(group),
                source_bytes=sum(each.head.size_bytes for each in group),
                stored_bytes=sum(each.stored_bytes for each in group),
                oldest_at=min(times),
                newest_at=max(times),
                checked_at=_latest(each.mark.checked_at for each in group),
            )
        )
    return tuple(sorted(told, key=lambda each: each.export.casefold()))


def _growth(found: Iterable[IndexedBackup]) -> list[GrowthPoint]:
    """Answer what the archives there are now took at the end of each month, month after month."""
    added: dict[tuple[int, int], int] = {}
    for each in found:
        month = (each.local_time.year, each.local_time.month)
        added[month] = added.get(month, 0) + each.stored_bytes
    points: list[GrowthPoint] = []
    total, month = 0, min(added, default=(0, 0))
    while added and month <= max(added):
        total += added.get(month, 0)
        points.append(GrowthPoint(f"{month[0]:04}-{month[1]:02}", total))
        month = (month[0], month[1] + 1) if month[1] < 12 else (month[0] + 1, 1)
    return points[-MONTHS:]


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((each for each in times if each is not None), default=None)


def _ratio(before: int, after: int) -> float | None:
    return round(before / after, 3) if after else None
