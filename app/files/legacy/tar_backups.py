"""The predecessor's `.tar.gz` backups of exports: found, put in order, brought back as folders.

``backups-exports/backup-<ISO, ':' and '.' as '-'>-<8 hex>.tar.gz`` beside ``backup-index.json``.
Full ones hold ``<name>/<name>/…``, incremental ones paths relative to the export; what was
deleted between two of them was never written down.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from app.core.archive.entries import Entry
from app.core.backup.outcomes import Loss, Restored
from app.core.loose import items, mapping, string
from app.errors import Conflict, NotFound, StorageProblem
from app.files.paths import join_inside
from app.files.sources.tarball import TarSource
from app.files.staging import publish, staged, told_as_problems
from app.progress import Task

INDEX = "backup-index.json"
_NAME = re.compile(
    r"backup-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-[0-9a-fA-F]{8}\.tar\.gz"
)
_TOPS = 2  # a full backup's paths begin with the export's name, twice


class TarBackup(Struct, frozen=True):
    """One of them; ``export`` and ``checksum`` are empty where its index does not tell."""

    path: Path
    created_at: datetime
    full: bool
    export: str = ""
    checksum: str = ""


def tar_backups(folder: Path) -> list[TarBackup]:
    """List the predecessor's backups in a folder, oldest first."""
    told = _index(folder / INDEX)
    found = []
    for path in sorted(folder.glob("backup-*.tar.gz")):
        named = _NAME.fullmatch(path.name)
        if named is None or not path.is_file():
            continue
        day, hours, minutes, seconds, thousandths = named.groups()
        moment = datetime.fromisoformat(f"{day}T{hours}:{minutes}:{seconds}.{thousandths}+00:00")
        facts = told.get(path.name.removesuffix(".tar.gz"), {})
        kind = string(facts.get("type")) or _kind(path)
        export, checksum = string(facts.get("exportName")), string(facts.get("checksum"))
        found.append(TarBackup(path, moment.astimezone(UTC), kind == "full", export, checksum))
    return sorted(found, key=lambda each: (each.created_at, each.path.name))


def lineage(backups: Sequence[TarBackup], wanted: Path) -> list[TarBackup]:
    """Answer what must be laid over each other for one backup: its full one first.

    Raises NotFound if it is not there, or no full backup of its export is before it.
    """
    one = next((each for each in backups if each.path == wanted), None)
    if one is None:
        raise NotFound(f"There is no backup {wanted.name}.", hint="List the backups again.")
    mine = [b for b in backups if b.export == one.export and b.created_at <= one.created_at]
    fulls = [place for place, each in enumerate(mine) if each.full]
    until = mine[: mine.index(one) + 1]
    base = max((place for place in fulls if place < len(until)), default=-1)
    if base < 0:
        raise NotFound(
            f"{wanted.name} has only what had changed; the full backup it began with is gone.",
            hint="Put the older archives of the old program beside it, then try again.",
        )
    return until[base:]


def restore_tar_backup(
    backups: Sequence[TarBackup], wanted: Path, target: Path, *, staging: Path, task: Task
) -> Restored:
    """Bring one back as the new folder ``target``, put together in ``staging`` first.

    Raises Conflict if something is at ``target``, StorageProblem if an archive is damaged.
    """
    if target.exists():
        raise Conflict(
            f"Something called “{target.name}” is there already.",
            hint="Restore under another name. Nothing was changed.",
        )
    chain = lineage(backups, wanted)
    losses: list[Loss] = []
    with told_as_problems(target.parent), staged(staging) as folder:
        for each in chain:
            _require_whole(each, task)
            losses += _unpack(each, folder, task)
        files = [path for path in folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        publish(folder, target)
    return Restored(target, len(files), size, None, (), tuple(losses))


def _index(path: Path) -> dict[str, dict[str, object]]:
    """Read what the old program remembered, by id; empty where it makes no sense."""
    try:
        read = msgspec.json.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    listed = [
        (name, mapping(item))
        for name, export in mapping(mapping(read).get("exports")).items()
        for item in items(mapping(export).get("backups"))
    ]
    return {string(item.get("id")): {"exportName": name, **item} for name, item in listed}


def _kind(path: Path) -> str:
    """Tell a full backup from an incremental one by its paths."""
    try:
        with TarSource(path) as source:
            return "full" if _common_top(source.entries()) else "incremental"
    except StorageProblem:
        return "incremental"


def _common_top(entries: Iterable[Entry]) -> str:
    """Answer ``<name>/<name>/`` if all paths begin so; "" if they do not."""
    tops = {"/".join(entry.safe_name.split("/")[:_TOPS]) for entry in entries}
    if len(tops) != 1:
        return ""
    first, _, second = tops.pop().partition("/")
    return f"{first}/{second}/" if first == second else ""


def _require_whole(backup: TarBackup, task: Task) -> None:
    """Compare an archive with the checksum the old program noted, which it never did itself."""
    if not re.fullmatch(r"[0-9a-f]{64}", backup.checksum):
        return
    digest, done, total = hashlib.sha256(), 0, backup.path.stat().st_size
    with backup.path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
            done += len(block)
            task.step("verifying", done, total, backup.path.name, "bytes")
    if digest.hexdigest() != backup.checksum:
        raise StorageProblem(
            f"{backup.path.name} is not what the old program wrote: its checksum is another.",
            hint="Use another of its backups, or another copy of this file.",
        )


def _unpack(backup: TarBackup, folder: Path, task: Task) -> list[Loss]:
    """Lay one archive's files over what is there; answer what could not be unpacked."""
    with TarSource(backup.path) as source:
        top = _common_top(source.entries())
        pairs = []
        for entry in source.entries():
            target = join_inside(folder, entry.safe_name.removeprefix(top))
            target.unlink(missing_ok=True)
            pairs.append((entry, target))
        done, total = 0, source.total_bytes()

        def on_bytes(count: int) -> None:
            nonlocal done
            done += count
            task.step("restoring", done, total, backup.path.name, "bytes")

        losses = [Loss(problem.item, problem.message) for problem in source.problems]
        for entry, outcome in source.extract_all(pairs, on_bytes):
            if not isinstance(outcome, str):
                losses.append(Loss(entry.safe_name.removeprefix(top), outcome.message))
    return losses
