"""What is imported: every export found within the sources, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

import msgspec

from app.core.archive.entries import Entry
from app.core.archive.layout import Layout, exported_at, read_layouts
from app.core.problems import Problem
from app.core.sidecars import Account, account
from app.errors import InvalidInput, NotAnExport
from app.files.export_folder import ExportFolder, ExportRecord
from app.files.sources.contract import DamagedEntry, ExportSource
from app.files.sources.opening import open_source

SIDECAR_BYTES = 256 << 20  # more than any small file of a real export


@dataclass(frozen=True)
class Part:
    """One export within one source; ``number`` is its place among the parts, oldest first."""

    source: ExportSource
    layout: Layout
    number: int

    @property
    def name(self) -> str:
        """What to call it: the source's name, and the folder within it if there is one."""
        root = self.layout.root
        return f"{self.source.name}/{root}" if root else self.source.name

    @property
    def export(self) -> ExportFolder | None:
        """The export of the library it is; None for what comes from outside."""
        return None

    @property
    def record(self) -> ExportRecord | None:
        """What that export's record tells."""
        return None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every file of the part."""
        layout = self.layout
        page = (layout.chat_html,) if layout.chat_html else ()
        return (
            *layout.conversations,
            *page,
            *layout.sidecars.values(),
            *layout.textdocs,
            *layout.media,
            *layout.others,
        )

    @property
    def total_bytes(self) -> int:
        """The size of its files together."""
        return sum(entry.size_bytes for entry in self.entries)

    @cached_property
    def exported_at(self) -> datetime | None:
        """When ChatGPT made it: as its name tells, else the time of its newest file."""
        told = exported_at(self.source.name) or exported_at(self.layout.root)
        if told is not None:
            return told
        times = [entry.modified_at for entry in self.entries if entry.modified_at is not None]
        return max(times, default=None)

    @cached_property
    def account(self) -> Account:
        """Whose it is; empty where it does not say."""
        return account(self.sidecar("user"))

    def sidecar(self, name: str) -> object:
        """Read one of the small files beside the conversations; None if it cannot be."""
        entry = self.layout.sidecars.get(name)
        if entry is None:
            return None
        try:
            return msgspec.json.decode(self.source.peek(entry, SIDECAR_BYTES))
        except (DamagedEntry, msgspec.DecodeError, RecursionError):
            return None


@contextmanager
def opened(paths: Sequence[Path], scratch: Path) -> Iterator[list[Part]]:
    """Open every source and find the exports within, oldest first.

    Raises NotFound, NotAnExport, InvalidInput or StorageProblem if one cannot be used.
    """
    with ExitStack() as stack:
        found: list[tuple[ExportSource, Layout]] = []
        for path in paths:
            source = stack.enter_context(open_source(path, scratch))
            layouts = read_layouts(source.entries(), partial(look, source))
            found += [(source, layout) for layout in layouts]
        parts = [Part(source, layout, 0) for source, layout in found]
        undated = datetime.min.replace(tzinfo=UTC)
        parts.sort(key=lambda part: part.exported_at or undated)
        yield [Part(part.source, part.layout, number) for number, part in enumerate(parts)]


def look(source: ExportSource, entry: Entry, limit: int) -> bytes:
    """Answer an entry's first bytes to tell what it is; none if it is damaged."""
    try:
        return source.peek(entry, limit)
    except DamagedEntry:
        return b""


def is_conversation(value: Mapping[str, object]) -> bool:
    """Tell whether an object is a conversation, however odd, and not something else."""
    return "mapping" in value or "current_node" in value


def nothing_found(parts: Sequence[Part], problems: Iterable[Problem]) -> NotAnExport:
    """Say that there is not one conversation in the sources, and what stood in the way."""
    for problem in problems:
        if problem.loss:
            return NotAnExport(problem.message, hint=problem.hint)
    names = ", ".join(f"“{name}”" for name in dict.fromkeys(part.source.name for part in parts))
    return NotAnExport(
        f"There are no ChatGPT conversations in {names}.",
        hint="Choose the ZIP file ChatGPT sent, the folder it unpacks to, or conversations.json.",
    )


def one_account(parts: Sequence[Part]) -> Account:
    """Answer whose the parts are. Raises InvalidInput if they are different people's."""
    accounts = {part.account.id: part.account for part in parts if part.account.id}
    if len(accounts) > 1:
        labels = ", ".join(sorted(each.label or each.id for each in accounts.values()))
        raise InvalidInput(
            f"These archives belong to different accounts: {labels}.",
            hint="Import each account into an export of its own. Nothing was changed.",
            accounts=sorted(accounts),
        )
    labels_only = [part.account for part in parts if part.account.label]
    return next(iter(accounts.values()), labels_only[0] if labels_only else Account())
