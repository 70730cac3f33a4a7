"""The operations of managing exports, as the table has them."""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace

from app.errors import InvalidInput
from app.files.desktop.reveal import reveal
from app.library import Library
from app.operations.exports import check_export, list_exports
from app.operations.indexing.health import NOTES, REMEMBERED
from app.operations.managing import (
    comparing,
    deleting,
    duplicating,
    following,
    merging,
    renaming,
    restoring,
    statistics,
)
from app.operations.managing.followed import Followed
from app.operations.managing.many import Outcome, each_export
from app.operations.managing.results import (
    CheckedExport,
    CheckedExports,
    Comparison,
    DeletedExport,
    DeletedExports,
    DuplicatedExport,
    MergedExports,
    RecentlyDeleted,
    RenamedExport,
    RestoredExport,
    RevealedExport,
    Statistics,
)
from app.operations.named import export_row
from app.operations.results import ExportHealth
from app.progress import Task
from db import backups as index
from db import exports as catalog

MOST_NAMED = 10_000  # of one list of a comparison

Export = Annotated[str, "the export's name"]
Permanently = Annotated[bool, "delete for good, past the trash"]
Confirm = Annotated[str, "for deleting for good: the name once more; of several, one a line"]
Yes = Annotated[bool, "delete for good without giving the name again"]


def rename_export(
    library: Library, *, export: Export, name: Annotated[str, "what to call it from now on"]
) -> RenamedExport:
    """Rename an export; its folder is renamed with it."""
    return renaming.rename(library, export_row(library, export), name)


def delete_export(
    library: Library,
    *,
    export: Export,
    permanently: Permanently = False,
    confirm: Confirm = "",
    yes: Yes = False,
) -> DeletedExport:
    """Delete an export: to the trash, from where it can be put back."""
    row = export_row(library, export)
    if permanently:
        deleting.require_confirmed([row.name], confirm, yes=yes)
    restoring.forget_emptied(library)
    return deleting.delete(library, row, permanently=permanently)


def delete_exports(
    library: Library,
    task: Task,
    *,
    names: Annotated[list[str], "the exports' names"],
    permanently: Permanently = False,
    confirm: Confirm = "",
    yes: Yes = False,
) -> DeletedExports:
    """Delete exports: to the trash, from where they can be put back."""
    if permanently:
        deleting.require_confirmed(names, confirm, yes=yes)
    restoring.forget_emptied(library)

    def delete(name: str, _task: Task) -> DeletedExport:
        return deleting.delete(library, export_row(library, name), permanently=permanently)

    items = tuple(map(_deleted, each_export(names, "deleting", task, delete)))
    return DeletedExports(items, stopped=any(each.status == "skipped" for each in items))


def _deleted(outcome: Outcome[DeletedExport]) -> DeletedExport:
    if outcome.error is not None:
        return DeletedExport(outcome.name, "failed", error=outcome.error)
    return outcome.result or DeletedExport(outcome.name, "skipped")


def list_deleted(library: Library) -> list[RecentlyDeleted]:
    """List the exports that were deleted and are still in the trash."""
    return restoring.recently_deleted(library)


def restore_deleted(
    library: Library, task: Task, *, id: Annotated[str, "which, by its id in the list"]
) -> RestoredExport:
    """Put a deleted export back from the trash."""
    return restoring.put_back(library, id, task)


def show_statistics(library: Library) -> Statistics:
    """Show the library in numbers: how much, since when, what takes the space."""
    return statistics.statistics(catalog.every(), list_exports(library))


def check_exports(
    library: Library, task: Task, *, names: Annotated[list[str], "the exports' names"]
) -> CheckedExports:
    """Check that every file of several exports is there and can be read."""

    def check(name: str, within: Task) -> ExportHealth:
        return check_export(library, export_row(library, name), within)

    items = tuple(map(_checked, each_export(names, "checking", task, check)))
    return CheckedExports(items, stopped=any(each.status == "skipped" for each in items))


def _checked(outcome: Outcome[ExportHealth]) -> CheckedExport:
    found = outcome.result
    if found is None:
        return CheckedExport(
            outcome.name, "failed" if outcome.error else "skipped", error=outcome.error
        )
    worth = [problem for problem in found.problems if problem.code not in NOTES]
    return CheckedExport(
        found.export,
        "problems" if worth else "good",
        found.checked,
        len(worth),
        tuple(worth[:REMEMBERED]),
    )


def duplicate_export(
    library: Library,
    task: Task,
    *,
    export: Export,
    name: Annotated[str, "what to call the copy"] = "",
) -> DuplicatedExport:
    """Make a second export of one, with all its files."""
    return duplicating.duplicate(library, task, export_row(library, export), name)


def merge_exports(
    library: Library,
    task: Task,
    *,
    names: Annotated[list[str], "the exports to merge"],
    into: Annotated[str, "the export to add them to"] = "",
    name: Annotated[str, "what to call a new export made of them"] = "",
    remove: Annotated[bool, "send those merged to the trash afterwards"] = False,
) -> MergedExports:
    """Merge exports into one of them or a new one; nothing gets poorer."""
    rows, target = merging.chosen(library, names, into)
    merged = merging.merge(library, task, rows, into=target, name=name)
    lossy = merged.conversations.failed or any(each.loss for each in merged.warnings)
    if not remove or lossy:
        return merged
    restoring.forget_emptied(library)
    names = [row.name for row in rows]

    def delete(each: str, _task: Task) -> DeletedExport:
        return deleting.delete(library, export_row(library, each), permanently=False)

    deleted = tuple(map(_deleted, each_export(names, "deleting", Task(), delete)))
    return replace(merged, deleted=deleted)


def reveal_export(library: Library, *, export: Export) -> RevealedExport:
    """Show an export's folder in the system's file manager."""
    row = export_row(library, export)
    reveal(library.exports / row.folder)
    return RevealedExport(row.name, str(library.exports / row.folder))


def follow_exports(
    library: Library,
    task: Task,
    *,
    quick: Annotated[bool, "do not look for files edited where they stand"] = False,
) -> Followed:
    """Follow what was done to the folders in the file manager."""
    from app.operations.backups.known.index import follow_backups  # few commands need it

    found = following.follow(library, task, thorough=not quick)
    before = index.stamps()
    follow_backups(library, asking=False)
    return replace(found, backups=index.stamps() != before)


def compare_exports(
    library: Library,
    task: Task,
    *,
    a: Annotated[str, "the export to compare"],
    b: Annotated[str, "another export, or the path of a newer archive"],
    limit: Annotated[int, "how many of each list to name"] = 200,
) -> Comparison:
    """Compare an export with another one, or with an archive before it is imported."""
    if not 0 <= limit <= MOST_NAMED:
        raise InvalidInput(f"limit must be a number up to {MOST_NAMED:,}.", name="limit")
    return comparing.compare(library, task, export_row(library, a), b, limit)
