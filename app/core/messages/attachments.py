"""Files a person attached to a message, each once although the export may list it twice."""

from __future__ import annotations

from msgspec.structs import replace

from app.core.archive.pointers import asset_id_of
from app.core.blocks import AssetKind, AssetReference
from app.core.loose import Json, items, mapping, string, whole
from app.core.messages.draft import Draft
from app.core.text import clean, one_line

_PICTURES = frozenset(
    ["png", "jpg", "jpeg", "gif", "webp", "heic", "heif", "bmp", "tif", "tiff", "avif"]
)
_SOUNDS = frozenset(["wav", "mp3", "m4a", "ogg", "oga", "opus", "flac", "aac"])
_FILMS = frozenset(["mp4", "mov", "webm", "mkv", "avi", "m4v"])


def add_attachments(draft: Draft) -> None:
    """Append the message's attachments; one that is already a part lends it its name."""
    places: dict[str, int] = {}
    for place, block in enumerate(draft.blocks):
        if isinstance(block, AssetReference) and (id_ := asset_id_of(block.pointer)):
            places.setdefault(id_, place)
    for attachment in items(draft.metadata.get("attachments")):
        reference = _reference(mapping(attachment))
        id_ = asset_id_of(reference.pointer)
        known = places.get(id_) if id_ else None
        if known is None:
            if reference.pointer or reference.name:
                if id_:
                    places[id_] = len(draft.blocks)
                draft.add(reference)
            continue
        part = draft.blocks[known]
        if isinstance(part, AssetReference):
            draft.blocks[known] = _named(part, reference)


def kind_of(name: str, mime_type: str) -> AssetKind:
    """Guess what a file is from its type and name; "file" when neither tells."""
    family = mime_type.partition("/")[0].lower()
    extension = name.rpartition(".")[2].lower()
    if family == "image" or extension in _PICTURES:
        return "image" if "svg" not in mime_type.lower() else "file"
    if family == "audio" or extension in _SOUNDS:
        return "audio"
    return "video" if family == "video" or extension in _FILMS else "file"


def _reference(attachment: Json) -> AssetReference:
    name = one_line(string(attachment.get("name")))
    mime_type = one_line(string(attachment.get("mime_type")) or string(attachment.get("mimeType")))
    return AssetReference(
        clean(string(attachment.get("id"))).strip(),
        kind_of(name, mime_type),
        name=name,
        size_bytes=whole(attachment.get("size")),
        width=whole(attachment.get("width")),
        height=whole(attachment.get("height")),
        mime_type=mime_type,
        note="pasted text" if attachment.get("is_big_paste") is True else "",
    )


def _named(part: AssetReference, attachment: AssetReference) -> AssetReference:
    """Return a part with what only the list of attachments knows of it."""
    return replace(
        part,
        name=part.name or attachment.name,
        size_bytes=attachment.size_bytes if part.size_bytes is None else part.size_bytes,
        mime_type=part.mime_type or attachment.mime_type,
    )
