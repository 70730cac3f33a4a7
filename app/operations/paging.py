"""Cursors: where a page ended, as a short word that means nothing to its bearer."""

from __future__ import annotations

import base64
import binascii
import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from app.errors import InvalidInput

_Item = TypeVar("_Item")


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


def page_of(
    items: Sequence[_Item],
    key: Callable[[_Item], tuple[str | int, ...]],
    types: tuple[type, ...],
    *,
    limit: int,
    after: str,
) -> tuple[Sequence[_Item], str | None]:
    """Answer a page of items that are in the order of their keys, and the cursor of the next.

    ``types`` are those of a key's values. Raises InvalidInput for a strange cursor.
    """
    begin = bisect_right(items, tuple(read_cursor(after, *types)), key=key) if after else 0
    end = begin + max(1, limit)
    shown = items[begin:end]
    return shown, write_cursor(*key(shown[-1])) if end < len(items) else None
