"""The open library: its folder, its settings, its clock, its one-writer lock.

One process has one open library: peewee binds the tables to one database for the
whole process. Opening another one rebinds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.errors import StorageProblem
from app.files.lock import writing
from app.files.reserve import give_up_reserve, keep_reserve
from app.files.uses import taking, using
from db.connection import CatalogRefused, close_catalog, open_catalog


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Library:
    """A folder with ``exports/``, ``backups-exports/`` and the catalog."""

    root: Path
    clock: Callable[[], datetime] = _now

    @property
    def exports(self) -> Path:
        """Where exports live, one folder each."""
        return self.root / "exports"

    @property
    def staging(self) -> Path:
        """Where new exports are put together before they are renamed into place."""
        return self.root / "exports" / ".staging"

    @property
    def uploads(self) -> Path:
        """Where files sent by a browser wait for their import."""
        return self.root / ".uploads"

    @property
    def migrations(self) -> Path:
        """Where each migration of legacy sessions is told, one JSON file a run."""
        return self.root / "migrations"

    @property
    def trash(self) -> Path:
        """Where what is deleted goes that the system's trash cannot take; emptied by hand only."""
        return self.root / ".trash"

    @property
    def deleted(self) -> Path:
        """Where each deletion is noted, one JSON file each, so that it can be undone."""
        return self.root / ".deleted"

    @property
    def replaced(self) -> Path:
        """Where states of exports are that a restore replaced, until they are settled."""
        return self.root / ".replaced"

    @property
    def backup_journal(self) -> Path:
        """What happened to backups, an event a line."""
        return self.root / "backup-journal.jsonl"

    @property
    def catalog(self) -> Path:
        """The SQLite file; disposable."""
        return self.root / "catalog.sqlite3"

    @property
    def reserve(self) -> Path:
        """A little room on the disk, given up when it is full."""
        return self.root / ".reserve"

    @property
    def settings_file(self) -> Path:
        """The settings of this library, as JSON."""
        return self.root / "settings.json"

    @property
    def log_file(self) -> Path:
        """Where bugs are told in full; never holds message text."""
        return self.root / "logs" / "dumpster.log"

    @contextmanager
    def writing(self, what: str = "") -> Iterator[None]:
        """Be the one who writes to this library; ``what`` is told to others meanwhile.

        Raises Conflict, with a hint, if another process or thread is writing.
        """
        with writing(self.root / ".lock", what):
            yield

    @contextmanager
    def using(self, export: str, what: str) -> Iterator[None]:
        """Say that ``what`` uses an export, or EVERY one: it keeps its name and place."""
        with using(self.root / ".uses", export, what):
            yield

    @contextmanager
    def taking(self, *names: str) -> Iterator[None]:
        """Be sure that nobody uses the export of these names. Raises Conflict."""
        with taking(self.root / ".uses", names):
            yield


def open_library(root: Path, *, clock: Callable[[], datetime] = _now) -> Library:
    """Make the folder if need be, bring the catalog up to date, and return the library.

    Raises StorageProblem if the folder cannot be made or written.
    """
    library = Library(root, clock)
    try:
        library.exports.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise StorageProblem(
            f"The library folder {root} cannot be used: {problem.strerror}.",
            hint="Choose another folder with --library, or make this one writable.",
        ) from problem
    _open_catalog(library)
    keep_reserve(library.reserve)
    return library


def close_library() -> None:
    """Let go of the catalog's file; the one library this process had is closed."""
    close_catalog()


def _open_catalog(library: Library) -> None:
    """Open the catalog; on a full disk with the room that is kept for this."""
    try:
        open_catalog(library.catalog)
        return
    except CatalogRefused as refused:
        problem = refused
    if give_up_reserve(library.reserve):
        with suppress(CatalogRefused):
            open_catalog(library.catalog)
            return
    raise StorageProblem(
        f"The catalog in {library.root} cannot be opened: {problem}.",
        hint="Check the free space on its disk, and that it can be written. "
        "The exports and backups are not touched by this.",
    ) from problem
