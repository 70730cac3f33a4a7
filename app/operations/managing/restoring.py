"""Putting back what was deleted, while it is in the trash."""

from __future__ import annotations

from pathlib import Path

from app.core.naming import folder_name, key, numbered
from app.errors import NotFound
from app.files.export_folder import ExportFolder
from app.files.staging import move_folder, told_as_problems
from app.library import Library
from app.operations.indexing.from_folder import index_folder
from app.operations.indexing.writer import CatalogWriter
from app.operations.managing.deleting import (
    DeletionNote,
    forget,
    found_again,
    notes,
    trashes_of,
    went,
)
from app.operations.managing.results import RecentlyDeleted, RestoredExport
from app.progress import Task


def recently_deleted(library: Library) -> list[RecentlyDeleted]:
    """List what can be put back, the last deleted first."""
    listed, trashes = [], trashes_of(library)
    for note in notes(library):
        found = found_again(library, note, trashes)
        if found is not None:
            listed.append(
                RecentlyDeleted(
                    id=note.id,
                    name=note.name,
                    deleted_at=note.deleted_at,
                    went=went(library, found),
                    place=str(found.place),
                    conversation_count=note.conversations,
                    size_bytes=note.size_bytes,
                )
            )
    return listed


def forget_emptied(library: Library) -> None:
    """Remove the notes of what is in no trash any more."""
    trashes = trashes_of(library)
    for note in notes(library):
        if found_again(library, note, trashes) is None:
            forget(library, note)


def put_back(library: Library, id_: str, task: Task) -> RestoredExport:
    """Move an export from the trash to where it was, or beside what has its name now.

    Raises NotFound if the trash no longer has it, StorageProblem if the disk refuses.
    """
    note = next((each for each in notes(library) if each.id == id_), None)
    found = found_again(library, note, trashes_of(library)) if note is not None else None
    if note is None or found is None:
        raise NotFound(
            "This is not in the trash any more.",
            hint="A backup may still have it. Nothing was changed.",
            id=id_[:80],
        )
    target = _place(library, note)
    with told_as_problems(library.root):
        move_folder(found.place, target)
        found.forget_note()
        forget(library, note)
    with CatalogWriter() as writer:
        index_folder(writer, ExportFolder(target), task)
        writer.commit()
    folder = ExportFolder(target)
    return RestoredExport(note.key, folder.name, str(target), renamed=target.name != note.folder)


def _place(library: Library, note: DeletionNote) -> Path:
    taken = {key(path.name) for path in library.exports.iterdir()}
    if key(note.folder) not in taken:
        return library.exports / note.folder  # as it was, also where a person had named it
    return library.exports / folder_name(numbered(note.folder, taken))
