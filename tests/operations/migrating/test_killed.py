"""A migration killed at any moment: no half export, nothing lost, the next run completes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from app.library import open_library
from app.operations.catalog import follow_folders
from app.operations.migration import migrate_sessions, show_history
from app.progress import Task
from db.connection import close_catalog, connected
from tests.archives.writing import write_folder
from tests.legacy.old_program import A, B, C, media, registry, session, single_files
from tests.legacy.versions import MEDIA, OTHERS, talks, whole
from tests.operations.conftest import catalog_rows, digests, listing, nodes

MOMENTS = int(os.environ.get("KILLED_MOMENTS", "20"))
ROOT = Path(__file__).resolve().parents[3]


def killed(library: Path, source: Path, milliseconds: float) -> float | None:
    """Migrate in a process of its own, killed so long after it began; how long it took if not."""
    words = [sys.executable, "-m", "tests.operations.migrating.killed", str(library), str(source)]
    done = subprocess.run([*words, str(milliseconds)], cwd=ROOT, capture_output=True, check=False)
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
