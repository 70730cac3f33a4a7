"""Encrypted archives, written and read by py7zr; the only door to it for backups.

7z's AES-256 hides contents and, here, names. It does not prove that nobody changed them:
the hashes in the manifest find accidents, not a forger who knows the passphrase.
"""

from __future__ import annotations

import functools
import io
import lzma
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, cast

import py7zr
import py7zr.archiveinfo
import py7zr.compressor
import py7zr.helpers
from msgspec.structs import replace
from py7zr.exceptions import ArchiveError
from py7zr.properties import FILTER_CRYPTO_AES256_SHA256 as FILTER_AES

from app.core.backup.levels import Level
from app.core.backup.manifest import Block
from app.core.backup.waymarks import MarkedFile
from app.files.backup.draft import Draft
from app.files.backup.sevenzip import codecs, layout
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.sevenzip.layout import EMPTY_FILE, EPOCH, Member
from app.files.backup.sevenzip.writing import MANIFEST, README, README_TEXT, Content, Packed

# 7-Zip derives the key of a passphrase once; py7zr would for each block, 0.1 s every time.
py7zr.compressor.calculate_key = functools.lru_cache(maxsize=4)(  # type: ignore[attr-defined]
    py7zr.compressor.calculate_key  # type: ignore[attr-defined]
)

# What py7zr and its decoders raise on bytes that make no sense or a wrong passphrase.
UNREADABLE = (
    ArchiveError, lzma.LZMAError, zlib.error, EOFError, ValueError, TypeError, KeyError, IndexError,
    AttributeError, AssertionError, NotImplementedError, MemoryError, struct.error,
)  # fmt: skip
_METHODS = {
    "copy": b"\x00",
    "deflate": b"\x04\x01\x08",
    "lzma2": b"\x21",
    "aes": b"\x06\xf1\x07\x01",
}


class SealedWriter:
    """py7zr as a writer of archives, several blocks in one; encrypts where a passphrase is given.

    One thread packs, and there are no waymarks: they would tell names in the clear.
    """

    def __init__(self, draft: Draft, level: Level, passphrase: str | None) -> None:
        self._draft = draft
        self._level = level
        self._passphrase = passphrase
        self._blocks: list[Block] = []
        self._empty: list[Member] = []
        self._file = _DraftFile(draft)
        self._archive = py7zr.SevenZipFile(
            cast("BinaryIO", self._file),
            "w",
            filters=self._filters(text=True),
            password=passphrase,
            header_encryption=passphrase is not None,
        )

    def pack(self, contents: Sequence[Content], data: Sequence[bytes], *, text: bool) -> Packed:
        """Keep some files' bytes together; they are packed when they are added."""
        whole = data[0] if len(data) == 1 else b"".join(data)
        coders = codecs.coders_of(self._level, text=text)
        sized = tuple(
            Content(replace(one.member, size=len(part)), one.file)
            for one, part in zip(contents, data, strict=True)
        )
        return Packed(coders, whole, len(whole), 0, sized)

    def add(self, packed: Packed) -> int:
        """Write a block; answer its number."""
        folder = self._begin(text=packed.coders != codecs.COPY)
        at = 0
        for content in packed.contents:
            part = packed.data[at : at + content.member.size]
            at += len(part)
            self._write_member(content.member, io.BytesIO(part), folder)
        return self._end(folder)

    def stream(self, content: Content, pieces: Iterator[bytes], *, text: bool) -> int:
        """Write one long file as a block of its own; answer its number."""
        folder = self._begin(text=text)
        self._write_member(content.member, _Pieces(pieces), folder)
        return self._end(folder)

    def mark_last(self, file: MarkedFile) -> None:
        """Tell nothing: names would be in the clear."""

    def drop_last(self) -> None:
        """Forget the block just streamed: nothing of it stays."""
        block = self._blocks.pop()
        header = self._archive.header
        streams = header.main_streams
        header.files_info.files.pop()
        self._archive.files.files_list.pop()
        self._archive.worker.current_file_index -= 1
        for column in (
            streams.packinfo.packsizes, streams.packinfo.crcs, streams.packinfo.digestdefined,
            streams.unpackinfo.folders, streams.substreamsinfo.digests,
            streams.substreamsinfo.digestsdefined, streams.substreamsinfo.unpacksizes,
            streams.substreamsinfo.num_unpackstreams_folders,
        ):  # fmt: skip
            column.pop()
        streams.packinfo.numstreams -= 1
        streams.unpackinfo.numfolders -= 1
        self._draft.rewind(block.position)
        self._file.seek(block.position)

    def note(self, copies: Sequence[MarkedFile]) -> None:
        """Tell nothing: names would be in the clear."""

    def add_empty(self, member: Member) -> None:
        """Add a file or folder without bytes."""
        self._empty.append(member)

    def settle(self) -> list[Block]:
        """Answer all blocks so far, by their numbers."""
        return list(self._blocks)

    def finish(self, manifest: Iterable[bytes], mtime_ns: int) -> None:
        """Write the manifest, given in pieces, as the last member; then the archive's own list."""
        folder = self._begin(text=True)
        readme = Member(README, len(README_TEXT), mtime_ns)
        self._write_member(readme, io.BytesIO(README_TEXT), folder)
        self._end(folder)
        folder = self._begin(text=True)
        whole = b"".join(manifest)
        self._write_member(Member(MANIFEST, len(whole), mtime_ns), io.BytesIO(whole), folder)
        self._end(folder)
        del self._blocks[-2:]
        for empty in self._empty:
            self._enlist(empty, None)
        if self._passphrase is None:
            self._archive.close()
        else:
            self._seal_header()

    def _seal_header(self) -> None:
        """Write the archive's own list, encrypted, with the checksums py7zr would leave out."""
        plain = io.BytesIO()
        self._archive.header.write(plain, 0, encoded=False)
        packing = py7zr.compressor.SevenZipCompressor(self._filters(text=False), self._passphrase)
        begin = self._draft.position
        plain.seek(0)
        self._file.seek(begin)
        packing.compress(plain, self._file)  # type: ignore[no-untyped-call]
        packing.flush(self._file)  # type: ignore[no-untyped-call]
        coders = _spelled(packing.coders, packing.unpacksizes)
        size = packing.unpacksizes[-1]
        block = Block(coders, begin, packing.packsize, size, packing.digest)
        leader = layout.leader(block, codecs.crc32(plain.getvalue()))
        place = self._draft.position
        self._draft.write(leader)
        self._draft.write_at_start(layout.signature(leader, place))

    def _filters(self, *, text: bool) -> list[dict[str, Any]]:
        method = codecs.coders_of(self._level, text=text)
        chain: list[dict[str, Any]]
        if method == codecs.COPY:
            chain = [{"id": py7zr.FILTER_COPY}]
        elif method == codecs.DEFLATE:
            chain = [{"id": py7zr.FILTER_DEFLATE}]
        else:
            chain = [{"id": py7zr.FILTER_LZMA2, "preset": self._level.effort, "dict_size": 4 << 20}]
        return [*chain, {"id": FILTER_AES}] if self._passphrase is not None else chain

    def _begin(self, *, text: bool) -> Any:
        """Open a block: what py7zr does when it appends to an archive, without closing it."""
        header = self._archive.header
        header.filters = self._filters(text=text)
        header._initialized = False
        fresh = header.main_streams is None
        folder = header.initialize()
        if fresh:
            header.files_info = _FilesInfo()  # type: ignore[no-untyped-call]
        header.main_streams.packinfo.enable_digests = True
        return folder

    def _write_member(self, member: Member, stream: io.BufferedIOBase, folder: Any) -> None:
        self._enlist(member, stream)
        self._archive.worker.archive(self._archive.fp, self._archive.files, folder)

    def _enlist(self, member: Member, stream: io.BufferedIOBase | None) -> None:
        """Put a member on py7zr's list, with the facts it would have taken from a file."""
        moment = py7zr.helpers.ArchiveTimestamp(max(member.mtime_ns // 100 + EPOCH, 0))
        kind, bit = (0o040000, 0x10) if member.folder else (0o100000, 0x20)
        facts: dict[str, Any] = {
            "origin": None,
            "data": stream,
            "filename": member.name,
            "uncompressed": member.size,
            "emptystream": stream is None,
            "attributes": ((kind | member.mode & 0o7777) << 16 | 0x8000 | bit) & 0xFFFFFFFF,
            "lastwritetime": moment,
        }
        self._archive.header.files_info.files.append(facts)
        self._archive.files.append(facts)  # type: ignore[arg-type]
        if stream is None:
            self._archive.header.files_info.emptyfiles.append(not member.folder)
            self._archive.worker.current_file_index += 1

    def _end(self, folder: Any) -> int:
        """Close a block and note where it is."""
        streams = self._archive.header.main_streams
        self._archive.worker.flush_archive(self._archive.fp, folder)  # type: ignore[no-untyped-call]
        self._archive.header._initialized = False  # closing must not flush it again
        packing = folder.get_compressor()
        coders = _spelled(folder.coders, packing.unpacksizes)
        size = packing.unpacksizes[-1]
        begin = self._draft.position - packing.packsize
        self._blocks.append(Block(coders, begin, packing.packsize, size, packing.digest))
        streams.packinfo.digestdefined[-1] = True
        return len(self._blocks) - 1


def unsealed(
    stream: BinaryIO, block: Block, passphrase: str | None, limit: int = codecs.PIECE
) -> Iterator[bytes]:
    """Unpack a block that is encrypted, piece by piece. Raises Damaged.

    A wrong passphrase and damage look the same.
    """
    coders, sizes = _understood(block)
    left, idle = block.size, 0
    where = block.position
    try:
        decoder = py7zr.compressor.SevenZipDecompressor(
            coders, block.packed, sizes, None, passphrase, None
        )
        while left:
            stream.seek(where)
            piece = bytes(decoder.decompress(stream, min(left, limit)))
            where = stream.tell()
            idle = 0 if piece else idle + 1
            if idle > 64:
                raise Damaged("Its packed bytes end too early.")
            left -= len(piece)
            if piece:
                yield piece
    except UNREADABLE as problem:
        raise Damaged("The passphrase is wrong, or the bytes are damaged.") from problem


def _spelled(coders: Sequence[dict[str, Any]], sizes: Sequence[int]) -> str:
    """Write py7zr's coders as `Block.coders` has them."""
    names = {code: name for name, code in _METHODS.items()}
    spelled = []
    for coder, size in zip(coders, sizes, strict=True):
        name, properties = names[coder["method"]], coder.get("properties") or b""
        if name == "aes":
            spelled.append(f"aes:{properties.hex()}:{size}")
        elif name == "lzma2":
            spelled.append(f"lzma2:{properties[0]}")
        else:
            spelled.append(name)
    return "+".join(spelled)


def _understood(block: Block) -> tuple[list[dict[str, Any]], list[int]]:
    """Read `Block.coders` as py7zr wants it. Raises Damaged."""
    coders, sizes = [], []
    try:
        for spelled in block.coders.split("+"):
            name, *rest = spelled.split(":")
            properties = bytes.fromhex(rest[0]) if name == "aes" else None
            if name == "lzma2":
                properties = bytes((int(rest[0]),))
            sizes.append(int(rest[1]) if name == "aes" else block.size)
            coders.append(
                {
                    "method": _METHODS[name],
                    "properties": properties,
                    "numinstreams": 1,
                    "numoutstreams": 1,
                }
            )
    except (ValueError, KeyError, IndexError) as problem:
        raise Damaged("It is packed in a way this program does not know.") from problem
    return coders, sizes


class _FilesInfo(py7zr.archiveinfo.FilesInfo):
    """py7zr's list of files, telling empty files from folders: left alone it forgets to."""

    def _write_names(self, file: Any) -> None:
        if self.emptyfiles:
            size = (len(self.emptyfiles) + 7) // 8
            py7zr.archiveinfo.write_byte(file, bytes((EMPTY_FILE,)))
            py7zr.archiveinfo.write_uint64(file, size)
            py7zr.archiveinfo.write_boolean(file, self.emptyfiles, all_defined=False)
        super()._write_names(file)


class _DraftFile(io.RawIOBase):
    """A draft as py7zr wants to see a file: it writes front to back, the first bytes last."""

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self._draft = draft
        self._at = 0

    def write(self, data: Any) -> int:
        """Write at the end, or over the first bytes."""
        if self._at < self._draft.position:
            self._draft.write_at_start(bytes(data), self._at)
        else:
            self._draft.write(bytes(data))
        self._at += len(data)
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move; only to where something was written."""
        start = (0, self.tell(), self._draft.position)[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """Answer where it stands."""
        return self._at

    def readable(self) -> bool:
        """Answer no: it is only written."""
        return False

    def writable(self) -> bool:
        """Answer yes."""
        return True

    def seekable(self) -> bool:
        """Answer yes: it goes back once, for the first bytes."""
        return True


class _Pieces(io.BufferedIOBase):
    """Pieces as a stream that can be read once."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""

    def read(self, size: int | None = -1, /) -> bytes:
        """Answer the next bytes, at most ``size``."""
        if not self._left:
            self._left = next(self._pieces, b"")
        if size is None or size < 0:
            size = len(self._left)
        out, self._left = self._left[:size], self._left[size:]
        return out
