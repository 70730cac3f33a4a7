"""Undoing a migration: what it made is moved away, if nobody has changed it since."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec

from app.errors import Conflict, StorageProblem
from app.files.export_folder import ExportFolder, export_folders
from app.files.trash import move_to_trash
from app.library import Library
from app.operations.indexing.writer import CatalogWriter
from app.operations.migrating.history import ExportState, RunFile, export_state, write_run
from app.operations.migrating.results import UndoneExport, UndoneMigration
from db import exports


def undo(library: Library, run: RunFile) -> UndoneMigration:
    """Move every export the run made, and nobody changed, to the trash.

    Raises Conflict if the run was undone before.
    """
    report = run.report
    if report.undone_at is not None:
        raise Conflict(
            "This migration was undone already.",
            hint="What it made is in the library's .trash folder until you empty that.",
            run=report.run,
        )
    found = tuple(_undo_export(library, state) for state in run.exports)
    if all(each.removed for each in found):
        told = replace(report, undone_at=library.clock())
        write_run(library, msgspec.structs.replace(run, report=told))
    return UndoneMigration(report.run, found)


def _undo_export(library: Library, state: ExportState) -> UndoneExport:
    path = _find(library, state)
    if path is None:
        return UndoneExport(state.folder, True, "", "It is not in the library any more.")
    if not state.made:
        why = "It was there before: what the migration added to it cannot be taken out again."
        return UndoneExport(path.name, False, "", why)
    now = export_state(path, made=True)
    if (now.revision, now.tree) != (state.revision, state.tree):
        why = "It was changed since; delete it yourself if you do not want it."
        return UndoneExport(path.name, False, "", why)
    place = move_to_trash(path, library.trash, library.clock())
    with CatalogWriter() as writer:
        writer.do(partial(exports.remove, path.name))
        writer.commit()
    return UndoneExport(path.name, True, str(place), "")


def _find(library: Library, state: ExportState) -> Path | None:
    """Find the export by its id: its folder may have been renamed."""
    for path in export_folders(library.exports):
        try:
            if ExportFolder(path).record().id == state.id:
                return path
        except StorageProblem:
            continue
    return None
