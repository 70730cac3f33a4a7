"""Pictures, recordings, films and files of a message as HTML, the missing ones included."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from msgspec import Struct

from app.core.blocks import AssetReference
from app.core.sizes import readable_size


class PlacedAsset(Struct, frozen=True):
    """Where a file of a message is, or why it is not there.

    ``url`` is what the page may load (below its own address), None if missing, and
    then ``missing`` says why and where it might be.
    """

    url: str | None
    kind: str  # image, audio, video, file
    name: str = ""
    caption: str = ""
    note: str = ""
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None
    missing: str = ""


Resolve = Callable[[AssetReference], PlacedAsset]

NOT_IN_ARCHIVE = (
    "This file is not contained in the archive. An older or newer archive may hold it; "
    "it may also still be in the conversation on chatgpt.com."
)
_WHAT = {"image": "Picture", "audio": "Recording", "video": "Film", "file": "File"}
_RATIOS = (
    *(("1-1", 1.0), ("4-3", 4 / 3), ("3-2", 3 / 2), ("16-9", 16 / 9), ("3-4", 3 / 4)),
    *(("2-3", 2 / 3), ("9-16", 9 / 16)),
)
RATIO_CLASSES = frozenset(f"ratio-{name}" for name, _ in _RATIOS)
_NOT_THERE = "It is not in the archive; a newer or an older archive may hold it."


def asset(reference: AssetReference, resolve: Resolve) -> str:
    """Return one file of a message: shown, playable, to open, or a frame saying it is missing."""
    placed = resolve(reference)
    if placed.url is None:
        return _missing(placed, reference.pointer)
    show = {"image": _image, "audio": _audio, "video": _video}.get(placed.kind, _file)
    return show(placed, placed.url)


def _label(placed: PlacedAsset) -> str:
    what = _WHAT.get(placed.kind, "File")
    return placed.caption or placed.name or what


def _caption(placed: PlacedAsset) -> str:
    words = [f"<span>{escape(placed.caption)}</span>"] if placed.caption else []
    if placed.note:
        words.append(f'<span class="media-note">{escape(placed.note)}</span>')
    return f"<figcaption>{' '.join(words)}</figcaption>" if words else ""


def _measures(placed: PlacedAsset) -> str:
    if not placed.width or not placed.height or placed.width < 0 or placed.height < 0:
        return ""
    return f' width="{placed.width}" height="{placed.height}"'


def _image(placed: PlacedAsset, url: str) -> str:
    label = escape(_label(placed))
    return (
        '<figure class="media image"><button type="button" class="media-image" data-lightbox="" '
        f'aria-label="Open picture: {label}"><img src="{escape(url)}" alt="{label}" '
        f'loading="lazy" decoding="async"{_measures(placed)}></button>{_caption(placed)}</figure>'
    )


def _audio(placed: PlacedAsset, url: str) -> str:
    return (
        f'<figure class="media audio"><audio controls="" preload="metadata" src="{escape(url)}" '
        f'aria-label="{escape(_label(placed))}"></audio>{_caption(placed)}</figure>'
    )


def _video(placed: PlacedAsset, url: str) -> str:
    return (
        f'<figure class="media video"><video controls="" preload="metadata" src="{escape(url)}" '
        f'aria-label="{escape(_label(placed))}"{_measures(placed)}></video>'
        f"{_caption(placed)}</figure>"
    )


def _file(placed: PlacedAsset, url: str) -> str:
    size = readable_size(placed.size_bytes) if placed.size_bytes is not None else ""
    facts = " · ".join(each for each in (placed.note, size) if each)
    about = f' <span class="media-note">{escape(facts)}</span>' if facts else ""
    name = escape(placed.name or placed.caption or "File")
    return (
        f'<p class="media file"><a class="media-file" href="{escape(url)}" target="_blank">'
        f"<bdi>{name}</bdi></a>{about}</p>"
    )


def _missing(placed: PlacedAsset, pointer: str) -> str:
    what = _WHAT.get(placed.kind, "File")
    name = placed.name or placed.caption
    named = f": <bdi>{escape(name)}</bdi>" if name else ""
    visual = placed.kind in ("image", "video")
    shape = f" ratio-{_ratio(placed)}" if visual else ""
    return (
        f'<figure class="media missing {escape(placed.kind)}"><div class="media-frame{shape}">'
        f'<p class="media-what">{what}{named}</p>'
        f'<p class="media-why">{escape(placed.missing or _NOT_THERE)}</p>'
        f'<p class="media-pointer"><code>{escape(pointer)}</code></p></div></figure>'
    )


def _ratio(placed: PlacedAsset) -> str:
    """Return the nearest of a few shapes: a class, since inline style is forbidden."""
    if not placed.width or not placed.height or placed.width < 0 or placed.height < 0:
        return "4-3"
    wanted = placed.width / placed.height
    return min(_RATIOS, key=lambda ratio: abs(ratio[1] - wanted))[0]
