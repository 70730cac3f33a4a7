"""Something a person should know about their data, as a plain record."""

from __future__ import annotations

from msgspec import Struct


class Problem(Struct, frozen=True):
    """Something a person should know: what is wrong, with what, and what they can do.

    ``code`` is stable ("missing-media", "damaged-file", "unsafe-name" …). ``loss``:
    content that could not be brought over or read; it makes the command line exit with 3.
    """

    code: str
    message: str
    item: str = ""
    hint: str = ""
    loss: bool = False
