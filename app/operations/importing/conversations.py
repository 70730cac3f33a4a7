"""Storing conversations: one file each, merged with what is already there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from app.core.blocks import AssetReference
from app.core.conversation.facts import conversation_id
from app.core.conversation.indexing import Indexed, index_conversation
from app.core.conversation.merge import merge_conversations, previous_title, same
from app.core.naming import conversation_file_name, key, safe_component, unique
from app.core.problems import Problem
from app.files.export_folder import CONVERSATIONS, DAMAGED, ExportFolder, read_conversation
from app.files.json_stream import Element, readable, written
from app.operations.importing.parts import is_conversation
from app.operations.importing.tally import Tally
from app.operations.indexing.batches import Indexer
from app.operations.indexing.entries import catalog_entry

Damage = Callable[[memoryview], bool | None]


def unknown(_piece: memoryview) -> None:
    """Know nothing of any damaged piece."""


class Use(Struct, frozen=True):
    """A message's pointer to a file, waiting to be resolved; ``part`` is where it came from."""

    conversation: str
    message: str
    asset: AssetReference
    part: int
    created: float | None = None


@dataclass
class ConversationStore:
    """Writes conversations into a staged folder.

    ``base`` is the export being added to, None for a new one; its files are read, never
    written: what changes is written to ``folder`` under the same name. ``known`` maps the
    base's conversation ids to their files. ``damage`` tells of a broken piece whose file is
    kept as it is whether what it held is whole elsewhere; None if it knows nothing of it.
    """

    folder: Path
    base: ExportFolder | None
    known: Mapping[str, str]
    gone: frozenset[str]
    indexer: Indexer
    tally: Tally
    uses: dict[str, list[Use]] = field(default_factory=dict)  # by conversation
    messages: dict[str, int] = field(default_factory=dict)
    not_understood: dict[str, Mapping[str, int]] = field(default_factory=dict)
    previous_titles: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # id -> file written by this import
    seen: dict[int, set[str]] = field(default_factory=dict)  # part -> ids it held
    credited: dict[str, int] = field(default_factory=dict)  # id -> part its outcome is due to
    failed: dict[int, int] = field(default_factory=dict)  # part -> pieces it could not give
    damage: Damage = unknown
    broken: int = 0  # pieces met that could not be read
    found: bool = False  # whether any source held a conversation, or a damaged piece to keep
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        (self.folder / CONVERSATIONS).mkdir(parents=True, exist_ok=True)
        self._taken.update(key(file) for file in self.known.values())

    def take(self, element: Element, source_name: str, part: int) -> None:
        """Store one conversation as a source has it, or keep its bytes if it is broken."""
        if element.broken:
            self._keep_damaged(element, source_name, part)
            return
        value = element.value
        self.found = self.found or is_conversation(value)
        id_ = conversation_id(value)
        self.seen.setdefault(part, set()).add(id_)
        earlier = self._earlier(id_)
        if earlier is None:
            self._write_new(id_, readable(element.raw, value), value, part)
            return
        self._merge(id_, earlier, value, part)

    def fail(self, part: int) -> None:
        """Count something of a part that could not be read."""
        self.tally.failed += 1
        self.failed[part] = self.failed.get(part, 0) + 1

    def _earlier(self, id_: str) -> Mapping[str, object] | None:
        """Answer the conversation as this import or the base already has it."""
        if id_ in self.files:
            return read_conversation(self.folder / CONVERSATIONS / self.files[id_])
        if self.base is not None and id_ in self.known:
            return self.base.read_conversation(self.known[id_])
        return None

    def _write_new(self, id_: str, text: bytes, value: Mapping[str, object], part: int) -> None:
        indexed = index_conversation(value)
        facts = indexed.facts
        name = conversation_file_name(facts.title, updated=facts.updated, created=facts.created)
        file = unique(name, self._taken, tag=id_[:8])
        self._taken.add(key(file))
        path = self._write(id_, file, text)
        self.indexer.add(catalog_entry(indexed, path, gone=False))
        self.tally.outcome[id_] = "added"
        self._note(id_, indexed, part)

    def _merge(
        self, id_: str, earlier: Mapping[str, object], value: Mapping[str, object], part: int
    ) -> None:
        if same(earlier, value):
            self._unchanged(id_, part)
            return
        merged = merge_conversations(earlier, value)
        if title := previous_title(earlier, value):
            titles = self.previous_titles.setdefault(id_, [])
            if title not in titles:
                titles.append(title)
        if same(earlier, merged):
            self._unchanged(id_, part)
            return
        file = self.files.get(id_) or self.known[id_]
        path = self._write(id_, file, written(merged))
        indexed = index_conversation(merged)
        self.indexer.replace(catalog_entry(indexed, path, gone=id_ in self.gone))
        if self.tally.outcome.get(id_) != "added":
            self.tally.outcome[id_] = "updated"
        self._note(id_, indexed, part)

    def _unchanged(self, id_: str, part: int) -> None:
        if id_ not in self.tally.outcome:
            self.tally.outcome[id_] = "unchanged"
            self.credited[id_] = part

    def _write(self, id_: str, file: str, text: bytes) -> Path:
        path = self.folder / CONVERSATIONS / file
        path.write_bytes(text)
        self.files[id_] = file
        return path

    def _note(self, id_: str, indexed: Indexed, part: int) -> None:
        """Remember what the rest of the import needs of a conversation just written.

        Nothing is remembered where there is nothing: an archive may hold a hundred
        thousand conversations.
        """
        self.credited[id_] = part
        self.messages[id_] = indexed.message_count
        self.not_understood.pop(id_, None)
        self.uses.pop(id_, None)
        if indexed.not_understood:
            self.not_understood[id_] = indexed.not_understood
        if indexed.has_media:
            self.uses[id_] = [
                Use(id_, message.id, asset, part, message.created)
                for message in indexed.messages
                for asset in message.assets
            ]

    def _keep_damaged(self, element: Element, source_name: str, part: int) -> None:
        """Keep the bytes of a broken piece, and tell where they are."""
        self.found = True
        self.broken += 1
        made_good = self.damage(element.raw)
        if not made_good:
            self.fail(part)
        if made_good is not None:
            return  # its whole file is kept, and told of
        kept = self._keep(f"{Path(source_name).stem}-at-{element.offset}", bytes(element.raw))
        self.tally.add(
            [
                Problem(
                    "damaged-conversation",
                    f"A conversation in {source_name} at byte {element.offset:,} could not be "
                    f"read: {element.broken}.",
                    kept,
                    "Its bytes are kept in that file. Another download of the archive may have "
                    "it whole.",
                    loss=True,
                )
            ]
        )

    def _keep(self, stem: str, raw: bytes) -> str:
        """Keep bytes below `damaged/`, each once; answer where they are in the export."""
        roots = [self.folder] if self.base is None else [self.folder, self.base.path]
        number, place = 1, f"{DAMAGED}/{safe_component(stem)}.txt"
        while there := [root / place for root in roots if (root / place).exists()]:
            if any(path.read_bytes() == raw for path in there):
                return place
            number += 1
            place = f"{DAMAGED}/{safe_component(stem)}-{number}.txt"
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
        self.tally.kept += 1
        return place
