"""What a backup has to read: decided from what was found and what the last one knew."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping

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


# Answers the last backup's entry of a file that needs no reading: given its path, size, times
# of change (of bytes; of anything), mode and inode, it answers None for every other.
Recognise = Callable[[str, int, int, int, int, int], Entry | None]


def recogniser(parent: Mapping[str, Entry], *, scanned_ns: int) -> Recognise:
    """Answer what tells files that stand as the last backup has them.

    ``parent`` maps `path_key` to the entry of the last backup, whose scan began at
    ``scanned_ns``. A file touched within RACY_NS of that, or later, may have changed
    without looking so: it is not recognised. A full backup has no parent and reads all.
    """
    settled_ns = scanned_ns - RACY_NS

    def recognise(
        path: str, size: int, mtime_ns: int, ctime_ns: int, mode: int, inode: int
    ) -> Entry | None:
        known = parent.get(path if path.isascii() else path_key(path))
        if known is None or not size or mtime_ns >= settled_ns or known.path != path:
            return None
        if known.kind != "file" or known.flags or known.where == NOWHERE:
            return None
        return known if _untouched(known, size, mtime_ns, ctime_ns, mode, inode) else None

    return recognise


def never(*_: object) -> None:
    """Recognise nothing: what a look at a folder does that no backup is known of."""


def plan_snapshot(found: Iterable[Entry], recognised: Iterable[Entry] = ()) -> SnapshotPlan:
    """Sort what was found into what must be read and what need not; ``recognised`` need not."""
    read: list[Entry] = []
    plain: list[Entry] = []
    for entry in found:
        (read if entry.kind == "file" and entry.size else plain).append(entry)
    read.sort(key=lambda entry: entry.path)  # neighbours are alike, and pack the better for it
    return SnapshotPlan(tuple(recognised), tuple(read), tuple(plain))


def same_facts(known: Entry, found: Entry) -> bool:
    """Tell whether a file looks untouched: kind, path, size, times, mode, inode."""
    times = (found.mtime_ns, found.ctime_ns)
    same = known.kind == found.kind and known.path == found.path
    return same and _untouched(known, found.size, *times, found.mode, found.inode)


def _untouched(
    known: Entry, size: int, mtime_ns: int, ctime_ns: int, mode: int, inode: int
) -> bool:
    """Compare the facts of a file; a 0 for inode or ctime means there is none worth trusting."""
    return (
        known.size == size
        and known.mtime_ns == mtime_ns
        and known.mode == mode
        and (not inode or not known.inode or known.inode == inode)
        and (not ctime_ns or not known.ctime_ns or known.ctime_ns == ctime_ns)
    )


def path_key(path: str) -> str:
    """Answer by what a path is known again on another file system: Apple's took accents apart."""
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def told_apart(before: Mapping[str, Entry], after: Iterable[Entry], *, unchanged: int = 0) -> bool:
    """Tell whether a new state differs from the last in anything a restore would bring back.

    ``after`` may leave out so many entries that are ``unchanged``. The times of folders do
    not count: they change whenever something in them comes and goes.
    """
    count = unchanged
    for entry in after:
        count += 1
        known = before.get(path_key(entry.path))
        if known is None or (known is not entry and _restored(known) != _restored(entry)):
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
