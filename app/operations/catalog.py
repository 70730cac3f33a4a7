"""Keeping the catalog true to the folders: at every start, and from nothing on request."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from app.core.problems import Problem
from app.errors import Conflict, StorageProblem
from app.files.export_folder import ExportFolder, export_folders
from app.files.staging import recover
from app.library import Library
from app.operations.indexing.from_folder import index_folder
from app.operations.indexing.writer import CatalogWriter
from app.operations.migrating.history import follow_runs
from app.operations.results import RebuiltCatalog
from app.progress import Task
from db import exports
from db.connection import connected


def rebuild_catalog(library: Library, task: Task) -> RebuiltCatalog:
    """Make the catalog again from the exports' folders alone."""
    began = time.monotonic()
    recover(library.staging, library.exports)
    problems = _index(export_folders(library.exports), sorted(exports.stamps()), task)
    problems += follow_runs(library)
    totals = exports.totals()
    return RebuiltCatalog(
        exports=totals["exports"],
        conversations=totals["conversations"],
        messages=totals["messages"],
        problems=tuple(problems),
        seconds=round(time.monotonic() - began, 3),
    )


def follow_folders(library: Library, task: Task) -> list[Problem]:
    """Bring the catalog up to date with what happened to the folders meanwhile.

    Looks at nothing but each export's `export.json`; reads only exports that changed.
    Where another process is writing, it is left to that process.
    """
    with connected():
        changed, vanished = _differences(library)
        if not changed and not vanished and not library.staging.exists():
            return []
        try:
            with library.writing():
                recover(library.staging, library.exports)
                changed, vanished = _differences(library)
                return _index(changed, vanished, task)
        except Conflict:
            return []


def _differences(library: Library) -> tuple[list[Path], list[str]]:
    """Answer the folders to index anew, and the names the catalog should forget."""
    known = exports.stamps()
    present = export_folders(library.exports)
    changed = [path for path in present if known.get(path.name) != ExportFolder(path).stamp()]
    vanished = sorted(known.keys() - {path.name for path in present})
    return changed, vanished


def _index(changed: list[Path], vanished: list[str], task: Task) -> list[Problem]:
    problems: list[Problem] = []
    with CatalogWriter() as writer:
        for name in vanished:
            writer.do(partial(exports.remove, name))
        for path in changed:
            try:
                problems += index_folder(writer, ExportFolder(path), task)
            except StorageProblem as problem:
                problems.append(
                    Problem("damaged-file", problem.message, path.name, problem.hint, loss=True)
                )
        writer.commit()
    return problems
