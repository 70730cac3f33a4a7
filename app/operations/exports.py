"""What there is: exports in a list, one in full, and whether they are whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Literal

from app.core.problems import Problem
from app.core.text import fold
from app.errors import Conflict, StorageProblem
from app.files.export_folder import ExportFolder, read_conversation
from app.library import Library
from app.operations.indexing.health import lasting_problems, remembered
from app.operations.managing.details import details, figures
from app.operations.managing.results import ExportDetails
from app.operations.named import export_row
from app.operations.results import ExportHealth, ExportSummary, Health
from app.progress import Task
from db import assets, backups, conversations
from db import exports as catalog
from db.models import Export

MOST_MISSING = 200  # missing media named one by one; the rest are counted


def list_exports(
    library: Library,
    *,
    search: Annotated[str, "only exports whose name holds this"] = "",
    sort: Annotated[
        Literal["name", "created", "updated", "size", "conversations", "messages"], "order"
    ] = "created",
) -> list[ExportSummary]:
    """List the exports of the library."""
    wanted = fold(search)
    found = [row for row in catalog.every() if wanted in fold(row.name)]
    saved = backups.last_times()
    return [_summary(library, row, saved) for row in sorted(found, key=_ORDER[sort])]


_ORDER: Mapping[str, Callable[[Export], Any]] = {
    "name": lambda row: (fold(row.name), row.name),
    "created": lambda row: -row.created_at,
    "updated": lambda row: -row.updated_at,
    "size": lambda row: -row.size_bytes,
    "conversations": lambda row: -row.conversation_count,
    "messages": lambda row: -row.message_count,
}


def show_export(library: Library, *, export: Annotated[str, "the export's name"]) -> ExportDetails:
    """Show one export: what it was made of, what it holds, whether it is whole."""
    return details(library, export_row(library, export))


def check_exports(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name; all of them if left out"] = "",
) -> Health:
    """Check that every file of an export is there and can be read."""
    rows = [export_row(library, export)] if export else catalog.every()
    found = tuple(check_export(library, row, task) for row in rows)
    return Health(
        ok=all(each.ok for each in found),
        checked=sum(each.checked for each in found),
        problems=tuple(problem for each in found for problem in each.problems),
        exports=found,
    )


def _summary(library: Library, row: Export, saved: Mapping[str, float]) -> ExportSummary:
    return ExportSummary(
        **figures(library, row, saved.get(row.key)),
        sources=row.source_count,
        problems=row.problem_count,
    )


def check_export(library: Library, row: Export, task: Task) -> ExportHealth:
    """Look at every file of one export; the catalog remembers what was found."""
    folder = ExportFolder(library.exports / row.folder)
    files = sorted(folder.conversation_files())
    lasting = lasting_problems(folder, folder.seen_record())
    problems = [*lasting, *_file_problems(files, task)]
    problems += _difference(conversations.files(row.row), {file.name for file in files})
    media = folder.assets()
    problems += _media_problems(folder, sorted(set(media.values())), task)
    problems += _missing(row)
    _remember(library, row, problems)
    ok = not any(problem.loss for problem in problems)
    return ExportHealth(row.name, ok, len(files) + len(media), tuple(problems))


def _remember(library: Library, row: Export, problems: list[Problem]) -> None:
    """Let the list tell what was found; where another writes, the next check will."""
    with suppress(Conflict), library.writing():
        catalog.change(row.row, {**remembered(problems), "checked_at": library.clock().timestamp()})


def _file_problems(files: list[Path], task: Task) -> Iterator[Problem]:
    for number, file in enumerate(files):
        task.step("checking conversations", number, len(files), unit="conversations")
        try:
            read_conversation(file)
        except StorageProblem as problem:
            yield Problem("damaged-file", problem.message, file.name, problem.hint, loss=True)


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
