"""An export made known by its record alone: it is in the lists at once, and read at the next look.

What is in it takes a while to read and to index; who only brings it back need not wait for that.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from app.core.problems import Problem
from app.errors import StorageProblem
from app.files.export_folder import ExportFolder
from app.operations.indexing.writer import CatalogWriter
from db import exports

UNREAD = ""  # the stamp of rows that are not, or not yet, what is in the folder


def register(path: Path) -> list[Problem]:
    """Let the catalog know that another state, or a new export, stands in a folder.

    Of a new one the list's entry is made; what was known of an earlier state stays until it
    is read. The folder is there whatever comes of this: what went wrong is answered.
    """
    try:
        with CatalogWriter() as writer:
            writer.do(partial(_register, ExportFolder(path)))
            writer.commit()
    except StorageProblem as problem:
        return [Problem("not-indexed", problem.message, path.name, "Run “catalog rebuild”.")]
    return []


def _register(folder: ExportFolder) -> None:
    known = exports.by_folder(folder.path.name)
    if known is not None:
        exports.change(known.row, {"stamp": UNREAD})
        return
    record = folder.seen_record()
    times = {
        "created_at": record.created_at.timestamp(),
        "updated_at": record.updated_at.timestamp(),
    }
    exports.change(exports.begin(record.id, folder.name, folder.path.name), times)
