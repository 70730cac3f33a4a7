"""The predecessor's JSON backups of a session, each shown as a source of its text files.

``{"sessionId", "timestamp", "files": {"<name>": {"content", "lastModified", "size"}}}``:
only files at the top of the session, read as UTF-8 whatever they were.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from app.core.archive.entries import Entry, Found, listed, shown
from app.core.loose import mapping, string, whole
from app.core.problems import Problem
from app.core.timestamps import read_time
from app.files.sources.contract import ExportSource

_NAME = re.compile(r"(?P<session>.+)_(?P<time>20\d\d-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z)\.json")
_OWNER = re.compile(rb'"sessionId"\s*:\s*"([^"\\]{1,200})"')
_HEAD = 1 << 12
_TEXT = frozenset({"json", "jsonl", "html", "htm", "txt", "md", "csv", "xml", "log"})


def backup_owner(path: Path) -> str:
    """Answer the id of the session a backup is of; empty if the file is no backup."""
    if path.suffix.lower() != ".json":
        return ""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        head = b""
    found = _OWNER.search(head)
    if found is not None:
        return found[1].decode("utf-8", "replace")
    named = _NAME.fullmatch(path.name)
    return named["session"] if named else ""


class BackupSource(ExportSource):
    """One backup; ``whole`` is False where anything in it cannot be trusted or read."""

    kind = "legacy-backup"

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._contents: list[bytes] = []
        self.whole = True
        self._entries, told = listed(self._found())
        self.problems += told
        self.whole = self.whole and not told

    def entries(self) -> Sequence[Entry]:
        """List the files of the backup that are whole."""
        return self._entries

    def open(self, entry: Entry) -> BinaryIO:
        """Open one of its files."""
        return io.BytesIO(self._contents[entry.position])

    def close(self) -> None:
        """Let go of the texts."""
        self._contents.clear()

    def _found(self) -> list[Found]:
        try:
            backup = msgspec.json.decode(self.path.read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self._told("damaged-backup", "it cannot be read", "")
            return []
        files = mapping(mapping(backup).get("files"))
        found = []
        for name, facts in files.items():
            content = mapping(facts).get("content")
            why = _distrust(name, content, mapping(facts).get("size"))
            if why:
                self._told("damaged-backup", why, name)
                continue
            raw = string(content).encode("utf-8", "surrogatepass")
            modified = read_time(mapping(facts).get("lastModified"))
            found.append(Found(name, len(raw), modified, len(self._contents)))
            self._contents.append(raw)
        return found

    def _told(self, code: str, why: str, name: str) -> None:
        self.whole = False
        what = f"“{shown(name)}” in the backup {self.name}" if name else f"The backup {self.name}"
        self.problems.append(
            Problem(
                code,
                f"{what} cannot be used: {why}.",
                shown(name) or self.name,
                "The backup itself is kept as it is; other copies are used where there are any.",
            )
        )


def _distrust(name: str, content: object, size: object) -> str:
    """Say why a file of a backup is not what it was; empty if it seems to be."""
    if not isinstance(content, str):
        return "it has no content"
    if name.rpartition(".")[2].lower() not in _TEXT and "\ufffd" in content:
        return "it was no text and was read as one"
    length = len(content.encode("utf-8", "surrogatepass"))
    if whole(size) is not None and whole(size) != length:
        return f"it has {length:,} bytes and should have {whole(size):,}"
    return ""
