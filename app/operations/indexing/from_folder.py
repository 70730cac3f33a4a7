"""An export's catalog rows, made again from its folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from app.core.conversation.indexing import index_conversation
from app.core.problems import Problem
from app.errors import StorageProblem
from app.files.asset_places import asset_key
from app.files.export_folder import ExportFolder, ExportRecord, read_conversation
from app.operations.indexing.batches import Indexer
from app.operations.indexing.entries import catalog_entry, new_use
from app.operations.indexing.figures import write_row
from app.operations.indexing.health import missing_parts
from app.operations.indexing.writer import CatalogWriter
from app.progress import Task
from db import assets, exports
from db.assets import NewUse


def index_folder(writer: CatalogWriter, folder: ExportFolder, task: Task) -> list[Problem]:
    """Queue everything that makes the catalog know an export; answer what was unreadable."""
    record = folder.seen_record()
    rows: list[int] = []
    writer.do(lambda: rows.append(exports.begin(record.id, folder.name, folder.path.name)))
    writer.wait()
    (row,) = rows
    writer.do(partial(exports.empty, row))
    files = sorted(folder.conversation_files())
    problems = index_files(writer, row, folder, record, files, task)
    writer.do(partial(write_row, row, folder, record, folder.name, {}, problems))
    return [*missing_parts(folder), *problems]


def index_files(
    writer: CatalogWriter,
    row: int,
    folder: ExportFolder,
    record: ExportRecord,
    files: Sequence[Path],
    task: Task,
) -> list[Problem]:
    """Queue these conversations, with the media they use; answer what was unreadable."""
    indexer = Indexer(writer, row)
    gone = frozenset(record.gone)
    places = folder.assets()
    problems: list[Problem] = []
    uses: list[NewUse] = []
    for number, file in enumerate(files):
        task.step("indexing", number, len(files), folder.path.name, "conversations")
        try:
            indexed = index_conversation(read_conversation(file))
        except StorageProblem as problem:
            problems.append(
                Problem("damaged-file", problem.message, file.name, problem.hint, loss=True)
            )
            continue
        id_ = indexed.facts.id
        indexer.add(catalog_entry(indexed, file, gone=id_ in gone))
        uses += [
            new_use(id_, message.id, asset, places.get(asset_key(asset, id_)), message.created)
            for message in indexed.messages
            for asset in message.assets
        ]
    indexer.flush()
    writer.do(partial(assets.add_uses, row, uses))
    return problems
