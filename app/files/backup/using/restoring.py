"""Bringing a backup back: all found and room made sure of, written aside, hashed, swapped in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import Struct

from app.core.backup.choosing import Brought, chosen, named_here, stays_inside
from app.core.backup.difference import Difference, difference
from app.core.backup.manifest import UNREADABLE, Blob, Entry, Manifest
from app.core.backup.outcomes import Loss, Restored, RestorePreview
from app.errors import Conflict, StorageProblem
from app.files.backup import disk
from app.files.backup.shelf import Bytes, Shelf
from app.files.backup.using.files import Files, decent
from app.files.backup.using.unpacking import Failed, deliver
from app.files.paths import join_inside
from app.files.staging import exchange, link_tree, publish, staged
from app.progress import Task

MARGIN = 64 << 20  # bytes that stay free on the disk
_BLOCK = 4096  # what a file takes at least, roughly
_FOLDING = sys.platform in ("win32", "darwin")


class Plan(Struct, frozen=True):
    """What a restore brings back, and from where; decided before anything is touched."""

    manifest: Manifest
    brought: list[Brought]
    found: Mapping[str, Bytes]
    losses: tuple[Loss, ...]

    @property
    def files(self) -> list[Brought]:
        """The files among it whose bytes are to be had."""
        lost = {loss.path for loss in self.losses}
        return [
            each
            for each in self.brought
            if each.entry.kind == "file" and each.entry.path not in lost
        ]

    @property
    def bytes(self) -> int:
        """How many bytes will be written."""
        return sum(each.entry.size for each in self.files)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The paths that need another name here."""
        return tuple(
            (each.entry.path, each.path) for each in self.brought if each.entry.path != each.path
        )


def plan_restore(
    shelf: Shelf,
    backup: str,
    only: Sequence[str],
    passphrase: str | None,
) -> Plan:
    """Find everything a restore needs. Raises NotFound, Locked, StorageProblem."""
    manifest = shelf.manifest(backup, passphrase)
    entries = chosen(manifest.entries, only)
    brought = named_here(entries, windows=os.name == "nt", folding=_FOLDING)
    wanted = {entry.sha256 for entry in entries if entry.size and entry.sha256}
    found = shelf.find(wanted, manifest.archives, passphrase)
    losses = []
    for entry in entries:
        if UNREADABLE in entry.flags:
            losses.append(Loss(entry.path, "it could not be read when the backup was made"))
        elif entry.size and entry.sha256 not in found:
            losses.append(Loss(entry.path, "its bytes are in no archive any more"))
        elif entry.kind == "link" and not stays_inside(entry.path, entry.link):
            losses.append(Loss(entry.path, "it is a link that leads outside; it is left out"))
    return Plan(manifest, brought, found, tuple(losses))


def preview(
    shelf: Shelf, plan: Plan, live: Sequence[Entry] | None, target: Path | None
) -> RestorePreview:
    """Tell what a plan would do to a live state (None: there is none)."""
    restored = [each.entry for each in plan.brought]
    kept = {entry.path for entry in restored}
    partial = len(restored) != len(plan.manifest.entries)
    before = list(live or ())
    if partial:
        before = [entry for entry in before if entry.path in kept]
    told = (
        difference(before, restored)
        if live is not None
        else Difference(added=tuple(sorted(each.entry.path for each in plan.files)))
    )
    where = target if target is not None and target.exists() else shelf.folder
    return RestorePreview(
        plan.manifest.id,
        len(plan.files),
        plan.bytes,
        told,
        plan.names,
        plan.losses,
        disk.free_bytes(where),
    )


def restore(
    shelf: Shelf,
    plan: Plan,
    target: Path,
    *,
    staging: Path,
    keep: Path | None,
    passphrase: str | None,
    accept_losses: bool,
    task: Task,
) -> Restored:
    """Carry a plan out; see `BackupStore.restore`."""
    if keep is None and (target.exists() or target.is_symlink()):
        raise Conflict(
            f"Something called “{target.name}” is there already.",
            hint="Restore under another name, or in place of it. Nothing was changed.",
        )
    _require_bytes(plan, accept_losses)
    _require_room(plan, target.parent)
    partial = len(plan.brought) != len(plan.manifest.entries)
    with staged(staging) as folder:
        writing = _Writing(folder, plan, task)
        losses = [*plan.losses, *writing.run(shelf, passphrase, accept_losses=accept_losses)]
        if keep is None:
            publish(folder, target)
        else:
            if partial:
                link_tree(target, folder)
            exchange(folder, target, keep=keep)
    lost = {loss.path for loss in losses}
    files = [each for each in plan.files if each.entry.path not in lost]
    size = sum(each.entry.size for each in files)
    return Restored(target, len(files), size, keep, plan.names, tuple(losses))


def _require_bytes(plan: Plan, accept_losses: bool) -> None:
    missing = [loss for loss in plan.losses if "archive" in loss.why]
    if missing and not accept_losses:
        raise incomplete(missing)


def incomplete(missing: Sequence[Loss]) -> StorageProblem:
    """Answer the error that says a restore would not be whole."""
    count = len(missing)
    what = f"“{missing[0].path[:120]}”" if count == 1 else f"{count:,} files"
    why = missing[0].why if count == 1 else missing[0].why.replace("its bytes", "their bytes")
    return StorageProblem(
        f"{what} of this backup cannot be restored: {why}.",
        hint="Verify the backups first: what can be put right, is. Or accept the losses, and "
        "restore the rest. Nothing was changed.",
        paths=[loss.path for loss in missing[:100]],
        count=count,
    )


def _require_room(plan: Plan, folder: Path) -> None:
    needed = plan.bytes + len(plan.brought) * _BLOCK + MARGIN
    free = disk.free_bytes(folder)
    if free < needed:
        raise StorageProblem(
            "There is not enough room on the disk to restore this backup.",
            hint="Free some space, or restore only some of its files. Nothing was changed.",
            neededBytes=needed,
            freeBytes=free,
        )


@dataclass
class _Writing:
    """A restored state on its way to the disk."""

    folder: Path
    plan: Plan
    task: Task
    done: int = 0
    _targets: dict[str, list[Brought]] = field(default_factory=dict)
    _folders: dict[str, Path] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)
    _files: Files = field(default_factory=Files)

    def run(self, shelf: Shelf, passphrase: str | None, *, accept_losses: bool) -> list[Loss]:
        """Write everything; answer what could not be, where that is accepted."""
        self._make_folders()
        for each in self.plan.files:
            self._paths[each.entry.path] = self._path(each)
            if each.entry.size:
                self._targets.setdefault(each.entry.sha256, []).append(each)
            else:
                self._write(each, iter(()))
        wanted = [self.plan.found[sha256] for sha256 in self._targets]
        failed = deliver(shelf, wanted, self._sink, passphrase, self._on_bytes)
        losses = self._again(shelf, failed, passphrase)
        if losses and not accept_losses:
            raise incomplete(losses)
        self._make_links()
        self._dress_folders()
        return losses

    def _again(self, shelf: Shelf, failed: list[Failed], passphrase: str | None) -> list[Loss]:
        """Try other archives for what was damaged in the first; answer what none has."""
        bad = {each.archive for each in failed}
        while failed:
            wanted = {each.sha256 for each in failed}
            for sha256 in wanted:
                for each in self._targets[sha256]:
                    Path(self._paths[each.entry.path]).unlink(missing_ok=True)
            found = shelf.find(wanted, (), passphrase, without=bad)
            if not found:
                return [
                    Loss(each.entry.path, "its bytes are damaged, and no other archive has them")
                    for sha256 in sorted(wanted)
                    for each in self._targets[sha256]
                ]
            lost = [each for each in failed if each.sha256 not in found]
            more = deliver(shelf, found.values(), self._sink, passphrase, self._on_bytes)
            bad |= {each.archive for each in more}
            failed = [*lost, *more]
        return []

    def _on_bytes(self, count: int) -> None:
        self.done += count
        self.task.step("restoring", self.done, max(self.plan.bytes, self.done), "", "bytes")

    def _make_folders(self) -> None:
        """Make every folder that is needed, so that writing has only names to add."""
        wanted = {""}
        for each in self.plan.brought:
            path = each.path if each.entry.kind == "folder" else each.path.rpartition("/")[0]
            while path and path not in wanted:
                wanted.add(path)
                path = path.rpartition("/")[0]
        for path in sorted(wanted):
            place = join_inside(self.folder, path) if path else self.folder
            place.mkdir(exist_ok=True)
            self._folders[path] = place

    def _path(self, each: Brought) -> str:
        """Answer where a file goes; its folder was joined with care, its name has no slash."""
        above, _, leaf = each.path.rpartition("/")
        if each.entry.raw and os.name != "nt":
            leaf = os.fsdecode(bytes.fromhex(each.entry.raw)).rpartition("/")[2]
        return f"{self._folders[above]}{os.sep}{leaf}"

    def _sink(self, blob: Blob, pieces: Iterator[bytes | memoryview]) -> None:
        first, *copies = self._targets[blob.sha256]
        self._write(first, pieces)
        for each in copies:
            self._write(each, _file_pieces(self._paths[first.entry.path]))

    def _write(self, each: Brought, pieces: Iterator[bytes | memoryview]) -> None:
        self._files.write(self._paths[each.entry.path], each.entry, pieces)

    def _make_links(self) -> None:
        lost = {loss.path for loss in self.plan.losses}
        for each in self.plan.brought:
            if each.entry.kind == "link" and each.entry.path not in lost:
                try:
                    Path(self._path(each)).symlink_to(each.entry.link)
                except (OSError, NotImplementedError):
                    continue  # Windows wants a privilege for it; the backup still has it

    def _dress_folders(self) -> None:
        """Give folders their times and modes, the deepest first."""
        folders = [each for each in self.plan.brought if each.entry.kind == "folder"]
        for each in sorted(folders, key=lambda each: each.path.count("/"), reverse=True):
            path, entry = self._folders[each.path], each.entry
            path.chmod(decent(entry.mode) | 0o700)  # a folder we could not enter is lost to us
            os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))


def _file_pieces(path: str) -> Iterator[bytes | memoryview]:
    with Path(path).open("rb") as stream:
        while piece := stream.read(1 << 20):
            yield piece
