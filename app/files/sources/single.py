"""One bare file as a source: conversations.json, a shard of it, JSON lines or chat.html."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from app.core.archive.entries import Entry, Found, listed, normalised
from app.core.archive.known_files import is_conversation_file, sidecar_name
from app.files.sources import refusals
from app.files.sources.contract import ExportSource

PAGE_NAME = "chat.html"
CONVERSATIONS_NAME = "conversations.json"


class SingleFile(ExportSource):
    """One file that is an export by itself.

    Its entry has a name an archive would give it, so that what reads archives reads it too.
    """

    kind = "json"

    def __init__(self, path: Path, name: str) -> None:
        super().__init__(path)
        facts = path.stat()
        self._entries, told = listed(
            [Found(name, facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))]
        )
        self.problems += told

    def entries(self) -> Sequence[Entry]:
        """List the one file."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open the file."""
        del entry
        try:
            return self.path.open("rb")
        except OSError as error:
            raise refusals.reading_failed(self.path, error) from error

    def close(self) -> None:
        """Nothing is held open between calls."""


class SinglePage(SingleFile):
    """The chat.html of an export, by itself."""

    kind = "html"


def json_name(path: Path) -> str:
    """Answer the name a bare JSON file has as an entry: its own if an archive knows it."""
    leaf = normalised(path.name) or CONVERSATIONS_NAME
    if is_conversation_file(leaf) or sidecar_name(leaf):
        return leaf
    return CONVERSATIONS_NAME
