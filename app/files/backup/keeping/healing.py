"""Damaged archives put right: bytes taken from elsewhere, lists made again, the rest salvaged."""

from __future__ import annotations

import mmap
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.core.backup.manifest import (
    PARTIAL,
    REPAIRED,
    SALVAGED,
    Blob,
    Block,
    Entry,
    Head,
    Manifest,
    TooNew,
    archive_name,
    decode_manifest,
)
from app.core.backup.outcomes import Healed, Loss, Snapshot
from app.core.backup.waymarks import MarkedFile, Waymark, find_waymarks
from app.errors import NotFound, StorageProblem
from app.files.backup import disk
from app.files.backup.keeping.rewriting import Rewriting
from app.files.backup.making.pipeline import Pipeline
from app.files.backup.making.scanning import Scan, path_on_disk
from app.files.backup.sevenzip import codecs
from app.files.backup.sevenzip.archive import Archive, Locked
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.shelf import Bytes, Shelf
from app.files.backup.using.unpacking import by_archive, deliver
from app.files.backup.using.verifying import swallow
from app.progress import Task

DAMAGED = ".damaged"  # what is added to the name of an archive that was put right


def heal(
    shelf: Shelf, name: str, live: Sequence[Path], passphrase: str | None, task: Task
) -> Healed:
    """Write a damaged archive again; see `BackupStore.heal`."""
    path = shelf.folder / name
    if not path.is_file():
        raise NotFound(f"The archive {name} is not there.", hint="List the backups again.")
    found = _read_list(shelf, name, passphrase) or _salvaged_list(shelf, path, passphrase)
    if found is None:
        kept = _set_aside(path)
        disk.remove(path)
        disk.flush_folder(path.parent)
        return Healed(None, (), (Loss("", "nothing in it could be recognised"),), kept)
    manifest, listed = found
    if listed and _is_sound(shelf, name, manifest, passphrase, task):
        snapshot = shelf.snapshot(name, shelf.stamps()[name], passphrase)
        return Healed(snapshot if isinstance(snapshot, Snapshot) else None, (), (), None)
    return _written_again(shelf, path, manifest, live, passphrase, task)


def _read_list(shelf: Shelf, name: str, passphrase: str | None) -> tuple[Manifest, bool] | None:
    """Read the manifest in the usual way; None if that is damaged."""
    try:
        return shelf.manifest(name[:-3], passphrase), True
    except (Locked, TooNew):
        raise
    except StorageProblem:
        return None


def _is_sound(
    shelf: Shelf, name: str, manifest: Manifest, passphrase: str | None, task: Task
) -> bool:
    places = [Bytes(name, manifest.blocks[blob.block], blob) for blob in manifest.blobs]
    total = sum(blob.size for blob in manifest.blobs)
    done = 0

    def on_bytes(count: int) -> None:
        nonlocal done
        done += count
        task.step("verifying", done, max(total, done), "", "bytes")

    try:
        with shelf.opened(name, passphrase) as archive:
            archive.check(on_bytes)
    except Damaged:
        return False
    return not deliver(shelf, places, swallow, passphrase, lambda _: None)


def _written_again(
    shelf: Shelf,
    path: Path,
    manifest: Manifest,
    live: Sequence[Path],
    passphrase: str | None,
    task: Task,
) -> Healed:
    flags = dict.fromkeys((*manifest.flags, REPAIRED))
    manifest = msgspec.structs.replace(manifest, flags=tuple(flags))
    known = {entry.sha256: entry for entry in reversed(manifest.entries) if entry.size}
    places = [Bytes(path.name, manifest.blocks[blob.block], blob) for blob in manifest.blobs]
    total = sum(blob.size for blob in manifest.blobs)
    rewriting = Rewriting(shelf.folder, manifest, known, passphrase, task, total)
    wanted = by_archive(places).get(path.name, {})
    rest = _Elsewhere(shelf, path.name, live, passphrase, task, manifest)
    kept = _set_aside(path)
    with Archive(path, passphrase, with_list=False) as archive:
        snapshot = rewriting.run([(archive, wanted)], archive.close, rest=rest)
    by_hash: dict[str, list[str]] = {}
    for entry in manifest.entries:
        by_hash.setdefault(entry.sha256, []).append(entry.path)
    healed = [name for sha in rest.healed for name in by_hash.get(sha, ())]
    lost = [
        Loss(name, why) for sha, why in rewriting.failed.items() for name in by_hash.get(sha, ("",))
    ]
    return Healed(snapshot, tuple(sorted(healed)), tuple(lost), kept)


@dataclass
class _Elsewhere:
    """Other archives, then live folders, asked for what is damaged in one archive."""

    shelf: Shelf
    name: str
    live: Sequence[Path]
    passphrase: str | None
    task: Task
    manifest: Manifest
    healed: list[str] = field(default_factory=list)

    def fetch(self, rewriting: Rewriting, pipeline: Pipeline) -> None:
        """Try to have what failed taken from elsewhere."""
        missing = set(rewriting.failed)
        tried = {self.name}
        while rewriting.failed:
            found = self.shelf.find(
                set(rewriting.failed), (), self.passphrase, without=tuple(tried)
            )
            if not found:
                break
            for name, blocks in by_archive(found.values()).items():
                tried.add(name)
                with self.shelf.opened(name, self.passphrase) as archive:
                    rewriting.copy_more(pipeline, archive, blocks)
        self._from_live(rewriting, pipeline)
        self.healed = sorted(missing - set(rewriting.failed))

    def _from_live(self, rewriting: Rewriting, pipeline: Pipeline) -> None:
        """Look through live folders for files of the right size, then of the right hash."""
        sizes = {blob.sha256: blob.size for blob in self.manifest.blobs}
        waiting: dict[int, set[str]] = {}
        for sha256 in rewriting.failed:
            waiting.setdefault(sizes.get(sha256, 0), set()).add(sha256)
        for folder in self.live:
            if not rewriting.failed or not folder.is_dir():
                continue
            for entry in Scan(folder, self.task, excluded=(self.shelf.folder,)):
                for sha256 in tuple(waiting.get(entry.size, ())) if entry.kind == "file" else ():
                    path = Path(path_on_disk(folder, entry))
                    if rewriting.take_file(pipeline, path, sha256, entry.size):
                        waiting[entry.size].discard(sha256)


def _set_aside(path: Path) -> Path:
    """Give a damaged archive a second name, so that writing it again loses nothing of it."""
    kept = path.with_name(path.name + DAMAGED)
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}{DAMAGED}-{number}")
    try:
        os.link(path, kept)
    except OSError:
        shutil.copy2(path, kept)
    disk.flush_folder(path.parent)
    return kept


def _salvaged_list(
    shelf: Shelf, path: Path, passphrase: str | None
) -> tuple[Manifest, bool] | None:
    """Make a manifest from the waymarks of an archive whose own list is lost."""
    found = _waymarks(path)
    if not found:
        return None
    head = found[0][2].head
    whole = _manifest_block(path, found)
    if whole is not None and whole.id == path.name[:-3]:
        return whole, False
    blocks: list[Block] = []
    blobs: list[Blob] = []
    entries: dict[str, Entry] = {}
    for begin, end, mark in found:
        _take(begin, end, mark, blocks, blobs, entries)
    return _put_together(shelf, head, blocks, blobs, entries, passphrase), False


def _waymarks(path: Path) -> list[tuple[int, int, Waymark]]:
    if not path.stat().st_size:
        return []
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return [
            (begin, end, mark)
            for begin, end, mark in find_waymarks(data)
            if mark.head.id == path.name[:-3]
        ]


def _manifest_block(path: Path, found: Sequence[tuple[int, int, Waymark]]) -> Manifest | None:
    """Read the manifest where the last waymark says it is; None if that is damaged too."""
    _, end, mark = found[-1]
    if mark.manifest is None:
        return None
    told = mark.manifest
    with path.open("rb") as stream:
        stream.seek(end)
        raw = stream.read(told.packed)
    try:
        if codecs.crc32(raw) != told.crc:
            return None
        return decode_manifest(codecs.unpack(told.coders, raw, told.size))
    except StorageProblem:
        return None


def _take(
    begin: int,
    end: int,
    mark: Waymark,
    blocks: list[Block],
    blobs: list[Blob],
    entries: dict[str, Entry],
) -> None:
    """Add what one waymark tells."""
    for copy in mark.copies:
        entries[copy.path] = _entry(copy)
    at = begin - sum(block.packed for block in mark.blocks) if mark.before else end
    for told in mark.blocks:
        offset = 0
        for file in told.files:
            blobs.append(Blob(file.sha256, len(blocks), offset, file.size))
            offset += file.size
            if file.path:
                entries[file.path] = _entry(file)
        blocks.append(Block(told.coders, at, told.packed, told.size, told.crc))
        at += told.packed


def _entry(file: MarkedFile) -> Entry:
    return Entry(file.path, "file", file.size, file.mtime_ns, file.mode, sha256=file.sha256)


def _put_together(
    shelf: Shelf,
    head: Head,
    blocks: Sequence[Block],
    blobs: Sequence[Blob],
    entries: Mapping[str, Entry],
    passphrase: str | None,
) -> Manifest:
    """Lay what was salvaged over the tree of the backup before, where there is one.

    What was removed or renamed between the two cannot be known: the backup is partial.
    """
    own = archive_name(head.id)
    tree: dict[str, Entry] = {}
    archives: tuple[str, ...] = ()
    if head.parent:
        try:
            parent = shelf.manifest(head.parent, passphrase)
        except (NotFound, StorageProblem, Locked):
            parent = None
        if parent is not None:
            archives = parent.archives
            tree = {entry.path: entry for entry in parent.entries}
    places = {name: place for place, name in enumerate(dict.fromkeys((*archives, own)))}
    for path, entry in entries.items():
        tree[path] = msgspec.structs.replace(entry, where=places[own])
    listed = tuple(sorted(tree.values(), key=lambda entry: entry.path))
    facts = {name: getattr(head, name) for name in Head.__struct_fields__}
    facts.update(
        archives=tuple(places),
        flags=tuple(dict.fromkeys((*head.flags, SALVAGED, PARTIAL))),
        file_count=sum(entry.kind != "folder" for entry in listed),
        size_bytes=sum(entry.size for entry in listed),
        changed_count=len(entries),
        entries=listed,
        blobs=tuple(blobs),
        blocks=tuple(blocks),
    )
    return Manifest(**facts)
