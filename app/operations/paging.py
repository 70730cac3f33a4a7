"""Cursors: where a page ended, as a short word that means nothing to its bearer."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from app.errors import InvalidInput


def write_cursor(*values: object) -> str:
    """Make a cursor of plain values."""
    raw = json.dumps(values, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read_cursor(cursor: str, *types: type | tuple[type, ...]) -> list[Any]:
    """Read a cursor of values of these types. Raises InvalidInput."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        values = json.loads(raw)
    except (ValueError, binascii.Error, RecursionError):
        values = None
    fits = isinstance(values, list) and len(values) == len(types)
    if not fits or not all(isinstance(v, t) for v, t in zip(values, types, strict=True)):
        raise InvalidInput(
            "This page of the list cannot be found any more.",
            hint="Start again from the first page.",
            after=cursor[:200],
        )
    return list(values)
