"""A conversation's file opened without decoding its messages: a page needs few of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from app.core.tree import Later
from app.files.json_stream import decoded

_NULL = 4  # bytes of "null"


class _Node(msgspec.Struct, gc=False):
    parent: Any = None
    children: Any = None
    message: msgspec.Raw = msgspec.Raw(b"null")


class _Conversation(msgspec.Struct, gc=False):
    """The keys reading needs; the rest of the object is in the catalog or asked for whole."""

    mapping: dict[str, _Node | None]
    current_node: Any = None
    default_model_slug: Any = None
    model_slug: Any = None


_light = msgspec.json.Decoder(_Conversation)


def lightly_read(path: Path) -> dict[str, Any] | None:
    """Read what a `Reading` needs of a conversation, its messages to be decoded `Later`.

    None if the file is out of the ordinary and has to be decoded as a whole. Raises OSError.
    """
    try:
        found = _light.decode(path.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return {
        "current_node": found.current_node,
        "default_model_slug": found.default_model_slug,
        "model_slug": found.model_slug,
        "mapping": {
            key: None
            if node is None
            else {"parent": node.parent, "children": node.children, "message": _later(node.message)}
            for key, node in found.mapping.items()
        },
    }


def _later(raw: msgspec.Raw) -> Later | None:
    if len(memoryview(raw)) == _NULL and bytes(raw) == b"null":
        return None
    return Later(partial(_message, raw))


def _message(raw: msgspec.Raw) -> dict[str, Any]:
    found, broken = decoded(memoryview(raw))
    if not broken:
        return found
    return {"content": msgspec.json.decode(raw)}  # no object: taken for its content
