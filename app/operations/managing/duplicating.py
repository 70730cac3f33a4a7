"""Making a second export of one: every file copied, a key and a name of its own."""

from __future__ import annotations

import uuid

import msgspec

from app.core.naming import key, numbered
from app.files.copying import copy_tree
from app.files.export_folder import ExportFolder
from app.files.sources.refusals import require_room
from app.files.staging import publish, staged, told_as_problems
from app.library import Library
from app.operations.importing.target import named_target
from app.operations.indexing.from_folder import index_folder
from app.operations.indexing.writer import CatalogWriter
from app.operations.managing.results import DuplicatedExport
from app.progress import Task
from db.models import Export


def duplicate(library: Library, task: Task, row: Export, typed: str) -> DuplicatedExport:
    """Copy an export out of sight, then rename the copy in and let the catalog know.

    Raises InvalidInput or Conflict for a name that cannot be, StorageProblem if the disk
    is full or the export's record is lost.
    """
    folder = ExportFolder(library.exports / row.folder)
    record = folder.record()
    taken = {key(path.name) for path in library.exports.iterdir()}
    name = typed if typed.strip() else numbered(f"{row.name} copy", taken)
    target = named_target(name, taken)
    require_room(row.size_bytes, library.root)
    done = 0

    def count(moved: int, item: str) -> None:
        nonlocal done
        done += moved
        task.step("copying", min(done, row.size_bytes), row.size_bytes, item, "bytes")

    with told_as_problems(library.root), staged(library.staging) as draft:
        copy_tree(folder.path, draft, count)
        task.step("finishing")
        own = msgspec.structs.replace(record, id=str(uuid.uuid4()), name=target.name, renaming="")
        ExportFolder(draft).write_record(own)
        task.step("finishing")  # the last moment to stop it
        place = library.exports / target.folder
        publish(draft, place)
    with CatalogWriter() as writer:
        index_folder(writer, ExportFolder(place), Task())  # the copy is there: no stopping now
        writer.commit()
    return DuplicatedExport(own.id, target.name, str(place), row.name, row.size_bytes)
