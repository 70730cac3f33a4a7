"""What a backup has to read: decided from what was found and what the last one knew."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from app.core.backup.manifest import NOWHERE, UNREADABLE, Entry

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
RACY_NS = 2_000_000_000  # the coarsest clock of a file system: FAT counts in 2 s


class SnapshotPlan(Struct, frozen=True):
    """What a backup will do, decided before a byte is read.

    ``unchanged`` are entries of the parent that stand as they are; ``read`` were found new
    or different by their facts; ``plain`` need no reading: folders, links, empty files.
    """

    unchanged: tuple[Entry, ...]
    read: tuple[Entry, ...]
    plain: tuple[Entry, ...]

    @property
    def read_bytes(self) -> int:
        """How many bytes are to be read."""
        return sum(entry.size for entry in self.read)


def plan_snapshot(
    found: Iterable[Entry], parent: Mapping[str, Entry], *, scanned_ns: int
) -> SnapshotPlan:
    """Sort what was found (entries without hashes) into what must be read and what need not.

    ``parent`` maps `path_key` to the entry of the last backup, whose scan began at
    ``scanned_ns``. A file touched within RACY_NS of that, or later, may have changed
    without looking so: it is read. A full backup has no parent and reads all.
    """
    unchanged, read, plain = [], [], []
    settled_ns = scanned_ns - RACY_NS
    for entry in found:
        if entry.kind != "file" or not entry.size:
            plain.append(entry)
            continue
        known = parent.get(path_key(entry.path))
        if known is not None and entry.mtime_ns < settled_ns and _reusable(known, entry):
            unchanged.append(known)
        else:
            read.append(entry)
    read.sort(key=lambda entry: entry.path)  # neighbours are alike, and pack the better for it
    return SnapshotPlan(tuple(unchanged), tuple(read), tuple(plain))


def same_facts(known: Entry, found: Entry) -> bool:
    """Tell whether a file looks untouched: kind, path, size, times, mode, inode.

    An inode or change time of 0 means the file system has none worth trusting.
    """
    return (
        known.size == found.size
        and known.mtime_ns == found.mtime_ns
        and known.kind == found.kind
        and known.path == found.path
        and known.mode == found.mode
        and (not found.inode or not known.inode or known.inode == found.inode)
        and (not found.ctime_ns or not known.ctime_ns or known.ctime_ns == found.ctime_ns)
    )


def _reusable(known: Entry, found: Entry) -> bool:
    return same_facts(known, found) and not known.flags and known.where != NOWHERE


def path_key(path: str) -> str:
    """Answer by what a path is known again on another file system: Apple's took accents apart."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def told_apart(before: Mapping[str, Entry], after: Iterable[Entry]) -> bool:
    """Tell whether a new state differs from the last in anything a restore would bring back.

    The times of folders do not count: they change whenever something in them comes and goes.
    """
    count = 0
    for entry in after:
        count += 1
        if before.get(entry.path) is entry:
            continue
        known = before.get(path_key(entry.path))
        if known is None or _restored(known) != _restored(entry):
            return True
    return count != len(before)


def _restored(entry: Entry) -> tuple[object, ...]:
    when = 0 if entry.kind == "folder" else entry.mtime_ns
    unread = UNREADABLE in entry.flags
    return (entry.path, entry.kind, entry.sha256, entry.size, entry.mode, entry.link, when, unread)


def renumbered(
    entries: Iterable[Entry], before: tuple[str, ...], after: Mapping[str, int]
) -> list[Entry]:
    """Give each entry the new place of the archive it names; those not listed any more none."""
    places = [after.get(name, NOWHERE) for name in before]
    if places == list(range(len(before))):
        return list(entries)
    return [
        entry
        if entry.where == NOWHERE
        else msgspec.structs.replace(entry, where=places[entry.where])
        for entry in entries
    ]


def relocated(
    entries: Iterable[Entry], stored: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[Entry, ...]]:
    """Look up anew where each entry's bytes are; answer the archives and the entries.

    ``stored`` maps a hash to the archive that has it; what is nowhere says so.
    """
    places: dict[str, int] = {}
    found = []
    for entry in entries:
        archive = stored.get(entry.sha256)
        where = NOWHERE if archive is None else places.setdefault(archive, len(places))
        found.append(msgspec.structs.replace(entry, where=where))
    return tuple(places), tuple(found)


def with_hash_of_nothing(plain: Iterable[Entry]) -> list[Entry]:
    """Give empty files the hash of no bytes."""
    return [
        msgspec.structs.replace(entry, sha256=EMPTY_SHA256) if entry.kind == "file" else entry
        for entry in plain
    ]
