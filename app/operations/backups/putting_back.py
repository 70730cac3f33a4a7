"""Undoing a restore: the state it replaced comes back, the restored one goes to the trash."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from app.errors import NotFound
from app.files.staging import move_folder, told_as_problems
from app.files.trash import move_to_trash
from app.library import Library
from app.operations.backups.known.replaced import give_up_place, place_for_replaced, states_of
from app.operations.backups.known.subject import find_live
from app.operations.backups.results import SettledState
from app.operations.indexing.registering import register
from app.progress import Task


def put_back(
    library: Library, task: Task, *, export: Annotated[str, "the export's name"]
) -> SettledState:
    """Undo the last restore of an export: what it replaced comes back, to the byte."""
    kept = next(states_of(library, export), None)
    if kept is None:
        raise NotFound(
            f"No state of “{export[:200]}” that a restore replaced is kept.",
            hint="Only until it is settled can a restore be undone. Nothing was changed.",
        )
    target = _target(library, export, kept)
    task.step("putting back", item=target.name)
    with told_as_problems(library.root):
        aside = _exchange(library, kept, target)
    register(target)
    return SettledState(export, str(aside) if aside else "")


def _exchange(library: Library, kept: Path, target: Path) -> Path | None:
    """Put the kept state at ``target``; answer where in the trash the restored one is.

    Between the two renames both states are among the replaced ones, where they are seen and
    can be put back: killed there, nothing is lost.
    """
    if not target.exists():
        move_folder(kept, target)
        give_up_place(kept)
        return None
    aside = place_for_replaced(library, target.name)
    move_folder(target, aside)
    try:
        move_folder(kept, target)
    except OSError:
        move_folder(aside, target)
        give_up_place(aside)
        raise
    give_up_place(kept)
    trashed = move_to_trash(aside, library.trash, library.clock())
    give_up_place(aside)
    return trashed


def _target(library: Library, export: str, kept: Path) -> Path:
    """Answer where the export is now, or, if it is gone, where it was."""
    try:
        folder = find_live(library, export).folder
    except NotFound:
        folder = None
    return folder or library.exports / kept.name
