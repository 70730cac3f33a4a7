"""The manifest of a backup: every file of an export at one moment, and where its bytes are.

It travels as JSON inside each archive; `docs/backup-format.md` tells every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar

import msgspec

from app.errors import StorageProblem

FORMAT_VERSION = 1
MAX_MANIFEST = 2 << 30  # bytes of JSON; some 8 million files
MAX_PATH = 32_768  # characters of one path
NOWHERE = -1  # of `Entry.where`: there are no bytes to be found

Kind = Literal["file", "folder", "link"]
Type = Literal["full", "incremental"]

CHANGED_WHILE_READ = "changed-while-read"  # the bytes are of no single moment
UNREADABLE = "unreadable"  # it was there, but could not be read: no bytes are kept
SALVAGED = "salvaged"  # of a backup: put together again from a damaged archive
PARTIAL = "partial"  # of a backup: not everything could be salvaged
CONSOLIDATED = "consolidated"  # of a backup: made self-contained afterwards
REPAIRED = "repaired"  # of a backup: damaged bytes were put back from elsewhere

_ID = re.compile(r"backup-\d{8}T\d{6}Z-[0-9a-f]{8}")
_HASH = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"[0-9a-f]*")
_ARCHIVE = re.compile(r"[^/\\\0]{1,200}\.7z")


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One file, folder or symbolic link of an export.

    ``path`` is relative, separated by ``/``, exactly as the disk had it; where its bytes
    are no UTF-8, ``raw`` holds them in hex and ``path`` is what can be shown. ``size`` is in
    bytes, times are nanoseconds since 1970, ``mode`` the permission bits. ``where`` is the
    place in `Head.archives` of the archive that held the bytes when this was written: only a
    hint, the hash is what counts. ``link`` is a symbolic link's target.
    """

    path: str
    kind: Kind
    size: int = 0
    mtime_ns: int = 0
    mode: int = 0
    inode: int = 0
    ctime_ns: int = 0
    sha256: str = ""
    where: int = NOWHERE
    flags: tuple[str, ...] = ()
    link: str = ""
    raw: str = ""


class Blob(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The bytes of one file, held by this archive: in which block, and where in it unpacked."""

    sha256: str
    block: int
    offset: int
    size: int


class Block(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A run of bytes packed together: a 7z "folder" with one packed stream.

    ``coders`` are those to undo, outermost first, as in ``aes:5307…+lzma2:18``, ``deflate``,
    ``copy``; ``position`` is an offset in the archive's file; ``crc`` the CRC-32 of the
    packed bytes.
    """

    coders: str
    position: int
    packed: int
    size: int
    crc: int


class Head(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What a list of backups tells of one.

    ``export`` is the export's own id, ``name`` what it was called. ``base`` is the full
    backup a chain of incremental ones began with, ``parent`` the one before; both are empty
    for a full backup, and for the first of an export that builds on another export's
    archives. ``sequence`` counts an export's backups: the order to trust, as clocks
    jump. ``changed_count`` is how many files' bytes or names differ from the parent's;
    ``archives`` are the files that held the bytes when this was written, its own last.
    """

    format_version: int = FORMAT_VERSION
    id: str
    export: str
    name: str
    type: Type
    base: str = ""
    parent: str = ""
    sequence: int = 1
    created_at: datetime
    scanned_ns: int = 0  # the machine's clock when the look at the files began
    utc_offset: int = 0  # minutes; a policy by days means the person's days
    tool: str = ""
    hash: Literal["sha256"] = "sha256"
    level: str = ""
    note: str = ""
    encrypted: bool = False
    file_count: int = 0
    changed_count: int = 0
    size_bytes: int = 0
    archives: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()  # path and why: sockets, devices, what vanished


class Inventory(Head, frozen=True, kw_only=True):
    """A head, and what bytes its archive holds. The blocks are in the order of the file."""

    blobs: tuple[Blob, ...] = ()
    blocks: tuple[Block, ...] = ()


class Manifest(Inventory, frozen=True, kw_only=True):
    """All of it: the head, the complete tree, and what bytes its archive holds."""

    entries: tuple[Entry, ...] = ()


_Decoded = TypeVar("_Decoded", bound=Head)
_ENCODER = msgspec.json.Encoder()
_TOGETHER = 10_000  # items of a list encoded at once


def encode_manifest(manifest: Manifest) -> Iterator[bytes]:
    """Yield the manifest as JSON, in pieces: of very many files it is never held whole."""
    head = Head(**{name: getattr(manifest, name) for name in Head.__struct_fields__})
    yield _ENCODER.encode(head)[:-1]
    for name in ("blobs", "blocks", "entries"):
        items: tuple[object, ...] = getattr(manifest, name)
        yield f',"{name}":['.encode()
        for start in range(0, len(items), _TOGETHER):
            yield b"," if start else b""
            yield _ENCODER.encode(items[start : start + _TOGETHER])[1:-1]
        yield b"]"
    yield b"}"


def decode_manifest(raw: bytes | bytearray) -> Manifest:
    """Read a manifest's JSON. Raises StorageProblem if it makes no sense."""
    manifest = _decoded(raw, Manifest)
    _check_entries(manifest)
    _check_inventory(manifest)
    return manifest


def decode_inventory(raw: bytes | bytearray) -> Inventory:
    """Read what bytes an archive holds, without the tree. Raises StorageProblem."""
    inventory = _decoded(raw, Inventory)
    _check_inventory(inventory)
    return inventory


def decode_head(raw: bytes | bytearray) -> Head:
    """Read the head only. Raises StorageProblem if it makes no sense."""
    return _decoded(raw, Head)


def is_backup_id(text: str) -> bool:
    """Tell whether a text has the form of a backup's id."""
    return _ID.fullmatch(text) is not None


def archive_name(backup: str) -> str:
    """Answer the name of the file a backup's own bytes are in."""
    return f"{backup}.7z"


class TooNew(StorageProblem):
    """A backup of a newer version of this program: nothing is wrong with it."""

    code = "newer-backup"


def senseless(why: str) -> StorageProblem:
    """Answer the error that says why a manifest cannot be used."""
    return StorageProblem(
        f"The list of files inside a backup makes no sense: {why}.",
        hint="Verify the backups; what can be saved of this one is salvaged.",
    )


def _decoded(raw: bytes | bytearray, kind: type[_Decoded]) -> _Decoded:
    if len(raw) > MAX_MANIFEST:
        raise senseless("it is too long")
    try:
        head = msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise senseless("it is no manifest") from problem
    if head.format_version > FORMAT_VERSION:
        raise TooNew(
            "The backup was made by a newer version of this program.",
            hint="Update the program, then try again. The backup itself is fine.",
            backup=head.id[:80],
        )
    if not is_backup_id(head.id):
        raise senseless("it has no id")
    if not all(_ARCHIVE.fullmatch(name) for name in head.archives):
        raise senseless("it names archives by more than a name")
    return head


def _check_entries(manifest: Manifest) -> None:
    count = len(manifest.archives)
    proper = _proper_hashes(entry.sha256 for entry in manifest.entries if entry.sha256)
    for entry in manifest.entries:
        path, where = entry.path, entry.where
        if not 0 < len(path) <= MAX_PATH or "\0" in path:
            raise senseless("a path is empty or endless")
        if entry.size < 0 or where < NOWHERE or where >= count:
            raise senseless(f"the facts of “{path[:80]}” are impossible")
        if not proper and entry.sha256 and not _HASH.fullmatch(entry.sha256):
            raise senseless(f"“{path[:80]}” has no proper hash")


def _check_inventory(inventory: Inventory) -> None:
    blocks = inventory.blocks
    for block in blocks:
        if min(block.position, block.packed, block.size, block.crc) < 0:
            raise senseless("a block has a negative size")
    count, sizes = len(blocks), [block.size for block in blocks]
    if not _proper_hashes(blob.sha256 for blob in inventory.blobs):
        raise senseless("bytes have no proper hash")
    for blob in inventory.blobs:
        place, offset, size = blob.block, blob.offset, blob.size
        if place < 0 or place >= count or offset < 0 or size < 0:
            raise senseless("bytes are said to be in no block")
        if offset + size > sizes[place]:
            raise senseless("bytes are said to be behind the end of their block")


def _proper_hashes(hashes: Iterable[str]) -> bool:
    """Tell whether all of these are hashes: thousands at a time, as there may be very many."""
    left = iter(hashes)
    while some := list(islice(left, 10_000)):
        if {*map(len, some)} != {64} or not _HEX.fullmatch("".join(some)):
            return False
    return True
