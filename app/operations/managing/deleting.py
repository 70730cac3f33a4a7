"""Deleting exports: to the trash with a note that leads back, or for good.

The note is written before anything moves, and knows the folder by its number on the disk:
wherever a trash put it, and whenever the program was killed, it is found again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from app.errors import InvalidInput, NotFound, StorageProblem
from app.files.desktop.bins import Contents, Found, look
from app.files.export_folder import ExportFolder
from app.files.staging import move_folder, placed, staged, told_as_problems
from app.files.trash import Identity, Went, trash_folder
from app.library import Library
from app.operations.managing.results import DeletedExport
from db import exports
from db.models import Export

_NOT_FOUND_AGAIN = "It is in the system's trash: open that and put it back from there."


class DeletionNote(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One deletion, as its file in the library's `.deleted` remembers it.

    ``key`` is the export's own id. ``inode`` and ``device`` are its folder's on the disk.
    """

    id: str
    name: str
    folder: str
    key: str
    deleted_at: datetime
    device: int
    inode: int
    conversations: int = 0
    size_bytes: int = 0


def delete(library: Library, row: Export, *, permanently: bool) -> DeletedExport:
    """Delete one export: its folder, then the catalog's rows.

    Raises Conflict if it is in use, NotFound if its folder is gone already, StorageProblem
    if the disk refuses.
    """
    path = library.exports / row.folder
    identity = Identity.of(path)
    if identity is None:
        raise NotFound(
            f"The folder of “{row.name}” is gone already.", hint="The list will know in a moment."
        )
    with told_as_problems(library.root):
        if permanently:
            told = _remove(library, row, path)
        else:
            with library.taking(row.name, row.folder):
                told = _trash(library, row, path, identity)
    exports.remove(row.folder)
    return told


def require_confirmed(names: list[str], confirm: str, *, yes: bool) -> None:
    """Raise InvalidInput unless the names were typed again, one a line."""
    typed = sorted(line.strip() for line in confirm.splitlines() if line.strip())
    if not yes and typed != sorted(name.strip() for name in names):
        raise InvalidInput(
            "Deleting for good cannot be undone, so the name has to be given again.",
            hint="Give it as “confirm” (of several, one a line), or with --yes. "
            "Nothing was deleted.",
            name="confirm",
        )


def found_again(library: Library, note: DeletionNote, trashes: Contents) -> Found | None:
    """Find a deleted export in a trash; None once that was emptied."""
    for found in trashes.candidates(library.exports / note.folder):
        identity = Identity.of(found.place)
        if identity is not None and _is_it(found.place, identity, note):
            return found
    return None


def trashes_of(library: Library) -> Contents:
    """Look into the trashes that may hold exports of this library."""
    return look(library.exports, library.trash)


def _is_it(place: Path, identity: Identity, note: DeletionNote) -> bool:
    if (identity.device, identity.inode) == (note.device, note.inode):
        return True
    try:
        return bool(note.key) and ExportFolder(place).record().id == note.key
    except StorageProblem:
        return False


def went(library: Library, found: Found) -> Went:
    """Tell which trash something was found in."""
    return "library-trash" if found.place.parent == library.trash else "trash"


def notes(library: Library) -> Iterator[DeletionNote]:
    """Yield what was deleted, the last first."""
    found = []
    for file in library.deleted.glob("*.json"):
        try:
            found.append(msgspec.json.decode(file.read_bytes(), type=DeletionNote))
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue  # half a note leads nowhere; the trash itself still has what it was of
    yield from sorted(found, key=lambda note: note.deleted_at, reverse=True)


def forget(library: Library, note: DeletionNote) -> None:
    """Remove the note of a deletion that was undone, or cannot be any more."""
    (library.deleted / f"{note.id}.json").unlink(missing_ok=True)


def _trash(library: Library, row: Export, path: Path, identity: Identity) -> DeletedExport:
    note = DeletionNote(
        id=secrets.token_hex(6),
        name=row.name,
        folder=row.folder,
        key=row.key,
        deleted_at=library.clock(),
        device=identity.device,
        inode=identity.inode,
        conversations=row.conversation_count,
        size_bytes=row.size_bytes,
    )
    library.deleted.mkdir(exist_ok=True)
    with placed(library.staging, library.deleted / f"{note.id}.json") as draft:
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(note), indent=2))
    where = trash_folder(path, library.trash, library.staging, note.deleted_at)
    found = found_again(library, note, trashes_of(library))
    if found is None:
        forget(library, note)
        return DeletedExport(row.name, "deleted", where, hint=_NOT_FOUND_AGAIN)
    return DeletedExport(row.name, "deleted", where, str(found.place), note.id)


def _remove(library: Library, row: Export, path: Path) -> DeletedExport:
    """Delete a folder for good: out of sight in one step, then file by file.

    Killed on the way, what is left of it goes when the staging folder is next cleared.
    """
    with staged(library.staging) as folder, library.taking(row.name, row.folder):
        move_folder(path, folder / path.name)
    return DeletedExport(row.name, "deleted", "gone")
