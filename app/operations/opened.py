"""Conversations opened for reading: the last few are kept, so that paging costs little."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import msgspec
from msgspec import Struct

from app.core import sidecars
from app.core.blocks import AssetReference, Content, Instructions
from app.core.conversation.indexing import index_text
from app.core.conversation.reading import Reading
from app.files.asset_places import find_asset, kind_of_asset
from app.files.export_folder import ExportFolder
from app.files.light_reading import MessagePlaces, placed_reading
from app.operations.moments import moment
from app.operations.results import Branch, ShownAsset, ShownMessage
from app.rendering.media import NOT_IN_ARCHIVE, PlacedAsset
from app.rendering.message import RenderCache
from db import conversations
from db.models import Conversation

KEPT = 6  # conversations kept open
KEPT_BYTES = 96 << 20  # of their files together; a larger one is kept alone

_rendered = RenderCache()


class Surroundings(Struct, frozen=True):
    """What an export's other files say that its conversations need."""

    assets: Mapping[str, str]
    feedback: Mapping[str, str]
    share_links: Mapping[str, tuple[str, ...]]
    previous_titles: Mapping[str, tuple[str, ...]]


class OpenedConversation:
    """One conversation of an export, ready to be shown message by message."""

    def __init__(
        self,
        export: str,
        folder: ExportFolder,
        id_: str,
        reading: Reading,
        around: Surroundings,
    ) -> None:
        self._export = export
        self._folder = folder
        self._id = id_
        self._around = around
        self.reading = reading

    @property
    def previous_titles(self) -> tuple[str, ...]:
        """What the conversation was called before."""
        return self._around.previous_titles.get(self._id, ())

    @property
    def share_links(self) -> tuple[str, ...]:
        """Where it was shared."""
        return self._around.share_links.get(self._id, ())

    def instructions(self, leaf: str | None) -> str:
        """Answer the custom instructions in force on a branch, as HTML; empty if none."""
        parts = self.reading.instructions(leaf)
        if not parts:
            return ""
        return self._render(Content("instructions", "show", (Instructions(parts),)))

    def show(self, node: str, *, leaf: str | None, hidden: bool) -> ShownMessage:
        """Answer one message, rendered."""
        reading = self.reading
        content = reading.content(node, leaf)
        branch = reading.branch(node, hidden=hidden)
        display = reading.display(node) if content.kind != "canvas" else content.display
        return ShownMessage(
            id=node,
            role=reading.role(node),
            author=reading.author(node),
            kind=content.kind,
            display=display,
            label=content.label,
            created_at=moment(reading.created(node)),
            model=reading.model(node),
            text=index_text(content),
            html=self._render(content),
            assets=tuple(
                self._shown(block) for block in content.blocks if isinstance(block, AssetReference)
            ),
            branch=Branch(branch[0], len(branch[1]), branch[1]) if branch else None,
            hidden=display in ("hide", "meta"),
            status=reading.status(node),
            feedback=self._around.feedback.get(node, ""),
        )

    def _render(self, content: Content) -> str:
        return _rendered.render(content, self._placed)

    def _shown(self, asset: AssetReference) -> ShownAsset:
        path = self._find(asset)
        size = asset.size_bytes if path is None else self._size(path)
        return ShownAsset(
            pointer=asset.pointer,
            kind=kind_of_asset(asset, path),
            path=f"media/{path}" if path else None,
            name=asset.name or (path or "").rpartition("/")[2],
            caption=asset.caption,
            size_bytes=size,
            width=asset.width,
            height=asset.height,
            missing="" if path else NOT_IN_ARCHIVE,
        )

    def _placed(self, asset: AssetReference) -> PlacedAsset:
        shown = self._shown(asset)
        return PlacedAsset(
            url=self._address(shown.path) if shown.path else None,
            kind=shown.kind,
            name=shown.name,
            caption=shown.caption,
            note=asset.note,
            width=shown.width,
            height=shown.height,
            size_bytes=shown.size_bytes,
            missing=shown.missing,
        )

    def _find(self, asset: AssetReference) -> str | None:
        """Answer where a file is below media/; None if it is not there."""
        return find_asset(self._folder, self._around.assets, asset, self._id)

    def _size(self, path: str) -> int:
        return (self._folder.media / path).stat().st_size

    def _address(self, path: str) -> str:
        """Answer where a page finds a file, by its path in the export."""
        return f"/api/media/{quote(self._export, safe='')}/{quote(path)}"


class _Shelf:
    """The conversations opened last, by file and the state it was in."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], tuple[int, OpenedConversation]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[object, ...]) -> OpenedConversation | None:
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found[1] if found else None

    def put(self, key: tuple[object, ...], size: int, opened: OpenedConversation) -> None:
        with self._lock:
            self._kept[key] = (size, opened)
            while len(self._kept) > 1 and (
                len(self._kept) > KEPT or sum(size for size, _ in self._kept.values()) > KEPT_BYTES
            ):
                self._kept.popitem(last=False)


_shelf = _Shelf()


def open_conversation(export: str, path: Path, row: Conversation) -> OpenedConversation:
    """Open a conversation of the export at ``path``. Raises StorageProblem."""
    folder = ExportFolder(path)
    file = folder.conversation_path(row.file)
    status = file.stat() if file.exists() else None
    size = status.st_size if status else 0
    key = (str(file), size, status.st_mtime_ns if status else 0, folder.stamp())
    opened = _shelf.get(key)
    if opened is None:
        reading = _reading(folder, file, row)
        opened = OpenedConversation(export, folder, row.id, reading, surroundings(folder))
        _shelf.put(key, size, opened)
    return opened


def _reading(folder: ExportFolder, file: Path, row: Conversation) -> Reading:
    """Open a conversation's file: of a long one only what is looked at is read."""
    known = conversations.places(row.row)
    if known is not None:
        places = MessagePlaces(known.size, known.modified_ns, bytes(known.encoded))
        with suppress(OSError):
            if reading := placed_reading(file, places):
                return reading
    return Reading.of(folder.read_lightly(row.file))


def surroundings(folder: ExportFolder) -> Surroundings:
    """Read what an export's other files say."""
    shares = "shared_conversations.json"
    if not (folder.path / shares).is_file():
        shares = "sharedconversations.json"
    return Surroundings(
        assets=folder.assets(),
        feedback=sidecars.feedback(_sidecar(folder, "message_feedback.json")),
        share_links=sidecars.share_links(_sidecar(folder, shares)),
        previous_titles=folder.seen_record().previous_titles,
    )


def _sidecar(folder: ExportFolder, name: str) -> object:
    """Read a small file at the root of an export; None if it is not there or makes no sense."""
    for place in (folder.path / name, folder.path / "tmp" / name):
        try:
            return msgspec.json.decode(place.read_bytes())
        except (OSError, msgspec.DecodeError, RecursionError):
            continue
    return None
