"""One file that stands elsewhere, or nowhere as it is, shown as a source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from app.core.archive.entries import Entry, Found, listed
from app.files.sources.contract import DamagedEntry, ExportSource


class GeneratedSource(ExportSource):
    """A small file made of what others hold."""

    kind = "legacy"

    def __init__(self, name: str, raw: bytes) -> None:
        super().__init__(Path(name))
        self._raw = raw
        self._entries, _ = listed([Found(name, len(raw))])

    def entries(self) -> Sequence[Entry]:
        """List the one file."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open it."""
        del entry
        return io.BytesIO(self._raw)

    def close(self) -> None:
        """Let go of its bytes."""
        self._raw = b""


class KeptSource(ExportSource):
    """A file of any size, kept as it is under another name. Raises OSError if it is gone."""

    kind = "legacy"

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(path)
        self._entries, _ = listed([Found(name, path.stat().st_size)])

    def entries(self) -> Sequence[Entry]:
        """List the one file."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open it."""
        try:
            return self.path.open("rb")
        except OSError as error:
            raise DamagedEntry(entry, error.strerror or "it can't be opened") from error

    def close(self) -> None:
        """Nothing is held open between calls."""
