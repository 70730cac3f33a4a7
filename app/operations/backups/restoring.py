"""Bringing a backup back: in its place, beside the original, or only some of it."""

from __future__ import annotations

import uuid
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec

from app.core.backup.journal import Event
from app.core.backup.outcomes import Restored
from app.core.naming import folder_name, key
from app.core.problems import Problem
from app.errors import Conflict, StorageProblem
from app.files.export_folder import RECORD, ExportFolder
from app.files.staging import told_as_problems
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import IndexedBackup, now_utc, tell
from app.operations.backups.known.passphrase import Passphrase
from app.operations.backups.known.replaced import give_up_place, place_for_replaced
from app.operations.backups.known.subject import Subject, find_backup
from app.operations.backups.results import RestoreReport
from app.operations.backups.showing import (
    BackupId,
    ExportName,
    losses_as_problems,
    partial,
    passphrase_for,
)
from app.operations.indexing.registering import register
from app.progress import Task


def restore_backup(
    library: Library,
    task: Task,
    *,
    export: ExportName,
    id: BackupId,
    as_: Annotated[str, "restore beside the original, as an export of this name"] = "",
    only: Annotated[list[str], "files and folders of the backup; everything if left out"] = [],  # noqa: B006
    accept_losses: Annotated[
        bool, "restore the rest where files are damaged or gone; each of them is named"
    ] = False,
    passphrase: Passphrase = "",
) -> RestoreReport:
    """Restore a backup, every file hashed; what it replaces is kept until you settle it."""
    found, subject = find_backup(library, export, id)
    secret = passphrase_for(library, found, passphrase)
    target = _target(library, found, subject, as_)
    keep = place_for_replaced(library, target.name) if target.exists() else None
    wanted = [*only, RECORD] if only and keep is None else only
    try:
        with told_as_problems(library.root):
            done = open_store(library).restore(
                id,
                target,
                task=task,
                staging=library.staging,
                keep=keep,
                only=list(dict.fromkeys(wanted)),
                accept_losses=accept_losses,
                passphrase=secret,
            )
    except BaseException:
        if keep is not None:
            give_up_place(keep)
        raise
    if as_.strip():
        _name_anew(target, as_.strip())
    problems = [*losses_as_problems(done.losses), *partial(found.head), *register(target)]
    tell(library, Event(kind="restored", at=now_utc(library), export=subject.key, backup=id))
    return _report(target, done, problems)


def _target(library: Library, found: IndexedBackup, subject: Subject, as_: str) -> Path:
    """Answer the folder to restore to. Raises Conflict if another export has that name."""
    if not as_.strip() and subject.folder is not None:
        return subject.folder
    name = as_.strip() or found.head.name
    folder = folder_name(name)
    taken = {key(each.name) for each in library.exports.iterdir()}
    if key(folder) in taken:
        raise Conflict(
            f"There is already an export called “{name}”.",
            hint="Choose another name for what is restored. Nothing was changed.",
            export=name,
        )
    return library.exports / folder


def _name_anew(target: Path, name: str) -> None:
    """Make what was restored beside the original an export of its own: its name, its id."""
    folder = ExportFolder(target)
    with suppress(StorageProblem):  # a damaged record was restored as it was
        record = folder.record()
        folder.write_record(msgspec.structs.replace(record, id=str(uuid.uuid4()), name=name))


def _report(target: Path, done: Restored, problems: list[Problem]) -> RestoreReport:
    folder = ExportFolder(target)
    name = target.name
    with suppress(StorageProblem):
        name = folder.name
    problems += [
        Problem("renamed-file", f"This disk takes the name only as “{now}”.", then)
        for then, now in done.names
    ]
    return RestoreReport(
        export=name,
        files=done.files,
        bytes=done.bytes,
        previous=str(done.previous) if done.previous else "",
        problems=tuple(problems),
    )
