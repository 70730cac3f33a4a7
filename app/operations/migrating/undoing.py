"""Undoing a migration: what it made is moved away, if nobody has changed it since."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from app.errors import Cancelled, Conflict, StorageProblem
from app.files.export_folder import ExportFolder, export_folders
from app.files.legacy.fingerprint import files_below, listing
from app.files.staging import (
    exchange,
    link_or_copy,
    link_tree,
    remove_tree,
    staged,
    told_as_problems,
)
from app.files.trash import move_to_trash
from app.library import Library
from app.operations.indexing.from_folder import index_folder
from app.operations.indexing.writer import CatalogWriter
from app.operations.migrating.earlier import kept_place
from app.operations.migrating.history import ExportState, RunFile, export_state, write_run
from app.operations.migrating.results import UndoneExport, UndoneMigration
from app.progress import Task
from db import exports


class _ToTheEnd(Task):
    """Reports to another task, and goes on when that is to stop: what is left has to be done."""

    def __init__(self, whole: Task) -> None:
        super().__init__()
        self._whole = whole

    def step(
        self, stage: str, done: int = 0, total: int | None = None, item: str = "", unit: str = ""
    ) -> None:
        """Report."""
        with suppress(Cancelled):
            self._whole.step(stage, done, total, item, unit)


def undo(library: Library, task: Task, run: RunFile) -> UndoneMigration:
    """Take back what the run made where nobody changed it: it goes to the trash.

    An export the run added to becomes again what it was. One export after the other: if it
    is stopped, those taken back stay so, and undoing it again goes on with the rest.

    Raises Conflict if the run was undone before.
    """
    report = run.report
    if report.undone_at is not None:
        raise Conflict(
            "This migration was undone already.",
            hint="What it made is in the library's .trash folder until you empty that.",
            run=report.run,
        )
    found = []
    for number, state in enumerate(run.exports):
        task.step("undoing", number, len(run.exports), state.folder, "exports")
        found.append(_undo_export(library, task, report.run, state))
    if all(each.removed for each in found):
        told = replace(report, undone_at=library.clock())
        write_run(library, msgspec.structs.replace(run, report=told))
        remove_tree(library.migrations / report.run)
    return UndoneMigration(report.run, tuple(found))


def _undo_export(library: Library, task: Task, run: str, state: ExportState) -> UndoneExport:
    path = _find(library, state)
    if path is None:
        return UndoneExport(state.folder, True, "", "It is not in the library any more.")
    now = export_state(path, made=True)
    if state.before is not None and now.tree == state.before.tree:
        return UndoneExport(path.name, True, "", "It is what it was already.", restored=True)
    if (now.revision, now.tree) != (state.revision, state.tree):
        why = "It was changed since; delete it yourself if you do not want it."
        if not state.made:
            why = "It was changed since the migration added to it, so it stays as it is."
        return UndoneExport(path.name, False, "", why)
    if not state.made:
        return _restored(library, task, run, path, state)
    place = move_to_trash(path, library.trash, library.clock())
    with CatalogWriter() as writer:
        writer.do(partial(exports.remove, path.name))
        writer.commit()
    return UndoneExport(path.name, True, str(place), "")


def _restored(
    library: Library, task: Task, run: str, path: Path, state: ExportState
) -> UndoneExport:
    """Make an export again what it was; what the run put into it goes to the trash."""
    if state.before is None:
        why = "It was there before: what the migration added to it was not noted and stays."
        return UndoneExport(path.name, False, "", why)
    kept = kept_place(library, run, state.folder)
    with told_as_problems(library.root), staged(library.staging) as folder:
        task.step("restoring", item=path.name)
        replaced = [facts.path.relative_to(kept) for facts in files_below([kept])]
        link_tree(kept, folder)
        link_tree(path, folder)
        for each in state.before.added:
            (folder / each).unlink(missing_ok=True)
        _remove_empty(folder, state.before.added)
        if listing(files_below([folder]), folder) != state.before.tree:
            why = "What was kept of its earlier state is not all there, so it stays as it is."
            return UndoneExport(path.name, False, "", why)
        task.step("finishing")  # the last moment to stop it
        taken = folder.parent / path.name
        for name in (*map(Path, state.before.added), *replaced):
            (taken / name).parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(path / name, taken / name)
        place = move_to_trash(taken, library.trash, library.clock())
        exchange(folder, path)
        with CatalogWriter() as writer:
            index_folder(writer, ExportFolder(path), _ToTheEnd(task))
            writer.commit()
    return UndoneExport(path.name, True, str(place), "", restored=True)


def _remove_empty(folder: Path, added: tuple[str, ...]) -> None:
    """Remove folders in which nothing is left of what the run added."""
    for name in sorted({str(Path(each).parent) for each in added}, key=len, reverse=True):
        place = folder / name
        while place != folder and place.is_dir() and not any(place.iterdir()):
            place.rmdir()
            place = place.parent


def _find(library: Library, state: ExportState) -> Path | None:
    """Find the export by its id: its folder may have been renamed."""
    for path in export_folders(library.exports):
        try:
            if ExportFolder(path).record().id == state.id:
                return path
        except StorageProblem:
            continue
    return None
