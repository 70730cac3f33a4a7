"""What the operations of migration answer: frozen records, part of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.core.problems import Problem

Status = Literal["migrated", "merged", "unchanged", "skipped", "failed"]


class LegacySessionShown(Struct, frozen=True):
    """One session of the old program: what it holds, what is wrong, whether it was migrated.

    ``sources`` counts conversations by the kind of file that holds them; ``recoverable``
    those the old program no longer showed, by the same. ``migrated_to`` is an export's
    name, empty if there is none; ``changed`` tells that its files changed since.
    ``needed_bytes`` is the room migrating it takes; ``name_taken``: an export has its name.
    """

    id: str
    name: str
    era: str  # session, export, dumpster
    source: str  # the old program's folder
    uploaded_at: datetime | None
    conversation_count: int
    media_count: int
    share_count: int
    size_bytes: int
    needed_bytes: int
    name_taken: bool
    sources: Mapping[str, int]
    recoverable: Mapping[str, int]
    problems: tuple[Problem, ...]
    can_migrate: bool
    migrated_to: str
    changed: bool


class MediaMoved(Struct, frozen=True):
    """Media of a session: how many files are in the export for it, and how many nothing held."""

    copied: int = 0
    missing: int = 0
    bytes: int = 0


class FilesMoved(Struct, frozen=True):
    """Files that are neither conversations nor media, kept byte for byte."""

    copied: int = 0
    bytes: int = 0


class MigratedSession(Struct, frozen=True):
    """What became of one session.

    ``recovered`` counts conversations the old program no longer showed, ``recovered_from``
    by where they were. ``verified``: every conversation, message and file was found in the
    export again, and the session itself is what it was.
    """

    session_id: str
    export: str
    status: Status
    conversations: int = 0
    recovered: int = 0
    recovered_from: Mapping[str, int] | None = None
    sources: Mapping[str, int] | None = None
    messages: int = 0
    media: MediaMoved = MediaMoved()
    files: FilesMoved = FilesMoved()
    verified: bool = False
    warnings: tuple[Problem, ...] = ()
    error: Problem | None = None
    seconds: float = 0.0


class MigrationReport(Struct, frozen=True):
    """What a migration did, or, as a dry run, would do.

    ``run`` names it in the history; a dry run is not kept there. ``state`` is "running"
    while it goes on, and "stopped" if a person or a power cut ended it.
    """

    run: str
    started_at: datetime
    dry_run: bool
    state: Literal["running", "done", "stopped"]
    sessions: tuple[MigratedSession, ...]
    seconds: float
    undone_at: datetime | None = None


class MigrationStats(Struct, frozen=True):
    """What there is to migrate, and what earlier migrations achieved.

    ``success_rate`` is of all sessions tried, 0 to 1, None if none was; ``errors`` counts
    failures by their code.
    """

    sources: tuple[str, ...]
    sessions: int
    migratable: int
    migrated: int
    conversations: int
    media: int
    size_bytes: int
    runs: int
    tried: int
    succeeded: int
    success_rate: float | None
    average_seconds: float | None
    migrated_conversations: int
    recovered_conversations: int
    migrated_bytes: int
    errors: Mapping[str, int]


class UndoneExport(Struct, frozen=True):
    """One export an undo looked at: where what the run made went, or why it stays.

    ``restored``: the export was there before and is again what it was.
    """

    export: str
    removed: bool
    moved_to: str
    why: str
    restored: bool = False


class UndoneMigration(Struct, frozen=True):
    """What an undo removed: only what the run made, and only if unchanged since."""

    run: str
    exports: tuple[UndoneExport, ...]
    problems: tuple[Problem, ...] = ()


class OldBackup(Struct, frozen=True):
    """One backup of the old program.

    ``archives`` are the files that are laid over each other to bring it back, its full one
    first; empty where they are not all there, and ``problem`` says so.
    """

    id: str
    export: str
    type: Literal["full", "incremental"]
    created_at: datetime
    stored_bytes: int
    archives: tuple[str, ...]
    problem: str = ""
