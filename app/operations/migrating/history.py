"""The history of migrations: one JSON file a run, and the catalog's rows made from it.

`<library>/migrations/<run>.json` is written anew after every session, so that a run that
was killed is told as far as it came.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec.structs import replace

from app.core.problems import Problem
from app.errors import NotFound
from app.files.atomic import replaced
from app.files.export_folder import ExportFolder
from app.files.legacy.fingerprint import files_below, listing
from app.files.staging import remove_tree
from app.library import Library
from app.operations.migrating.earlier import EarlierState
from app.operations.migrating.results import MigrationReport
from db import migration_runs
from db.migration_runs import NewRun, NewSession

FORMAT_VERSION = 1


class ExportState(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An export as a run left it; ``made``: it was not there before.

    ``id`` and ``revision`` are those of its `export.json`, ``tree`` a word for every name,
    size and time in its folder. ``before`` is what it was until then, if it was there.
    """

    folder: str
    id: str
    revision: int
    tree: str
    made: bool
    before: EarlierState | None = None


class RunFile(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One run's file: its report, and what undoing it has to know."""

    format_version: int = FORMAT_VERSION
    report: MigrationReport
    exports: tuple[ExportState, ...] = ()


def new_run(now: datetime) -> str:
    """Make a run's name: when it began, and letters that make it the only one."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def export_state(path: Path, *, made: bool, before: EarlierState | None = None) -> ExportState:
    """Tell what an export is now. Raises StorageProblem if its record cannot be read."""
    record = ExportFolder(path).record()
    tree = listing(files_below([path]), path)
    return ExportState(
        folder=path.name,
        id=record.id,
        revision=record.revision,
        tree=tree,
        made=made,
        before=before,
    )


def write_run(library: Library, run: RunFile) -> None:
    """Write a run's file, whole or not at all, and let the catalog know."""
    library.migrations.mkdir(exist_ok=True)
    path = _path(library, run.report.run)
    with replaced(path) as draft:
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2))
    _remember(path, run)


def read_run(library: Library, run: str) -> RunFile:
    """Read a run's file. Raises NotFound."""
    path = _path(library, run)
    try:
        return msgspec.json.decode(path.read_bytes(), type=RunFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise NotFound(
            f"There is no migration called “{run[:80]}”.",
            hint="The history of migrations lists them all.",
            run=run,
        ) from problem


def follow_runs(library: Library) -> list[Problem]:
    """Bring the catalog up to date with the files; answer those that cannot be read."""
    problems: list[Problem] = []
    known = migration_runs.stamps()
    present = {path.stem: path for path in sorted(library.migrations.glob("*.json"))}
    for run in known.keys() - present.keys():
        migration_runs.forget(run)
    for run, path in present.items():
        if known.get(run) == _stamp(path):
            continue
        try:
            found = read_run(library, run)
        except NotFound:
            hint = "What it brought over is not touched by this."
            told = "The record of a migration is damaged."
            problems.append(Problem("damaged-file", told, path.name, hint))
            continue
        _remember(path, found)
    return problems


def settle_runs(library: Library) -> None:
    """Say of runs that were killed that they stopped; only for whoever may write now."""
    follow_runs(library)
    for report in reports():
        if report.state == "running":
            found = read_run(library, report.run)
            stopped = replace(found.report, state="stopped")
            write_run(library, msgspec.structs.replace(found, report=stopped))
    _sweep(library)


def _sweep(library: Library) -> None:
    """Remove what runs kept of exports and no longer need: they were undone, or killed before."""
    for place in library.migrations.glob("*/"):
        try:
            found = read_run(library, place.name)
        except NotFound:
            if not _path(library, place.name).exists():
                remove_tree(place)
            continue
        kept = {each.folder for each in found.exports if each.before is not None}
        for folder in [each for each in place.iterdir() if each.name not in kept]:
            remove_tree(folder)
        if found.report.undone_at is not None or not kept:
            remove_tree(place)


def reports() -> list[MigrationReport]:
    """Answer every run the catalog knows, the newest first."""
    decode = partial(msgspec.json.decode, type=MigrationReport)
    return [decode(report) for report in migration_runs.reports()]


def _remember(path: Path, run: RunFile) -> None:
    report = run.report
    undone = report.undone_at
    row = NewRun(
        run=report.run,
        stamp=_stamp(path),
        started_at=report.started_at.timestamp(),
        seconds=report.seconds,
        state=report.state,
        undone_at=None if undone is None else undone.timestamp(),
        report=msgspec.json.encode(report).decode(),
    )
    sessions = [
        NewSession(
            session=each.session_id,
            export=each.export,
            status=each.status,
            conversations=each.conversations,
            recovered=each.recovered,
            size_bytes=each.media.bytes + each.files.bytes,
            seconds=each.seconds,
            verified=each.verified,
            error="" if each.error is None else each.error.code,
        )
        for each in report.sessions
    ]
    migration_runs.replace(row, sessions)


def _stamp(path: Path) -> str:
    facts = path.stat()
    return f"{facts.st_mtime_ns}-{facts.st_size}"


def _path(library: Library, run: str) -> Path:
    """Answer where a run is told of. Raises NotFound for what is no run's name."""
    if not run.replace("-", "").isalnum() or not run.isascii():
        raise NotFound(f"There is no migration called “{run[:80]}”.", run=run)
    return library.migrations / f"{run}.json"
