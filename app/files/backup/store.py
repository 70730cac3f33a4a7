"""The folder of backups: made, listed, opened, verified, restored and cleaned up from here.

Everything is found in the archives themselves; who has an index may say what it knows and
saves the reading. Methods that write hold the folder's lock while they do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from app.core.backup.difference import Difference
from app.core.backup.manifest import Manifest
from app.core.backup.marks import Mark, Marks
from app.core.backup.outcomes import (
    CleanedUp,
    CleanupPlan,
    Created,
    Estimate,
    FileStamp,
    Healed,
    Listing,
    Place,
    Restored,
    RestorePreview,
    Snapshot,
    Verification,
)
from app.files.backup.locking import locked
from app.progress import Task

LEVELS = ("store", "fast", "balanced", "small", "smallest")


class BackupStore:
    """A folder of archives. Ids are those of backups; an archive is named ``<id>.7z``.

    A passphrase is needed wherever an encrypted archive is to be opened; a wrong one is
    refused with InvalidInput. Where nothing else is said, methods raise NotFound for a
    backup that is not there and StorageProblem where the disk or an archive fails.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self._clock = clock

    def look(
        self, known: Mapping[str, FileStamp] | None = None, *, passphrase: str | None = None
    ) -> Listing:
        """List what is in the folder; archives whose stamp is as in ``known`` are not opened.

        ``known`` maps an archive's file name to its stamp. Retired backups are listed too:
        `marks` tells them. Damaged and locked archives are named, never raised.
        """
        raise NotImplementedError

    def snapshots(self, export: str = "", *, passphrase: str | None = None) -> list[Snapshot]:
        """Answer the backups of one export (by its id) or all, oldest first, without the retired.

        Order is by export, then sequence.
        """
        raise NotImplementedError

    def manifest(self, backup: str, *, passphrase: str | None = None) -> Manifest:
        """Read the manifest of one backup: the complete tree."""
        raise NotImplementedError

    def difference(self, before: str, after: str, *, passphrase: str | None = None) -> Difference:
        """Compare two backups."""
        raise NotImplementedError

    def difference_from_live(
        self, backup: str, live: Path, *, task: Task, passphrase: str | None = None
    ) -> Difference:
        """Tell what leads from a backup to the export's folder as it is now.

        Files that look the same by stat are taken for the same, others are hashed.
        """
        raise NotImplementedError

    def estimate(
        self,
        source: Path,
        *,
        task: Task,
        export: str,
        incremental: bool = True,
        parent: str | None = None,
        passphrase: str | None = None,
    ) -> Estimate:
        """Tell what a backup would do, by names, sizes and times alone: a dry run."""
        raise NotImplementedError

    def create(
        self,
        source: Path,
        *,
        task: Task,
        export: str,
        name: str,
        incremental: bool = True,
        level: str = "balanced",
        passphrase: str | None = None,
        force: bool = False,
        note: str = "",
        parent: str | None = None,
    ) -> Created:
        """Back up the folder ``source``: the export with the id ``export``, called ``name``.

        An incremental backup stores only bytes that no archive in the folder holds; it
        becomes a full one where there is nothing to build on. ``parent`` names the backup to
        build on, "" none; without it the newest of the export is looked for. A full backup
        needs no other archive. Where nothing changed an incremental backup writes nothing
        unless ``force``. Until the last rename nothing of it can be seen, and stopping it
        leaves nothing. Before that rename all that was written is read back.
        """
        raise NotImplementedError

    def open_file(self, backup: str, path: str, *, passphrase: str | None = None) -> BinaryIO:
        """Open one file of a backup, readable and seekable; its bytes match its hash.

        Raises NotFound if the backup has no such file, StorageProblem if its bytes are
        damaged or nowhere.
        """
        raise NotImplementedError

    def preview_restore(
        self,
        backup: str,
        live: Path | None,
        *,
        task: Task,
        only: Sequence[str] = (),
        passphrase: str | None = None,
    ) -> RestorePreview:
        """Tell what a restore would do to the folder ``live`` (None: a new one).

        ``only`` names files and folders of the backup; empty means everything.
        """
        raise NotImplementedError

    def restore(
        self,
        backup: str,
        target: Path,
        *,
        task: Task,
        staging: Path,
        keep: Path | None = None,
        only: Sequence[str] = (),
        passphrase: str | None = None,
    ) -> Restored:
        """Bring a backup back as the folder ``target``, put together in ``staging`` first.

        With ``keep`` it takes the place of an existing ``target``, which is moved to the
        path ``keep`` (it must not exist, its parent must, on the same disk); with ``only``
        the rest of ``target`` stays as it is now. Without ``keep`` nothing may stand at
        ``target``: else Conflict. ``staging`` is the library's own, so that
        `app.files.staging.recover` settles what a kill interrupts. Everything is found and
        the space is there before anything is written; every file is hashed.
        """
        raise NotImplementedError

    def verify(
        self,
        backups: Sequence[str] = (),
        *,
        task: Task,
        quick: bool = False,
        digests: Mapping[str, str] | None = None,
        passphrase: str | None = None,
    ) -> Verification:
        """Check all that some backups (none named: all) need, in whatever archive it is.

        Full: every block is unpacked and every file's hash compared. ``quick``: the archives
        are there, whole by their own size and headers, the packed bytes have their CRC, and
        the file its SHA-256 where ``digests`` (by archive) knows it. Damage is named by file.
        A full check that finds nothing sets the `checked_at` of the marks.
        """
        raise NotImplementedError

    def verify_slice(
        self, start: Place | None, *, task: Task, limit: int, passphrase: str | None = None
    ) -> Verification:
        """Check some ``limit`` bytes fully, from where the last slice stopped; None: the start.

        ``next`` of the answer is where to go on, None once the last archive is done.
        """
        raise NotImplementedError

    def heal(
        self,
        archive: str,
        *,
        task: Task,
        live: Sequence[Path] = (),
        passphrase: str | None = None,
    ) -> Healed:
        """Write a damaged archive again, with bytes from other archives or ``live`` folders.

        Works from its manifest, or where that is lost too from the marks between its blocks
        (salvage). The damaged file is kept beside as ``<id>.7z.damaged``.
        """
        raise NotImplementedError

    def plan_cleanup(self, drop: Collection[str], *, passphrase: str | None = None) -> CleanupPlan:
        """Tell what dropping these backups would do to the archives, and what it frees."""
        raise NotImplementedError

    def clean_up(
        self,
        drop: Collection[str],
        *,
        task: Task,
        consolidate: bool = True,
        passphrase: str | None = None,
    ) -> CleanedUp:
        """Drop backups; every other one stays restorable.

        Archives that hold nothing the others need go at once, which takes no space. With
        ``consolidate`` the oldest kept backup is made self-contained, verified, and then the
        archives only it needed go as well; without (or where the disk has no room) they stay
        and their backups are marked retired.
        """
        raise NotImplementedError

    def marks(self) -> Marks:
        """Read what is remembered of backups beside the archives, by id."""
        raise NotImplementedError

    def mark(self, backup: str, mark: Mark) -> None:
        """Remember something of a backup."""
        raise NotImplementedError

    def tidy(self) -> tuple[str, ...]:
        """Remove what stopped programs left unfinished; answer the names. Never waits."""
        raise NotImplementedError

    @contextmanager
    def lock(self, *, exclusive: bool) -> Iterator[None]:
        """Hold the folder's lock: many may read and add, one alone removes.

        The methods take it themselves. Raises Conflict if another process is in the way.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder, exclusive=exclusive):
            yield
