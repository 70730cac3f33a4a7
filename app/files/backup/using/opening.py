"""One file of a backup, opened: found by its hash, read out of its block, compared."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterable
from typing import BinaryIO, cast

from app.core.backup.manifest import UNREADABLE, Entry, Manifest
from app.errors import NotFound, StorageProblem
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.shelf import Bytes, Shelf
from app.files.backup.using.unpacking import cut_out

_IN_MEMORY = 32 << 20  # a longer file is put into a temporary one


def open_file(shelf: Shelf, backup: str, path: str, passphrase: str | None) -> BinaryIO:
    """Open one file of a backup; see `BackupStore.open_file`."""
    manifest = shelf.manifest(backup, passphrase)
    entry = find_entry(manifest, path)
    if not entry.size:
        return io.BytesIO()
    damaged: list[str] = []
    hints = [manifest.archives[entry.where]] if entry.where >= 0 else []
    while True:
        found = shelf.find({entry.sha256}, hints, passphrase, without=damaged)
        if not found:
            break
        place = found[entry.sha256]
        try:
            return _read(shelf, place, passphrase)
        except StorageProblem:
            damaged.append(place.archive)  # another archive may have the same bytes
    raise StorageProblem(
        f"The bytes of “{path}” in this backup are {'damaged' if damaged else 'not there'}.",
        hint="Verify the backups: what another archive or the export still has is put back.",
        path=path,
        archives=damaged,
    )


def find_entry(manifest: Manifest, path: str) -> Entry:
    """Answer the entry of a file. Raises NotFound, StorageProblem if it was never read."""
    entry = next((each for each in manifest.entries if each.path == path), None)
    if entry is None or entry.kind != "file":
        raise NotFound(
            f"There is no file “{path[:200]}” in this backup.",
            hint="Look at what the backup holds; folders and links have no bytes.",
        )
    if UNREADABLE in entry.flags:
        raise StorageProblem(
            f"“{path}” could not be read when this backup was made, so it has no bytes of it.",
            hint="An earlier backup may have them.",
            path=path,
        )
    return entry


def _read(shelf: Shelf, place: Bytes, passphrase: str | None) -> BinaryIO:
    with shelf.opened(place.archive, passphrase) as archive:
        pieces = cut_out(archive.unpacked(place.block), place.blob)
        if place.blob.size <= _IN_MEMORY:
            return _compared(io.BytesIO(), pieces, place.blob.sha256)
        spooled = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - the caller closes it
        try:
            return _compared(spooled, pieces, place.blob.sha256)
        except BaseException:
            spooled.close()
            raise


def _compared(sink: BinaryIO, pieces: Iterable[bytes], sha256: str) -> BinaryIO:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        sink.write(piece)
    if digest.hexdigest() != sha256:
        raise Damaged("Its bytes are not those that were kept.")
    sink.seek(0)
    return sink
