"""Which archives may go when backups are dropped: only those that hold nothing others need."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

DEAD_SHARE = 0.3  # of what stays for others only: from here on joining it pays
LONGEST_CHAIN = 10  # archives that stay for others only


class Holding(Struct, frozen=True):
    """One archive: its size, whether its backup is dropped, and its hashes with packed bytes.

    One that is not ``readable`` may hold anything.
    """

    archive: str
    size: int
    dropped: bool
    blobs: Mapping[str, int]
    readable: bool = True


class Sorted(Struct, frozen=True):
    """Archives of dropped backups: ``delete`` now, or ``keep`` for others.

    ``needed`` is how many packed bytes of the latter are still needed.
    """

    delete: tuple[str, ...]
    keep: tuple[str, ...]
    needed: int


def sort_archives(holdings: Sequence[Holding], live: Collection[str]) -> Sorted:
    """Sort the archives of dropped backups by whether the others need them.

    ``live`` are the hashes the kept backups need. Where two archives hold the same bytes the
    newer stays (names order by time).
    """
    missing = set(live)
    for holding in holdings:
        if not holding.dropped:
            missing.difference_update(holding.blobs)
    delete, keep, needed = [], [], 0
    for holding in sorted(holdings, key=lambda each: each.archive, reverse=True):
        if not holding.dropped:
            continue
        wanted = missing & holding.blobs.keys()
        if not wanted:
            delete.append(holding.archive)
            continue
        keep.append(holding.archive)
        needed += sum(holding.blobs[sha256] for sha256 in wanted)
        missing -= wanted
    unreadable = [each.archive for each in holdings if each.dropped and not each.readable]
    if missing:  # what is missed may be in an archive that cannot be read
        keep += unreadable
        delete = [name for name in delete if name not in unreadable]
    return Sorted(tuple(sorted(delete)), tuple(sorted(keep)), needed)


def worth_joining(size: int, needed: int, count: int) -> bool:
    """Tell whether archives that stay for others only should be joined into one of theirs."""
    if not count:
        return False
    return count > LONGEST_CHAIN or size - needed >= DEAD_SHARE * size
