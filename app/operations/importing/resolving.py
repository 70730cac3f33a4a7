"""Finding the file each message points to: in its own archive, then wherever it may be.

The order is that of `docs/formats.md`: the archive's own map, names and lists; other
archives of the same import; the export as it was; other exports of the same account.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path

from app.core.archive.asset_lists import read_asset_names, read_assets_json, read_library_files
from app.core.archive.pointers import AssetIndex, Hints, asset_id_of
from app.core.blocks import AssetReference
from app.errors import StorageProblem
from app.files.asset_places import asset_key
from app.files.export_folder import ExportFolder, export_folders
from app.operations.importing.conversations import Use
from app.operations.importing.media import MediaStore
from app.operations.importing.parts import Part
from app.operations.indexing.figures import media_files


def part_index(part: Part, assets: object) -> AssetIndex:
    """Make the index of a part's media; ``assets`` is the map its `chat.html` held."""
    if part.export is not None:
        return folder_index(part.export)
    layout = part.layout
    own_map = assets or part.sidecar("assets")
    return AssetIndex(
        {layout.relative(entry): entry.size_bytes for entry in layout.media},
        assets_json=read_assets_json(own_map),
        names=read_asset_names(part.sidecar("conversation_asset_file_names")),
        library=read_library_files(part.sidecar("library_files")),
    )


def folder_index(folder: ExportFolder) -> AssetIndex:
    """Make the index of an export's media as they are on the disk."""
    sizes = {file.path: file.size_bytes for file in media_files(folder.path)}
    return AssetIndex(sizes, assets_json=folder.assets())


class AssetResolver:
    """Answers where, below the new export's media/, the file of a message is."""

    def __init__(
        self,
        indexes: dict[int, AssetIndex],
        store: MediaStore,
        *,
        exports: Path,
        account: str,
        apart: frozenset[str] = frozenset(),
    ) -> None:
        self._indexes = indexes
        self._store = store
        self._exports = exports
        self._account = account
        self._apart = apart
        self._base = store.base
        self._base_map = store.base.assets() if store.base else {}
        self._copied: dict[Path, str] = {}
        self._found: dict[str, str | None] = {}

    def path(self, use: Use) -> str | None:
        """Answer the path below media/ of a message's file; None if nothing holds it."""
        key = asset_key(use.asset, use.conversation)
        if self._found.get(key) is None:
            self._found[key] = self._kept(key) or self._search(use)
        return self._found[key]

    def take_map(self, part: int, named: dict[str, object]) -> None:
        """Resolve every pointer of a page's own map, used by a message or not."""
        for pointer in named:
            name = self._indexes[part].resolve(pointer)
            place = self._store.places.get(part, {}).get(name or "")
            if place is not None:
                self._found.setdefault(pointer, self._kept(pointer) or place)

    def take_places(self, part: int, known: Mapping[str, str]) -> None:
        """Take over where an export has its files: key in its `assets.json` -> path."""
        for key, path in known.items():
            place = self._store.places.get(part, {}).get(path)
            if place is not None:
                self._found[key] = self._kept(key) or place

    @property
    def found(self) -> dict[str, str]:
        """What has been resolved: key in `assets.json` -> path below media/."""
        return {key: path for key, path in self._found.items() if path is not None}

    @property
    def moved(self) -> dict[str, str]:
        """What the export had elsewhere: only an empty file gives way to another."""
        known = self._base_map
        return {key: path for key, path in self.found.items() if known.get(key, path) != path}

    def _kept(self, key: str) -> str | None:
        """Answer where the export has a file already: no other takes its place, unless empty."""
        path = self._base_map.get(key)
        if self._base is None or path is None:
            return None
        file = self._base.media / path
        return path if file.is_file() and file.stat().st_size else None

    def _search(self, use: Use) -> str | None:
        for pointer in (use.asset.pointer, *use.asset.alternatives):
            hints = _hints(use)
            path = self._in_parts(pointer, hints, use.part) or self._in_base(pointer, hints)
            if path is not None:
                return path
        return self._in_other_exports(use)

    def _in_parts(self, pointer: str, hints: Hints, first: int) -> str | None:
        order = [first, *(number for number in sorted(self._indexes, reverse=True))]
        for number in dict.fromkeys(order):
            if number in self._indexes:
                name = self._indexes[number].resolve(pointer, hints)
                place = self._store.places.get(number, {}).get(name or "")
                if place is not None:
                    return place
        return None

    def _in_base(self, pointer: str, hints: Hints) -> str | None:
        return self._base_index.resolve(pointer, hints) if self._base else None

    @cached_property
    def _base_index(self) -> AssetIndex:
        return folder_index(self._base) if self._base else AssetIndex({})

    def _in_other_exports(self, use: Use) -> str | None:
        """Copy the file from another export of the account: later archives drop pictures."""
        if not asset_id_of(use.asset.pointer):
            return None  # a bare name could be anyone's file
        for folder, index in self._others:
            path = index.resolve(use.asset.pointer, _hints(use))
            if path is not None and (folder.media / path).is_file():
                source = folder.media / path
                if source not in self._copied:
                    self._copied[source] = self._store.add_copy(source, path)
                return self._copied[source]
        return None

    @cached_property
    def _others(self) -> list[tuple[ExportFolder, AssetIndex]]:
        folders = _exports_of(self._exports, self._account, self._base)
        near = [folder for folder in folders if folder.path.name not in self._apart]
        return [(folder, folder_index(folder)) for folder in near]


def _exports_of(exports: Path, account: str, but: ExportFolder | None) -> list[ExportFolder]:
    """List the library's other exports of an account, the one changed last first."""
    found = []
    for path in export_folders(exports):
        folder = ExportFolder(path)
        try:
            record = folder.record()
        except StorageProblem:
            continue
        if account and record.account == account and (but is None or path != but.path):
            found.append((record.updated_at, folder))
    return [folder for _, folder in sorted(found, key=lambda pair: pair[0], reverse=True)]


def attached_names(uses: Mapping[str, Iterable[Use]]) -> dict[str, str]:
    """Gather the names that messages give to files: asset id -> name."""
    names: dict[str, str] = {}
    for use in chain.from_iterable(uses.values()):
        if use.asset.name and (found := asset_id_of(use.asset.pointer)):
            names.setdefault(found, use.asset.name)
    return names


def _hints(use: Use) -> Hints:
    asset: AssetReference = use.asset
    return Hints(
        kind=asset.kind,
        size_bytes=asset.size_bytes,
        conversation_id=use.conversation,
        message_id=use.message,
        generated=asset.note == "generated",
        attachments=((asset.pointer, asset.name),) if asset.name else (),
    )
