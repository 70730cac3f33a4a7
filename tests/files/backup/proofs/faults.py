"""The disk failing at one chosen moment: with an error, or as if the power went."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.files.backup import disk

DOORS = ("create", "write", "rewind", "flush", "begin_flush", "rename", "flush_folder", "remove")


class PowerLost(BaseException):
    """The program ends here: nothing it would still do happens."""


@contextmanager
def failing(number: int, *, how: str) -> Iterator[list[str]]:
    """Make the ``number``-th call through the disk's door fail, and tell all calls made.

    ``how``: "full" and "broken" raise what the system would; "power" writes half of what
    was to be written and lets nothing through afterwards.
    """
    calls: list[str] = []
    gone = False
    patch = pytest.MonkeyPatch()

    def door(name: str, real: Any) -> Any:
        def call(*arguments: Any) -> Any:
            nonlocal gone
            if gone:
                raise PowerLost
            calls.append(name)
            if len(calls) != number:
                return real(*arguments)
            if how == "power":
                if name == "write":
                    real(arguments[0], memoryview(arguments[1])[: len(arguments[1]) // 2])
                gone = True
                raise PowerLost
            code = errno.ENOSPC if how == "full" else errno.EIO
            raise OSError(code, "No space left on device" if how == "full" else "I/O error")

        return call

    for name in DOORS:
        patch.setattr(disk, name, door(name, getattr(disk, name)))
    try:
        yield calls
    finally:
        patch.undo()
