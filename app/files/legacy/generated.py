"""One small file that is not on the disk as it stands, shown as a source."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from app.core.archive.entries import Entry, Found, listed
from app.files.sources.contract import ExportSource


class GeneratedSource(ExportSource):
    """A file made of what others hold, or kept under another name."""

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
