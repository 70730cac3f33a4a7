"""The operations of managing exports, as the table has them."""

from __future__ import annotations

from typing import Annotated

from app.library import Library
from app.operations.exports import export_row, list_exports
from app.operations.managing import deleting, renaming, restoring, statistics
from app.operations.managing.many import Outcome, each_export
from app.operations.managing.results import (
    DeletedExport,
    DeletedExports,
    RecentlyDeleted,
    RenamedExport,
    RestoredExport,
    Statistics,
)
from app.progress import Task
from db import exports as catalog

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
