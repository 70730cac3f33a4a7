"""Every message's pointer to a file, resolved and handed to the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from app.core.blocks import AssetKind, AssetReference
from app.core.problems import Problem
from app.files.asset_places import asset_key
from app.operations.importing.conversations import ConversationStore, Use
from app.operations.importing.resolving import AssetResolver
from app.operations.indexing.entries import new_use
from app.operations.indexing.writer import CatalogWriter
from app.progress import Task
from db import assets
from db.assets import NewUse

NO_PART = -1  # of conversations the import did not touch


class Uses:
    """The pointers of the conversations written, and of those that lacked a file before."""

    def __init__(self, store: ConversationStore, resolver: AssetResolver, row: int) -> None:
        self._store = store
        self._resolver = resolver
        self._row = row
        self._resolved: list[NewUse] = []
        self.filled: dict[str, str] = {}  # missing before this import, found by it

    def resolve(self, task: Task) -> None:
        """Find the file of every pointer."""
        total = len(self._store.uses)
        task.step("resolving media", 0, total, unit="conversations")
        for number, uses in enumerate(self._store.uses.values()):
            task.step("resolving media", number, total, unit="conversations")
            for use in uses:
                path = self._resolver.path(use)
                entry = new_use(use.conversation, use.message, use.asset, path, use.created)
                self._resolved.append(entry)
        for use in self._missing_before():
            path = self._resolver.path(use)
            if path is not None:
                self.filled[asset_key(use.asset, use.conversation)] = path

    def write(self, writer: CatalogWriter) -> None:
        """Queue what the catalog should know."""
        writer.do(partial(assets.add_uses, self._row, self._resolved))
        placed = {**self._resolver.moved, **self.filled}
        if placed:
            writer.do(partial(assets.place, self._row, placed))

    @property
    def missing(self) -> int:
        """How many different files no source held."""
        return len({use.pointer for use in self._resolved if use.path is None})

    def problems(self) -> Iterator[Problem]:
        """Tell of missing files in one line."""
        if self.missing:
            files = f"{self.missing:,} files that messages refer to are"
            if self.missing == 1:
                files = "1 file that messages refer to is"
            yield Problem(
                "missing-media",
                f"{files} not contained in the archive.",
                hint="ChatGPT leaves some out; an older or newer archive may still hold them. "
                "The places they belong to are marked in the conversations.",
            )

    def _missing_before(self) -> Iterator[Use]:
        """Yield the pointers of conversations left as they were whose files were missing."""
        for use in assets.missing(self._row, -1):
            id_ = use.conversation.id
            if id_ not in self._store.files:
                pointer = use.pointer.removeprefix(f"{id_}/")
                kind = cast("AssetKind", use.kind)
                yield Use(id_, use.message_id, AssetReference(pointer, kind), NO_PART)
