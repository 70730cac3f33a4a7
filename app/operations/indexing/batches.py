"""Handing conversations to the catalog in batches, while the import reads on."""

from __future__ import annotations

from functools import partial

from app.operations.indexing.writer import CatalogWriter
from db import conversations
from db.conversations import NewConversation

BATCH_LETTERS = 2_000_000  # of text handed over at once


class Indexer:
    """Collects an export's conversations and has the writer add them, batch by batch.

    A conversation added again takes the place of the one before.
    """

    def __init__(self, writer: CatalogWriter, export: int) -> None:
        self._writer = writer
        self._export = export
        self._batch: list[NewConversation] = []
        self._letters = 0

    def add(self, entry: NewConversation) -> None:
        """Add a conversation the export does not have."""
        self._batch.append(entry)
        self._letters += 500 + sum(len(message.text) for message in entry.messages)
        if self._letters > BATCH_LETTERS:
            self.flush()

    def replace(self, entry: NewConversation) -> None:
        """Put a conversation in the place of the one with its id."""
        self.flush()
        self._writer.do(partial(conversations.remove_by_id, self._export, entry.id))
        self.add(entry)

    def flush(self) -> None:
        """Hand over what has been collected."""
        if self._batch:
            self._writer.do(partial(conversations.add, self._export, self._batch))
            self._batch, self._letters = [], 0
