"""An archive written again: whole blocks copied, parts packed anew, all hashed on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from app.core.backup.levels import BIG, LEVELS, compressible
from app.core.backup.manifest import (
    NOWHERE,
    Blob,
    Block,
    Entry,
    Head,
    Manifest,
    archive_name,
    encode_manifest,
)
from app.core.backup.member_names import MemberNames, bare, raw_name
from app.core.backup.outcomes import FileStamp, Snapshot
from app.core.backup.waymarks import MarkedFile
from app.errors import StorageProblem
from app.files.backup.draft import drafted, publish
from app.files.backup.making.creating import marked, read_back, writer_for
from app.files.backup.making.pipeline import Pipeline
from app.files.backup.making.reading import CannotRead, LongFile, read_small
from app.files.backup.sevenzip import codecs
from app.files.backup.sevenzip.archive import WHOLE, Archive
from app.files.backup.sevenzip.codecs import COPY, Damaged
from app.files.backup.sevenzip.layout import Member
from app.files.backup.sevenzip.writing import Content, Packed
from app.files.backup.using.unpacking import cut_out
from app.progress import Task

Wanted = Mapping[Block, Sequence[Blob]]


@dataclass
class Rewriting:
    """One archive on its way to be written again, under the name it has.

    ``known`` gives each hash the entry it is named and dated by; a hash without one is
    kept for other backups, under its hash.
    """

    folder: Path
    manifest: Manifest
    known: Mapping[str, Entry]
    passphrase: str | None
    task: Task
    total: int
    done: int = 0
    stored: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)  # hash -> why
    _names: MemberNames = field(default_factory=MemberNames)

    def run(
        self,
        sources: Iterable[tuple[Archive, Wanted]],
        close: Callable[[], None],
        *,
        rest: Rest | None = None,
    ) -> Snapshot:
        """Write it from these archives; all of them are closed before one is replaced.

        ``rest`` is asked for what was damaged in them; without it damage raises
        StorageProblem and nothing is replaced. The file that had the name before is kept by
        nobody: link it first if it matters.
        """
        target = self.folder / archive_name(self.manifest.id)
        facts = {name: getattr(self.manifest, name) for name in Head.__struct_fields__}
        head = Head(**facts)
        level = LEVELS.get(head.level, LEVELS["balanced"])
        with drafted(target) as draft:
            writer = writer_for(draft, level, head, self.passphrase)
            for entry in bare(self.manifest.entries):
                if name := self._names.take(entry):
                    folder = entry.kind == "folder"
                    writer.add_empty(Member(name, 0, entry.mtime_ns, entry.mode, folder=folder))
            with Pipeline(writer, level) as pipeline:
                self._note_copies(pipeline)
                for archive, wanted in sources:
                    self._copy(pipeline, archive, wanted)
                if rest is not None:
                    rest.fetch(self, pipeline)
                pipeline.finish()
            close()
            if rest is None and self.failed:
                raise _too_damaged(len(self.failed))
            manifest = self._finished(tuple(pipeline.blobs), tuple(writer.settle()))
            writer.finish(encode_manifest(manifest), manifest.scanned_ns)
            draft.flush()
            digest = read_back(draft, manifest, self.passphrase, self.task)
            publish(draft, target)
        stamp = target.stat()
        facts = {name: getattr(manifest, name) for name in Head.__struct_fields__}
        return Snapshot(
            Head(**facts), target.name, FileStamp(stamp.st_size, stamp.st_mtime_ns), digest
        )

    def copy_more(self, pipeline: Pipeline, archive: Archive, wanted: Wanted) -> None:
        """Take what failed elsewhere from one more archive."""
        self._copy(pipeline, archive, wanted)

    def take_file(self, pipeline: Pipeline, path: Path, sha256: str, size: int) -> bool:
        """Take bytes from a file that should have this hash; tell whether it did."""
        entry = self.known.get(sha256) or Entry(raw_name(sha256), "file", size, sha256=sha256)
        text = compressible(entry.path) is not False
        if size > BIG:
            long = LongFile(str(path), entry, self._on_bytes)
            pipeline.stream(self._content(entry), long.pieces(), text=text)
            if long.problem is None and long.entry.sha256 == sha256:
                self._keep(pipeline, entry)
                return True
            self._drop(pipeline, entry)
            return False
        try:
            data, read = read_small(str(path), entry)
        except CannotRead:
            return False
        if read.sha256 != sha256:
            return False
        pipeline.add(self._content(entry), data, text=text)
        self._count(sha256, len(data))
        return True

    def _note_copies(self, pipeline: Pipeline) -> None:
        """Tell the names of files whose bytes get another name here, or are elsewhere."""
        for entry in self.manifest.entries:
            if entry.size and entry.sha256 and self.known.get(entry.sha256) is not entry:
                pipeline.note(marked(entry))

    def _finished(self, blobs: tuple[Blob, ...], blocks: tuple[Block, ...]) -> Manifest:
        """Fill in where everything came to stand."""
        own = archive_name(self.manifest.id)
        before = self.manifest.archives
        others = {
            before[entry.where]
            for entry in self.manifest.entries
            if entry.where != NOWHERE and entry.sha256 not in self.stored
        }
        archives = (*(name for name in before if name in others and name != own), own)
        places = {name: place for place, name in enumerate(archives)}
        entries = tuple(
            msgspec.structs.replace(entry, where=self._place(entry, before, places))
            for entry in self.manifest.entries
        )
        return msgspec.structs.replace(
            self.manifest, archives=archives, entries=entries, blobs=blobs, blocks=blocks
        )

    def _place(self, entry: Entry, before: Sequence[str], places: Mapping[str, int]) -> int:
        own = archive_name(self.manifest.id)
        if entry.size and entry.sha256 in self.stored:
            return places[own]
        if entry.where == NOWHERE or before[entry.where] == own:
            return NOWHERE
        return places.get(before[entry.where], NOWHERE)

    def _copy(self, pipeline: Pipeline, archive: Archive, wanted: Wanted) -> None:
        for block, blobs in wanted.items():
            fresh = [blob for blob in blobs if blob.sha256 not in self.stored]
            if not fresh:
                continue
            if max(block.size, block.packed) > WHOLE:
                for blob in fresh:
                    self._copy_long(pipeline, archive, block, blob)
            else:
                self._copy_short(pipeline, archive, block, fresh)

    def _copy_long(self, pipeline: Pipeline, archive: Archive, block: Block, blob: Blob) -> None:
        entry = self._entry(blob)
        checked = _Hashed(cut_out(archive.unpacked(block), blob), self._on_bytes)
        pipeline.stream(self._content(entry), checked.pieces(), text=block.coders != COPY)
        if checked.failure is None and checked.sha256 == blob.sha256:
            self._keep(pipeline, entry)
        else:
            self._drop(pipeline, entry)
            self.failed[blob.sha256] = checked.failure or "its bytes are not those that were kept"

    def _copy_short(
        self, pipeline: Pipeline, archive: Archive, block: Block, blobs: Sequence[Blob]
    ) -> None:
        raw, data = _best_effort(archive, block)
        good: list[tuple[Blob, bytes]] = []
        for blob in sorted(blobs, key=lambda blob: blob.offset):
            part = data[blob.offset : blob.offset + blob.size]
            if hashlib.sha256(part).hexdigest() == blob.sha256:
                good.append((blob, part))
            else:
                self.failed[blob.sha256] = "its packed bytes are damaged"
        covered = sum(blob.size for blob, _ in good)
        sealed = self.passphrase is not None or "aes:" in block.coders
        if covered == block.size and codecs.crc32(raw) == block.crc and not sealed:
            self._copy_whole(pipeline, block, raw, good)
        else:
            for blob, part in good:
                content = self._content(self._entry(blob))
                pipeline.add(content, part, text=block.coders != COPY)
        for blob, part in good:
            self._count(blob.sha256, len(part))

    def _copy_whole(
        self, pipeline: Pipeline, block: Block, raw: bytes, good: Sequence[tuple[Blob, bytes]]
    ) -> None:
        """Copy a block as it is packed; its files' CRCs are made of what came out of it."""
        contents = []
        for blob, part in good:
            content = self._content(self._entry(blob))
            member = replace(content.member, crc=codecs.crc32(part))
            contents.append(Content(member, content.file))
        pipeline.add_packed(Packed(block.coders, raw, block.size, block.crc, tuple(contents)))

    def _entry(self, blob: Blob) -> Entry:
        known = self.known.get(blob.sha256)
        if known is not None:
            return known
        return Entry(raw_name(blob.sha256), "file", blob.size, sha256=blob.sha256)

    def _content(self, entry: Entry) -> Content:
        named = entry.sha256 in self.known
        name = self._names.take_or_hash(entry) if named else raw_name(entry.sha256)
        file = marked(entry) if named else MarkedFile("", entry.sha256, entry.size)
        return Content(Member(name, entry.size, entry.mtime_ns, entry.mode or 0o644), file)

    def _keep(self, pipeline: Pipeline, entry: Entry) -> None:
        pipeline.keep_streamed(marked(entry))
        self.stored.add(entry.sha256)
        self.failed.pop(entry.sha256, None)

    def _drop(self, pipeline: Pipeline, entry: Entry) -> None:
        pipeline.drop_streamed()
        self._names.give_back(entry)

    def _count(self, sha256: str, size: int) -> None:
        self.stored.add(sha256)
        self.failed.pop(sha256, None)
        self._on_bytes(size)

    def _on_bytes(self, count: int) -> None:
        self.done += count
        self.task.step("rewriting", self.done, max(self.total, self.done), "", "bytes")


def _too_damaged(count: int) -> StorageProblem:
    return StorageProblem(
        f"{count:,} files in the archives that were to be joined are damaged.",
        hint="Verify and heal the backups first. Nothing was removed.",
    )


class Rest(Protocol):
    """Where to look for what was damaged in the archives at hand."""

    def fetch(self, rewriting: Rewriting, pipeline: Pipeline) -> None:
        """Try to have `Rewriting.failed` taken from elsewhere."""


class _Hashed:
    """Pieces hashed as they pass; damage ends them and is told afterwards."""

    def __init__(self, pieces: Iterator[bytes], on_bytes: Callable[[int], None]) -> None:
        self._pieces = pieces
        self._on_bytes = on_bytes
        self._digest = hashlib.sha256()
        self.failure: str | None = None

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def pieces(self) -> Iterator[bytes]:
        try:
            for piece in self._pieces:
                self._digest.update(piece)
                self._on_bytes(len(piece))
                yield piece
        except Damaged as problem:
            self.failure = problem.message


def _best_effort(archive: Archive, block: Block) -> tuple[bytes, bytes]:
    """Answer a block as packed, and as much of it unpacked as can be had."""
    if "aes:" in block.coders:
        parts = []
        try:
            for piece in archive.unpacked(block):
                parts.append(piece)  # noqa: PERF402 - what came before the damage counts
        except Damaged:
            pass
        return b"", b"".join(parts)
    raw = archive.raw_as_far_as_it_goes(block)
    return raw, codecs.rescue(block.coders, raw, block.size)
