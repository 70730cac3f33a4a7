"""What is said before anything is done: room, names, and exactly what a run would do."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.library import Library
from app.operations.migration import list_sessions, migrate_session, migrate_sessions
from app.progress import Task
from tests.archives.writing import write_folder
from tests.legacy.old_program import A, B
from tests.legacy.versions import VERSIONS
from tests.operations.conftest import listing

Usage = namedtuple("Usage", "total used free")


def _files(library: Library) -> dict[str, Any]:
    """Answer all there is below the library's folder but the catalog, which remembers looks."""
    found = listing(library.root, times=True)
    return {name: facts for name, facts in found.items() if not name.startswith("catalog.")}


def test_a_full_disk_is_told_and_refused(
    open_library: Library, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no room the list says so, and a run and a dry run write nothing at all."""
    before = _files(open_library)
    written: list[object] = []
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1 << 30, 1 << 30, 1 << 20))
    monkeypatch.setattr(Library, "staging", property(lambda _self: written.append(1)))

    listed = list_sessions(open_library, source=str(two))
    dry = migrate_sessions(open_library, Task(), source=str(two), dry_run=True)

    assert [[p.code for p in each.problems] for each in listed] == [["no-room"], ["no-room"]]
    assert [each.status for each in dry.sessions] == ["failed", "failed"]
    assert all("are free" in each.error.message for each in dry.sessions if each.error)
    assert _files(open_library) == before
    assert written == []


def test_a_dry_run_counts_room_for_all_it_would_make(
    open_library: Library, two: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the first session would leave no room for the second, a dry run says so as the run."""
    for id_ in (A, B):
        write_folder(two, {f"data/sessions/{id_}/film.mp4": id_.encode() * 100_000})
    budget = 8 << 20
    spare = 64 << 20

    def usage(_path: object) -> Usage:
        held = sum(p.stat().st_size for p in open_library.exports.glob("[!.]*/**/*") if p.is_file())
        return Usage(1 << 30, 0, spare + budget - held)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    dry = migrate_sessions(open_library, Task(), source=str(two), dry_run=True)
    real = migrate_sessions(open_library, Task(), source=str(two))
    budget = 5 << 20
    shutil.rmtree(open_library.exports)
    open_library.exports.mkdir()
    tight = migrate_sessions(open_library, Task(), source=str(two), dry_run=True)
    done = migrate_sessions(open_library, Task(), source=str(two))

    assert [each.status for each in dry.sessions] == [each.status for each in real.sessions]
    assert [each.status for each in tight.sessions] == ["migrated", "failed"]
    assert [each.status for each in done.sessions] == ["migrated", "failed"]


def test_taken_names_are_told(open_library: Library, two: Path) -> None:
    """The list says which suggested names are taken, and how much room each session takes."""
    assert {each.name_taken for each in list_sessions(open_library, source=str(two))} == {False}
    migrate_session(open_library, Task(), session_id=A, source=str(two))

    told = {each.id: each for each in list_sessions(open_library, source=str(two))}

    assert (told[A].name_taken, told[B].name_taken) == (False, True)
    assert told[B].needed_bytes >= told[B].size_bytes


@pytest.mark.parametrize("way", ["rename", "skip", "merge", "fail"])
def test_every_way_is_foretold(open_library: Library, tmp_path: Path, way: Any) -> None:
    """Whatever is done with names that are taken, the run does what the dry run said."""
    for number, build in enumerate(VERSIONS[:4]):
        old = build(tmp_path / str(number))
        more: dict[str, Any] = {"source": str(old.base), "on_conflict": way}
        before = listing(open_library.root / "exports", times=True)

        dry = migrate_sessions(open_library, Task(), dry_run=True, **more)
        left = listing(open_library.root / "exports", times=True)
        real = migrate_sessions(open_library, Task(), **more)

        assert left == before
        told, done = ([replace(e, seconds=0.0) for e in each.sessions] for each in (dry, real))
        assert told == done


def test_an_export_takes_no_more_than_its_session(open_library: Library, tmp_path: Path) -> None:
    """What a finished session held fits into less: a fifth less where anything was there twice.

    Counted without the export's own record; of the last version, which kept neither list nor
    copies of media, only the page was twice.
    """
    held = {"until_december": 0.8, "december": 0.8, "last_sessions": 1.0, "top_folder": 0.8}
    for build in VERSIONS:
        if build.__name__ not in held:
            continue
        old = build(tmp_path / build.__name__)
        before = sum(each.size_bytes for each in list_sessions(open_library, source=str(old.base)))
        report = migrate_sessions(open_library, Task(), source=str(old.base))
        export = open_library.exports / report.sessions[0].export
        after = sum(p.stat().st_size for p in export.rglob("*") if p.is_file())

        assert after - (export / "export.json").stat().st_size <= held[build.__name__] * before
