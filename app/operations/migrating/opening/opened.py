"""What opening a legacy session has found: its parts, and what a migration has to prove."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from app.core.archive.entries import Entry
from app.core.archive.layout import Layout
from app.core.migration import Holding, Kind, is_made_good, is_saved, union
from app.core.problems import Problem
from app.errors import StorageProblem
from app.files.legacy.archives import ArchivedExport
from app.files.legacy.contents import PIECE_BYTES, Look, look_into, look_into_page
from app.files.legacy.finding import LegacySession
from app.files.legacy.generated import KeptSource
from app.files.sources.contract import DamagedEntry, ExportSource
from app.operations.importing.parts import Part
from app.progress import Task

ASIDE = "other"  # where an original goes that was understood only in part
PartSource = tuple[ExportSource, Layout]


@dataclass
class OpenedSession:
    """What is in a session: parts to import, and what a migration has to prove.

    ``through`` are files on the disk whose content is proven by its conversations, not by
    its bytes; ``within`` maps files inside archives and backups to their SHA-256.
    """

    session: LegacySession
    parts: list[Part] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    through: set[Path] = field(default_factory=set)
    within: dict[str, str] = field(default_factory=dict)
    media: int = 0
    shares: int = 0
    poisoned: bool = False

    @property
    def newest(self) -> float | None:
        """The latest time any conversation tells of."""
        return max((each.newest for each in self.holdings if each.newest), default=None)

    def all_problems(self) -> list[Problem]:
        """Everything wrong with the session, damage that other sources make good included."""
        told = [*self.session.problems, *self._poisoning(), *self.problems]
        for part in self.parts:
            told += part.source.problems
        nodes = union(self.holdings)
        for holding in self.holdings:
            told += [_damaged(holding, is_saved(piece, nodes)) for piece in holding.broken]
            told += [_empty(holding, is_made_good(holding, self.holdings))] if holding.empty else []
        return list(dict.fromkeys(told))

    def damage(self) -> Callable[[memoryview], bool | None]:
        """Answer what tells of a damaged piece whether all of it is whole elsewhere.

        Of every piece that was met its whole file is kept; None is for one that was not.
        """
        nodes = union(self.holdings)
        known = {piece: is_saved(piece, nodes) for each in self.holdings for piece in each.broken}
        return lambda piece: known.get(bytes(piece[:PIECE_BYTES]))

    def _poisoning(self) -> list[Problem]:
        if not self.poisoned:
            return []
        saved = len(union(self.holdings))
        left = f"{saved:,} of them are found" if saved else "None of them is left"
        return [
            Problem(
                "overwritten-conversations",
                "The old program overwrote this session's conversations with the list of "
                f"shared links. {left} in what else is there; the links are kept.",
                self.session.id,
                "" if saved else "If you still have the archive ChatGPT sent, import it too.",
                loss=saved == 0,
            )
        ]


@dataclass
class Looking:
    """What every step of opening a session needs; ``read`` are digests of what was read."""

    found: OpenedSession
    scratch: Path
    task: Task
    stack: ExitStack
    read: set[bytes] = field(default_factory=set)

    def into(self, source: ExportSource, entry: Entry) -> Look:
        """Look into a JSON file of conversations."""
        return look_into(source, entry, self.scratch, self.read)

    def into_page(self, source: ExportSource, entry: Entry) -> Look:
        """Look into a chat.html."""
        return look_into_page(source, entry, self.scratch, self.read)

    def expect(self, source: ExportSource, entries: list[Entry]) -> None:
        """Note files inside an archive or a backup that the export has to hold."""
        for entry in entries:
            self.found.within[f"{source.name}: {entry.name}"] = sha256_in(source, entry)

    def kept(self, path: Path, name: str) -> PartSource:
        """Keep a file from outside the session's folders as it is."""
        try:
            source = self.stack.enter_context(KeptSource(name, path))
            self.expect(source, list(source.entries()))
        except (OSError, DamagedEntry) as error:
            raise StorageProblem(
                f"{path.name} cannot be read.",
                hint="Check that you may read it, then try again. Nothing was changed.",
            ) from error
        return source, Layout("", "legacy", (), others=tuple(source.entries()))


def holding(kind: Kind, name: str, seen: Look) -> Holding:
    """Answer what a look into a file has found."""
    return Holding(
        kind, name, seen.nodes, tuple(seen.broken), seen.newest, seen.empty, frozenset(seen.former)
    )


def is_single(entry: Entry) -> bool:
    """Whether an entry is where the predecessor kept one conversation."""
    return entry.name.startswith("conversations/") and entry.leaf.lower().endswith(".json")


def called(entry: Entry, name: str) -> Entry:
    """Answer an entry that goes by another name."""
    return replace(entry, name=name, safe_name=name)


def sha256_in(source: ExportSource, entry: Entry) -> str:
    """Answer the SHA-256 of a file of a source. Raises DamagedEntry."""
    if isinstance(source, ArchivedExport):
        return source.digest(entry)
    try:
        with source.open(entry) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError as error:
        raise DamagedEntry(entry, error.strerror or "it cannot be read") from error


def _damaged(holding: Holding, saved: bool) -> Problem:
    hint = (
        "All of it was found whole in another file of the session."
        if saved
        else "Its bytes are kept; no other file of the session has it whole."
    )
    return Problem(
        "damaged-conversation",
        f"A conversation in {holding.name} cannot be read.",
        holding.name,
        hint,
        loss=not saved,
    )


def _empty(holding: Holding, made_good: bool) -> Problem:
    hint = (
        "What it held was found whole in another file of the session."
        if made_good
        else "Nothing in the session tells what it held. An archive from ChatGPT may have it."
    )
    return Problem(
        "empty-file", f"{holding.name} is empty.", holding.name, hint, loss=not made_good
    )
