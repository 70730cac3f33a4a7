"""The old program's `.tar.gz` backups of exports: what there is, and bringing one back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

from app.core.backup.outcomes import Loss
from app.core.naming import export_name, folder_name, key
from app.core.problems import Problem
from app.errors import Conflict, NotFound, StorageProblem
from app.files.legacy.archives import FOLDER
from app.files.legacy.finding import LegacySession
from app.files.legacy.fingerprint import files_below
from app.files.legacy.places import usual_bases
from app.files.legacy.tar_backups import TarBackup, lineage, tar_backups, unpack_tar_backup
from app.files.sources.refusals import require_room
from app.files.staging import staged, told_as_problems
from app.library import Library
from app.operations.backups.results import RestoreReport
from app.operations.migrating.earlier import EarlierStates
from app.operations.migrating.history import new_run
from app.operations.migrating.results import MigratedSession, OldBackup
from app.operations.migrating.session import Migration
from app.progress import Task
from app.settings import read_settings

Source = Annotated[
    str,
    "the old program's folder of backups, or the one it is in; looked for in the usual "
    "places if left out",
]
SUFFIX = ".tar.gz"
UNPACKS_TO = 4  # times its size, at a guess: what is known only once it is read


def list_old_backups(library: Library, *, source: Source = "") -> list[OldBackup]:
    """List the backups the old program made, the newest first."""
    found = _found(library, source)
    return [_shown(found, each) for each in reversed(found)]


def restore_old_backup(
    library: Library,
    task: Task,
    *,
    id: Annotated[str, "the backup's id: its file's name, without .tar.gz"],
    source: Source = "",
    as_: Annotated[str, "what to call the export; as it was called if left out"] = "",
) -> RestoreReport:
    """Bring a backup of the old program back as a new export, and prove it complete."""
    found = _found(library, source)
    wanted = next((each for each in found if _id(each) == id.removesuffix(SUFFIX)), None)
    if wanted is None:
        raise NotFound(
            f"There is no backup “{id[:80]}” of the old program there.",
            hint="“backup old” lists those there are.",
            backup=id[:80],
        )
    name = _free_name(library, as_.strip() or wanted.export or _id(wanted))
    packed = sum(each.path.stat().st_size for each in lineage(found, wanted.path))
    require_room(UNPACKS_TO * packed, library.root)
    with told_as_problems(library.root), staged(library.staging) as scratch:
        folder = scratch / folder_name(name)
        folder.mkdir()
        losses = unpack_tar_backup(found, wanted.path, folder, task)
        session = LegacySession(_id(wanted), "export", scratch, folder, title=name)
        made = _migrated(library, task, session, name)
    return _report(library, made, losses)


def _found(library: Library, source: str) -> list[TarBackup]:
    """List the archives in a folder, or in the one inside it. Raises NotFound if there are none."""
    if source.strip():
        named = Path(source).expanduser().absolute()
        places = [named, named / FOLDER]
    else:
        remembered = read_settings(library.settings_file).text("migration.source")
        places = [base / FOLDER for base in usual_bases(remembered)]
    for folder in places:
        if folder.is_dir() and (found := tar_backups(folder)):
            return found
    where = f"in {places[0]}" if source.strip() else "in the usual places"
    raise NotFound(
        f"There are no backups of the old program {where}.",
        hint=f"Name the folder {FOLDER} with the source: its files are called backup-….tar.gz.",
    )


def _free_name(library: Library, wanted: str) -> str:
    """Answer the name an export will have. Raises InvalidInput, or Conflict if it is taken."""
    name = export_name(wanted)
    if key(folder_name(name)) in {key(path.name) for path in library.exports.iterdir()}:
        raise Conflict(
            f"There is already an export called “{name}”.",
            hint="Choose another name for what is restored. Nothing was changed.",
            export=name,
        )
    return name


def _id(backup: TarBackup) -> str:
    return backup.path.name.removesuffix(SUFFIX)


def _shown(found: list[TarBackup], backup: TarBackup) -> OldBackup:
    archives: tuple[str, ...] = ()
    problem = ""
    try:
        archives = tuple(each.path.name for each in lineage(found, backup.path))
    except NotFound as missing:
        problem = missing.message
    return OldBackup(
        id=_id(backup),
        export=backup.export,
        type="full" if backup.full else "incremental",
        created_at=backup.created_at,
        stored_bytes=backup.path.stat().st_size,
        archives=archives,
        problem=problem,
    )


def _migrated(library: Library, task: Task, session: LegacySession, name: str) -> MigratedSession:
    """Make an export of an unpacked backup, compared with it file by file."""
    earlier = EarlierStates(library, new_run(library.clock()))
    migration = Migration(library, {}, earlier, "fail", dry_run=False, verify=True)
    with closing(migration):
        made = migration.migrate(session, name, task)
    if made.error is not None:
        raise StorageProblem(made.error.message, hint=made.error.hint)
    return made


def _report(library: Library, made: MigratedSession, losses: list[Loss]) -> RestoreReport:
    lost = [
        Problem("backup-loss", f"Not brought back: {each.why}", each.path, loss=True)
        for each in losses
    ]
    told = [each for each in made.warnings if each.code != "unlisted-session"]
    files = files_below([library.exports / folder_name(made.export)])
    return RestoreReport(
        export=made.export,
        files=len(files),
        bytes=sum(each.size for each in files),
        previous="",
        problems=(*lost, *told),
    )
