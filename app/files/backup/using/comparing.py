"""A folder as it is now, described as a backup would: hashed only where it looks different."""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.core.backup.levels import BIG
from app.core.backup.manifest import UNREADABLE, Entry, Manifest
from app.core.backup.planning import path_key, plan_snapshot, recogniser, with_hash_of_nothing
from app.files.backup.making.reading import CannotRead, LongFile, read_small
from app.files.backup.making.scanning import Scan, path_on_disk
from app.progress import Task


def live_state(live: Path, manifest: Manifest, excluded: Path, task: Task) -> list[Entry]:
    """Describe a folder; what looks untouched since the backup is taken to be."""
    known = {path_key(entry.path): entry for entry in manifest.entries}
    recognise = recogniser(known, scanned_ns=manifest.scanned_ns)
    scan = Scan(live, task, excluded=(excluded,), recognise=recognise)
    plan = plan_snapshot(list(scan), scan.recognised)
    total, done = plan.read_bytes, 0
    hashed = []
    for entry in plan.read:
        task.step("comparing", done, total, entry.path, "bytes")
        done += entry.size
        hashed.append(_hashed(live, entry))
    return [*plan.unchanged, *hashed, *with_hash_of_nothing(plan.plain)]


def _hashed(live: Path, entry: Entry) -> Entry:
    path = path_on_disk(live, entry)
    try:
        if entry.size <= BIG:
            return read_small(path, entry)[1]
        long = LongFile(path, entry, lambda _: None)
        for _ in long.pieces():
            pass
        if long.problem is not None:
            raise CannotRead(long.problem)
        return long.entry
    except CannotRead:
        return msgspec.structs.replace(entry, flags=(UNREADABLE,))
