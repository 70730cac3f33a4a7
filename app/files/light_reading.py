"""A conversation's file opened without decoding its messages: a page needs few of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from app.core.conversation.nodes import Node


class _Conversation(msgspec.Struct, gc=False):
    """The keys reading needs; the rest of the object is in the catalog or asked for whole."""

    mapping: dict[str, Node | None]
    current_node: Any = None
    default_model_slug: Any = None
    model_slug: Any = None


_light = msgspec.json.Decoder(_Conversation)


def lightly_read(path: Path) -> dict[str, Any] | None:
    """Read what a `Reading` needs of a conversation, its messages still undecoded.

    None if the file is out of the ordinary and has to be decoded as a whole. Raises OSError.
    """
    try:
        found = _light.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return {key: getattr(found, key) for key in _Conversation.__struct_fields__}
