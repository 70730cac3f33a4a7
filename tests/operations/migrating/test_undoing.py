"""Taking a migration back: what it made, exactly, and only if nobody changed it since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.errors import Cancelled, Conflict
from app.library import Library
from app.operations.exports import list_exports
from app.operations.migration import (
    migrate_session,
    migrate_sessions,
    show_history,
    undo_migration,
)
from app.progress import Progress, Task
from tests.archives.messages import simple
from tests.archives.writing import wire, write_folder
from tests.conftest import WatchedTask
from tests.legacy.old_program import A, B, C, session
from tests.operations.conftest import catalog_rows, listing, nodes


def test_undo_takes_back_what_was_made(open_library: Library, two: Path) -> None:
    """What a run made goes to the trash whole; the sessions can be migrated again."""
    report = migrate_sessions(open_library, Task(), source=str(two))
    before = {path.name: listing(path) for path in open_library.exports.iterdir()}

    undone = undo_migration(open_library, Task(), run=report.run)

    assert all(each.removed for each in undone.exports)
    assert list_exports(open_library) == []
    assert not list(open_library.exports.iterdir())
    moved = {each.export: listing(Path(each.moved_to)) for each in undone.exports}
    assert moved == before
    assert show_history(open_library)[0].undone_at is not None
    with pytest.raises(Conflict):
        undo_migration(open_library, Task(), run=report.run)
    again = migrate_sessions(open_library, Task(), source=str(two))
    assert {each.status for each in again.sessions} == {"migrated"}


def grown(library: Library, two: Path, **more: Any) -> tuple[Any, Any, Path]:
    """An export made of one session and grown by the other; both reports, and where it is."""
    first = migrate_session(library, Task(), session_id=A, source=str(two))
    export = library.exports / first.sessions[0].export
    second = migrate_session(
        library, Task(), session_id=B, export_name=export.name, source=str(two),
        on_conflict="merge", **more,
    )  # fmt: skip
    return first, second, export


def test_undo_leaves_what_was_changed_since(open_library: Library, two: Path) -> None:
    """An export someone touched stays, with everything in it, whether made or grown."""
    first, second, export = grown(open_library, two)
    undone = undo_migration(open_library, Task(), run=first.run)
    assert [each.removed for each in undone.exports] == [False]
    (export / "notes.txt").write_text("mine")
    before = listing(export)

    undone = undo_migration(open_library, Task(), run=second.run)

    assert [(each.removed, each.restored) for each in undone.exports] == [(False, False)]
    assert undone.exports[0].why
    assert listing(export) == before
    assert len(nodes(export)) == 4


def test_undo_makes_a_grown_export_what_it_was(open_library: Library, two: Path) -> None:
    """Runs that added are undone one after the other; files, times and catalog are as before."""
    write_folder(two, session(B, {"notes.txt": b"theirs", "file-Ab12Cd34Ef.png": b"\x89PNG"}))
    changed = simple(0)
    changed["mapping"]["c-simple-0000-n2"]["message"]["content"]["parts"] = ["It grew since."]
    changed["update_time"] += 900
    first = migrate_session(open_library, Task(), session_id=A, source=str(two))
    export = open_library.exports / first.sessions[0].export
    before, rows = listing(export, times=True), catalog_rows()
    write_folder(two, session(A, {"conversations/newer.json": wire(changed)}))
    again = migrate_session(open_library, Task(), session_id=A, source=str(two))
    between = listing(export, times=True)
    merged = migrate_session(
        open_library, Task(), session_id=B, export_name=export.name, source=str(two),
        on_conflict="merge",
    )  # fmt: skip
    assert [each.sessions[0].status for each in (again, merged)] == ["merged", "merged"]
    taken = undo_migration(open_library, Task(), run=merged.run).exports[0]

    assert (taken.removed, taken.restored) == (True, True)
    assert listing(export, times=True) == between
    assert b"theirs" in {path.read_bytes() for path in Path(taken.moved_to).glob("*.txt")}
    assert undo_migration(open_library, Task(), run=again.run).exports[0].restored
    assert listing(export, times=True) == before
    now = catalog_rows()
    assert len(now.pop("export")) == len(rows.pop("export"))  # its stamp is the new folder's
    assert now == rows
    assert not [path for path in open_library.migrations.iterdir() if path.is_dir()]
    assert not open_library.staging.exists()
    assert undo_migration(open_library, Task(), run=first.run).exports[0].removed


def test_undo_tells_how_far_it_is_and_can_be_stopped(open_library: Library, two: Path) -> None:
    """Stopped before its last step it leaves a grown export as it was; then it goes to the end."""
    first, second, export = grown(open_library, two)
    before = listing(export, times=True)
    task = Task(lambda progress: task.cancel() if progress.stage == "restoring" else None)
    with pytest.raises(Cancelled):
        undo_migration(open_library, task, run=second.run)
    assert listing(export, times=True) == before
    assert not open_library.trash.exists()
    assert not open_library.staging.exists()
    stages: list[str] = []

    def late(progress: Progress) -> None:
        stages.append(progress.stage)
        if progress.stage == "indexing":
            task.cancel()

    task = Task(late)
    assert undo_migration(open_library, task, run=second.run).exports[0].restored
    assert stages == ["undoing", "restoring", "finishing", "indexing"]
    assert [each.conversation_count for each in list_exports(open_library)] == [2]
    assert undo_migration(open_library, Task(), run=first.run).exports[0].removed


def test_a_merge_that_fails_keeps_nothing(open_library: Library, two: Path) -> None:
    """Stopped before its last step, a merge leaves neither a trace nor an earlier state."""

    class Late(WatchedTask):
        def step(self, stage: str, *rest: Any, **more: Any) -> None:
            self.finishing = getattr(self, "finishing", 0) + (stage == "finishing")
            if self.finishing == 2:
                raise Cancelled
            super().step(stage, *rest, **more)

    first = migrate_session(open_library, Task(), session_id=A, source=str(two))
    before = listing(open_library.root / "exports", times=True)
    with pytest.raises(Cancelled):
        migrate_session(
            open_library, Late(), session_id=B, export_name=first.sessions[0].export,
            source=str(two), on_conflict="merge",
        )  # fmt: skip

    assert listing(open_library.root / "exports", times=True) == before
    assert not [path for path in open_library.migrations.iterdir() if path.is_dir()]


def test_what_killed_runs_kept_is_swept(open_library: Library, two: Path) -> None:
    """The next run removes earlier states no history tells of, and keeps those it does."""
    _, second, _ = grown(open_library, two)
    (open_library.migrations / "20250101T000000Z-abcdef" / "X").mkdir(parents=True)
    write_folder(two, session(C, {"conversations.json": wire([simple(9)])}))

    migrate_session(open_library, Task(), session_id=C, source=str(two))

    kept = [path.name for path in open_library.migrations.iterdir() if path.is_dir()]
    assert kept == [second.run]
    assert undo_migration(open_library, Task(), run=second.run).exports[0].restored


def test_undo_finds_a_renamed_export(open_library: Library, two: Path) -> None:
    """A folder renamed by hand is still what the run made; one gone already is no matter."""
    report = migrate_sessions(open_library, Task(), source=str(two))
    first, second = (open_library.exports / each.export for each in report.sessions)
    first.rename(open_library.exports / "Renamed")
    second.rename(open_library.root / "elsewhere")

    undone = undo_migration(open_library, Task(), run=report.run)

    assert [each.removed for each in undone.exports] == [True, True]
    assert not list(open_library.exports.iterdir())
    assert (open_library.root / "elsewhere").is_dir()
