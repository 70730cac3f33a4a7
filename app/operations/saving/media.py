"""Media of saved conversations: named for the folder beside them, or put into the page."""

from __future__ import annotations

import base64
import os
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from app.core.archive.sniffing import by_extension
from app.core.blocks import AssetReference
from app.core.naming import key, safe_component, split_extension
from app.files.asset_places import find_asset, kind_of_asset
from app.files.export_folder import MEDIA, ExportFolder
from app.rendering.media import NOT_IN_ARCHIVE, PlacedAsset, Resolve

INLINE_BYTES = 8_000_000  # of one file put into a page; a larger one is copied beside
INLINE_TOTAL = 40_000_000  # of all files in one page
_INLINED = ("image", "audio")


def names_beside(paths: Iterable[str]) -> dict[str, str]:
    """Name media for one flat folder: path below media/ -> name there.

    A name that two files share gets a few letters, always the same for the same file.
    """
    leaves = {path: safe_component(path.rpartition("/")[2]) for path in sorted(paths)}
    shared = Counter(key(leaf) for leaf in leaves.values())
    return {
        path: marked(leaf, path) if shared[key(leaf)] > 1 else leaf for path, leaf in leaves.items()
    }


def marked(name: str, of: str) -> str:
    """Answer a file's name with a few letters before its extension that tell what it is of."""
    stem, extension = split_extension(name)
    return safe_component(f"{stem}_{sha256(of.encode()).hexdigest()[:6]}{extension}")


@dataclass(slots=True)
class Shown:
    """What one file shows: paths below media/ it wants beside it, pointers that lead nowhere."""

    beside: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)


class MediaBeside:
    """Places the media of one export's conversations for the files they are saved in."""

    def __init__(self, export: ExportFolder, names: Mapping[str, str]) -> None:
        self._export = export
        self._assets: Mapping[str, str] = export.assets()
        self._names = names

    def resolver(
        self, conversation: str, root: str, shown: Shown, inlined: dict[str, Path] | None = None
    ) -> Resolve:
        """Return what places the files of one conversation, and notes in ``shown`` which.

        ``root`` leads from the file to the folder media/ stands in. With ``inlined`` small
        pictures and recordings get a word for an address, which `with_inlined` replaces in
        the finished page.
        """

        def resolve(asset: AssetReference) -> PlacedAsset:
            found = find_asset(self._export, self._assets, asset, conversation)
            if found is None:
                shown.missing.add(asset.pointer or asset.name)
                return _placed(asset, None, asset.size_bytes)
            path = self._export.media / found
            size = path.stat().st_size
            if inlined is not None and _fits(path, size, inlined):
                word = f"{MEDIA}/{secrets.token_hex(16)}"
                inlined[word] = path
                return _placed(asset, word, size)
            shown.beside.add(found)
            name = self._names.get(found) or safe_component(path.name)
            return _placed(asset, f"{root}{MEDIA}/{name}", size, path)

        return resolve


def with_inlined(html: str, inlined: Mapping[str, Path]) -> str:
    """Put pictures and recordings into a finished page, as ``data:`` addresses."""
    for word, path in inlined.items():
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        mime_type = by_extension(path.name).mime_type
        html = html.replace(f'src="{word}"', f'src="data:{mime_type};base64,{data}"')
    return html


def media_paths(export: ExportFolder) -> list[str]:
    """List the files below an export's media/, ``/`` between the parts of each path."""
    root = export.media
    return [
        Path(parent, name).relative_to(root).as_posix()
        for parent, _, names in os.walk(root)
        for name in names
    ]


def _fits(path: Path, size: int, inlined: Mapping[str, Path]) -> bool:
    if by_extension(path.name).kind not in _INLINED or size > INLINE_BYTES:
        return False
    return size + sum(each.stat().st_size for each in inlined.values()) <= INLINE_TOTAL


def _placed(
    asset: AssetReference, url: str | None, size: int | None, path: Path | None = None
) -> PlacedAsset:
    return PlacedAsset(
        url=quote(url) if url else None,
        kind=kind_of_asset(asset, path.name if path else None),
        name=asset.name or (path.name if path else ""),
        caption=asset.caption,
        note=asset.note,
        width=asset.width,
        height=asset.height,
        size_bytes=size,
        missing="" if url else NOT_IN_ARCHIVE,
    )
