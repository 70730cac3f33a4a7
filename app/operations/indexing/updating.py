"""An export's catalog rows brought up to date with the files that changed, and no others."""

from __future__ import annotations

from functools import partial

from app.core.problems import Problem
from app.files.export_folder import ExportFolder
from app.operations.indexing.figures import write_row
from app.operations.indexing.from_folder import index_files, index_folder
from app.operations.indexing.health import missing_parts
from app.operations.indexing.writer import CatalogWriter
from app.progress import Task
from db import conversations
from db.models import Export


def update_folder(
    writer: CatalogWriter, folder: ExportFolder, row: Export, task: Task
) -> list[Problem]:
    """Queue what changed of an export the catalog knows; answer what was unreadable.

    Only files that look different are read, unless an import made the export another one.
    """
    record = folder.seen_record()
    same = record.id == row.key and record.updated_at.timestamp() == row.updated_at
    known = writer.ask(partial(conversations.states, row.row)) if same else {}
    found = folder.file_states()
    changed = [
        name for name, state in found.items() if name not in known or known[name][1:] != state
    ]
    if not same or 2 * len(changed) > len(found):
        return index_folder(writer, folder, task)
    old = [known[name][0] for name in known if name not in found or name in set(changed)]
    writer.do(partial(conversations.remove, old))
    files = [folder.conversation_path(name) for name in sorted(changed)]
    problems = index_files(writer, row.row, folder, record, files, task)
    writer.do(partial(conversations.mark_gone, row.row, record.gone))
    writer.do(partial(write_row, row.row, folder, record, folder.name, {}, problems))
    return [*missing_parts(folder), *problems]
