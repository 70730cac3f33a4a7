"""Checking backups: every byte they need read again, and what is wrong named by file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.core.backup.manifest import UNREADABLE, Blob, Block, Inventory, archive_name
from app.core.backup.outcomes import Damage, Place, Verification
from app.errors import NotFound, StorageProblem
from app.files.backup.sevenzip.archive import Archive, Locked
from app.files.backup.sevenzip.codecs import Damaged
from app.files.backup.shelf import Bytes, Shelf
from app.files.backup.using.unpacking import deliver
from app.progress import Task

_ITS_OWN = "What helps to save it from damage, or its list of files, is damaged itself."


@dataclass
class _Needs:
    """What some backups need: for each hash, the first file of each backup that has it."""

    users: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    hints: dict[str, None] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)

    def damaged(self, sha256: str, archive: str, why: str) -> list[Damage]:
        """Answer one damage for each file that has these bytes."""
        return [
            Damage(backup, path, archive, why, sha256)
            for backup, path in self.users.get(sha256, ())
        ]


def verify(
    shelf: Shelf,
    backups: Sequence[str],
    passphrase: str | None,
    task: Task,
    *,
    quick: bool,
    digests: Mapping[str, str],
) -> Verification:
    """Check all that some backups need; see `BackupStore.verify`."""
    needs = _needs(shelf, backups, passphrase, task)
    found = shelf.find(needs.users.keys(), needs.hints, passphrase)
    damages = list(needs.damages)
    for sha256 in needs.users.keys() - found.keys():
        damages += needs.damaged(sha256, "", "Its bytes are in no archive.")
    own = {archive_name(backup) for backup in backups if backup}
    names = sorted({place.archive for place in found.values()} | own)
    if quick:
        more, done = _check_quickly(shelf, names, found, needs, passphrase, task, digests)
    else:
        more, done = _check_fully(shelf, found.values(), needs, passphrase, task)
        more += _check_rest(shelf, names, found.values(), passphrase, task)
    damages += more
    unique = dict.fromkeys(sorted(damages, key=lambda each: (each.backup, each.path, each.archive)))
    return Verification(tuple(unique), done, len(names), quick)


def _needs(shelf: Shelf, backups: Sequence[str], passphrase: str | None, task: Task) -> _Needs:
    needs = _Needs()
    for backup in backups:
        task.step("looking", 0, None, backup, "")
        try:
            manifest = shelf.manifest(backup, passphrase)
        except (NotFound, StorageProblem, Locked) as problem:
            if isinstance(problem, Locked) and not shelf.is_opened_by(passphrase):
                raise
            needs.damages.append(Damage(backup, "", archive_name(backup), problem.message))
            continue
        needs.hints.update(dict.fromkeys(manifest.archives))
        for entry in manifest.entries:
            if entry.size and entry.sha256 and UNREADABLE not in entry.flags:
                needs.users.setdefault(entry.sha256, []).append((backup, entry.path))
                needs.sizes[entry.sha256] = entry.size
    return needs


def _check_fully(
    shelf: Shelf,
    found: Collection[Bytes],
    needs: _Needs,
    passphrase: str | None,
    task: Task,
) -> tuple[list[Damage], int]:
    """Unpack every block that is needed and hash every file in it."""
    meter = _Meter(task, sum(place.blob.size for place in found))
    failed = deliver(shelf, found, swallow, passphrase, meter.add)
    damages: list[Damage] = []
    for each in failed:
        damages += needs.damaged(each.sha256, each.archive, each.why)
    return damages, meter.done


def _check_rest(
    shelf: Shelf,
    names: Sequence[str],
    found: Collection[Bytes],
    passphrase: str | None,
    task: Task,
) -> list[Damage]:
    """Compare the checksums of blocks no file needs: what saves an archive must be sound too."""
    done = {(place.archive, place.block.position) for place in found}
    damages: list[Damage] = []
    for name in names:
        task.step("verifying", item=name)
        try:
            with shelf.opened(name, passphrase) as archive:
                rest = [each for each in archive.blocks if (name, each.position) not in done]
                if not all(map(archive.is_sound, rest)):
                    damages.append(Damage(name[:-3], "", name, _ITS_OWN))
        except Locked:
            raise
        except (NotFound, StorageProblem) as problem:
            damages.append(Damage(name[:-3], "", name, problem.message))
    return damages


def _check_quickly(
    shelf: Shelf,
    names: Sequence[str],
    found: Mapping[str, Bytes],
    needs: _Needs,
    passphrase: str | None,
    task: Task,
    digests: Mapping[str, str],
) -> tuple[list[Damage], int]:
    """Read every archive's packed bytes and compare their checksums, without unpacking."""
    stamps = shelf.stamps()
    meter = _Meter(task, sum(stamps[name].size for name in names if name in stamps))
    damages: list[Damage] = []
    for name in names:
        inside = [place for place in found.values() if place.archive == name]
        try:
            with shelf.opened(name, passphrase) as archive:
                damages += _compared(archive, inside, needs, meter.add, digests.get(name, ""))
        except Locked:
            raise
        except (NotFound, StorageProblem) as problem:
            damages.append(Damage(name[:-3], "", name, problem.message))
            for place in inside:
                damages += needs.damaged(place.blob.sha256, name, problem.message)
    return damages, meter.done


def _compared(
    archive: Archive,
    inside: Sequence[Bytes],
    needs: _Needs,
    on_bytes: Callable[[int], None],
    digest: str,
) -> list[Damage]:
    name = archive.path.name
    try:
        actual = archive.check(on_bytes)
    except Damaged:
        return _bad_blocks(archive, inside, needs)
    if digest and actual != digest:
        return [Damage(name[:-3], "", name, "The file is not the one that was written.")]
    return []


def _bad_blocks(archive: Archive, inside: Sequence[Bytes], needs: _Needs) -> list[Damage]:
    """Find which blocks are damaged, and name the files in them; or else the archive."""
    name = archive.path.name
    why = "Its packed bytes are damaged."
    damages: list[Damage] = []
    files: dict[Block, list[str]] = {}
    for place in inside:
        files.setdefault(place.block, []).append(place.blob.sha256)
    for block in archive.blocks:
        if not archive.is_sound(block):
            named = [each for sha in files.get(block, ()) for each in needs.damaged(sha, name, why)]
            damages += named or [Damage(name[:-3], "", name, _ITS_OWN)]
    return damages


def verify_slice(
    shelf: Shelf, start: Place | None, limit: int, passphrase: str | None, task: Task
) -> Verification:
    """Check some bytes fully, from a place on; see `BackupStore.verify_slice`."""
    damages: list[Damage] = []
    done = archives = 0
    for name in shelf.stamps():
        if start is not None and name < start.archive:
            continue
        first = start.block if start is not None and name == start.archive else 0
        try:
            inventory = shelf.inventory(name, passphrase)
        except Locked:
            continue  # whoever knows the passphrase checks it
        except (NotFound, StorageProblem) as problem:
            damages.append(Damage(name[:-3], "", name, problem.message))
            continue
        archives += 1
        for number, places in _from_block(name, inventory, first):
            if done >= limit:
                return Verification(tuple(damages), done, archives, False, Place(name, number))
            meter = _Meter(task, limit, done)
            failed = deliver(shelf, places, swallow, passphrase, meter.add)
            done = meter.done
            if failed:
                bad = {each.sha256: each.why for each in failed}
                damages += _named(shelf, inventory, bad, passphrase)
    return Verification(tuple(damages), done, archives, False)


def _from_block(name: str, inventory: Inventory, first: int) -> Iterator[tuple[int, list[Bytes]]]:
    """Yield the blocks of an archive from a number on, with what is in them."""
    blobs: dict[int, list[Blob]] = {}
    for blob in inventory.blobs:
        blobs.setdefault(blob.block, []).append(blob)
    for number in sorted(blobs):
        if number >= first:
            block = inventory.blocks[number]
            yield number, [Bytes(name, block, blob) for blob in blobs[number]]


def _named(
    shelf: Shelf, inventory: Inventory, bad: Mapping[str, str], passphrase: str | None
) -> list[Damage]:
    """Name the files of an archive's own backup that have some hashes."""
    manifest = shelf.manifest(inventory.id, passphrase)
    own = archive_name(inventory.id)
    named = [
        Damage(inventory.id, entry.path, own, bad[entry.sha256], entry.sha256)
        for entry in manifest.entries
        if entry.sha256 in bad
    ]
    told = {each.sha256 for each in named}
    return named + [
        Damage(inventory.id, "", own, why, sha256)
        for sha256, why in bad.items()
        if sha256 not in told
    ]


def swallow(_: Blob, pieces: Iterator[bytes | memoryview]) -> None:
    """Take a file's bytes for nothing but their hash."""
    for piece in pieces:
        del piece


@dataclass
class _Meter:
    """Counts bytes into a task."""

    task: Task
    total: int
    done: int = 0

    def add(self, count: int) -> None:
        self.done += count
        self.task.step("verifying", self.done, max(self.total, self.done), "", "bytes")
