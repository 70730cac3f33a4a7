"""The names files have on an archive's own list: their paths, where every system takes those."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.backup.manifest import Entry
from app.core.naming import key, safe_path

OWN = ".backup"  # the folder in an archive that holds what is ours


class MemberNames:
    """Gives each file one name, no two alike to any file system."""

    def __init__(self) -> None:
        self._taken: set[int] = set()  # hashes of names: a clash costs a name, no bytes

    def take(self, entry: Entry) -> str:
        """Answer a file's own path; "" if some system would refuse or confuse it."""
        path, wanted = entry.path, key(entry.path)
        if entry.raw or hash(wanted) in self._taken or wanted.split("/")[0] == OWN:
            return ""
        if safe_path(path) != path:
            return ""
        self._taken.add(hash(wanted))
        return path

    def take_or_hash(self, entry: Entry) -> str:
        """Answer a file's own path, or one made of its hash."""
        return self.take(entry) or raw_name(entry.sha256)

    def give_back(self, entry: Entry) -> None:
        """Let another file have the name."""
        self._taken.discard(hash(key(entry.path)))


def raw_name(sha256: str) -> str:
    """Answer the name of bytes that have no name of their own."""
    return f"{OWN}/raw/{sha256}"


def bare(entries: Iterable[Entry]) -> list[Entry]:
    """Answer what has no bytes and yet must be on the list: empty files, empty folders."""
    listed = list(entries)
    parents = {entry.path.rpartition("/")[0] for entry in listed}
    return [
        entry
        for entry in listed
        if (entry.kind == "file" and not entry.size)
        or (entry.kind == "folder" and entry.path not in parents)
    ]
