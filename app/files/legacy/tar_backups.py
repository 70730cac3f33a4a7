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
from msgspec.structs import replace

from app.core.archive.entries import Entry
from app.core.backup.outcomes import Loss
from app.core.loose import items, mapping, string
from app.errors import NotFound, StorageProblem
from app.files.legacy.archives import INDEX, owner_inside
from app.files.paths import join_inside
from app.files.sources.tarball import TarSource
from app.progress import Task

_NAME = re.compile(
    r"backup-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z-[0-9a-fA-F]{8}\.tar\.gz"
)
_TOPS = 2  # a full backup's paths begin with the export's name, twice


class TarBackup(Struct, frozen=True):
    """One of them; ``export`` and ``checksum`` are empty where nothing tells."""

    path: Path
    created_at: datetime
    full: bool
    export: str = ""
    checksum: str = ""


def tar_backups(folder: Path) -> list[TarBackup]:
    """List the predecessor's backups in a folder, oldest first.

    Where its index is lost, full ones say themselves which export they are of; others are
    taken for that export's if there is only one.
    """
    told = _index(folder / INDEX)
    found = []
    for path in sorted(folder.glob("backup-*.tar.gz")):
        named = _NAME.fullmatch(path.name)
        if named is None or not path.is_file():
            continue
        day, hours, minutes, seconds, thousandths = named.groups()
        moment = datetime.fromisoformat(f"{day}T{hours}:{minutes}:{seconds}.{thousandths}+00:00")
        facts = told.get(path.name.removesuffix(".tar.gz"), {})
        kind, export = string(facts.get("type")), string(facts.get("exportName"))
        if not kind or not export:
            inside = owner_inside(path)
            kind, export = kind or ("full" if inside else "incremental"), export or inside
        checksum = string(facts.get("checksum"))
        found.append(TarBackup(path, moment.astimezone(UTC), kind == "full", export, checksum))
    names = {each.export for each in found if each.export}
    if len(names) == 1:
        found = [replace(each, export=next(iter(names))) for each in found]
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
        if not one.export:
            raise NotFound(
                f"Nothing tells which export {wanted.name} is of: the old program's list is gone.",
                hint=f"Put its {INDEX} beside it, then try again.",
            )
        raise NotFound(
            f"{wanted.name} has only what had changed; the full backup it began with is gone.",
            hint="Put the older archives of the old program beside it, then try again.",
        )
    return until[base:]


def unpack_tar_backup(
    backups: Sequence[TarBackup], wanted: Path, folder: Path, task: Task
) -> list[Loss]:
    """Unpack one into the empty ``folder``; answer what could not be.

    Raises NotFound as `lineage`, StorageProblem if an archive is damaged.
    """
    losses: list[Loss] = []
    for each in lineage(backups, wanted):
        _require_whole(each, task)
        losses += _unpack(each, folder, task)
    return losses


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
