"""Migrating: names and clashes, stopping, failures, history and taking it back."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.errors import Cancelled, InvalidInput, NotFound
from app.files.legacy.finding import LegacySession
from app.library import Library
from app.operations import migration
from app.operations.catalog import rebuild_catalog
from app.operations.exports import list_exports
from app.operations.migrating import looking, verifying
from app.operations.migrating.opening.legacy_session import opened_session
from app.operations.migration import (
    list_sessions,
    migrate_session,
    migrate_sessions,
    show_history,
    show_stats,
    undo_migration,
)
from app.operations.settings import change_settings
from app.progress import Task
from app.settings import read_settings
from tests.archives.messages import simple
from tests.archives.writing import wire, write_folder
from tests.conftest import Clock, WatchedTask
from tests.legacy.damages import orphans
from tests.legacy.old_program import A, B, media, session, single_files
from tests.legacy.versions import MEDIA, december, talks, until_december
from tests.operations.conftest import catalog_rows, digests, listing, nodes


def names(library: Library) -> set[str]:
    return {each.name for each in list_exports(library)}


def statuses(report: Any) -> list[tuple[str, str]]:
    return [(each.status, each.export) for each in report.sessions]


def test_names_come_from_inside_and_clashes_are_renamed(open_library: Library, two: Path) -> None:
    """Two sessions of one day get names of their own, and none takes the other's place."""
    report = migrate_sessions(open_library, Task(), source=str(two))

    told = [("migrated", "ChatGPT 2025-01-01"), ("migrated", "ChatGPT 2025-01-01 (2)")]
    assert statuses(report) == told
    assert names(open_library) == {name for _, name in told}


@pytest.mark.parametrize(
    ("on_conflict", "expected"),
    [
        ("skip", [("migrated", "ChatGPT 2025-01-01"), ("skipped", "")]),
        ("fail", [("migrated", "ChatGPT 2025-01-01"), ("failed", "")]),
        ("merge", [("migrated", "ChatGPT 2025-01-01"), ("merged", "ChatGPT 2025-01-01")]),
    ],
)
def test_clashes_end_as_the_person_said(
    open_library: Library, two: Path, on_conflict: Any, expected: list[tuple[str, str]]
) -> None:
    """A clash is skipped, refused or merged, as a dry run says before; nothing is deleted."""
    dry = migrate_sessions(
        open_library, Task(), source=str(two), on_conflict=on_conflict, dry_run=True
    )
    assert not list(open_library.exports.iterdir())

    report = migrate_sessions(open_library, Task(), source=str(two), on_conflict=on_conflict)

    assert statuses(report) == statuses(dry) == expected
    assert [each.warnings for each in dry.sessions] == [each.warnings for each in report.sessions]
    stored = nodes(open_library.exports / "ChatGPT 2025-01-01")
    assert len(stored) == (4 if on_conflict == "merge" else 2)


def test_a_name_of_ones_own(open_library: Library, two: Path) -> None:
    """The export is called as the person said; a folder that is no export is never merged."""
    (open_library.exports / "Mine").mkdir()

    report = migrate_session(
        open_library, Task(), session_id=A, export_name="日本 / Mine?", source=str(two)
    )
    into_folder = migrate_session(
        open_library,
        Task(),
        session_id=B,
        export_name="Mine",
        source=str(two),
        on_conflict="merge",
    )

    assert statuses(report) == [("migrated", "日本 / Mine?")]
    assert statuses(into_folder) == [("failed", "")]
    assert into_folder.sessions[0].error is not None
    assert not list((open_library.exports / "Mine").iterdir())


@pytest.mark.parametrize("name", ["../..", "..", "/", "   .  "])
def test_names_that_climb_harm_nothing(open_library: Library, two: Path, name: str) -> None:
    """A name that would leave the library is refused or made harmless; all stays as it was."""
    beside = open_library.root.parent / "beside.txt"
    beside.write_text("here")
    before = listing(two)

    report = migrate_session(open_library, Task(), session_id=A, export_name=name, source=str(two))

    assert report.sessions[0].status in ("failed", "migrated")
    assert beside.read_text() == "here"
    assert listing(two) == before
    folders = [path for path in open_library.root.iterdir() if path.is_dir()]
    assert {path.name for path in folders} <= {"exports", "migrations"}


def test_a_changed_session_grows_its_export(open_library: Library, two: Path) -> None:
    """What came to a session since is added to the export it is in; nothing else happens."""
    migrate_session(open_library, Task(), session_id=A, source=str(two))
    write_folder(two, session(A, single_files([simple(50)])))
    (shown,) = [each for each in list_sessions(open_library, source=str(two)) if each.id == A]

    report = migrate_session(open_library, Task(), session_id=A, source=str(two))

    assert (shown.migrated_to, shown.changed) == ("ChatGPT 2025-01-01", True)
    assert statuses(report) == [("merged", "ChatGPT 2025-01-01")]
    assert report.sessions[0].verified
    assert len(nodes(open_library.exports / "ChatGPT 2025-01-01")) == 3


def test_one_failure_does_not_stop_the_others(open_library: Library, tmp_path: Path) -> None:
    """Sessions of which nothing is left fail, the others are migrated."""
    old = orphans(tmp_path / "old")

    report = migrate_sessions(open_library, Task(), source=str(old.base))

    assert sorted(each.status for each in report.sessions) == ["failed", "migrated", "migrated"]
    stats = show_stats(open_library, source=str(old.base))
    assert (stats.tried, stats.succeeded, stats.success_rate) == (3, 2, 0.6667)
    assert stats.errors == {"invalid-input": 1}


@pytest.mark.parametrize(
    "stage", ["sessions", "looking", "conversations", "media", "other files", "verifying"]
)
def test_stopping_leaves_no_trace(open_library: Library, tmp_path: Path, stage: str) -> None:
    """Stopped at any stage nothing is left, and the next run completes."""
    old = until_december(tmp_path / "old")
    task = WatchedTask(stop_at=stage)

    with pytest.raises(Cancelled):
        migrate_sessions(open_library, task, source=str(old.base))
        task.step("over")

    assert not list(open_library.exports.iterdir())
    assert not open_library.migrations.exists()
    report = migrate_sessions(open_library, Task(), source=str(old.base))
    assert [each.status for each in report.sessions] == ["migrated"]


def test_what_is_not_proven_is_not_kept(
    open_library: Library, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the export lacks a message the migration fails, says so, and leaves nothing."""
    real = verifying._stored_nodes

    def forgetful(export: Path, task: Task) -> dict[str, frozenset[str]]:
        found = real(export, task)
        found["c-simple-0000"] = frozenset(sorted(found["c-simple-0000"])[1:])
        return found

    monkeypatch.setattr(verifying, "_stored_nodes", forgetful)
    report = migrate_session(open_library, Task(), session_id=A, source=str(two))

    (result,) = report.sessions
    assert (result.status, result.verified) == ("failed", False)
    assert result.error is not None
    assert result.error.code == "not-verified"
    assert "c-simple-0000-n0" in result.error.message
    assert not list(open_library.exports.iterdir())


def test_a_session_that_changes_meanwhile_is_not_kept(open_library: Library, two: Path) -> None:
    """Where the old program writes while it is read, the migration fails and says so."""

    class Meddling(Task):
        def step(self, stage: str, *rest: Any, **more: Any) -> None:
            if stage == "finishing":
                write_folder(two, session(A, {"late.txt": b"late"}))
            super().step(stage, *rest, **more)

    report = migrate_session(open_library, Meddling(), session_id=A, source=str(two))

    (result,) = report.sessions
    assert result.error is not None
    assert "late.txt" in result.error.message
    assert not list(open_library.exports.iterdir())


def test_verification_can_be_left_out(open_library: Library, two: Path) -> None:
    """With migration.verify off nothing is called verified, and the report says why."""
    change_settings(open_library, key="migration.verify", value=False)

    report = migrate_session(open_library, Task(), session_id=A, source=str(two))

    (result,) = report.sessions
    assert (result.status, result.verified) == ("migrated", False)
    assert "verification-off" in {each.code for each in result.warnings}


def test_history_lives_in_files(open_library: Library, two: Path, clock: Clock) -> None:
    """Every run is told, the newest first; a catalog made again tells the same."""
    first = migrate_session(open_library, Task(), session_id=A, source=str(two))
    clock.advance(hours=1)
    second = migrate_session(open_library, Task(), session_id=B, source=str(two))
    history = show_history(open_library)
    rows = catalog_rows()

    open_library.catalog.with_name("x").touch()
    from db import migration_runs

    for run in (first.run, second.run):
        migration_runs.forget(run)
    rebuild_catalog(open_library, Task())

    assert history == [second, first]
    assert show_history(open_library) == history
    assert catalog_rows() == rows
    assert migration_runs.stamps().keys() == {first.run, second.run}


def test_a_damaged_record_of_a_run_is_told(open_library: Library, two: Path) -> None:
    """A run's file that cannot be read keeps nobody from the others."""
    report = migrate_session(open_library, Task(), session_id=A, source=str(two))
    (open_library.migrations / "20250101T000000Z-abcdef.json").write_text("{")

    rebuilt = rebuild_catalog(open_library, Task())

    assert [each.code for each in rebuilt.problems] == ["damaged-file"]
    assert [each.run for each in show_history(open_library)] == [report.run]


@pytest.mark.parametrize("run", ["none", "../settings", "", "a/b"])
def test_an_unknown_run_is_refused(open_library: Library, run: str) -> None:
    """What names no run is not found, whatever it is."""
    with pytest.raises(NotFound):
        undo_migration(open_library, Task(), run=run)


def test_unknown_folders_and_sessions_are_refused(open_library: Library, two: Path) -> None:
    """A folder that is not there, one without sessions, and a session nobody knows."""
    empty = two.parent / "empty"
    empty.mkdir()
    for source in (str(two / "no"), str(empty)):
        with pytest.raises(NotFound):
            list_sessions(open_library, source=source)
    with pytest.raises(NotFound):
        migrate_session(open_library, Task(), session_id="none", source=str(two))
    write_folder(two, {f"data/exports/{A}/conversations/a.json": wire(simple(1))})
    with pytest.raises(InvalidInput, match="2 sessions"):
        migrate_session(open_library, Task(), session_id=A, source=str(two))


def test_a_named_folder_is_remembered(open_library: Library, two: Path) -> None:
    """Once migrated from, a folder need not be named again; a dry run changes no setting."""
    migrate_session(open_library, Task(), session_id=A, source=str(two), dry_run=True)
    assert not open_library.settings_file.exists()

    migrate_session(open_library, Task(), session_id=A, source=str(two))

    assert read_settings(open_library.settings_file).text("migration.source") == str(two)
    assert {each.id for each in list_sessions(open_library)} >= {A, B}


def test_media_are_found_and_kept_once(open_library: Library, tmp_path: Path) -> None:
    """Media that lay in two places are stored once, and messages find them."""
    old = until_december(tmp_path / "old")

    report = migrate_sessions(open_library, Task(), source=str(old.base))

    (result,) = report.sessions
    export = open_library.exports / result.export
    stored = [path for path in (export / "media").rglob("*") if path.is_file()]
    assert result.media.missing == 0
    assert len([path for path in stored if path.read_bytes() == next(iter(MEDIA.values()))]) == 1
    assets = json.loads((export / "assets.json").read_bytes())
    assert (export / "media" / assets["file-service://file-Ab12Cd34Ef56Gh78"]).is_file()


def test_accounts_are_never_mixed(open_library: Library, tmp_path: Path) -> None:
    """Merging into another person's export is refused, and nothing is changed."""
    old = december(tmp_path / "old")
    other = {"conversations.json": wire(talks()), "user.json": b'{"id": "user-other"}'}
    write_folder(old.base, {**session(B, other), **media(B, MEDIA)})
    migrate_session(open_library, Task(), session_id=A, export_name="X", source=str(old.base))
    before = listing(open_library.exports, times=True)

    report = migrate_session(
        open_library,
        Task(),
        session_id=B,
        export_name="X",
        source=str(old.base),
        on_conflict="merge",
    )

    assert [each.status for each in report.sessions] == ["failed"]
    assert listing(open_library.exports, times=True) == before


def test_a_killed_run_is_told_as_stopped(open_library: Library, two: Path) -> None:
    """A run whose file still says that it is running was killed: the next run says so."""
    report = migrate_session(open_library, Task(), session_id=A, source=str(two))
    file = open_library.migrations / f"{report.run}.json"
    file.write_text(file.read_text().replace('"state": "done"', '"state": "running"'))
    assert show_history(open_library)[0].state == "running"

    migrate_session(open_library, Task(), session_id=B, source=str(two))

    states = {each.run: each.state for each in show_history(open_library)}
    assert states.pop(report.run) == "stopped"
    assert list(states.values()) == ["done"]


def test_hostile_sessions_are_survived(open_library: Library, tmp_path: Path) -> None:
    """JSON of any wrong type, names that climb, and junk: brought over, or refused in words."""
    deep = b"[" * 5_000 + b"]" * 5_000
    odd: dict[str, bytes] = {
        "conversations.json": b'[null, 7, "x", [], {"mapping": 3}, {"mapping": {"a": null}}]',
        "conversations/a.json": deep,
        "conversations/b.json": b"\xff\xfe\x00",
        "conversations/export.json": b'{"mapping": {}, "title": {"no": "text"}}',
        "export.json": b"{}",
        "assets.json": b"[[1,2],{},null]",
        "media/export.json": b"x",
        "chat.html": b'<script>var jsonData = [1, {"a"',
        "user.json": b"null",
        "conversations/con.json": b"{}",
        "damaged/x.txt": b"theirs",
    }
    write_folder(tmp_path / "odd", session(A, odd))
    write_folder(tmp_path / "odd", {f"backups/{A}_x.json": b'{"sessionId": "' + A.encode() + b'"}'})
    listed = list_sessions(open_library, source=str(tmp_path / "odd"))
    report = migrate_sessions(open_library, Task(), source=str(tmp_path / "odd"))

    (result,) = report.sessions
    assert [each.id for each in listed] == [A]
    assert (result.status, result.error) == ("migrated", None)
    kept = digests(open_library.exports / result.export)
    wanted = {name: raw for name, raw in odd.items() if name != "conversations/export.json"}
    lost = [n for n, raw in wanted.items() if hashlib.sha256(raw).hexdigest() not in kept]
    assert lost == []


def test_each_session_has_its_own_name_and_way(open_library: Library, two: Path) -> None:
    """Of many sessions each is named, and its clash settled, as said of it; a dry run agrees."""
    chosen: dict[str, Any] = {
        "session_ids": [B, A],
        "export_names": ["Herbs", "herbs"],
        "conflicts": ["", "merge"],
        "source": str(two),
    }
    dry = migrate_sessions(open_library, Task(), dry_run=True, **chosen)
    report = migrate_sessions(open_library, Task(), **chosen)

    assert statuses(report) == statuses(dry) == [("migrated", "Herbs"), ("merged", "Herbs")]
    assert names(open_library) == {"Herbs"}


@pytest.mark.parametrize(
    "odd", [{"export_names": ["Herbs"]}, {"conflicts": ["", "burn"]}, {"conflicts": [""]}]
)
def test_names_that_do_not_fit_the_sessions_are_refused(
    open_library: Library, two: Path, odd: dict[str, Any]
) -> None:
    """A list of another length, or an unknown way, is refused before anything is done."""
    with pytest.raises(InvalidInput):
        migrate_sessions(open_library, Task(), session_ids=[A, B], source=str(two), **odd)

    assert names(open_library) == set()


def test_a_list_reads_a_session_once(
    open_library: Library, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found in a session is remembered until a file of it changes."""
    read: list[str] = []

    def opened(session: LegacySession, *rest: Any) -> Any:
        read.append(session.id)
        return opened_session(session, *rest)

    monkeypatch.setattr(looking, "opened_session", opened)
    first = list_sessions(open_library, source=str(two))
    again = list_sessions(open_library, source=str(two))
    write_folder(two, {f"data/sessions/{B}/more.txt": b"more"})
    list_sessions(open_library, source=str(two))

    assert read == [A, B, B]
    assert again == first


def test_copies_in_two_places_are_told_apart(
    open_library: Library, two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a session found twice, its id alone does not say which; with its folder it does."""
    copy = shutil.copytree(two, tmp_path / "copy")
    monkeypatch.setattr(migration, "usual_bases", lambda _remembered: [two, copy])
    with pytest.raises(InvalidInput):
        migrate_sessions(open_library, Task(), session_ids=[A])

    both = [f"{two}/{A}", f"{copy}/{A}"]
    report = migrate_sessions(open_library, Task(), session_ids=both)

    assert [each.status for each in report.sessions] == ["migrated", "unchanged"]
