"""What the engine answers: listings, results and reports of backups, as frozen values."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from app.core.backup.difference import Difference
from app.core.backup.manifest import Head


class FileStamp(Struct, frozen=True):
    """By what a file is known again without reading it."""

    size: int
    mtime_ns: int


class Snapshot(Struct, frozen=True):
    """One backup as a list shows it: its head, and the file its own bytes are in.

    ``sha256`` is of the whole file, where it is known: just after it was written.
    """

    head: Head
    archive: str
    stamp: FileStamp
    sha256: str = ""

    @property
    def id(self) -> str:
        """The backup's id."""
        return self.head.id

    @property
    def stored_bytes(self) -> int:
        """What the archive takes on the disk."""
        return self.stamp.size


class Unopened(Struct, frozen=True):
    """An archive whose manifest could not be read.

    ``why`` is "encrypted" (no passphrase given fits) or what is wrong, in words.
    """

    archive: str
    stamp: FileStamp
    why: str

    @property
    def encrypted(self) -> bool:
        """Tell whether a passphrase is all that is missing."""
        return self.why == ENCRYPTED


ENCRYPTED = "encrypted"


class Listing(Struct, frozen=True):
    """What is in the folder: newly read, as already known, and what could not be opened.

    ``found`` is ordered by export and sequence, oldest first; ``same`` names the archives
    the caller already knew; ``missing`` those it knew that are there no more.
    """

    found: tuple[Snapshot, ...] = ()
    same: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unopened: tuple[Unopened, ...] = ()


class Loss(Struct, frozen=True):
    """A file that could not be kept or brought back as it was, and why."""

    path: str
    why: str


class Created(Struct, frozen=True):
    """What came of a backup: ``snapshot`` is None if nothing had changed.

    ``parent`` is the backup that was compared with, empty if there was none; ``losses`` are
    files that could not be read, or changed while they were.
    """

    snapshot: Snapshot | None
    parent: str
    difference: Difference
    read_bytes: int = 0
    losses: tuple[Loss, ...] = ()


class Estimate(Struct, frozen=True):
    """What a backup made now would do, without reading contents: changed by stat only."""

    file_count: int
    changed_count: int
    size_bytes: int
    changed_bytes: int
    type: str


class Damage(Struct, frozen=True):
    """A file of a backup whose bytes are wrong or missing: where, and why in words."""

    backup: str
    path: str
    archive: str
    why: str
    sha256: str = ""


class Place(Struct, frozen=True):
    """How far a check in slices has come: the archive's name and the next block in it."""

    archive: str
    block: int


class Verification(Struct, frozen=True):
    """What a check found; ``next`` is where a slice stopped, None at the end."""

    damages: tuple[Damage, ...]
    checked_bytes: int
    checked_archives: int
    quick: bool
    next: Place | None = None

    @property
    def ok(self) -> bool:
        """Tell whether all that was looked at is as it should be."""
        return not self.damages


class Healed(Struct, frozen=True):
    """What became of a damaged archive.

    ``healed`` are paths whose bytes were put back (from another archive or a live export),
    ``lost`` those that were not; ``kept`` is where the damaged file itself is now.
    """

    snapshot: Snapshot | None
    healed: tuple[str, ...]
    lost: tuple[Loss, ...]
    kept: Path | None


class RestorePreview(Struct, frozen=True):
    """What a restore would do, found out before anything is touched.

    ``difference`` leads from the live folder to the restored state. ``names`` are paths
    that need another name here. ``losses`` cannot be restored: their bytes are nowhere.
    """

    backup: str
    files: int
    bytes: int
    difference: Difference
    names: tuple[tuple[str, str], ...] = ()
    losses: tuple[Loss, ...] = ()
    free_bytes: int = 0


class Restored(Struct, frozen=True):
    """What a restore did; ``previous`` is where the replaced state was kept, if there was one."""

    target: Path
    files: int
    bytes: int
    previous: Path | None = None
    names: tuple[tuple[str, str], ...] = ()
    losses: tuple[Loss, ...] = ()


class CleanupPlan(Struct, frozen=True):
    """What dropping backups means for their archives, before anything is done.

    ``delete`` go at once. ``keep`` hold bytes that kept backups need and stay as they are.
    ``rewrite`` is the backup that would be made self-contained so that ``keep`` can go too
    (empty if there is no such gain); ``needed_bytes`` is the free space that takes,
    ``freed_bytes`` what is free in the end if it is done, ``freed_at_once`` if it is not.
    """

    delete: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    rewrite: str = ""
    needed_bytes: int = 0
    freed_bytes: int = 0
    freed_at_once: int = 0


class CleanedUp(Struct, frozen=True):
    """What a cleanup did: archives gone, bytes freed, the backup that was rewritten.

    ``retired`` are dropped backups whose archives had to stay for newer ones.
    """

    deleted: tuple[str, ...]
    freed_bytes: int
    rewritten: Snapshot | None = None
    retired: tuple[str, ...] = ()
