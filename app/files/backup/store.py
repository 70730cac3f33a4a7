"""The folder of backups: made, listed, opened, verified, restored and cleaned up from here.

Everything is found in the archives themselves; who has an index may say what it knows and
saves the reading. Methods that write hold the folder's lock while they do. What a method
needs that the others do not is imported in it: a program that lists backups, as each one
does when it starts, need not load how they are made, restored and healed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec.structs import replace
from msgspec.structs import replace as replace_fields

from app.core.backup.difference import Difference, difference
from app.core.backup.levels import level_named
from app.core.backup.manifest import Manifest, archive_name
from app.core.backup.marks import MARKS, Mark, Marks, decode_marks, encode_marks
from app.core.backup.outcomes import (
    CleanedUp,
    CleanupPlan,
    Created,
    Damage,
    Estimate,
    FileStamp,
    Healed,
    Listing,
    Place,
    Restored,
    RestorePreview,
    Snapshot,
    Unopened,
    Verification,
)
from app.errors import Conflict
from app.files.backup import disk
from app.files.backup.draft import PART
from app.files.backup.locking import MARKS_LOCK, locked
from app.files.backup.reserve import keep_reserve, without_reserve
from app.files.backup.shelf import Shelf
from app.files.staging import told_as_problems
from app.progress import Task

if TYPE_CHECKING:
    from app.files.backup.making.creating import Ground

MARKS_PATIENCE = 5.0  # seconds; nobody holds them for longer than a moment


class BackupStore:
    """A folder of archives. Ids are those of backups; an archive is named ``<id>.7z``.

    A passphrase is needed wherever an encrypted archive is to be opened; a wrong one is
    refused with InvalidInput. Where nothing else is said, methods raise NotFound for a
    backup that is not there and StorageProblem where the disk or an archive fails.
    """

    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self._clock = clock
        self._shelf = Shelf(folder)

    def look(
        self, known: Mapping[str, FileStamp] | None = None, *, passphrase: str | None = None
    ) -> Listing:
        """List what is in the folder; archives whose stamp is as in ``known`` are not opened.

        ``known`` maps an archive's file name to its stamp. Retired backups are listed too:
        `marks` tells them. Damaged and locked archives are named, never raised.
        """
        known = known or {}
        stamps = self._shelf.stamps()
        fresh = [name for name, stamp in stamps.items() if known.get(name) != stamp]
        read = [self._shelf.snapshot(name, stamps[name], passphrase) for name in fresh]
        found = [each for each in read if isinstance(each, Snapshot)]
        found.sort(key=lambda each: (each.head.export, each.head.sequence, each.id))
        return Listing(
            tuple(found),
            tuple(name for name in stamps if name not in fresh),
            tuple(sorted(set(known) - set(stamps))),
            tuple(each for each in read if isinstance(each, Unopened)),
        )

    def snapshots(self, export: str = "", *, passphrase: str | None = None) -> list[Snapshot]:
        """Answer the backups of one export (by its id) or all, oldest first, without the retired.

        Order is by export, then sequence.
        """
        marks = self.marks()
        return [
            each
            for each in self.look(passphrase=passphrase).found
            if (not export or each.head.export == export)
            and not (each.id in marks and marks[each.id].retired)
        ]

    def manifest(self, backup: str, *, passphrase: str | None = None) -> Manifest:
        """Read the manifest of one backup: the complete tree."""
        return self._shelf.manifest(backup, passphrase)

    def difference(self, before: str, after: str, *, passphrase: str | None = None) -> Difference:
        """Compare two backups."""
        one = self._shelf.manifest(before, passphrase)
        return difference(one.entries, self._shelf.manifest(after, passphrase).entries)

    def difference_from_live(
        self, backup: str, live: Path, *, task: Task, passphrase: str | None = None
    ) -> Difference:
        """Tell what leads from a backup to the export's folder as it is now.

        Files that look the same by stat are taken for the same, others are hashed.
        """
        from app.files.backup.using.comparing import live_state

        manifest = self._shelf.manifest(backup, passphrase)
        return difference(manifest.entries, live_state(live, manifest, self.folder, task))

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
        from app.core.backup.planning import path_key, plan_snapshot, recogniser
        from app.files.backup.making.scanning import Scan

        ground = self._ground(export, parent, passphrase or None)
        known = ground.parent if incremental else None
        before = {path_key(entry.path): entry for entry in known.entries} if known else {}
        recognise = recogniser(before, scanned_ns=known.scanned_ns if known else 0)
        scan = Scan(source, task, excluded=(self.folder,), recognise=recognise)
        plan = plan_snapshot(list(scan), scan.recognised)
        files = [e for e in (*plan.unchanged, *plan.read, *plan.plain) if e.kind != "folder"]
        gone = len(before.keys() - {path_key(entry.path) for entry in (*files, *plan.plain)})
        return Estimate(
            file_count=len(files),
            changed_count=len(plan.read) + gone,
            size_bytes=sum(entry.size for entry in files),
            changed_bytes=plan.read_bytes,
            type="incremental" if known else "full",
        )

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
        from app.files.backup.making.creating import Wanted, create_backup

        wanted = Wanted(
            source=source,
            export=export,
            name=name,
            level=level_named(level),
            incremental=incremental,
            passphrase=passphrase or None,
            force=force,
            note=note,
        )
        with told_as_problems(self.folder), self.lock(exclusive=False):
            ground = self._ground(export, parent, wanted.passphrase)
            created = create_backup(self.folder, wanted, ground, self._clock(), task)
            keep_reserve(self._shelf)
            return created

    def _ground(self, export: str, parent: str | None, passphrase: str | None) -> Ground:
        """Find what a new backup builds on: the backup named, or the newest of its kind."""
        from app.files.backup.making.creating import Ground

        before: Manifest | None = None
        count = 0
        if parent:
            before = self._shelf.manifest(parent, passphrase)
            count = before.sequence
        elif parent is None:
            mine = [each.head for each in self.snapshots(export, passphrase=passphrase)]
            count = max((head.sequence for head in mine), default=0)
            alike = [head.id for head in mine if head.encrypted == (passphrase is not None)]
            before = self._shelf.manifest(alike[-1], passphrase) if alike else None
        if before is not None and before.encrypted != (passphrase is not None):
            before = None  # neither kind may come to depend on the other
        return Ground(
            parent=before,
            sequence=count + 1,
            present=frozenset(self._shelf.stamps()),
            stored=lambda: self._shelf.stored(passphrase),
        )

    def open_file(self, backup: str, path: str, *, passphrase: str | None = None) -> BinaryIO:
        """Open one file of a backup, readable and seekable; its bytes match its hash.

        Raises NotFound if the backup has no such file, StorageProblem if its bytes are
        damaged or nowhere.
        """
        from app.files.backup.using.opening import open_file

        return open_file(self._shelf, backup, path, passphrase)

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
        from app.files.backup.using.comparing import live_state
        from app.files.backup.using.restoring import plan_restore, preview

        plan = plan_restore(self._shelf, backup, only, passphrase)
        state = None
        if live is not None:
            state = live_state(live, plan.manifest, self.folder, task)
        return preview(self._shelf, plan, state, live)

    def restore(
        self,
        backup: str,
        target: Path,
        *,
        task: Task,
        staging: Path,
        keep: Path | None = None,
        only: Sequence[str] = (),
        accept_losses: bool = False,
        passphrase: str | None = None,
    ) -> Restored:
        """Bring a backup back as the folder ``target``, put together in ``staging`` first.

        With ``keep`` it takes the place of an existing ``target``, which is moved to the
        path ``keep`` (it must not exist, its parent must, on the same disk); with ``only``
        the rest of ``target`` stays as it is now. Without ``keep`` nothing may stand at
        ``target``: else Conflict. ``staging`` is the library's own, so that
        `app.files.staging.recover` settles what a kill interrupts. Everything is found and
        the space is there before anything is written; every file is hashed. What is damaged
        or gone raises StorageProblem, unless ``accept_losses``: then the rest is restored.
        """
        from app.files.backup.using.restoring import plan_restore, restore

        with told_as_problems(target.parent), self.lock(exclusive=False):
            return restore(
                self._shelf,
                plan_restore(self._shelf, backup, only, passphrase),
                target,
                staging=staging,
                keep=keep,
                passphrase=passphrase,
                accept_losses=accept_losses,
                task=task,
            )

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
        from app.files.backup.using.verifying import verify

        with self.lock(exclusive=False):
            everything = not backups
            known = self.look(passphrase=passphrase) if everything else Listing()
            ids = list(backups) or [each.id for each in known.found]
            told = verify(self._shelf, ids, passphrase, task, quick=quick, digests=digests or {})
            broken = [each for each in known.unopened if not each.encrypted]
            more = [Damage(each.archive[:-3], "", each.archive, each.why) for each in broken]
            told = replace(told, damages=(*told.damages, *more))
            if told.ok and not quick:
                self._remember_check(ids)
            return told

    def _remember_check(self, backups: Collection[str]) -> None:
        now = self._clock()
        self._change_marks(backups, lambda mark: replace_fields(mark, checked_at=now))

    def _change_marks(self, backups: Collection[str], change: Callable[[Mark], Mark]) -> None:
        """Change the marks of some backups; those of backups that went are dropped."""
        lock = locked(self.folder, exclusive=True, patience=MARKS_PATIENCE, name=MARKS_LOCK)
        with told_as_problems(self.folder), lock:
            marks = self.marks()
            marks |= {backup: change(marks.get(backup, Mark())) for backup in backups}
            present = self._shelf.stamps()
            kept = {key: mark for key, mark in marks.items() if archive_name(key) in present}
            raw = encode_marks(kept)
            without_reserve(self._shelf, lambda: disk.write_whole(self.folder / MARKS, raw))

    def verify_slice(
        self, start: Place | None, *, task: Task, limit: int, passphrase: str | None = None
    ) -> Verification:
        """Check some ``limit`` bytes fully, from where the last slice stopped; None: the start.

        ``next`` of the answer is where to go on, None once the last archive is done.
        """
        from app.files.backup.using.verifying import verify_slice

        with self.lock(exclusive=False):
            return verify_slice(self._shelf, start, limit, passphrase, task)

    def heal(
        self,
        archive: str,
        *,
        task: Task,
        live: Sequence[Path] = (),
        passphrase: str | None = None,
    ) -> Healed:
        """Write a damaged archive again, with bytes from other archives or ``live`` folders.

        Works from its manifest, or where that is lost too from the waymarks between its
        blocks (salvage). The damaged file is kept beside as ``<id>.7z.damaged``. An archive
        that turns out to be sound is left alone, and nothing is said to be kept.
        """
        from app.files.backup.keeping.healing import heal

        with told_as_problems(self.folder), self.lock(exclusive=True):
            return heal(self._shelf, archive, live, passphrase, task)

    def plan_cleanup(
        self, drop: Collection[str], *, task: Task, passphrase: str | None = None
    ) -> CleanupPlan:
        """Tell what dropping these backups would do to the archives, and what it frees."""
        from app.files.backup.keeping.cleaning import plan_cleanup

        return plan_cleanup(self._shelf, drop, self.marks(), passphrase, task)[0]

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
        from app.files.backup.keeping.cleaning import clean_up

        with told_as_problems(self.folder), self.lock(exclusive=True):
            done = clean_up(
                self._shelf,
                drop,
                self.marks(),
                passphrase,
                task,
                consolidate=consolidate,
                retire=self._retire,
            )
            keep_reserve(self._shelf)
            return done

    def _retire(self, backups: Collection[str]) -> None:
        self._change_marks(backups, lambda mark: replace_fields(mark, retired=True))

    def marks(self) -> Marks:
        """Read what is remembered of backups beside the archives, by id."""
        try:
            return decode_marks((self.folder / MARKS).read_bytes())
        except OSError:
            return {}

    def mark(self, backup: str, mark: Mark) -> None:
        """Remember something of a backup."""
        self._change_marks([backup], lambda _: mark)

    def tidy(self) -> tuple[str, ...]:
        """Remove what stopped programs left unfinished; answer the names. Never waits."""
        if not self.folder.is_dir():
            return ()
        try:
            with locked(self.folder, exclusive=True, patience=0):
                parts = sorted(self.folder.glob(f".*{PART}"))
                for path in parts:
                    disk.remove(path)
                return tuple(path.name for path in parts)
        except (Conflict, OSError):
            return ()  # someone is at work here, or the disk does not let us: another time

    @contextmanager
    def lock(self, *, exclusive: bool) -> Iterator[None]:
        """Hold the folder's lock: many may read and add, one alone removes.

        The methods take it themselves. Raises Conflict if another process is in the way.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder, exclusive=exclusive):
            yield
