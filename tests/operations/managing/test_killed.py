"""Deleting, renaming and merging killed at any moment: the library is whole, the catalog right."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.library import Library, open_library
from app.operations.catalog import rebuild_catalog
from app.operations.exports import check_exports, list_exports
from app.operations.managing.following import follow_folders
from app.operations.managing.table import list_deleted, restore_deleted
from app.progress import Task
from db.connection import close_catalog, connected
from tests.archives import layouts
from tests.archives.messages import simple
from tests.archives.writing import classic_files, png, write_zip
from tests.operations.conftest import bring, catalog_rows, digests, listing, nodes

MOMENTS = int(os.environ.get("KILLED_MOMENTS", "5"))
ROOT = Path(__file__).resolve().parents[3]
SEED = 20261123


class Killer:
    """Does operations in another process, and has it killed on the way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, root: Path, operation: str, values: dict, after: float = 0) -> float | None:
        """Answer the milliseconds it took; None if it was killed so long ``after`` it began."""
        assert self._process.stdin
        assert self._process.stdout
        line = {"root": str(root), "operation": operation, "values": values, "after": after}
        self._process.stdin.write(json.dumps(line) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        assert answer, f"{operation} failed by itself"
        return None if answer == "killed" else float(answer)


@pytest.fixture(scope="module")
def killer() -> Iterator[Killer]:
    """A process that does things and dies at them."""
    words = [sys.executable, "-m", "tests.operations.managing.killed"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield Killer(process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with two exports that share some of what they hold."""
    folder = tmp_path_factory.mktemp("base")
    talks, files, assets = layouts.media_talks()
    more = {**files, "file-New1New2New3New4New5Ne-b.png": png(77)}
    first = [*talks, *map(simple, range(20))]
    changed = simple(1, title="Renamed", update_time=1_800_000_000.0)
    second = [*talks, changed, *map(simple, range(15, 40))]
    with opened(folder / "library") as library:
        archive = write_zip(folder / "a.zip", classic_files(first, files, assets))
        bring(library, archive, name="Mine")
        bring(library, write_zip(folder / "b.zip", classic_files(second, more)), name="Other")
    return folder / "library"


@contextmanager
def opened(root: Path) -> Iterator[Library]:
    """Open a library as a start of the program does."""
    library = open_library(root)
    follow_folders(library, Task())
    with connected():
        yield library
    close_catalog()


def facts(export: Path) -> dict[str, tuple[object, ...]]:
    """All of an export but its record, which tells its name."""
    found = listing(export)
    del found["export.json"]
    return found


def moments(
    killer: Killer, base: Path, scratch: Path, operation: str, values: dict
) -> Iterator[tuple[Path, bool]]:
    """Yield a library for each moment, and whether the operation was killed in it."""
    wholes = [shutil.copytree(base, scratch / f"whole-{number}") for number in range(2)]
    took = [killer.do(root, operation, values) for root in wholes]
    chance = random.Random(SEED)  # noqa: S311 - moments, not secrets
    killed = 0
    for number in range(MOMENTS):
        root = shutil.copytree(base, scratch / str(number))
        after = chance.uniform(0.1, min(filter(None, took)))
        is_killed = killer.do(root, operation, values, after) is None
        killed += is_killed
        yield root, is_killed
        shutil.rmtree(root)
    assert killed >= MOMENTS // 4, "too few were killed while there was something to lose"


def require_right_catalog(library: Library) -> None:
    """Require the catalog to be what the folders alone would make it."""
    rows = catalog_rows()
    rebuild_catalog(library, Task())
    assert catalog_rows() == rows
    assert check_exports(library, Task()).ok
    assert not library.staging.exists()
    assert not list(library.exports.glob(".*"))


def test_killed_rename(killer: Killer, base: Path, tmp_path: Path) -> None:
    """It has the old name or the new one, each as it was typed, and is whole."""
    before = facts(base / "exports/Mine")
    values = {"export": "Mine", "name": "2024/25: all?"}
    met = set()

    for root, _ in moments(killer, base, tmp_path, "export rename", values):
        with opened(root) as library:
            (name,) = {each.name for each in list_exports(library)} - {"Other"}
            folder = {"Mine": "Mine", "2024/25: all?": "2024-25- all-"}[name]
            assert facts(library.exports / folder) == before
            require_right_catalog(library)
            met.add(name)

    assert met <= {"Mine", "2024/25: all?"}


@pytest.mark.parametrize("permanently", [False, True])
def test_killed_deletion(killer: Killer, base: Path, tmp_path: Path, permanently: bool) -> None:
    """It is there whole, or gone: for good as asked, else whole in the trash, and put back."""
    before = listing(base / "exports", times=True)
    values = {"names": ["Mine"], "permanently": permanently, "yes": permanently}

    for root, _ in moments(killer, base, tmp_path, "export delete", values):
        with opened(root) as library:
            names = {each.name for each in list_exports(library)}
            require_right_catalog(library)
            trashed = list_deleted(library)
            assert len(trashed) == ("Mine" not in names and not permanently)
            if trashed:
                restore_deleted(library, Task(), id=trashed[0].id)
            if trashed or "Mine" in names:
                assert listing(library.exports, times=True) == before
                require_right_catalog(library)


@pytest.mark.parametrize("remove", [False, True])
def test_killed_merge(killer: Killer, base: Path, tmp_path: Path, remove: bool) -> None:
    """The one merged into is as before or holds all; the other is as before or in the trash."""
    mine, other = base / "exports/Mine", base / "exports/Other"
    old, theirs = nodes(mine), facts(other)
    ours = facts(mine)
    new, none = nodes(other), frozenset[str]()
    union = {key: old.get(key, none) | new.get(key, none) for key in (*old, *new)}
    media = digests(mine / "media") | digests(other / "media")
    values = {"names": ["Other"], "into": "Mine", "remove": remove}
    whole: Callable[[Path], bool] = lambda path: nodes(path) == union  # noqa: E731

    for root, _ in moments(killer, base, tmp_path, "export merge", values):
        with opened(root) as library:
            found = library.exports / "Mine"
            if whole(found):
                assert digests(found / "media") == media
            else:
                assert facts(found) == ours
            require_right_catalog(library)
            for each in list_deleted(library):
                assert remove
                assert whole(found)
                restore_deleted(library, Task(), id=each.id)
            assert facts(library.exports / "Other") == theirs
