"""Every layout and damage of the predecessor, migrated: nothing lost, nothing touched."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.files.export_folder import ExportFolder
from app.files.legacy.finding import find_sessions
from app.library import Library
from app.operations.migrating.results import MigratedSession
from app.operations.migration import list_sessions, migrate_sessions
from app.progress import Task
from tests.bench.migrating.space import facts_of, room_of
from tests.legacy.damages import DAMAGES
from tests.legacy.old_program import Held, Old
from tests.legacy.versions import VERSIONS
from tests.operations.conftest import digests, nodes

Build = Callable[[Path], Old]
LINES = 512  # bytes; these conversations are so short that their line breaks count
CORPUS = [*VERSIONS, *DAMAGES]


@pytest.fixture(params=CORPUS, ids=lambda build: build.__name__)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    """A folder of the predecessor of each kind."""
    folder = tmp_path / "old"
    folder.mkdir()
    yield request.param(folder)
    for parent, _, _ in os.walk(folder):
        Path(parent).chmod(0o755)


def witness(folder: Path) -> str:
    """A hash of names, sizes, times and contents of everything below a folder."""
    digest = hashlib.sha256()
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted([*names, *folders]):
            path = Path(parent, name)
            facts = path.lstat()
            size = facts.st_size if path.is_file() else 0
            digest.update(repr((str(path), facts.st_mode, size, facts.st_mtime_ns)).encode())
            if path.is_file() and not path.is_symlink():
                digest.update(path.read_bytes())
    return digest.hexdigest()


def by_id(results: tuple[MigratedSession, ...]) -> dict[str, MigratedSession]:
    return {each.session_id: each for each in results}


def wanted_nodes(held: Held) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for talk in held.talks:
        id_ = talk["conversation_id"]
        found[id_] = found.get(id_, frozenset()) | frozenset(talk["mapping"])
    return found


def test_everything_is_in_the_export(open_library: Library, old: Old) -> None:
    """Every conversation, message and byte of a session is in its export; the source stays."""
    before = witness(old.base)

    report = migrate_sessions(open_library, Task(), source=str(old.base))

    assert witness(old.base) == before
    results = by_id(report.sessions)
    assert results.keys() == old.sessions.keys()
    for id_, held in old.sessions.items():
        result = results[id_]
        if not held.talks and not held.kept:
            assert result.status == "failed"
            continue
        assert (result.status, result.error, result.verified) == ("migrated", None, True)
        export = open_library.exports / result.export
        stored = nodes(export)
        assert stored.keys() == wanted_nodes(held).keys()
        assert all(wanted <= stored[each] for each, wanted in wanted_nodes(held).items())
        assert {hashlib.sha256(raw).hexdigest() for raw in held.kept} <= digests(export)
        assert result.conversations == len(wanted_nodes(held))
        assert held.recovered in (None, result.recovered)
        assert sum(each.failed for each in ExportFolder(export).record().sources) == held.failed
        assert not held.title or result.export == held.title
        if held.shares:
            shares = json.loads((export / "shared_conversations.json").read_bytes())
            assert len(shares) == held.shares


def test_no_export_takes_more_than_its_session(open_library: Library, old: Old) -> None:
    """Room is the session's own, what was packed unpacked; a record and line breaks aside."""
    migrate_sessions(open_library, Task(), source=str(old.base))

    taken = facts_of(open_library.exports)
    records = [path.stat().st_size for path in open_library.exports.glob("*/export.json")]
    room = sum(room_of(each, taken) for each in find_sessions(old.base))
    assert sum(size for size, _ in taken) - sum(records) <= room + LINES * len(old.sessions)


def test_every_damage_is_named(open_library: Library, old: Old) -> None:
    """The list of sessions and the report name what is wrong with each."""
    listed = {each.id: each for each in list_sessions(open_library, source=str(old.base))}
    report = by_id(migrate_sessions(open_library, Task(), source=str(old.base)).sessions)

    for id_, held in old.sessions.items():
        assert held.codes <= {problem.code for problem in listed[id_].problems}
        if report[id_].status == "migrated":
            assert held.codes <= {problem.code for problem in report[id_].warnings}
        assert listed[id_].can_migrate == bool(held.talks or held.kept)
        assert listed[id_].conversation_count == len(wanted_nodes(held))


def test_dry_run_says_what_the_run_does(open_library: Library, old: Old) -> None:
    """A dry run answers what the run after it answers, and leaves nothing."""
    dry = migrate_sessions(open_library, Task(), source=str(old.base), dry_run=True)
    left = list(open_library.exports.iterdir())
    real = migrate_sessions(open_library, Task(), source=str(old.base))

    assert left == []
    assert _told(dry.sessions) == _told(real.sessions)


def test_second_run_adds_nothing(open_library: Library, old: Old) -> None:
    """Migrating twice finds every session in its export already."""
    first = migrate_sessions(open_library, Task(), source=str(old.base))
    before = witness(open_library.exports)

    second = migrate_sessions(open_library, Task(), source=str(old.base))

    assert witness(open_library.exports) == before
    told = [(each.status, each.export) for each in second.sessions]
    assert told == [
        ("unchanged" if each.status == "migrated" else each.status, each.export)
        for each in first.sessions
    ]


def _told(results: tuple[MigratedSession, ...]) -> list[object]:
    from msgspec.structs import replace

    return [replace(each, seconds=0.0) for each in results]
