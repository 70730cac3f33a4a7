"""One backup made: looked, planned, read, packed, read back, published."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from app import __version__
from app.core.backup.difference import Difference, difference
from app.core.backup.levels import BIG, TRIAL, WORTH, Level, compressible
from app.core.backup.manifest import (
    CHANGED_WHILE_READ,
    NOWHERE,
    UNREADABLE,
    Entry,
    Head,
    Inventory,
    Manifest,
    archive_name,
    encode_manifest,
)
from app.core.backup.member_names import MemberNames, bare, raw_name
from app.core.backup.outcomes import Created, FileStamp, Loss, Snapshot
from app.core.backup.planning import (
    SnapshotPlan,
    path_key,
    plan_snapshot,
    recogniser,
    relocated,
    renumbered,
    same_facts,
    told_apart,
    with_hash_of_nothing,
)
from app.core.backup.waymarks import MarkedFile
from app.errors import StorageProblem
from app.files.backup import disk
from app.files.backup.draft import Draft, drafted, publish
from app.files.backup.making.pipeline import Pipeline
from app.files.backup.making.reading import TRIES, CannotRead, LongFile, read_small
from app.files.backup.making.scanning import Scan, path_on_disk
from app.files.backup.sevenzip import codecs
from app.files.backup.sevenzip.archive import Archive
from app.files.backup.sevenzip.layout import Member
from app.files.backup.sevenzip.writing import ArchiveWriter, BlockWriter, Content
from app.progress import Task

MARGIN = 1 << 20  # bytes that must be free beyond what is to be written
_SQUEEZE = 8  # no text gets smaller than this share, for asking whether there is room


class Wanted(Struct, frozen=True):
    """What is to be backed up, and how."""

    source: Path
    export: str
    name: str
    level: Level
    incremental: bool = True
    passphrase: str | None = None
    force: bool = False
    note: str = ""


class Ground(Struct, frozen=True):
    """What a backup builds on: the last one, and where bytes are already.

    ``stored`` answers hash -> archive for all archives that can be opened; it is asked only
    when something was read. ``present`` are the archives in the folder.
    """

    parent: Manifest | None
    sequence: int
    present: frozenset[str]
    stored: Callable[[], dict[str, str]]


def writer_for(draft: Draft, level: Level, head: Head, passphrase: str | None) -> ArchiveWriter:
    """Answer what writes an archive: our own writer, or py7zr where it is to be encrypted."""
    if not passphrase:
        return BlockWriter(draft, level, head)
    from app.files.backup.sevenzip.sealed import SealedWriter

    return SealedWriter(draft, level, passphrase)


def new_id(now: datetime) -> str:
    """Make the id of a backup that begins now."""
    return f"backup-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"


def create_backup(
    folder: Path, wanted: Wanted, ground: Ground, now: datetime, task: Task
) -> Created:
    """Make one backup in ``folder``; see `BackupStore.create`."""
    scanned_ns = time.time_ns()
    parent = standing(ground) if wanted.incremental else None
    before = {} if ground.parent is None else _by_path(ground.parent)
    known = before if parent is ground.parent else {} if parent is None else _by_path(parent)
    since = parent.scanned_ns if parent is not None else 0
    recognise = recogniser(known, scanned_ns=since)
    scan = Scan(wanted.source, task, excluded=(folder,), recognise=recognise)
    plan = plan_snapshot(list(scan), scan.recognised)
    if _nothing_new(plan, before, parent, wanted):
        return Created(None, parent.id if parent else "", Difference(unchanged=len(plan.unchanged)))
    _require_room(folder, plan)
    head = _head(wanted, ground, now, scanned_ns, parent)
    making = _Making(
        folder=folder,
        wanted=wanted,
        unchanged=plan.unchanged,
        plain=with_hash_of_nothing(plan.plain),
        waiting=list(reversed(plan.read)),
        head=head,
        parent=parent,
        stored=ground.stored,
        known=known,
        task=task,
        total=plan.read_bytes,
    )
    del plan
    making.losses += [Loss(path, why) for path, why in scan.skipped]
    return making.run(before, tuple(scan.skipped))


def standing(ground: Ground) -> Manifest | None:
    """Answer the last backup with its hints put right where archives went since."""
    parent = ground.parent
    if parent is None or ground.present.issuperset(parent.archives):
        return parent
    archives, entries = relocated(parent.entries, ground.stored())
    return msgspec.structs.replace(parent, archives=archives, entries=entries)


def _by_path(manifest: Manifest) -> dict[str, Entry]:
    return {path_key(entry.path): entry for entry in manifest.entries}


def _nothing_new(
    plan: SnapshotPlan, before: Mapping[str, Entry], parent: Manifest | None, wanted: Wanted
) -> bool:
    """Tell, without having read a byte, whether all is as the last backup has it."""
    if parent is None or plan.read or wanted.force:
        return False
    return not told_apart(before, with_hash_of_nothing(plan.plain), unchanged=len(plan.unchanged))


def _require_room(folder: Path, plan: SnapshotPlan) -> None:
    """Raise StorageProblem if the disk surely has no room; less than surely is found out."""
    needed = MARGIN
    for entry in plan.read:
        needed += entry.size // _SQUEEZE if compressible(entry.path) is not False else entry.size
    free = disk.free_bytes(folder)
    if free < needed:
        raise StorageProblem(
            "There is not enough room on the disk for this backup.",
            hint="Free some space, clean up old backups, or keep backups on another disk.",
            neededBytes=needed,
            freeBytes=free,
        )


def _head(
    wanted: Wanted, ground: Ground, now: datetime, scanned_ns: int, parent: Manifest | None
) -> Head:
    local = now.astimezone().utcoffset()
    return Head(
        id=new_id(now),
        export=wanted.export,
        name=wanted.name,
        type="incremental" if parent is not None else "full",
        base=(parent.base or parent.id) if parent is not None else "",
        parent=parent.id if parent is not None else "",
        sequence=ground.sequence,
        created_at=now,
        scanned_ns=scanned_ns,
        utc_offset=int(local.total_seconds() // 60) if local is not None else 0,
        tool=f"Data Dumpster Diver {__version__}",
        level=wanted.level.name,
        note=wanted.note,
        encrypted=wanted.passphrase is not None,
    )


@dataclass
class _Making:
    """The part of a backup that reads and writes."""

    folder: Path
    wanted: Wanted
    unchanged: Sequence[Entry]
    plain: Sequence[Entry]
    waiting: list[Entry]  # what is to be read, the last first; let go of one by one
    head: Head
    parent: Manifest | None
    stored: Callable[[], dict[str, str]]
    known: Mapping[str, Entry]  # what the last backup has, by path
    task: Task
    losses: list[Loss] = field(default_factory=list)
    done: int = 0
    total: int = 0
    _known: dict[str, str] = field(default_factory=dict)  # hash -> archive
    _places: dict[str, int] = field(default_factory=dict)  # archive -> place in the list
    _names: MemberNames = field(default_factory=MemberNames)
    _entries: list[Entry] = field(default_factory=list)

    def run(self, before: Mapping[str, Entry], skipped: Sequence[tuple[str, str]]) -> Created:
        """Read, pack, check, publish."""
        own = archive_name(self.head.id)
        listed = self.parent.archives if self.parent is not None else ()
        self._places = {name: place for place, name in enumerate(listed)}
        self._own = self._place_of(own)
        with drafted(self.folder / own) as draft:
            writer = writer_for(draft, self.wanted.level, self.head, self.wanted.passphrase)
            self._list_plain(writer, before)
            with Pipeline(writer, self.wanted.level) as pipeline:
                self._read_all(pipeline)
                pipeline.finish()
            self._known, self._names = {}, MemberNames()
            self._entries += [*self.unchanged, *self.plain]
            self._entries.sort(key=lambda entry: entry.path)
            told = difference(before.values(), self._entries)
            if self._in_vain(before):
                return Created(None, self.parent.id if self.parent else "", told, self.done)
            manifest = self._manifest(writer, pipeline, told, skipped)
            encoded, made = encode_manifest(manifest), without_files(manifest)
            # Of many files these are most of what is in memory: only who encodes them holds them.
            del manifest
            self._entries, pipeline.blobs = [], []
            writer.finish(encoded, self.head.scanned_ns)
            digest = self._publish(draft, made)
        return self._created(made, told, digest)

    def _in_vain(self, before: Mapping[str, Entry]) -> bool:
        """Tell whether all that was read turned out to be as before."""
        if self.parent is None or self.wanted.force:
            return False
        return not told_apart(before, self._entries)

    def _place_of(self, archive: str) -> int:
        return self._places.setdefault(archive, len(self._places))

    def _list_plain(self, writer: ArchiveWriter, before: Mapping[str, Entry]) -> None:
        """Put empty files and folders that are new on the archive's own list."""
        for entry in bare((*self.unchanged, *self.waiting, *self.plain)):
            new = self.parent is None or path_key(entry.path) not in before
            if new and (name := self._names.take(entry)):
                folder = entry.kind == "folder"
                writer.add_empty(Member(name, 0, entry.mtime_ns, entry.mode, folder=folder))

    def _content(self, entry: Entry) -> Content:
        name = self._names.take(entry) or raw_name(entry.sha256 or secrets.token_hex(32))
        member = Member(name, entry.size, entry.mtime_ns, entry.mode)
        return Content(member, marked(entry))

    def _read_all(self, pipeline: Pipeline) -> None:
        if self.wanted.incremental and self.waiting:
            self._known = self.stored()
        while self.waiting:
            entry = self.waiting.pop()
            self.task.step("storing", self.done, self.total, entry.path, "bytes")
            path = path_on_disk(self.wanted.source, entry)
            try:
                read = self._read_long if entry.size > BIG else self._read_short
                self._entries.append(read(pipeline, path, entry))
            except CannotRead as problem:
                if problem.gone:
                    self.losses.append(Loss(entry.path, "it went away before it could be read"))
                else:
                    self._entries.append(self._unreadable(entry, str(problem)))

    def _unreadable(self, entry: Entry, why: str) -> Entry:
        self.losses.append(Loss(entry.path, f"it could not be read: {why}"))
        return msgspec.structs.replace(entry, flags=(UNREADABLE,))

    def _read_short(self, pipeline: Pipeline, path: str, entry: Entry) -> Entry:
        data, entry = read_small(path, entry)
        self.done += entry.size
        if (before := self._as_before(entry)) is not None:
            return before
        self._tell_if_changed(entry)
        place = self._found(entry.sha256)
        if not data or place is not None:
            pipeline.note(marked(entry))
            return entry if place is None else msgspec.structs.replace(entry, where=place)
        text = compressible(entry.path)
        if text is None:
            text = codecs.shrinks(data[:TRIAL], WORTH)
        pipeline.add(self._content(entry), data, text=text)
        return self._kept(entry)

    def _read_long(self, pipeline: Pipeline, path: str, entry: Entry) -> Entry:
        """Stream a long file; what turns out to be known, or changed meanwhile, is dropped."""
        long = LongFile(path, entry, self._on_bytes)
        text = compressible(entry.path)
        if text is None:
            text = codecs.shrinks(long.start(TRIAL), WORTH)
        begun = self.done
        for attempt in range(1, TRIES + 1):
            self.done = begun
            pipeline.stream(self._content(entry), long.pieces(), text=text)
            if long.problem is not None:
                self._forget(pipeline, entry)
                raise CannotRead(long.problem)
            if long.steady or attempt == TRIES:
                break
            self._forget(pipeline, entry)
        return self._settled(pipeline, long.entry)

    def _settled(self, pipeline: Pipeline, entry: Entry) -> Entry:
        """Keep what was streamed, unless its bytes are somewhere already."""
        self._tell_if_changed(entry)
        place = self._found(entry.sha256)
        if place is None and entry.size:
            pipeline.keep_streamed(marked(entry))
            return self._kept(entry)
        self._forget(pipeline, entry)
        pipeline.note(marked(entry))
        return msgspec.structs.replace(entry, where=NOWHERE if place is None else place)

    def _forget(self, pipeline: Pipeline, entry: Entry) -> None:
        pipeline.drop_streamed()
        self._names.give_back(entry)

    def _on_bytes(self, count: int) -> None:
        self.done += count
        self.task.step("storing", self.done, max(self.total, self.done), "", "bytes")

    def _tell_if_changed(self, entry: Entry) -> None:
        if CHANGED_WHILE_READ in entry.flags:
            self.losses.append(Loss(entry.path, "it kept changing while it was read"))

    def _as_before(self, entry: Entry) -> Entry | None:
        """Answer the last backup's entry if the file, though read, turned out to be the same."""
        known = self.known.get(path_key(entry.path))
        if known is None or known.sha256 != entry.sha256 or known.where == NOWHERE:
            return None
        return known if same_facts(known, entry) and known.flags == entry.flags == () else None

    def _found(self, sha256: str) -> int | None:
        """Answer the place of the archive that has these bytes already; None if none has."""
        archive = self._known.get(sha256)
        return None if archive is None else self._place_of(archive)

    def _kept(self, entry: Entry) -> Entry:
        self._known[entry.sha256] = archive_name(self.head.id)
        return msgspec.structs.replace(entry, where=self._own)

    def _manifest(
        self,
        writer: ArchiveWriter,
        pipeline: Pipeline,
        told: Difference,
        skipped: Sequence[tuple[str, str]],
    ) -> Manifest:
        own = archive_name(self.head.id)
        used = {entry.where for entry in self._entries}
        needed = [name for name, place in self._places.items() if place in used and name != own]
        archives = (*needed, own)
        places = {name: place for place, name in enumerate(archives)}
        entries = renumbered(self._entries, tuple(self._places), places)
        facts = {name: getattr(self.head, name) for name in self.head.__struct_fields__}
        files = [entry for entry in entries if entry.kind != "folder"]
        if len(archives) > 1:  # the first of an export may build on the archives of another
            facts["type"] = "incremental"
        facts.update(
            file_count=len(files),
            changed_count=told.count,
            size_bytes=sum(entry.size for entry in files),
            archives=archives,
            skipped=tuple(skipped),
            blobs=tuple(pipeline.blobs),
            blocks=tuple(writer.settle()),
            entries=tuple(entries),
        )
        return Manifest(**facts)

    def _publish(self, draft: Draft, made: Inventory) -> str:
        """Flush, read all back, rename; answer the file's SHA-256."""
        draft.flush()
        digest = read_back(draft, made, self.wanted.passphrase, self.task)
        publish(draft, self.folder / archive_name(self.head.id))
        return digest

    def _created(self, made: Inventory, told: Difference, digest: str) -> Created:
        archive = archive_name(made.id)
        facts = (self.folder / archive).stat()
        head = Head(**{name: getattr(made, name) for name in Head.__struct_fields__})
        snapshot = Snapshot(head, archive, FileStamp(facts.st_size, facts.st_mtime_ns), digest)
        before = self.parent.id if self.parent is not None else ""
        return Created(snapshot, before, told, self.done, tuple(self.losses))


def without_files(manifest: Manifest) -> Inventory:
    """Answer a manifest's head and blocks alone."""
    facts = {name: getattr(manifest, name) for name in Head.__struct_fields__}
    return Inventory(**facts, blocks=manifest.blocks)


def marked(entry: Entry) -> MarkedFile:
    """Answer what a waymark tells of a file."""
    return MarkedFile(entry.path, entry.sha256, entry.size, entry.mtime_ns, entry.mode)


def read_back(draft: Draft, made: Inventory, passphrase: str | None, task: Task) -> str:
    """Read a finished draft from front to back; answer its SHA-256. Raises StorageProblem.

    What does not match just after it was written means bad memory or a bad disk.
    """
    total = draft.position
    done = 0

    def on_bytes(count: int) -> None:
        nonlocal done
        done += count
        task.step("checking", done, total, "", "bytes")

    with Archive(draft.path, passphrase) as archive:
        digest = archive.check(partial(on_bytes))
        if not set(made.blocks) <= set(archive.blocks):
            raise codecs.Damaged("What was written is not what was meant to be.")
    return digest
