"""A journal on the disk: one JSON object a line, added at the end, never lost to a power cut."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from app.core.backup.journal import Event
from app.files.atomic import replaced

MOST_BYTES = 1 << 20  # from here on a journal is told again, shorter

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Event)


class Journal:
    """The events of one file. Lines that make no sense are passed over, never rewritten alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def is_long(self) -> bool:
        """Whether it is time to tell it again, shorter."""
        try:
            return self._path.stat().st_size > MOST_BYTES
        except OSError:
            return False

    def stamp(self) -> str:
        """Answer a word that changes with every event; empty where there is no journal."""
        try:
            facts = self._path.stat()
        except OSError:
            return ""
        return f"{facts.st_mtime_ns}-{facts.st_size}"

    def add(self, *events: Event) -> None:
        """Add events, durably; a line cut off earlier does not take them with it.

        Each call is one write at the end of the file, so two processes do not mix lines.
        Raises OSError.
        """
        lines = b"".join(_ENCODER.encode(each) + b"\n" for each in events)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            if size:
                os.lseek(descriptor, size - 1, os.SEEK_SET)
                lines = lines if os.read(descriptor, 1) == b"\n" else b"\n" + lines
            os.write(descriptor, lines)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def events(self) -> list[Event]:
        """Read all events; none where there is no journal. Raises OSError if it cannot be read."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return []
        found: list[Event] = []
        for line in raw.splitlines():
            try:
                found.append(_DECODER.decode(line))
            except (msgspec.DecodeError, UnicodeDecodeError):
                continue  # torn by a power cut, or of a newer version
        return found

    def tell_again(self, events: Sequence[Event]) -> None:
        """Put other events, that add up to the same, in the place of all there are."""
        with replaced(self._path) as draft:
            draft.write_bytes(b"".join(_ENCODER.encode(each) + b"\n" for each in events))
