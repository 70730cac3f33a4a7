"""The catalog made again from the folders alone."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from app.core.problems import Problem
from app.files.export_folder import ExportFolder, export_folders
from app.files.staging import recover
from app.library import Library
from app.operations.indexing.from_folder import index_folder
from app.operations.indexing.writer import CatalogWriter
from app.operations.managing.following import separate_copies
from app.operations.migrating.history import follow_runs
from app.operations.results import RebuiltCatalog
from app.progress import Task
from db import exports


def rebuild_catalog(library: Library, task: Task) -> RebuiltCatalog:
    """Make the catalog again from the exports' folders alone."""
    began = time.monotonic()
    recover(library.staging, library.exports)
    folders = export_folders(library.exports)
    separate_copies(library, folders)
    problems = _index(folders, sorted(exports.stamps()), task)
    problems += follow_runs(library)
    totals = exports.totals()
    return RebuiltCatalog(
        exports=totals["exports"],
        conversations=totals["conversations"],
        messages=totals["messages"],
        problems=tuple(problems),
        seconds=round(time.monotonic() - began, 3),
    )


def _index(changed: list[Path], vanished: list[str], task: Task) -> list[Problem]:
    problems: list[Problem] = []
    with CatalogWriter() as writer:
        for name in vanished:
            writer.do(partial(exports.remove, name))
        for path in changed:
            problems += index_folder(writer, ExportFolder(path), task)
        writer.commit()
    return problems
