"""What there is: exports in a list, one in full, and whether they are whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from app.core.naming import folder_name
from app.core.problems import Problem
from app.errors import NotFound, StorageProblem
from app.files.export_folder import ExportFolder, ExportRecord, find_export, read_conversation
from app.library import Library
from app.operations.moments import moment
from app.operations.results import (
    ConversationCounts,
    ExportDetails,
    ExportHealth,
    ExportSummary,
    Health,
    SourceSummary,
)
from app.progress import Task
from db import assets, conversations
from db import exports as catalog
from db.models import Export

MOST_MISSING = 200  # missing media named one by one; the rest are counted


def list_exports(
    library: Library,
    *,
    search: Annotated[str, "only exports whose name holds this"] = "",
    sort: Annotated[Literal["name", "created", "size", "conversations"], "order"] = "created",
) -> list[ExportSummary]:
    """List the exports of the library."""
    wanted = search.casefold()
    found = [row for row in catalog.every() if wanted in row.name.casefold()]
    order = {
        "name": lambda row: row.name.casefold(),
        "created": lambda row: -row.created_at,
        "size": lambda row: -row.size_bytes,
        "conversations": lambda row: -row.conversation_count,
    }
    return [_summary(library, row) for row in sorted(found, key=order[sort])]


def show_export(library: Library, *, export: Annotated[str, "the export's name"]) -> ExportDetails:
    """Show one export: what it was made of, what it holds, whether it is whole."""
    row = export_row(library, export)
    record = ExportFolder(library.exports / row.folder).record()
    summary = _summary(library, row)
    return ExportDetails(
        **{name: getattr(summary, name) for name in ExportSummary.__dataclass_fields__},
        account=record.account_label,
        sources=_sources(record),
        models=json.loads(row.models),
        media_bytes=json.loads(row.media_bytes),
        missing_media=row.missing_count,
        health="problems" if any(source.failed for source in record.sources) else "good",
    )


def check_exports(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name; all of them if left out"] = "",
) -> Health:
    """Check that every file of an export is there and can be read."""
    rows = [export_row(library, export)] if export else catalog.every()
    found = tuple(_health(library, row, task) for row in rows)
    return Health(
        ok=all(each.ok for each in found),
        checked=sum(each.checked for each in found),
        problems=tuple(problem for each in found for problem in each.problems),
        exports=found,
    )


def export_row(library: Library, name: str) -> Export:
    """Answer the catalog's row of an export. Raises NotFound."""
    row = catalog.by_folder(folder_name(name)) if name.strip() else None
    row = row or catalog.by_folder(find_export(library.exports, name).path.name)
    if row is None:
        raise NotFound(
            f"“{name}” is in the folder but not in the catalog yet.",
            hint="Wait a moment, or run “catalog rebuild”.",
            export=name,
        )
    return row


def _summary(library: Library, row: Export) -> ExportSummary:
    return ExportSummary(
        name=row.name,
        path=str(library.exports / row.folder),
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        updated_at=datetime.fromtimestamp(row.updated_at, UTC),
        conversation_count=row.conversation_count,
        message_count=row.message_count,
        media_count=row.media_count,
        size_bytes=row.size_bytes,
        first_message_at=moment(row.first_message_at),
        last_message_at=moment(row.last_message_at),
        months=json.loads(row.months),
    )


def _sources(record: ExportRecord) -> tuple[SourceSummary, ...]:
    return tuple(
        SourceSummary(
            name=source.name,
            kind=source.kind,
            layout=source.layout,
            imported_at=source.imported_at,
            exported_at=source.exported_at,
            conversations=ConversationCounts(
                source.added, source.updated, source.unchanged, source.failed
            ),
            bytes=source.bytes,
        )
        for source in record.sources
    )


def _health(library: Library, row: Export, task: Task) -> ExportHealth:
    folder = ExportFolder(library.exports / row.folder)
    files = sorted(folder.conversation_files())
    problems = [*_record_problems(folder), *_file_problems(folder, files, task)]
    problems += _difference(conversations.files(row.row), {file.name for file in files})
    media = folder.assets()
    problems += _media_problems(folder, sorted(set(media.values())), task)
    problems += _missing(row)
    ok = not any(problem.loss for problem in problems)
    return ExportHealth(row.name, ok, len(files) + len(media), tuple(problems))


def _record_problems(folder: ExportFolder) -> Iterator[Problem]:
    try:
        folder.record()
    except StorageProblem as problem:
        yield Problem("damaged-file", problem.message, "export.json", problem.hint, loss=True)


def _file_problems(folder: ExportFolder, files: list[Path], task: Task) -> Iterator[Problem]:
    for number, file in enumerate(files):
        task.step("checking conversations", number, len(files), unit="conversations")
        try:
            read_conversation(file)
        except StorageProblem as problem:
            yield Problem("damaged-file", problem.message, file.name, problem.hint, loss=True)
    for parent, _, names in os.walk(folder.path / "damaged"):
        for name in sorted(names):
            yield Problem(
                "kept-damaged",
                "Part of a source could not be read; its bytes are kept as they came.",
                str(Path(parent, name).relative_to(folder.path)),
                "Import the archive again if you have another copy of it.",
            )


def _difference(known: set[str], found: set[str]) -> Iterator[Problem]:
    for file in sorted(known - found):
        yield Problem(
            "gone-file",
            "A conversation's file is gone from the folder.",
            file,
            "Put it back from a backup or the trash, or import the archive again.",
            loss=True,
        )
    for file in sorted(found - known):
        yield Problem(
            "added-file",
            "A file was added to the folder since it was last looked at.",
            file,
            "Run “catalog rebuild” to take it in.",
        )


def _media_problems(folder: ExportFolder, paths: list[str], task: Task) -> Iterator[Problem]:
    for number, path in enumerate(paths):
        task.step("checking media", number, len(paths), unit="files")
        file = folder.media / path
        if not file.is_file():
            yield Problem(
                "gone-file",
                "A media file is gone from the folder.",
                f"media/{path}",
                "Put it back from a backup or the trash, or import the archive again.",
                loss=True,
            )
        elif file.stat().st_size == 0:
            yield Problem(
                "empty-file", "A media file is empty, as it was in the archive.", f"media/{path}"
            )


def _missing(row: Export) -> Iterator[Problem]:
    for use in assets.missing(row.row, MOST_MISSING):
        yield Problem(
            "missing-media",
            "A file a message refers to was not in the archive.",
            f"{use.conversation.title or 'Untitled'}: "
            f"{use.pointer.removeprefix(use.conversation.id + '/')}",
            "An older or newer archive of the same account may still hold it: import it into "
            "this export.",
        )
