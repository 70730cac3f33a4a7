"""Opening the catalog, and holding a connection to it while something is done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import peewee as pw

from db.migrations import migrate
from db.models import database

PRAGMAS = {
    "journal_mode": "wal",  # readers go on while an import writes
    "synchronous": "normal",
    "foreign_keys": 1,
    "cache_size": -32_000,  # KiB per connection
    "busy_timeout": 15_000,  # milliseconds
    "temp_store": "memory",
}
# What SQLite says where the disk refuses, not where the catalog is damaged.
REFUSED = ("disk is full", "disk I/O error", "unable to open", "readonly")
CHECKPOINT_PAGES = 16_000  # 64 MB: fewer, larger copies from the log into the catalog


class CatalogRefused(Exception):
    """The disk is full or does not let the catalog be written; the catalog may be well."""


def open_catalog(path: Path) -> None:
    """Bind the tables to the catalog at ``path`` and bring it up to date.

    A catalog that is damaged, or newer than this program, is put aside under another
    name and begun anew: it is disposable, and the exports are indexed again from files.
    Raises CatalogRefused where it is the disk that fails.
    """
    _bind(path)
    try:
        _migrate()
    except (pw.DatabaseError, sqlite3.DatabaseError) as problem:
        if isinstance(problem, pw.OperationalError) and "locked" in str(problem):
            raise
        close_catalog()
        if isinstance(problem, pw.OperationalError) and any(
            words in str(problem) for words in REFUSED
        ):
            raise CatalogRefused(str(problem)) from problem
        _put_aside(path)
        _bind(path)
        _migrate()


def close_catalog() -> None:
    """Close this thread's connection, if one is open."""
    if database.obj is not None and not database.is_closed():
        database.close()


@contextmanager
def connected() -> Iterator[pw.SqliteDatabase]:
    """Hold this thread's connection open; nested uses share it.

    Without one nothing can be asked of the catalog, so that none is left open by accident.
    """
    catalog = database.obj  # the one that is closed, whatever is bound meanwhile
    if not catalog.is_closed():
        yield catalog
        return
    catalog.connect()
    try:
        yield catalog
    finally:
        catalog.close()


@contextmanager
def long_transaction() -> Iterator[None]:
    """Hold a connection and one transaction that writes; an exception undoes it all."""
    with connected() as catalog:
        catalog.pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        with catalog.atomic("IMMEDIATE"):
            yield


def _bind(path: Path) -> None:
    close_catalog()
    if database.obj is not None and database.obj.database == str(path):
        return  # another thread may be using it
    database.initialize(pw.SqliteDatabase(str(path), pragmas=PRAGMAS, autoconnect=False))


def _migrate() -> None:
    with connected() as catalog:
        migrate(catalog)


def _put_aside(path: Path) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.replace(file.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}{suffix}"))
