"""How two states of an export differ: what was added, changed, removed, renamed."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from app.core.backup.manifest import Entry


class Renamed(Struct, frozen=True):
    """One file that is found under another path."""

    before: str
    after: str


class Difference(Struct, frozen=True):
    """What leads from one state to another; files and links only, each sorted by path.

    ``bytes_added`` is the size of all that is added or changed.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    unchanged: int = 0
    bytes_added: int = 0

    @property
    def count(self) -> int:
        """How many files differ."""
        return len(self.added) + len(self.changed) + len(self.removed) + len(self.renamed)


def difference(before: Iterable[Entry], after: Iterable[Entry]) -> Difference:
    """Compare two states by content; times and modes do not count.

    A file that went from one path and came at another with the same bytes is renamed;
    empty files never are: they are all alike.
    """
    old = {entry.path: entry for entry in before if entry.kind != "folder"}
    new = {entry.path: entry for entry in after if entry.kind != "folder"}
    gone = [entry for path, entry in old.items() if path not in new]
    come = [entry for path, entry in new.items() if path not in old]
    changed = [path for path, entry in new.items() if path in old and not alike(old[path], entry)]
    renamed = _renamed(gone, come)
    sources, targets = {each.before for each in renamed}, {each.after for each in renamed}
    added = [entry.path for entry in come if entry.path not in targets]
    return Difference(
        added=tuple(sorted(added)),
        changed=tuple(sorted(changed)),
        removed=tuple(sorted(entry.path for entry in gone if entry.path not in sources)),
        renamed=tuple(sorted(renamed, key=lambda each: each.after)),
        unchanged=len(new) - len(come) - len(changed),
        bytes_added=sum(new[path].size for path in (*added, *changed)),
    )


def alike(one: Entry, other: Entry) -> bool:
    """Tell whether two entries hold the same: kind, bytes, target of a link."""
    return (one.kind, one.sha256, one.size, one.link) == (
        other.kind,
        other.sha256,
        other.size,
        other.link,
    )


def _renamed(gone: Iterable[Entry], come: Iterable[Entry]) -> list[Renamed]:
    """Pair what went with what came, by hash; each once, in the order of the paths."""
    waiting: dict[str, list[str]] = {}
    for entry in sorted(gone, key=lambda entry: entry.path, reverse=True):
        if entry.sha256 and entry.size:
            waiting.setdefault(entry.sha256, []).append(entry.path)
    return [
        Renamed(waiting[entry.sha256].pop(), entry.path)
        for entry in sorted(come, key=lambda entry: entry.path)
        if entry.size and waiting.get(entry.sha256)
    ]
