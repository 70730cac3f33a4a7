"""The archives of one folder and what is in them: opened as needed, remembered while unchanged."""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from app.core.backup.manifest import (
    Blob,
    Block,
    Head,
    Inventory,
    Manifest,
    archive_name,
    decode_head,
    decode_inventory,
    decode_manifest,
    is_backup_id,
)
from app.core.backup.outcomes import ENCRYPTED, FileStamp, Snapshot, Unopened
from app.errors import NotFound, StorageProblem
from app.files.backup.sevenzip.archive import Archive, Locked
from app.files.backup.sevenzip.codecs import Damaged

_REMEMBERED = 450_000  # blobs and entries kept in memory at most, over all archives
_Read = TypeVar("_Read", bound=Inventory)


class _Memory:
    """What was read of archives, by what it was read from; the oldest goes when it is much."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[tuple[object, ...], Inventory] = OrderedDict()
        self._weight = 0
        self._lock = threading.Lock()

    def recall(self, key: tuple[object, ...]) -> Inventory | None:
        """Answer what is held under a key."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def hold(self, key: tuple[object, ...], read: Inventory) -> None:
        """Hold something, if it is not too much alone."""
        weight = _weight(read)
        if weight > self._most:
            return
        with self._lock:
            if key not in self._held:
                self._weight += weight
            self._held[key] = read
            while self._weight > self._most:
                self._weight -= _weight(self._held.popitem(last=False)[1])


# What a program that stays open asks about again and again is small; of more, each store
# holds what it needs while it is in use.
_LASTING = _Memory(40_000)


class Bytes(Struct, frozen=True):
    """Where the bytes of one hash are: in which archive, block, and where in that."""

    archive: str
    block: Block
    blob: Blob


class Shelf:
    """Reads the archives of a folder; safe to use from several threads, one call at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._memory = _Memory(_REMEMBERED)

    def stamps(self) -> dict[str, FileStamp]:
        """Answer the archives in the folder by name, with what they are known again by."""
        found = {}
        try:
            with os.scandir(self.folder) as listing:
                for item in listing:
                    if is_archive(item.name) and item.is_file(follow_symlinks=False):
                        facts = item.stat(follow_symlinks=False)
                        found[item.name] = FileStamp(facts.st_size, facts.st_mtime_ns)
        except FileNotFoundError:
            return {}
        return dict(sorted(found.items()))

    def snapshot(self, name: str, stamp: FileStamp, passphrase: str | None) -> Snapshot | Unopened:
        """Read an archive's head, or say why that is not possible."""
        try:
            with Archive(self.folder / name, passphrase) as archive:
                head = decode_head(archive.manifest())
        except Locked:
            return Unopened(name, stamp, ENCRYPTED)
        except StorageProblem as problem:
            return Unopened(name, stamp, problem.message)
        except OSError as problem:
            return Unopened(name, stamp, f"It cannot be opened: {problem.strerror}.")
        return Snapshot(head, name, stamp)

    def manifest(self, backup: str, passphrase: str | None) -> Manifest:
        """Read the manifest of a backup. Raises NotFound, Locked or StorageProblem."""
        return self._read(archive_name(_known_form(backup)), Manifest, passphrase)

    def head(self, backup: str, passphrase: str | None) -> Head:
        """Read the head of a backup. Raises NotFound, Locked or StorageProblem."""
        return self._read(archive_name(_known_form(backup)), Inventory, passphrase)

    def inventory(self, name: str, passphrase: str | None) -> Inventory:
        """Read what bytes an archive holds. Raises NotFound, Locked or StorageProblem."""
        return self._read(name, Inventory, passphrase)

    def inventories(
        self, passphrase: str | None, *, without: Collection[str] = ()
    ) -> Iterator[tuple[str, Inventory]]:
        """Yield what each archive holds that can be opened, by name, oldest first."""
        for name in self.stamps():
            if name in without:
                continue
            try:
                yield name, self.inventory(name, passphrase)
            except (NotFound, Locked, StorageProblem):
                continue  # who needs bytes of it will miss them, and say so

    def stored(self, passphrase: str | None, *, without: Collection[str] = ()) -> dict[str, str]:
        """Answer hash -> archive for all bytes a new backup may build on.

        Encrypted backups build on encrypted ones only, and plain ones on plain: so either
        kind can be cleaned up by someone who cannot open the other.
        """
        where: dict[str, str] = {}
        for name, inventory in self.inventories(passphrase, without=without):
            if inventory.encrypted != bool(passphrase):
                continue
            for blob in inventory.blobs:
                where.setdefault(blob.sha256, name)
        return where

    def find(
        self,
        wanted: Collection[str],
        hints: Collection[str],
        passphrase: str | None,
        *,
        without: Collection[str] = (),
    ) -> dict[str, Bytes]:
        """Find the bytes of some hashes: first in the archives hinted at, then in all others.

        Those in ``without`` are left out: their bytes turned out to be damaged.
        """
        missing = set(wanted)
        found: dict[str, Bytes] = {}
        present = [name for name in self.stamps() if name not in without]
        order = [name for name in hints if name in present]
        for name in (*order, *(other for other in present if other not in order)):
            if not missing:
                break
            try:
                inventory = self.inventory(name, passphrase)
            except (NotFound, Locked, StorageProblem):
                continue
            for blob in inventory.blobs:
                if blob.sha256 in missing:
                    missing.discard(blob.sha256)
                    found[blob.sha256] = Bytes(name, inventory.blocks[blob.block], blob)
        return found

    def is_opened_by(self, passphrase: str | None) -> bool:
        """Tell whether a passphrase opens any archive: then one it does not open is damaged."""
        return bool(passphrase) and any(each.encrypted for _, each in self.inventories(passphrase))

    @contextmanager
    def opened(self, name: str, passphrase: str | None) -> Iterator[Archive]:
        """Open an archive. Raises NotFound, Locked or StorageProblem."""
        try:
            archive = Archive(self.folder / name, passphrase)
        except FileNotFoundError as missing:
            raise NotFound(
                f"The archive {name} is not there.",
                hint="If it was moved, put it back into the folder of backups.",
                archive=name,
            ) from missing
        except Damaged as problem:
            raise unusable(name, problem.message) from problem
        except OSError as problem:
            raise unusable(name, f"it cannot be opened: {problem.strerror}.") from problem
        with archive:
            yield archive

    def _read(self, name: str, kind: type[_Read], passphrase: str | None) -> _Read:
        """Read a manifest, whole or its inventory; remembered while the file stays the same."""
        secret = hashlib.sha256((passphrase or "").encode("utf-8", "surrogatepass")).digest()
        try:
            facts = (self.folder / name).stat()
        except OSError:
            facts = None
        stamp = facts and (facts.st_size, facts.st_mtime_ns)
        for known_as in (kind, Manifest):  # who knows all of it knows what is in it
            key = (known_as, self.folder, name, secret, stamp)
            known = self._memory.recall(key) or _LASTING.recall(key)
            if isinstance(known, kind):
                return known
        key = (kind, self.folder, name, secret, stamp)
        with self.opened(name, passphrase) as archive:
            try:
                raw = archive.manifest()
            except Damaged as problem:
                raise unusable(name, problem.message) from problem
        read = decode_manifest(raw) if kind is Manifest else decode_inventory(raw)
        if not isinstance(read, kind):  # pragma: no cover - the two lines above say it is
            raise TypeError(kind)
        self._memory.hold(key, read)
        _LASTING.hold(key, read)
        return read


def _weight(read: Inventory) -> int:
    return len(read.blobs) + (len(read.entries) if isinstance(read, Manifest) else 0)


def is_archive(name: str) -> bool:
    """Tell by its name whether a file is an archive of ours."""
    return name.endswith(".7z") and is_backup_id(name[:-3])


def _known_form(backup: str) -> str:
    if not is_backup_id(backup):
        raise NotFound(
            f"There is no backup called “{backup[:80]}”.",
            hint="The list of backups shows what there is.",
        )
    return backup


def unusable(name: str, why: str) -> StorageProblem:
    """Answer the error that says an archive cannot be read, and what to do."""
    return StorageProblem(
        f"The archive {name} cannot be read. {why[:1].upper()}{why[1:]}",
        hint="Verify the backups: what can be saved of it, is.",
        archive=name,
    )
