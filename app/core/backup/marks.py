"""What is remembered of backups beside their archives: pins, and which are only kept for others."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Mark(msgspec.Struct, frozen=True, rename="camel", kw_only=True, omit_defaults=True):
    """What is remembered of one backup.

    ``pinned``: no policy drops it. ``retired``: dropped, but its archive is needed by newer
    ones. ``checked_at``: when every byte it needs was last read and found right.
    """

    pinned: bool = False
    retired: bool = False
    note: str = ""
    checked_at: datetime | None = None


MARKS = "marks.json"  # its name in the folder of backups
Marks = dict[str, Mark]


def encode_marks(marks: Marks) -> bytes:
    """Answer the marks as JSON that people can read."""
    return msgspec.json.format(msgspec.json.encode(marks), indent=2)


def decode_marks(raw: bytes) -> Marks:
    """Read marks; what makes no sense is no mark: nothing depends on them."""
    try:
        return msgspec.json.decode(raw, type=Marks)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
