"""What every writer of archives promises, and our own: many small blocks, packed on all cores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from app.core.backup.levels import Level
from app.core.backup.manifest import Block, Head
from app.core.backup.member_names import OWN
from app.core.backup.waymarks import MarkedBlock, MarkedFile, Waymark, encode_waymark
from app.files.backup.draft import Draft
from app.files.backup.sevenzip import codecs, layout
from app.files.backup.sevenzip.layout import Filled, Member

MANIFEST = f"{OWN}/manifest.json"
README = f"{OWN}/READ ME.txt"
README_TEXT = b"""This is a backup made by Data Dumpster Diver.

Any 7-Zip unpacks it. The folder .backup holds what the program needs to know:

manifest.json   every file of the export at that moment, with its SHA-256
raw/            files whose names not every system takes, named by their SHA-256
waymarks/       what saves the rest if this archive is ever damaged

A full backup holds all it lists. An incremental one holds what was new; the rest is in the
archives beside it that "archives" in manifest.json names: unpack those as well, and look each
file up by its SHA-256. Files with the same bytes are stored once, under the first of their names.
"""
GROUP = 4 << 20  # packed bytes between two waymarks


class Content(Struct, frozen=True):
    """One file's bytes on their way into a block, and what is told of it."""

    member: Member
    file: MarkedFile


class Packed(Struct, frozen=True):
    """A block ready to be written: its files with their CRCs, and its bytes."""

    coders: str
    data: bytes
    size: int
    crc: int
    contents: tuple[Content, ...]


class ArchiveWriter(Protocol):
    """Writes one archive into a draft, front to back.

    `pack` may be called on any thread, all else on one. Blocks are numbered from 0 in the
    order in which `add` and `stream` are called; `blocks` tells where they came to stand
    once `finish` was called.
    """

    def pack(self, contents: Sequence[Content], data: Sequence[bytes], *, text: bool) -> Packed:
        """Make a block of some files' bytes."""

    def add(self, packed: Packed) -> int:
        """Write a block; answer its number."""

    def stream(self, content: Content, pieces: Iterator[bytes], *, text: bool) -> int:
        """Write one long file as a block of its own; answer its number."""

    def drop_last(self) -> None:
        """Forget the block just streamed: nothing of it stays."""

    def mark_last(self, file: MarkedFile) -> None:
        """Tell what the block just streamed holds, now that it is known."""

    def note(self, copies: Sequence[MarkedFile]) -> None:
        """Remember files whose bytes stand elsewhere already."""

    def add_empty(self, member: Member) -> None:
        """Add a file or folder without bytes."""

    def settle(self) -> list[Block]:
        """Write what waits; answer all blocks so far, by their numbers."""

    def finish(self, manifest: Iterable[bytes], mtime_ns: int) -> None:
        """Write the manifest, given in pieces, as the last member; then the archive's own list."""


class BlockWriter:
    """Our own writer of 7z archives. Cannot encrypt.

    Blocks wait until GROUP bytes are together: their waymark stands before them.
    """

    def __init__(self, draft: Draft, level: Level, head: Head) -> None:
        self._draft = draft
        self._level = level
        self._head = head
        self._filled: list[Filled] = []
        self._numbers: list[int] = []  # of the blocks that were asked for, among all
        self._waiting: list[Packed] = []
        self._empty: list[Member] = []
        self._marks = 0
        self._copies: list[MarkedFile] = []
        draft.write(bytes(layout.SIGNATURE_SIZE))

    def pack(self, contents: Sequence[Content], data: Sequence[bytes], *, text: bool) -> Packed:
        """Make a block of some files' bytes."""
        whole = data[0] if len(data) == 1 else b"".join(data)
        coders, packed = codecs.pack(whole, self._level, text=text)
        checked = tuple(
            Content(replace(one.member, crc=codecs.crc32(part)), one.file)
            for one, part in zip(contents, data, strict=True)
        )
        return Packed(coders, packed, len(whole), codecs.crc32(packed), checked)

    def add(self, packed: Packed) -> int:
        """Write a block; answer its number."""
        self._waiting.append(packed)
        number = len(self._numbers) + len(self._waiting) - 1
        if sum(len(each.data) for each in self._waiting) >= GROUP:
            self._write_group()
        return number

    def stream(self, content: Content, pieces: Iterator[bytes], *, text: bool) -> int:
        """Write one long file as a block of its own; answer its number."""
        self._write_group()
        coders, packing = codecs.stream_packing(self._level, text=text)
        begin = self._draft.position
        size = crc = packed_crc = 0
        for piece in pieces:
            size, crc = size + len(piece), codecs.crc32(piece, crc)
            out = packing.compress(piece)
            packed_crc = codecs.crc32(out, packed_crc)
            self._draft.write(out)
        out = packing.flush()
        packed_crc = codecs.crc32(out, packed_crc)
        self._draft.write(out)
        block = Block(coders, begin, self._draft.position - begin, size, packed_crc)
        self._numbers.append(len(self._filled))
        self._filled.append(Filled(block, (replace(content.member, size=size, crc=crc),)))
        return len(self._numbers) - 1

    def mark_last(self, file: MarkedFile) -> None:
        """Write the waymark of the block just streamed, behind it."""
        block = self._filled[-1].block
        marked = MarkedBlock(block.coders, block.packed, block.size, block.crc, (file,))
        self._write_mark((marked,), before=True)

    def drop_last(self) -> None:
        """Forget the block just streamed: nothing of it stays."""
        dropped = self._filled.pop()
        self._numbers.pop()
        self._draft.rewind(dropped.block.position)

    def note(self, copies: Sequence[MarkedFile]) -> None:
        """Remember files whose bytes stand elsewhere already; the next waymark tells them."""
        self._copies += copies

    def add_empty(self, member: Member) -> None:
        """Add a file or folder without bytes."""
        self._empty.append(member)

    def settle(self) -> list[Block]:
        """Write what waits; answer all blocks so far, by their numbers."""
        self._write_group()
        return [self._filled[number].block for number in self._numbers]

    def finish(self, manifest: Iterable[bytes], mtime_ns: int) -> None:
        """Write the manifest, given in pieces, as the last member; then the archive's own list."""
        self._write_group()
        readme = Member(README, len(README_TEXT), mtime_ns, crc=codecs.crc32(README_TEXT))
        text = codecs.DEFLATING.whole(README_TEXT, 6)
        self._write_block("deflate", text, readme.size, codecs.crc32(text), (readme,))
        packed = codecs.pack_pieces(manifest, codecs.effort_of(self._level))
        member = Member(MANIFEST, packed.size, mtime_ns, crc=packed.crc)
        crc = codecs.crc32(packed.data)
        told = MarkedBlock(codecs.DEFLATE, len(packed.data), packed.size, crc, ())
        self._write_mark((), manifest=told)
        self._write_block(codecs.DEFLATE, packed.data, packed.size, crc, (member,))
        plain = layout.header(self._filled, self._empty)
        data, leader = layout.encoded_header(
            plain, self._draft.position, codecs.effort_of(self._level)
        )
        self._draft.write(data)
        place = self._draft.position
        self._draft.write(leader)
        self._draft.write_at_start(layout.signature(leader, place))

    def _write_group(self) -> None:
        """Write the waiting blocks behind a waymark that tells of them."""
        if not self._waiting:
            return
        blocks = tuple(
            MarkedBlock(
                each.coders,
                len(each.data),
                each.size,
                each.crc,
                tuple(c.file for c in each.contents),
            )
            for each in self._waiting
        )
        self._write_mark(blocks, before=False)
        for each in self._waiting:
            self._numbers.append(len(self._filled))
            members = tuple(content.member for content in each.contents)
            self._write_block(each.coders, each.data, each.size, each.crc, members)
        self._waiting = []

    def _write_mark(
        self,
        blocks: tuple[MarkedBlock, ...],
        *,
        before: bool = False,
        manifest: MarkedBlock | None = None,
    ) -> None:
        mark = encode_waymark(Waymark(self._head, blocks, before, manifest, tuple(self._copies)))
        self._copies = []
        self._marks += 1
        member = Member(f"{OWN}/waymarks/{self._marks:05d}", len(mark), crc=codecs.crc32(mark))
        self._write_block(codecs.COPY, mark, len(mark), member.crc, (member,))

    def _write_block(
        self, coders: str, data: bytes, size: int, crc: int, members: tuple[Member, ...]
    ) -> None:
        block = Block(coders, self._draft.position, len(data), size, crc)
        self._draft.write(data)
        self._filled.append(Filled(block, members))
