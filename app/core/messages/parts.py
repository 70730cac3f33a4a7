"""The parts of a message: texts, pictures, recordings, films, and what else is met there."""

from __future__ import annotations

import re

from app.core.blocks import AssetKind, AssetReference, Card, Code, Transcript
from app.core.loose import Json, items, mapping, string, whole
from app.core.messages.citations.links import web_url
from app.core.messages.draft import Draft, words
from app.core.text import clean, lines, one_line

ASSET_TYPES: dict[str, AssetKind] = {
    "image_asset_pointer": "image",
    "audio_asset_pointer": "audio",
    "video_container_asset_pointer": "video",
    "image_file": "image",
    "file": "file",
}
PART_TYPES = frozenset({*ASSET_TYPES, "audio_transcription"}) | {
    "real_time_user_audio_video_asset_pointer"
}
_PAGE = re.compile(r"#p_(\d{1,6})\b")
_POINTERS = ("asset_pointer", "file_id", "image_url", "video_url", "audio_url")
_FAMILIES: tuple[AssetKind, ...] = ("image", "audio", "video")
_DEEPEST = 12


def add_parts(draft: Draft, parts: object, depth: int = 0) -> None:
    """Append what the parts hold, in order; neighbouring texts are one text, blank line between."""
    texts: list[str] = []
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, (str, int, float)) and not isinstance(part, bool):
            texts.append(str(part))
            continue
        if part is not None:
            _say(draft, texts)
            texts = []
            _add_part(draft, part, depth)
    _say(draft, texts)


def _say(draft: Draft, texts: list[str]) -> None:
    text = "\n\n".join(text for text in texts if text.strip())
    if text:
        draft.say(text)


def _add_part(draft: Draft, part: object, depth: int) -> None:
    """Append one part that is no text, by its type or else by its shape."""
    if depth > _DEEPEST or not isinstance(part, (dict, list)):
        draft.not_understood("part", str(part) if isinstance(part, bool) else part)
        return
    if isinstance(part, list):
        add_parts(draft, part, depth + 1)
        return
    kind = string(part.get("content_type")) or string(part.get("type"))
    if kind in ("multimodal_text", "text") and "parts" in part:
        add_parts(draft, part["parts"], depth + 1)
    else:
        _add_typed(draft, part, kind, depth)


def _add_typed(draft: Draft, part: Json, kind: str, depth: int) -> None:
    """Append one part by its type."""
    if kind in ASSET_TYPES:
        add_asset(draft, part, ASSET_TYPES[kind])
    elif kind == "real_time_user_audio_video_asset_pointer":
        _add_real_time(draft, part)
    elif kind == "audio_transcription":
        _add_transcript(draft, part)
    elif kind in ("search_result", "search_result_group"):
        draft.add(*(_result_card(mapping(each)) for each in items(part.get("entries")) or [part]))
    elif kind == "code":
        draft.add(Code(lines(words(part.get("text"))), one_line(string(part.get("language")))))
    else:
        _add_by_shape(draft, part, kind, depth)


def _add_by_shape(draft: Draft, part: Json, kind: str, depth: int) -> None:
    """Append a part of unknown type: what it points to, what it says, and all other strings."""
    rest = {key: value for key, value in part.items() if key not in ("content_type", "type")}
    if pointer_in(part):
        add_asset(draft, part, _guessed_kind(kind))
        rest = {key: value for key, value in rest.items() if key not in _POINTERS}
    if isinstance(rest.get("text"), str):
        draft.say(rest.pop("text"))
    if "parts" in rest:
        add_parts(draft, rest.pop("parts"), depth + 1)
    if (kind and kind != "text") or any(words(value) for value in rest.values()):
        draft.not_understood(kind, rest)


def _guessed_kind(kind: str) -> AssetKind:
    for known in _FAMILIES:
        if known in kind:
            return known
    return "file"


def pointer_in(part: Json) -> str:
    """Return the pointer of a part, which may sit in an object of its own."""
    for key in _POINTERS:
        value = part.get(key)
        if isinstance(value, dict):
            value = value.get("asset_pointer") or value.get("url") or value.get("id")
        if isinstance(value, str) and value.strip():
            return clean(value).strip()
    return ""


def add_asset(draft: Draft, part: Json, kind: AssetKind, note: str = "") -> None:
    """Append a picture, recording, film or file, and for recordings what was said in it."""
    metadata = mapping(part.get("metadata"))
    dalle, generation = metadata.get("dalle"), metadata.get("generation")
    pointer = pointer_in(part)
    page = _PAGE.search(pointer)
    if page:
        note = f"page {int(page.group(1))}"
    elif isinstance(dalle, dict) or isinstance(generation, dict):
        note = note or "generated"
    title = string(draft.metadata.get("image_gen_title")) if note == "generated" else ""
    watermarked = string(metadata.get("watermarked_asset_pointer"))
    format_ = one_line(string(part.get("format")))
    draft.add(
        AssetReference(
            pointer,
            kind,
            name=one_line(string(part.get("name")) or string(part.get("file_name"))),
            caption=lines(string(mapping(dalle).get("prompt")) or title).strip(),
            size_bytes=whole(part.get("size_bytes")),
            width=whole(part.get("width")),
            height=whole(part.get("height")),
            mime_type=one_line(string(part.get("mime_type")))
            or (f"{kind}/{format_}" if format_ and kind != "file" else ""),
            note=note,
            alternatives=(clean(watermarked).strip(),) if watermarked.strip() else (),
        )
    )
    for frame in items(part.get("frames_asset_pointers")):
        _add_frame(draft, frame)
    if kind == "audio":
        _add_transcript(draft, {"text": metadata.get("transcription")})


def _add_real_time(draft: Draft, part: Json) -> None:
    """Append the recording, the film and its frames of a voice conversation with camera."""
    for key, kind in (("audio_asset_pointer", "audio"), ("video_container_asset_pointer", "video")):
        inner = part.get(key)
        if isinstance(inner, str):
            inner = {"asset_pointer": inner}
        if isinstance(inner, dict):
            add_asset(draft, inner, "audio" if kind == "audio" else "video")
    for frame in items(part.get("frames_asset_pointers")):
        _add_frame(draft, frame)


def _add_frame(draft: Draft, frame: object) -> None:
    if isinstance(frame, str):
        frame = {"asset_pointer": frame}
    if isinstance(frame, dict):
        add_asset(draft, {**frame, "frames_asset_pointers": None}, "image", note="frame")


def _add_transcript(draft: Draft, part: Json) -> None:
    text = lines(words(part.get("text"))).strip()
    direction = string(part.get("direction"))
    said = {block.text for block in draft.blocks if isinstance(block, Transcript)}
    if text and text not in said:
        draft.add(Transcript(text, direction if direction in ("in", "out") else ""))


def _result_card(entry: Json) -> Card:
    """Return a search result as a card."""
    return Card(
        one_line(words(entry.get("title"))) or web_url(entry.get("url")) or "Search result",
        web_url(entry.get("url")),
        one_line(string(entry.get("attribution")) or string(entry.get("domain"))),
        lines(words(entry.get("snippet")) or words(entry.get("text"))).strip(),
    )
