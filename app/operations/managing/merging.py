"""Making several exports one: an import whose parts are exports, so nothing gets poorer."""

from __future__ import annotations

import time

from app.errors import InvalidInput
from app.files.export_folder import ExportFolder
from app.files.sources.refusals import require_room
from app.files.staging import staged, told_as_problems
from app.library import Library
from app.operations.importing.from_exports import opened_exports
from app.operations.importing.parts import one_account
from app.operations.importing.run import ImportRun
from app.operations.importing.target import choose_target
from app.operations.imports import needed_bytes
from app.operations.indexing.writer import CatalogWriter
from app.operations.managing.results import MergedExports
from app.operations.named import export_row
from app.operations.results import ImportReport
from app.progress import Task
from db.models import Export


def chosen(library: Library, names: list[str], into: str) -> tuple[list[Export], str]:
    """Answer the exports to merge and what they are added to, if that is one of the library.

    Raises InvalidInput if fewer than two take part, NotFound if one is none.
    """
    rows = [export_row(library, name) for name in names if name.strip()]
    target = export_row(library, into) if into.strip() else None
    found = {row.row: row for row in rows if target is None or row.row != target.row}
    if len(found) + (target is not None) < 2:
        raise InvalidInput(
            "Merging takes at least two exports.",
            hint="Name another one. Nothing was changed.",
            name="names",
        )
    return list(found.values()), target.name if target else ""


def merge(
    library: Library, task: Task, rows: list[Export], *, into: str, name: str
) -> MergedExports:
    """Merge exports into one of them or a new one; those merged stay as they are.

    Raises InvalidInput if they are of different accounts or no place was said, Conflict if
    the name is taken, StorageProblem if the disk or a record lets us down.
    """
    if not into and not name.strip():
        raise InvalidInput(
            "Merging needs a place.",
            hint="Give the export to add them to (into), or a name for a new one.",
            name="into",
        )
    began = time.monotonic()
    task.step("opening")
    folders = [ExportFolder(library.exports / row.folder) for row in rows]
    with told_as_problems(library.root), staged(library.staging) as folder:
        (folder.parent / "scratch").mkdir()
        with opened_exports(folders) as parts, CatalogWriter() as writer:
            account = one_account(parts)
            target = choose_target(library, parts, account, name, into)
            require_room(needed_bytes(parts), library.root)
            apart = frozenset(row.folder for row in rows)
            run = ImportRun(
                library,
                task,
                parts,
                target,
                account,
                folder,
                writer,
                may_be_empty=True,
                apart=apart,
            )
            if run.store():
                run.publish()
    seconds = time.monotonic() - began
    report = run.tally.report(target.name, created=target.base is None, seconds=seconds)
    return _merged(report, rows)


def _merged(report: ImportReport, rows: list[Export]) -> MergedExports:
    return MergedExports(
        export=report.export,
        created=report.created,
        merged=tuple(row.name for row in rows),
        conversations=report.conversations,
        messages=report.messages,
        assets=report.assets,
        gone=report.gone,
        warnings=report.warnings,
        seconds=report.seconds,
    )
