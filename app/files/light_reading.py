"""A conversation's file opened without decoding its messages: a page needs few of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypedDict

import msgspec


class _Node(TypedDict, total=False):
    parent: Any
    children: Any
    message: msgspec.Raw  # a view of the file's bytes, which a Tree decodes when asked


class _Conversation(TypedDict, total=False):
    """The keys reading needs; the rest of the object is in the catalog or asked for whole."""

    mapping: dict[str, _Node | None]
    current_node: Any
    default_model_slug: Any
    model_slug: Any


_light = msgspec.json.Decoder(_Conversation)


def lightly_read(path: Path) -> dict[str, Any] | None:
    """Read what a `Reading` needs of a conversation, its messages still undecoded.

    None if the file is out of the ordinary and has to be decoded as a whole. Raises OSError.
    """
    try:
        found: Any = _light.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found  # type: ignore[no-any-return]
