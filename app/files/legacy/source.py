"""A session's folders shown as one source, laid out as the archive it was made from.

The predecessor put some files into the session's folder and some among the media it
served, sometimes both, sometimes below the archive's own top folder. Here each file has
the name it had in the archive; one that is there twice with the same bytes is there once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from msgspec.structs import replace

from app.core import naming
from app.core.archive import known_files
from app.core.archive.entries import Entry
from app.files.legacy.finding import LegacySession
from app.files.sources.blocks import OnBytes
from app.files.sources.contract import DamagedEntry, ExportSource, Extracted, Pair, nothing
from app.files.sources.folder import FolderSource

AUTHORS_FOLDER = "Test-Chat-Combine"  # of the archive the predecessor was tried with
_OWN_FOLDERS = frozenset({"conversations", "chats", "media", "dalle-generations", "audio"})
_BLOCK = 1 << 20


class LegacySource(ExportSource):
    """The files of one session; ``duplicates`` counts those that were there twice."""

    kind = "legacy"

    def __init__(self, session: LegacySession) -> None:
        super().__init__(session.folder or session.media or session.base)
        self.session = session.id
        self.duplicates = 0
        self._members: list[FolderSource] = []
        self._origins: list[tuple[int, Entry]] = []
        self._entries: list[Entry] = []
        self._places: dict[str, int] = {}  # key of a name -> its entry's position
        tops = set[str]()
        for folder in (session.folder, session.media):
            if folder is not None:
                tops |= self._add(folder, session, tops)
        self._members_done()

    @property
    def name(self) -> str:
        """The session's id, by which the old program knew it."""
        return self.session

    def entries(self) -> Sequence[Entry]:
        """List the files of the session under the names the archive gave them."""
        return self._entries

    def original(self, entry: Entry) -> Path:
        """Answer where on the disk an entry is."""
        number, own = self._origins[entry.position]
        return self._members[number].path / own.raw_name

    def open(self, entry: Entry) -> BinaryIO:
        """Open a file of the session."""
        number, own = self._origins[entry.position]
        return self._members[number].open(own)

    def extract_all(
        self, pairs: Iterable[Pair], on_bytes: OnBytes = nothing
    ) -> Generator[Extracted, None, None]:
        """Copy files, folder by folder."""
        by_member: dict[int, list[tuple[Entry, Pair]]] = {}
        for entry, target in pairs:
            number, own = self._origins[entry.position]
            by_member.setdefault(number, []).append((entry, (own, target)))
        for number, waiting in by_member.items():
            ours = {own.position: entry for entry, (own, _) in waiting}
            own_pairs = [pair for _, pair in waiting]
            with closing(self._members[number].extract_all(own_pairs, on_bytes)) as extracted:
                for own, outcome in extracted:
                    yield ours[own.position], outcome

    def close(self) -> None:
        """Nothing is held open between calls."""

    def _add(self, folder: Path, session: LegacySession, tops: set[str]) -> set[str]:
        """Take in one of the session's folders; answer the top folders left off its names."""
        member = FolderSource(folder)
        number = len(self._members)
        self._members.append(member)
        left_off = _tops([entry.name for entry in member.entries()], tops, session.era)
        for own in member.entries():
            self._take(number, own, left_off)
        self.problems += member.problems
        return left_off

    def _take(self, number: int, own: Entry, tops: set[str]) -> None:
        name = _without(own.name, tops)
        if name.startswith("chats/"):
            name = f"conversations/{name.removeprefix('chats/')}"
        known = self._places.get(naming.key(name))
        if known is not None and self._alike(known, number, own):
            self.duplicates += 1
            return
        self._origins.append((number, own))
        position = len(self._entries)
        name = naming.unique(name, self._places)
        self._places[naming.key(name)] = position
        self._entries.append(
            replace(own, name=name, raw_name=name, safe_name=name, position=position)
        )

    def _alike(self, known: int, number: int, own: Entry) -> bool:
        """Tell whether a file has the bytes of one already taken in."""
        if self._entries[known].size_bytes != own.size_bytes:
            return False
        first = self.open(self._entries[known])
        with first, self._members[number].open(own) as second:
            try:
                while (block := first.read(_BLOCK)) == second.read(_BLOCK):
                    if not block:
                        return True
            except (OSError, DamagedEntry):
                return False
        return False

    def _members_done(self) -> None:
        """Make the paths to write to unique where upper and lower case are one."""
        taken: set[str] = set()
        for position, entry in enumerate(self._entries):
            safe = naming.unique(naming.safe_path(entry.name), taken)
            taken.add(naming.key(safe))
            self._entries[position] = replace(entry, safe_name=safe)


def _tops(names: Sequence[str], known: set[str], era: str) -> set[str]:
    """Answer the top folders to leave off: the archive's own, and the media's of an export."""
    tops = {name.partition("/")[0] for name in names if "/" in name}
    found = {top for top in tops if top in known or top == AUTHORS_FOLDER}
    for name in names:
        top, _, rest = name.partition("/")
        if rest and "/" not in rest and top not in _OWN_FOLDERS and _is_of_archive(rest):
            found.add(top)
    if era in ("export", "dumpster"):
        found.add("media")
    return found


def _is_of_archive(leaf: str) -> bool:
    """Whether a file is one every archive has at its top."""
    return (
        known_files.is_conversation_file(leaf)
        or leaf.lower() == known_files.PAGE
        or known_files.sidecar_name(leaf) == "user"
    )


def _without(name: str, tops: set[str]) -> str:
    top, _, rest = name.partition("/")
    return rest if rest and top in tops else name
