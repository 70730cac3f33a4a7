"""What changed from an export to another one, or to a newer archive; nothing is written.

The other side is opened and read as an import would read it, up to the point where that
would begin to store.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from msgspec.structs import replace

from app.core.archive.pointers import AssetIndex, Hints, asset_id
from app.core.conversation.comparing import ConversationChange, compare_conversations
from app.core.conversation.facts import conversation_id, facts
from app.core.loose import Json, mapping
from app.core.problems import Problem
from app.core.sidecars import Account
from app.errors import NotFound, StorageProblem
from app.files.export_folder import ExportFolder
from app.files.json_stream import Element
from app.library import Library
from app.operations.importing.from_exports import opened_exports
from app.operations.importing.latest import is_whole
from app.operations.importing.parts import Part, is_conversation, nothing_found, opened
from app.operations.importing.reading import ConversationReader, reading_total
from app.operations.importing.resolving import part_index
from app.operations.importing.tally import MOST_WARNINGS, Tally
from app.operations.managing.results import (
    ComparedConversation,
    ComparedList,
    ComparedMedia,
    ComparedMedium,
    Comparison,
)
from app.operations.moments import moment
from app.operations.named import export_row
from app.progress import Task
from db import assets, conversations
from db.models import Export


@dataclass
class Met:
    """Takes what a side holds, conversation by conversation, and compares it with an export's.

    One met twice (in two pieces of an archive) adds up. ``found`` and the rest are what
    `ConversationReader` wants of whoever takes its conversations.
    """

    folder: ExportFolder
    known: dict[str, tuple[int, str]]
    tally: Tally = field(default_factory=Tally)
    found: bool = False
    broken: int = 0
    failed: dict[int, int] = field(default_factory=dict)
    seen: dict[str, ComparedConversation] = field(default_factory=dict)
    new: set[str] = field(default_factory=set)

    def take(self, element: Element, source_name: str, part: int) -> None:
        """Compare one conversation."""
        if element.broken:
            self.broken += 1
            self.fail(part)
            what = f"A conversation in {source_name} at byte {element.offset:,} cannot be read"
            told = Problem("damaged-conversation", f"{what}: {element.broken}.", loss=True)
            self.tally.add([told])
            return
        value = element.value
        self.found = self.found or is_conversation(value)
        id_ = conversation_id(value)
        if id_ not in self.known:
            self.new.add(id_)
            self.seen[id_] = _compared(value, ConversationChange())
            return
        change = compare_conversations(self._ours(id_, value), value)
        before = self.seen.get(id_)
        self.seen[id_] = _added_up(before, _compared(value, change))

    def fail(self, part: int) -> None:
        """Count something that could not be read."""
        self.tally.failed += 1
        self.failed[part] = self.failed.get(part, 0) + 1

    def _ours(self, id_: str, value: Json) -> Json:
        """Read our version; where it is damaged nothing can be said, and that is told."""
        try:
            return self.folder.read_conversation(self.known[id_][1])
        except StorageProblem as problem:
            file = self.known[id_][1]
            told = Problem("damaged-file", problem.message, file, problem.hint, loss=True)
            self.tally.add([told])
            return value


def compare(library: Library, task: Task, row: Export, b: str, limit: int) -> Comparison:
    """Compare an export with what is called ``b``: opened, read, sorted into lists.

    Raises NotFound if there is no b, NotAnExport or StorageProblem if it cannot be read.
    """
    began = time.monotonic()
    task.step("opening")
    met = Met(ExportFolder(library.exports / row.folder), conversations.rows_by_id(row.row))
    with (
        TemporaryDirectory(prefix="dumpster-") as scratch,
        other_side(library, b, Path(scratch)) as (kind, parts),
    ):
        indexes = read_all(parts, met, Path(scratch), task)
        if not met.found and kind == "archive":
            raise nothing_found(parts, met.tally.problems)
        task.step("finishing")
        complete = is_complete(parts, met)
        missing, known = gone(row, met, limit)
        lost, found = media(row, met, parts, indexes, limit)
        return Comparison(
            a=row.name,
            b=parts[0].name if kind == "export" else Path(b).name,
            kind=kind,
            complete=complete,
            same_account=same_account(row, parts),
            unchanged=unchanged(met),
            **changed_lists(met, limit),
            gone=missing if complete else ComparedList(0, ()),
            gone_before=known,
            media_lost=lost,
            media_found=found,
            problems=tuple(met.tally.problems[:MOST_WARNINGS]),
            seconds=round(time.monotonic() - began, 3),
        )


def changed_lists(met: Met, limit: int) -> dict[str, ComparedList]:
    """Sort what was met into the lists of a comparison."""
    both = [each for id_, each in met.seen.items() if id_ not in met.new]
    sorts: dict[str, Iterable[ComparedConversation]] = {
        "new": (met.seen[id_] for id_ in met.new),
        "grown": (each for each in both if each.added),
        "renamed": (each for each in both if each.title_before is not None),
        "edited": (each for each in both if each.edited),
        "archived": (each for each in both if each.archived is not None),
    }
    return {name: listed(found, limit) for name, found in sorts.items()}


def unchanged(met: Met) -> int:
    """Count the conversations that are as they were."""
    both = (each for id_, each in met.seen.items() if id_ not in met.new)
    return sum(
        not (each.added or each.lost or each.edited)
        and each.title_before is None
        and each.archived is None
        for each in both
    )


def gone(row: Export, met: Met, limit: int) -> tuple[ComparedList, int]:
    """Answer what the other side does not have, and how much of that was known before."""
    missing = [each for each in conversations.every(row.row) if each.id not in met.seen]
    fresh = (
        ComparedConversation(each.id, each.title, moment(each.updated_at), each.message_count)
        for each in missing
        if not each.gone
    )
    return listed(fresh, limit), sum(each.gone for each in missing)


def listed(found: Iterable[ComparedConversation], limit: int) -> ComparedList:
    """Answer the first of conversations, those changed last before the others."""
    dated = sorted(found, key=lambda each: (each.title, each.id))
    dated.sort(key=lambda each: each.updated_at.timestamp() if each.updated_at else 0, reverse=True)
    return ComparedList(len(dated), tuple(dated[:limit]))


def media(
    row: Export, met: Met, parts: Sequence[Part], indexes: Sequence[AssetIndex], limit: int
) -> tuple[ComparedMedia, ComparedMedia]:
    """Answer the files of common conversations that only we have, and that only they have."""
    placed = {key for part in parts if part.export for key in part.export.assets()}
    entries = (entry for part in parts for entry in part.layout.media)
    named = {name for entry in entries for name in _names(entry.safe_name)}
    lost: dict[str, ComparedMedium] = {}
    found: dict[str, ComparedMedium] = {}
    for use in assets.uses(row.row):
        pointer = use.pointer.removeprefix(f"{use.conversation}/")
        if use.conversation not in met.seen or pointer.startswith("name:"):
            continue  # a name alone says too little to call a file lost
        hints = Hints(use.kind, conversation_id=use.conversation, message_id=use.message)
        theirs = use.pointer in placed or any(each.resolve(pointer, hints) for each in indexes)
        theirs = theirs or (use.path is not None and not named.isdisjoint(_names(use.path)))
        if theirs == (use.path is not None):
            continue
        medium = ComparedMedium(use.conversation, use.title, pointer, use.kind)
        (found if theirs else lost).setdefault(use.pointer, medium)
    return _first(lost, limit), _first(found, limit)


def _names(path: str) -> set[str]:
    """Answer what a file is known by whatever folder it is in: its name, and the id in it.

    A message may mean it by more than its pointer; then the file itself is looked for.
    """
    return {path.rpartition("/")[2], asset_id(path)} - {""}


def _first(found: dict[str, ComparedMedium], limit: int) -> ComparedMedia:
    return ComparedMedia(len(found), tuple(list(found.values())[:limit]))


@contextmanager
def other_side(
    library: Library, b: str, scratch: Path
) -> Iterator[tuple[Literal["export", "archive"], list[Part]]]:
    """Open what an export is compared with: another export, or an archive on the disk.

    Answers "export" or "archive", and its parts. Raises NotFound if it is neither.
    """
    try:
        row = export_row(library, b)
    except NotFound as unknown:
        path = Path(b).expanduser().absolute()
        if not b.strip() or not path.exists():
            raise NotFound(
                f"There is neither an export nor a file called “{b[:80]}”.",
                hint="Name an export of the list, or the path of an archive.",
                b=b[:80],
            ) from unknown
        with opened([path], scratch) as parts:
            yield "archive", parts
        return
    with opened_exports([ExportFolder(library.exports / row.folder)]) as parts:
        yield "export", parts


def read_all(parts: Sequence[Part], met: Met, scratch: Path, task: Task) -> list[AssetIndex]:
    """Read every part; answer the index of each one's media."""
    reader = ConversationReader(met, scratch, task, reading_total(list(parts)))
    for part in parts:
        met.tally.add([*part.source.problems, *part.layout.problems])
        reader.read(part)
    return [part_index(part, reader.asset_maps.get(part.number)) for part in parts]


def same_account(row: Export, parts: Sequence[Part]) -> bool | None:
    """Tell whether both sides are one person's; None where one does not say."""
    theirs = {part.account.id for part in parts if part.account != Account() and part.account.id}
    return theirs == {row.account} if theirs and row.account else None


def is_complete(parts: Sequence[Part], met: Met) -> bool:
    """Tell whether what a side does not have can be called gone."""
    return not met.tally.failed and all(is_whole(part) for part in parts)


def _compared(value: Json, change: ConversationChange) -> ComparedConversation:
    said = facts(value)
    nodes = mapping(value.get("mapping")).values()
    return ComparedConversation(
        id=said.id,
        title=said.title,
        updated_at=moment(said.updated),
        messages=sum(bool(mapping(node).get("message")) for node in nodes),
        added=change.added,
        lost=change.lost,
        edited=change.edited,
        title_before=change.title_before,
        archived=change.archived,
    )


def _added_up(
    before: ComparedConversation | None, now: ComparedConversation
) -> ComparedConversation:
    if before is None:
        return now
    return replace(
        now,
        added=max(before.added, now.added),
        lost=min(before.lost, now.lost),
        edited=max(before.edited, now.edited),
    )
