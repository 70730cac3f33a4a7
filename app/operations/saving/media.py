"""Media of saved conversations: named for the folder beside them, or put into the page."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote

from app.core.archive.sniffing import by_extension
from app.core.blocks import AssetReference
from app.core.naming import key, safe_component, split_extension
from app.files.asset_places import find_asset, kind_of_asset
from app.files.export_folder import MEDIA, ExportFolder
from app.rendering.media import NOT_IN_ARCHIVE, PlacedAsset, Resolve

# Browsers open pages with so much within; what is larger is copied beside.
INLINE_BYTES = 64_000_000  # of one file put into a page
INLINE_TOTAL = 256_000_000  # of all files in one page
_PIECE = 3 << 20  # bytes encoded at a time; a multiple of three, so that pieces can be joined
_ADDRESS = re.compile(rf'(src|href)="({MEDIA}/[0-9a-f]{{32}})"')


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


class Inside:
    """The media one page holds within itself, by the word that stands for each in its HTML."""

    def __init__(self, *, pictures_only: bool) -> None:
        self._pictures_only = pictures_only
        self._paths: dict[str, Path] = {}
        self._left = INLINE_TOTAL

    def take(self, path: Path, size: int) -> str | None:
        """Answer the word for a file; None if it is too large for a page, or not for this one."""
        if size > min(INLINE_BYTES, self._left):
            return None
        if self._pictures_only and by_extension(path.name).kind != "image":
            return None
        word = f"{MEDIA}/{secrets.token_hex(16)}"
        self._paths[word], self._left = path, self._left - size
        return word

    def put_into(self, html: str) -> Iterator[bytes]:
        """Yield a finished page with the files as ``data:`` addresses where their words stood."""
        done = 0
        for found in _ADDRESS.finditer(html):
            path = self._paths.get(found[2])
            if path is None:
                continue
            shown = found[1] == "src"
            kind = by_extension(path.name).mime_type if shown else "application/octet-stream"
            yield f'{html[done : found.start()]}{found[1]}="data:{kind};base64,'.encode()
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    yield base64.b64encode(piece)
            # a link to such an address is never opened as a page, only saved as a file
            yield b'"' if shown else f'" download="{escape(path.name)}"'.encode()
            done = found.end()
        yield html[done:].encode()


class MediaBeside:
    """Places the media of one export's conversations for the files they are saved in."""

    def __init__(self, export: ExportFolder, names: Mapping[str, str]) -> None:
        self._export = export
        self._assets: Mapping[str, str] = export.assets()
        self._names = names

    def resolver(
        self, conversation: str, root: str, shown: Shown, inside: Inside | None = None
    ) -> Resolve:
        """Return what places the files of one conversation, and notes in ``shown`` which.

        ``root`` leads from the file to the folder media/ stands in; what ``inside`` takes
        is to be within the file.
        """

        def resolve(asset: AssetReference) -> PlacedAsset:
            found = find_asset(self._export, self._assets, asset, conversation)
            if found is None:
                shown.missing.add(asset.pointer or asset.name)
                return _placed(asset, None, asset.size_bytes)
            path = self._export.media / found
            size = path.stat().st_size
            if inside is not None and (word := inside.take(path, size)) is not None:
                return _placed(asset, word, size, path)
            shown.beside.add(found)
            name = self._names.get(found) or safe_component(path.name)
            return _placed(asset, f"{root}{MEDIA}/{name}", size, path)

        return resolve


def media_paths(export: ExportFolder) -> list[str]:
    """List the files below an export's media/, ``/`` between the parts of each path."""
    root = export.media
    return [
        Path(parent, name).relative_to(root).as_posix()
        for parent, _, names in os.walk(root)
        for name in names
    ]


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
