"""The catalog's history: numbered steps, applied in order; never edited once released.

Steps are plain SQL, not the models: the models tell what the tables are today, a step
what it made on its day. A test compares where the steps end with what the models say.
"""

from __future__ import annotations

from collections.abc import Callable

import peewee as pw

Migration = Callable[[pw.SqliteDatabase], None]
MIGRATIONS: list[Migration] = []
migration = MIGRATIONS.append  # registration order is the order of application


class CatalogTooNew(pw.DatabaseError):
    """The catalog was made by a newer version of this program."""


def m0001_exports_conversations_messages(database: pw.SqliteDatabase) -> None:
    """Make the first tables.

    ``hashsize``: the index gathers 16 MiB of words before it writes them, which takes
    a third off the time of a large import.
    """
    for statement in _FIRST_TABLES:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]


_FIRST_TABLES = (
    """CREATE TABLE export (
        "row" INTEGER NOT NULL PRIMARY KEY,
        key VARCHAR(255) NOT NULL,
        name VARCHAR(255) NOT NULL,
        folder VARCHAR(255) NOT NULL,
        stamp VARCHAR(255) NOT NULL DEFAULT '',
        account VARCHAR(255) NOT NULL DEFAULT '',
        created_at REAL NOT NULL DEFAULT 0,
        updated_at REAL NOT NULL DEFAULT 0,
        conversation_count INTEGER NOT NULL DEFAULT 0,
        message_count INTEGER NOT NULL DEFAULT 0,
        media_count INTEGER NOT NULL DEFAULT 0,
        missing_count INTEGER NOT NULL DEFAULT 0,
        size_bytes BIGINT NOT NULL DEFAULT 0,
        first_message_at REAL,
        last_message_at REAL,
        months TEXT NOT NULL DEFAULT '{}',
        models TEXT NOT NULL DEFAULT '{}',
        media_bytes TEXT NOT NULL DEFAULT '{}')""",
    "CREATE INDEX export_key ON export(key)",
    "CREATE UNIQUE INDEX export_folder ON export(folder)",
    """CREATE TABLE conversation (
        "row" INTEGER NOT NULL PRIMARY KEY,
        export_id INTEGER NOT NULL REFERENCES export("row") ON DELETE CASCADE,
        id VARCHAR(255) NOT NULL,
        file VARCHAR(255) NOT NULL,
        title TEXT NOT NULL,
        title_key TEXT NOT NULL,
        created_at REAL,
        updated_at REAL,
        created_sort REAL NOT NULL,
        updated_sort REAL NOT NULL,
        message_count INTEGER NOT NULL,
        models TEXT NOT NULL,
        starred INTEGER NOT NULL,
        archived INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        has_media INTEGER NOT NULL,
        branches INTEGER NOT NULL,
        project VARCHAR(255) NOT NULL)""",
    "CREATE INDEX conversation_id ON conversation(export_id, id)",
    "CREATE INDEX conversation_updated ON conversation(export_id, updated_sort, row)",
    "CREATE INDEX conversation_created ON conversation(export_id, created_sort, row)",
    "CREATE INDEX conversation_title ON conversation(export_id, title_key, row)",
    "CREATE INDEX conversation_messages ON conversation(export_id, message_count, row)",
    """CREATE TABLE message (
        "row" INTEGER NOT NULL PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversation("row") ON DELETE CASCADE,
        id VARCHAR(255) NOT NULL,
        role VARCHAR(255) NOT NULL,
        kind VARCHAR(255) NOT NULL,
        created_at REAL,
        model VARCHAR(255) NOT NULL,
        text TEXT NOT NULL)""",
    "CREATE INDEX message_conversation ON message(conversation_id)",
    """CREATE VIRTUAL TABLE messageindex USING fts5(
        text, content=message, content_rowid=row, tokenize="unicode61 remove_diacritics 2")""",
    "INSERT INTO messageindex(messageindex, rank) VALUES('hashsize', 16777216)",
    """CREATE TABLE asset (
        "row" INTEGER NOT NULL PRIMARY KEY,
        export_id INTEGER NOT NULL REFERENCES export("row") ON DELETE CASCADE,
        path TEXT NOT NULL,
        kind VARCHAR(255) NOT NULL,
        size_bytes BIGINT NOT NULL,
        sha256 VARCHAR(255) NOT NULL DEFAULT '')""",
    "CREATE INDEX asset_export ON asset(export_id)",
    """CREATE TABLE assetuse (
        "row" INTEGER NOT NULL PRIMARY KEY,
        conversation_id INTEGER NOT NULL REFERENCES conversation("row") ON DELETE CASCADE,
        message_id VARCHAR(255) NOT NULL,
        pointer TEXT NOT NULL,
        kind VARCHAR(255) NOT NULL,
        path TEXT)""",
    "CREATE INDEX assetuse_conversation ON assetuse(conversation_id)",
)


migration(m0001_exports_conversations_messages)


def m0002_migrations_of_sessions(database: pw.SqliteDatabase) -> None:
    """Make the tables that remember which legacy sessions were brought over, and how."""
    for statement in _MIGRATION_TABLES:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]


_MIGRATION_TABLES = (
    """CREATE TABLE migrationrun (
        "row" INTEGER NOT NULL PRIMARY KEY,
        run VARCHAR(255) NOT NULL,
        stamp VARCHAR(255) NOT NULL,
        started_at REAL NOT NULL,
        seconds REAL NOT NULL,
        state VARCHAR(255) NOT NULL,
        undone_at REAL,
        report TEXT NOT NULL)""",
    "CREATE UNIQUE INDEX migrationrun_run ON migrationrun(run)",
    """CREATE TABLE migrationsession (
        "row" INTEGER NOT NULL PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES migrationrun("row") ON DELETE CASCADE,
        session VARCHAR(255) NOT NULL,
        export VARCHAR(255) NOT NULL,
        status VARCHAR(255) NOT NULL,
        conversations INTEGER NOT NULL,
        recovered INTEGER NOT NULL,
        size_bytes BIGINT NOT NULL,
        seconds REAL NOT NULL,
        verified INTEGER NOT NULL,
        error VARCHAR(255) NOT NULL)""",
    "CREATE INDEX migrationsession_run_id ON migrationsession(run_id)",
    "CREATE INDEX migrationsession_session ON migrationsession(session)",
)


migration(m0002_migrations_of_sessions)


def m0003_places_of_messages(database: pw.SqliteDatabase) -> None:
    """Make the table that knows where a long conversation's messages stand in its file."""
    database.execute_sql(  # type: ignore[no-untyped-call]
        """CREATE TABLE messageplaces (
            conversation_id INTEGER NOT NULL PRIMARY KEY
                REFERENCES conversation("row") ON DELETE CASCADE,
            size BIGINT NOT NULL,
            modified_ns BIGINT NOT NULL,
            encoded BLOB NOT NULL)"""
    )


migration(m0003_places_of_messages)


def m0004_health_sources_and_files(database: pw.SqliteDatabase) -> None:
    """Let a list of exports tell its health, and a look at a folder find the files that changed."""
    for statement in _EXPORT_COLUMNS:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]


_EXPORT_COLUMNS = (
    "ALTER TABLE export ADD COLUMN conversation_bytes BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN source_count INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN imports TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE export ADD COLUMN problems TEXT NOT NULL DEFAULT '[]'",
    "ALTER TABLE export ADD COLUMN problem_count INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE export ADD COLUMN checked_at REAL",
    "ALTER TABLE conversation ADD COLUMN size_bytes BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE conversation ADD COLUMN modified BIGINT NOT NULL DEFAULT 0",
)


migration(m0004_health_sources_and_files)


def m0005_gallery(database: pw.SqliteDatabase) -> None:
    """Let all media be listed in any order; exports that have some are indexed again."""
    for statement in _GALLERY:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]


_GALLERY = (
    "ALTER TABLE asset ADD COLUMN name_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE asset ADD COLUMN created_sort REAL NOT NULL DEFAULT -1e18",
    "ALTER TABLE asset ADD COLUMN conversation_row INTEGER",
    "ALTER TABLE asset ADD COLUMN message_id VARCHAR(255) NOT NULL DEFAULT ''",
    "ALTER TABLE asset ADD COLUMN width INTEGER",
    "ALTER TABLE asset ADD COLUMN height INTEGER",
    "ALTER TABLE assetuse ADD COLUMN name TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE assetuse ADD COLUMN created_at REAL",
    "ALTER TABLE assetuse ADD COLUMN width INTEGER",
    "ALTER TABLE assetuse ADD COLUMN height INTEGER",
    "CREATE INDEX asset_kind_created ON asset(kind, created_sort, row)",
    "CREATE INDEX asset_kind_size ON asset(kind, size_bytes, row)",
    "CREATE INDEX asset_kind_name ON asset(kind, name_key, row)",
    "CREATE INDEX asset_export_created ON asset(export_id, kind, created_sort, row)",
    "CREATE INDEX asset_export_size ON asset(export_id, kind, size_bytes, row)",
    "CREATE INDEX asset_export_name ON asset(export_id, kind, name_key, row)",
    "CREATE INDEX assetuse_pointer ON assetuse(pointer)",
    "UPDATE export SET stamp = '' WHERE media_count > 0 OR missing_count > 0",
)


migration(m0005_gallery)


def m0006_backups(database: pw.SqliteDatabase) -> None:
    """Make the tables that index the folder of backups and remember what happened to it."""
    for statement in _BACKUP_TABLES:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]


_BACKUP_TABLES = (
    """CREATE TABLE backup (
        "row" INTEGER NOT NULL PRIMARY KEY,
        archive VARCHAR(255) NOT NULL,
        size BIGINT NOT NULL,
        mtime_ns BIGINT NOT NULL,
        backup VARCHAR(255) NOT NULL,
        export VARCHAR(255) NOT NULL,
        name VARCHAR(255) NOT NULL,
        sequence INTEGER NOT NULL,
        created_at REAL NOT NULL,
        sha256 VARCHAR(255) NOT NULL DEFAULT '',
        head TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL DEFAULT '')""",
    "CREATE UNIQUE INDEX backup_archive ON backup(archive)",
    "CREATE INDEX backup_backup ON backup(backup)",
    "CREATE INDEX backup_export ON backup(export)",
    """CREATE TABLE backupevent (
        "row" INTEGER NOT NULL PRIMARY KEY,
        stamp VARCHAR(255) NOT NULL,
        event TEXT NOT NULL)""",
)


migration(m0006_backups)


def m0007_session_looks(database: pw.SqliteDatabase) -> None:
    """Make the table that remembers what is in legacy sessions."""
    for statement in _SESSION_LOOKS:
        database.execute_sql(statement)  # type: ignore[no-untyped-call]


_SESSION_LOOKS = (
    """CREATE TABLE sessionlook (
        "row" INTEGER NOT NULL PRIMARY KEY,
        "key" VARCHAR(255) NOT NULL,
        look TEXT NOT NULL)""",
    'CREATE UNIQUE INDEX sessionlook_key ON sessionlook("key")',
)


migration(m0007_session_looks)


def migrate(database: pw.SqliteDatabase) -> list[str]:
    """Bring the catalog up to date; return the names of the steps applied.

    Raises CatalogTooNew if it has steps this program does not know.
    """
    version = database.pragma("user_version")
    if version > len(MIGRATIONS):
        raise CatalogTooNew(f"catalog version {version}, app knows {len(MIGRATIONS)}")
    applied = []
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        with database.atomic("IMMEDIATE"):
            step(database)
            database.pragma("user_version", number)
        applied.append(step.__name__)
    return applied
