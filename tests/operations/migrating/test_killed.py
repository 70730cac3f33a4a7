"""A migration killed at any moment: no half export, nothing lost, the next run completes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

from app.library import Library, open_library
from app.operations.managing.following import follow_folders
from app.operations.migration import migrate_sessions, show_history, undo_migration
from app.progress import Task
from db.connection import close_catalog, connected
from tests.archives.messages import Json, simple
from tests.archives.writing import USER, encoded, wire, write_folder
from tests.legacy.old_program import A, B, C, media, registry, session, single_files
from tests.legacy.versions import MEDIA, OTHERS, talks, whole
from tests.operations.conftest import catalog_rows, digests, listing, nodes
from tests.operations.migrating.killed import into

Contents = tuple[dict[str, frozenset[str]], dict[str, tuple[object, ...]]]
MOMENTS = int(os.environ.get("KILLED_MOMENTS", "12"))
ROOT = Path(__file__).resolve().parents[3]


def killed(library: Path, source: Path, milliseconds: float, *name: str) -> float | None:
    """Migrate in a process of its own, killed so long after it began; how long it took if not."""
    words = [sys.executable, "-m", "tests.operations.migrating.killed", str(library), str(source)]
    words += [str(milliseconds), *name]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert b"ready" in done.stdout
    _, finished, took = done.stdout.partition(b"done")
    return float(took) if finished else None


def three(folder: Path) -> Path:
    """A folder with three sessions."""
    for id_ in (A, B, C):
        listed = talks()
        files = {**whole(listed), **OTHERS, **single_files(listed)}
        write_folder(folder, {**session(id_, files), **media(id_, MEDIA)})
    return write_folder(folder, {"data/sessions.json": registry([A, B, C])})


def test_killed_at_any_moment(tmp_path: Path) -> None:
    """Killed, begun again: the exports are whole, the same as if nothing had happened."""
    source = three(tmp_path / "old")
    before = listing(source, times=True)
    whole_run = killed(tmp_path / "whole", source, 0)
    assert whole_run is not None
    expected = {path.name: nodes(path) for path in (tmp_path / "whole/exports").iterdir()}
    kept = {path.name: digests(path / "media") for path in (tmp_path / "whole/exports").iterdir()}
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    halfway = 0
    for number in range(MOMENTS):
        root = tmp_path / f"library-{number}"
        moment = chance.uniform(1, whole_run)
        if killed(root, source, moment) is None:
            halfway += len(list((root / "exports").glob("[!.]*"))) < len(expected)

        library = open_library(root)
        follow_folders(library, Task())
        for path in library.exports.glob("[!.]*"):
            assert nodes(path) == expected[path.name]
        with connected(), library.writing():
            report = migrate_sessions(library, Task(), source=str(source))
            assert {each.status for each in report.sessions} <= {"migrated", "unchanged"}
            assert not library.staging.exists()
            assert show_history(library)[0].state == "done"
            assert len(catalog_rows()["export"]) == len(expected)
        found = {path.name: nodes(path) for path in library.exports.iterdir()}
        assert found == expected
        assert {p.name: digests(p / "media") for p in library.exports.iterdir()} == kept
        close_catalog()
    assert listing(source, times=True) == before
    assert halfway >= MOMENTS // 4, "too few were killed while there was something to lose"


def growing(folder: Path) -> tuple[Path, Path]:
    """A library with one session's export, and a folder with two more sessions of that account."""
    older, newer = [simple(1), simple(2)], [[simple(2), simple(3)], [simple(4), simple(5)]]
    first = write_folder(folder / "first", session(A, held(older, b"one")))
    for id_, listed in zip((B, C), newer, strict=True):
        write_folder(folder / "more", session(id_, held(listed, id_.encode())))
    library = open_library(folder / "library")
    with connected(), library.writing():
        into(library, str(first), [A], "Herbs")
    close_catalog()
    return folder / "library", folder / "more"


def held(listed: list[Json], note: bytes) -> dict[str, bytes]:
    """What such a session holds: conversations, and a file that differs in each."""
    files = {"conversations.json": wire(listed), "user.json": encoded(USER), "notes.txt": note}
    return {**files, **single_files(listed)}


def test_killed_while_it_adds_to_an_export(tmp_path: Path) -> None:
    """Killed, the export is what it was or becomes; begun again all is in it, and can be undone."""
    grown, source = growing(tmp_path)
    states = [contents(grown / "exports/Herbs")]
    for number, ids in enumerate(([C], [C, B])):  # as the list has them
        root = shutil.copytree(grown, tmp_path / f"until-{number}")
        library = open_library(root)
        with connected(), library.writing():
            into(library, str(source), ids, "Herbs")
        close_catalog()
        states.append(contents(root / "exports/Herbs"))
    whole_run = killed(shutil.copytree(grown, tmp_path / "whole"), source, 0, "Herbs")
    assert whole_run is not None
    chance, halfway = random.Random(6), 0  # noqa: S311 - moments, not secrets
    for number in range(max(MOMENTS // 4, 5)):
        root = shutil.copytree(grown, tmp_path / f"grown-{number}")
        killed(root, source, chance.uniform(1, whole_run), "Herbs")

        library = open_library(root)
        follow_folders(library, Task())
        with connected(), library.writing():
            assert contents(root / "exports/Herbs") in states
            halfway += contents(root / "exports/Herbs") != states[-1]
            again = into(library, str(source), [C, B], "Herbs")
            assert {each.status for each in again.sessions} <= {"merged", "unchanged"}
            assert contents(root / "exports/Herbs") == states[-1]
            assert not library.staging.exists()
            taken_back(library, states)
        close_catalog()
    assert halfway, "none was killed while there was something to lose"


def contents(export: Path) -> Contents:
    """What an export holds: its messages by conversation, and its files but the record's."""
    files = listing(export)
    del files["export.json"]
    return nodes(export), files


def taken_back(library: Library, states: list[Contents]) -> None:
    """Undo every merge, the last first: each undoes what it noted, or changes nothing.

    A run killed between its last exchange and its note knows nothing of that: it stays.
    """
    for report in show_history(library)[:-1]:
        before = contents(library.exports / "Herbs")
        for each in undo_migration(library, Task(), run=report.run).exports:
            assert each.removed or (each.why and contents(library.exports / "Herbs") == before)
        assert contents(library.exports / "Herbs") in states
