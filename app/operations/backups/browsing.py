"""Looking inside a backup: its folders, one file's bytes, one conversation as it was."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import asdict

from app.core.backup.manifest import Entry, Kind, Manifest
from app.core.blocks import AssetReference
from app.core.conversation.indexing import index_conversation
from app.core.conversation.reading import Reading
from app.core.text import fold
from app.errors import NotFound
from app.files.asset_places import asset_key
from app.files.backup.store import BackupStore
from app.files.export_folder import (
    ASSETS,
    CONVERSATIONS,
    MEDIA,
    RECORD,
    ExportFolder,
    read_conversation,
)
from app.files.paths import join_inside
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.subject import find_backup
from app.operations.backups.results import FolderEntry, FolderListing
from app.operations.backups.showing import BackupId, ExportName, moment_of, passphrase_for
from app.operations.conversations import Asked, view_page
from app.operations.indexing.entries import catalog_entry
from app.operations.opened import OpenedConversation, surroundings
from app.operations.paging import page_of
from app.operations.results import ConversationView
from db.connection import connected
from db.models import Conversation

# what a conversation needs of its export besides its own file
AROUND = (
    RECORD, ASSETS, "message_feedback.json", "shared_conversations.json",
    "sharedconversations.json",
)  # fmt: skip
MOST_AROUND = 64 << 20  # bytes of one such file: more is no sidecar


class BackedUpBytes(Struct, frozen=True):
    """One file of a backup, opened: its bytes match its hash."""

    file: BinaryIO
    size: int
    sha256: str


def browse_backup(
    library: Library,
    *,
    export: ExportName,
    id: BackupId,
    path: Annotated[str, "which folder of the backup; the top one if left out"] = "",
    search: Annotated[str, "files anywhere below it whose path holds this, instead"] = "",
    limit: Annotated[int, "lines to answer"] = 300,
    after: Annotated[str, "the cursor of the page before"] = "",
) -> FolderListing:
    """Show one folder inside a backup."""
    found, subject = find_backup(library, export, id)
    passphrase = passphrase_for(library, found)
    manifest = open_store(library).manifest(id, passphrase=passphrase)
    folder = path.strip("/")
    lines = _matching(manifest, folder, search) if search.strip() else _lines(manifest, folder)
    if folder and not lines and not _is_folder(manifest, folder):
        raise _no_such(folder)
    shown, following = page_of(lines, _place, (int, str, str), limit=limit, after=after)
    entries = tuple(map(_shown, shown))
    return FolderListing(id, subject.name, folder, entries, len(lines), following)


def show_backed_up_conversation(
    library: Library,
    *,
    export: ExportName,
    id: BackupId,
    path: Annotated[str, "the conversation's file in the backup: conversations/….json"],
    leaf: Annotated[str, "show the branch through this message"] = "",
    at: Annotated[str, "begin with the page that holds this message"] = "",
    limit: Annotated[int, "messages to answer"] = 40,
    after: Annotated[str, "the cursor of another page"] = "",
    hidden: Annotated[bool, "show hidden messages too"] = False,
) -> ConversationView:
    """Show a conversation as a backup holds it, to be read only."""
    found, subject = find_backup(library, export, id)
    store, passphrase = open_store(library), passphrase_for(library, found)
    manifest = store.manifest(id, passphrase=passphrase)
    files = {entry.path: entry for entry in manifest.entries if entry.kind == "file"}
    if path not in files or not path.startswith(f"{CONVERSATIONS}/"):
        raise _no_such(path)
    with TemporaryDirectory(prefix="dumpster-") as scratch:
        folder = ExportFolder(Path(scratch))
        for each in (path, *AROUND):
            if each in files and (each == path or files[each].size <= MOST_AROUND):
                _bring(store, id, each, folder.path, passphrase)
        file = join_inside(folder.path, path)
        row, reading = _opened(file)
        inside = _Inside(subject.name, folder, row.id, reading, id, files)
        return view_page(inside, row, Asked(leaf, at, limit, after, hidden))


def open_backed_up_file(library: Library, export: str, id_: str, path: str) -> BackedUpBytes:
    """Open one file of a backup. Raises NotFound, PassphraseNeeded or StorageProblem."""
    with connected():
        found, _ = find_backup(library, export, id_)
        store, passphrase = open_store(library), passphrase_for(library, found)
    for entry in store.manifest(id_, passphrase=passphrase).entries:
        if entry.path == path and entry.kind == "file":
            file = store.open_file(id_, path, passphrase=passphrase)
            return BackedUpBytes(file, entry.size, entry.sha256)
    raise _no_such(path)


class _Inside(OpenedConversation):
    """A conversation inside a backup; its media are where the backup's manifest says."""

    def __init__(
        self,
        export: str,
        folder: ExportFolder,
        id_: str,
        reading: Reading,
        backup: str,
        files: Mapping[str, Entry],
    ) -> None:
        around = surroundings(folder)
        super().__init__(export, folder, id_, reading, around)
        self._backup = backup
        self._files = files
        self._inside = export
        self._places = around.assets
        self._conversation = id_

    def _find(self, asset: AssetReference) -> str | None:
        for pointer in (asset.pointer, *asset.alternatives):
            named = AssetReference(pointer, asset.kind, asset.name)
            path = self._places.get(asset_key(named, self._conversation))
            if path is not None and f"{MEDIA}/{path}" in self._files:
                return path
        return None

    def _size(self, path: str) -> int:
        return self._files[f"{MEDIA}/{path}"].size

    def _address(self, path: str) -> str:
        words = (quote(self._inside, safe=""), quote(self._backup), quote(path))
        return "/api/backups/media/" + "/".join(words)


def _opened(file: Path) -> tuple[Conversation, Reading]:
    """Read a conversation's file; answer what a list would tell of it, too."""
    whole = read_conversation(file)
    told = asdict(catalog_entry(index_conversation(whole), file, gone=False))
    fields = {name: told[name] for name in Conversation._meta.fields if name in told}
    return Conversation(**fields), Reading.of(whole)


def _bring(
    store: BackupStore, backup: str, path: str, folder: Path, passphrase: str | None
) -> None:
    target = join_inside(folder, path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with store.open_file(backup, path, passphrase=passphrase) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file)


class _Line(Struct):
    """One line of a folder: a file, or a folder with all that is below it."""

    name: str
    path: str
    kind: Kind
    size: int = 0
    mtime_ns: int = 0
    files: int = 0
    flags: tuple[str, ...] = ()


def _lines(manifest: Manifest, folder: str) -> list[_Line]:
    """Answer what is directly in a folder: folders first, each with what it holds in all."""
    inside = f"{folder}/" if folder else ""
    found: dict[str, _Line] = {}
    for entry in manifest.entries:
        path = entry.path
        if not path.startswith(inside) or path == folder:
            continue
        name, is_deeper, _ = path[len(inside) :].partition("/")
        if not is_deeper and entry.kind != "folder":
            found[name] = _line_of(entry, name)
            continue
        line = found.get(name)
        if line is None:
            line = found[name] = _Line(name, inside + name, "folder")
        line.mtime_ns = max(line.mtime_ns, entry.mtime_ns)
        if entry.kind == "file":
            line.size += entry.size
            line.files += 1
    return sorted(found.values(), key=_place)


def _matching(manifest: Manifest, folder: str, words: str) -> list[_Line]:
    """Answer files anywhere below a folder, by their path in it; a space finds an underscore."""
    inside = f"{folder}/" if folder else ""
    wanted = _plain(words.strip())
    found = [
        _line_of(entry, entry.path[len(inside) :])
        for entry in manifest.entries
        if entry.kind != "folder"
        and entry.path.startswith(inside)
        and wanted in _plain(entry.path[len(inside) :])
    ]
    return sorted(found, key=_place)


def _line_of(entry: Entry, name: str) -> _Line:
    return _Line(name, entry.path, entry.kind, entry.size, entry.mtime_ns, 0, entry.flags)


def _plain(text: str) -> str:
    return fold(text.replace("_", " "))


def _place(line: _Line) -> tuple[int, str, str]:
    return (line.kind != "folder", line.name.casefold(), line.name)


def _shown(line: _Line) -> FolderEntry:
    return FolderEntry(
        name=line.name,
        path=line.path,
        kind=line.kind,
        size_bytes=line.size,
        modified_at=moment_of(line.mtime_ns),
        files=line.files,
        flags=line.flags,
    )


def _is_folder(manifest: Manifest, path: str) -> bool:
    return any(entry.path == path and entry.kind == "folder" for entry in manifest.entries)


def _no_such(path: str) -> NotFound:
    return NotFound(
        f"There is no “{path[:200]}” in this backup.",
        hint="Its list of files shows what there is.",
        path=path[:200],
    )
