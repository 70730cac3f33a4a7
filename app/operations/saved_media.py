"""Media of saved conversations: copied beside them, or, small pictures in HTML, put into them."""

from __future__ import annotations

import base64
import filecmp
import secrets
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from app.core.archive.sniffing import by_extension
from app.core.blocks import AssetReference
from app.core.naming import key, safe_component, unique
from app.files.atomic import replaced
from app.files.export_folder import MEDIA, ExportFolder, find_asset, kind_of_asset
from app.rendering.media import PlacedAsset, Resolve

INLINE_BYTES = 1_000_000  # of one picture; a larger one is copied beside
INLINE_TOTAL = 20_000_000  # of the pictures in one file
NOT_THERE = "It is not in the archive; an older or newer one may hold it."


class SavedFiles:
    """The files one save has written to a folder: none overwritten, all taken back if it fails."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: dict[Path, set[str]] = {}
        self._written: list[Path] = []
        self._made: list[Path] = []

    def write(self, name: str, content: bytes | Path, *, tag: str = "", below: str = "") -> Path:
        """Write a file under a name nothing has yet; ``content`` is bytes or a file to copy.

        ``below`` names a subfolder, made when first needed.
        """
        folder = self._folder / below if below else self._folder
        self._make(folder)
        taken = self._names(folder)
        target = folder / unique(name, taken, tag=tag)
        with replaced(target) as draft:
            if isinstance(content, Path):
                shutil.copyfile(content, draft)
            else:
                draft.write_bytes(content)
        taken.add(key(target.name))
        self._written.append(target)
        return target

    def take_back(self) -> None:
        """Remove what was written, and the folders made for it."""
        for path in self._written:
            with suppress(OSError):
                path.unlink()
        for folder in reversed(self._made):
            with suppress(OSError):  # someone put something else there
                folder.rmdir()

    def _names(self, folder: Path) -> set[str]:
        if folder not in self._taken:
            self._taken[folder] = {key(path.name) for path in folder.iterdir()}
        return self._taken[folder]

    def _make(self, folder: Path) -> None:
        missing = [folder, *folder.parents]
        for each in reversed([path for path in missing if not path.exists()]):
            each.mkdir(exist_ok=True)
            self._made.append(each)


class MediaBeside:
    """Places the media of an export's conversations for the files they are saved in."""

    def __init__(self, export: ExportFolder, files: SavedFiles, folder: Path) -> None:
        self._export = export
        self._assets: Mapping[str, str] = export.assets()
        self._files = files
        self._folder = folder
        self._placed: dict[Path, str] = {}

    def resolver(self, conversation: str, inlined: dict[str, Path] | None = None) -> Resolve:
        """Return what places the files of one conversation.

        With ``inlined`` small pictures are not copied: they get a word for an address,
        which `with_pictures` replaces in the finished file.
        """

        def resolve(asset: AssetReference) -> PlacedAsset:
            found = find_asset(self._export, self._assets, asset, conversation)
            path = None if found is None else self._export.media / found
            if path is None:
                return _placed(asset, None, asset.size_bytes)
            size = path.stat().st_size
            if inlined is not None and _fits(path, size, inlined):
                word = f"{MEDIA}/{secrets.token_hex(16)}"
                inlined[word] = path
                return _placed(asset, word, size)
            return _placed(asset, self._beside(path), size, path)

        return resolve

    def _beside(self, path: Path) -> str:
        """Copy a file to the media folder, unless it is there already; answer its address."""
        if path not in self._placed:
            name = safe_component(path.name)
            there = self._folder / MEDIA / name
            if not (there.is_file() and filecmp.cmp(path, there, shallow=False)):
                there = self._files.write(name, path, below=MEDIA)
            self._placed[path] = f"{MEDIA}/{there.name}"
        return self._placed[path]


def with_pictures(html: str, inlined: Mapping[str, Path]) -> str:
    """Put the pictures into a finished HTML file, as ``data:`` addresses."""
    for word, path in inlined.items():
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        mime_type = by_extension(path.name).mime_type
        html = html.replace(f'src="{word}"', f'src="data:{mime_type};base64,{data}"')
    return html


def _fits(path: Path, size: int, inlined: Mapping[str, Path]) -> bool:
    if by_extension(path.name).kind != "image" or size > INLINE_BYTES:
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
        missing="" if url else NOT_THERE,
    )
