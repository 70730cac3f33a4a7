"""Dropping backups so that every other one still restores: what goes, what stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, suppress

import msgspec
from msgspec import Struct

from app.core.backup.cleanup import Holding, Sorted, sort_archives, worth_joining
from app.core.backup.manifest import CONSOLIDATED, Entry, Inventory, Manifest, archive_name
from app.core.backup.marks import Marks
from app.core.backup.outcomes import CleanedUp, CleanupPlan, FileStamp, Snapshot
from app.errors import StorageProblem
from app.files.backup import disk
from app.files.backup.keeping.rewriting import Rewriting
from app.files.backup.reserve import RESERVE
from app.files.backup.sevenzip.archive import Locked
from app.files.backup.shelf import Bytes, Shelf
from app.files.backup.using.unpacking import by_archive
from app.progress import Task

MARGIN = 16 << 20  # bytes that stay free when archives are joined


class Situation(Struct, frozen=True):
    """What a cleanup has to go by: who stays, what they need, who holds it."""

    stamps: Mapping[str, FileStamp]
    kept: tuple[str, ...]  # ids, oldest first
    live: frozenset[str]  # hashes
    sorted: Sorted


def survey(
    shelf: Shelf, drop: Collection[str], marks: Marks, passphrase: str | None, task: Task
) -> Situation:
    """Find out who needs what. Raises StorageProblem if a backup that stays cannot be read."""
    stamps = shelf.stamps()
    dropped = set(drop) | {backup for backup, mark in marks.items() if mark.retired}
    kept: list[str] = []
    live: set[str] = set()
    holdings: list[Holding] = []
    for name, stamp in stamps.items():
        task.step("looking", len(holdings), len(stamps), name, "")
        goes = name[:-3] in dropped
        try:
            if not goes:
                manifest = shelf.manifest(name[:-3], passphrase)
                kept.append(manifest.id)
                live.update(entry.sha256 for entry in manifest.entries if entry.size)
            inventory = shelf.inventory(name, passphrase)
        except Locked:
            if goes:
                raise
            continue  # it needs none but locked ones, and those are not touched
        except StorageProblem:
            if not goes:
                raise
            holdings.append(Holding(name, stamp.size, dropped=True, blobs={}, readable=False))
            continue
        share = _packed_shares(inventory)
        holdings.append(Holding(name, stamp.size, dropped=goes, blobs=share))
    return Situation(stamps, tuple(kept), frozenset(live), sort_archives(holdings, live))


def _packed_shares(inventory: Inventory) -> dict[str, int]:
    """Answer roughly how many packed bytes each hash takes in its archive."""
    blocks = inventory.blocks
    return {
        blob.sha256: blob.size * blocks[blob.block].packed // max(1, blocks[blob.block].size)
        for blob in inventory.blobs
    }


def plan_cleanup(
    shelf: Shelf, drop: Collection[str], marks: Marks, passphrase: str | None, task: Task
) -> tuple[CleanupPlan, Situation]:
    """Tell what dropping backups would do; see `BackupStore.plan_cleanup`."""
    facts = survey(shelf, drop, marks, passphrase, task)
    gone = sum(facts.stamps[name].size for name in facts.sorted.delete)
    staying = sum(facts.stamps[name].size for name in facts.sorted.keep)
    rewrite = ""
    if facts.kept and worth_joining(staying, facts.sorted.needed, len(facts.sorted.keep)):
        rewrite = _to_rewrite(shelf, facts, passphrase)
    if not rewrite:
        plan = CleanupPlan(facts.sorted.delete, facts.sorted.keep, "", 0, gone, gone)
        return plan, facts
    old = facts.stamps[archive_name(rewrite)].size
    new = _joined_size(shelf, rewrite, facts, passphrase)
    freed = gone + staying + old - new
    return CleanupPlan(facts.sorted.delete, facts.sorted.keep, rewrite, new, freed, gone), facts


def _to_rewrite(shelf: Shelf, facts: Situation, passphrase: str | None) -> str:
    """Choose who takes the bytes over: the oldest kept backup of an export they are of."""
    exports = {shelf.inventory(name, passphrase).export for name in facts.sorted.keep}
    for backup in facts.kept:
        if shelf.head(backup, passphrase).export in exports:
            return backup
    return facts.kept[0]


def _wanted(
    shelf: Shelf, backup: str, facts: Situation, passphrase: str | None
) -> tuple[Manifest, set[str]]:
    """Answer what the rewritten archive must hold: its own state, and what would go otherwise."""
    manifest = shelf.manifest(backup, passphrase)
    wanted = {entry.sha256 for entry in manifest.entries if entry.size and entry.sha256}
    for name in (*facts.sorted.keep, archive_name(backup)):
        held = {blob.sha256 for blob in shelf.inventory(name, passphrase).blobs}
        wanted |= held & facts.live
    return manifest, wanted


def _joined_size(shelf: Shelf, backup: str, facts: Situation, passphrase: str | None) -> int:
    manifest, wanted = _wanted(shelf, backup, facts, passphrase)
    found = shelf.find(wanted, (archive_name(backup), *manifest.archives), passphrase)
    size = sum(
        place.blob.size * place.block.packed // max(1, place.block.size) for place in found.values()
    )
    return size + 300 * len(manifest.entries) + 100 * len(found) + 4096


def clean_up(
    shelf: Shelf,
    drop: Collection[str],
    marks: Marks,
    passphrase: str | None,
    task: Task,
    *,
    consolidate: bool,
    retire: Callable[[Collection[str]], None],
) -> CleanedUp:
    """Drop backups; see `BackupStore.clean_up`. ``retire`` remembers whose archives stay."""
    plan, facts = plan_cleanup(shelf, drop, marks, passphrase, task)
    freed = _delete(shelf, plan.delete, facts.stamps)
    room = disk.free_bytes(shelf.folder) >= plan.needed_bytes + MARGIN
    if not (consolidate and plan.rewrite and room):
        retired = tuple(name[:-3] for name in plan.keep)
        if retired:
            retire(retired)
        return CleanedUp(plan.delete, freed, None, retired)
    before = facts.stamps[archive_name(plan.rewrite)].size
    snapshot = _join(shelf, plan.rewrite, facts, passphrase, task)
    freed += before - snapshot.stored_bytes + _delete(shelf, plan.keep, facts.stamps)
    return CleanedUp((*plan.delete, *plan.keep), freed, snapshot, ())


def _delete(shelf: Shelf, names: Collection[str], stamps: Mapping[str, FileStamp]) -> int:
    """Remove archives nothing needs; answer the bytes that are free now."""
    if names:
        with suppress(OSError):  # on some file systems even removing wants room
            disk.remove(shelf.folder / RESERVE)
    for name in names:
        disk.remove(shelf.folder / name)
    if names:
        disk.flush_folder(shelf.folder)
    return sum(stamps[name].size for name in names)


def _join(
    shelf: Shelf, backup: str, facts: Situation, passphrase: str | None, task: Task
) -> Snapshot:
    """Make a backup self-contained, with all that archives about to go hold for others."""
    manifest, wanted = _wanted(shelf, backup, facts, passphrase)
    found = shelf.find(wanted, (archive_name(backup), *manifest.archives), passphrase)
    _require_all(wanted, found)
    flags = tuple(dict.fromkeys((*manifest.flags, CONSOLIDATED)))
    fresh = msgspec.structs.replace(manifest, type="full", base="", parent="", flags=flags)
    known: dict[str, Entry] = {e.sha256: e for e in reversed(manifest.entries) if e.size}
    total = sum(place.blob.size for place in found.values())
    rewriting = Rewriting(shelf.folder, fresh, known, passphrase, task, total)
    with ExitStack() as stack:
        sources = [
            (stack.enter_context(shelf.opened(name, passphrase)), blocks)
            for name, blocks in by_archive(found.values()).items()
        ]
        return rewriting.run(sources, stack.close)


def _require_all(wanted: Collection[str], found: Mapping[str, Bytes]) -> None:
    if missing := len(set(wanted) - found.keys()):
        raise StorageProblem(
            f"{missing:,} files of the backups that stay are in no archive.",
            hint="Verify and heal the backups first. Nothing was removed.",
        )
