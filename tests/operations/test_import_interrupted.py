"""Imports stopped, killed or out of disk: the library is as it was, or all of it is in."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import Cancelled, Conflict, StorageProblem
from app.library import Library, open_library
from app.operations.catalog import rebuild_catalog
from app.operations.exports import check_exports
from app.operations.importing import run
from app.operations.managing.following import follow_folders
from app.progress import Progress, Task
from db.connection import close_catalog, connected
from tests.archives import layouts
from tests.archives.messages import simple
from tests.archives.writing import classic_files, png, write_folder, write_zip
from tests.conftest import WatchedTask
from tests.operations.conftest import bring, catalog_rows, listing

STAGES = ["opening", "conversations", "media", "resolving media", "other files", "finishing"]
SEED = 20260301
FILES = [("picture", "png"), ("table", "csv")]


@pytest.fixture
def archives(tmp_path: Path) -> tuple[Path, Path]:
    """An archive, and a later one with more of everything."""
    talks, files, assets = layouts.media_talks()
    first = write_zip(tmp_path / "first.zip", classic_files([*talks, simple(1)], files, assets))
    more = {**files, "file-New1New2New3New4New5Ne-b.png": png(77)}
    changed = simple(1, title="Renamed", update_time=1_800_000_000.0)
    talks = [*talks, changed, *map(simple, range(2, 30))]
    user = {"id": "user-7Hq", "email": "sam@example.org", "later": True}
    second = write_zip(tmp_path / "second.zip", classic_files(talks, more, assets, account=user))
    return first, second


def run_of(library: Library, archives: tuple[Path, Path], kind: str) -> Callable[[Task], object]:
    """Answer an import to interrupt: of a new export, or into the one there is."""
    first, second = archives
    bring(library, first, name="Mine")
    if kind == "new":
        return lambda task: bring(library, second, name="Other", task=task)
    return lambda task: bring(library, second, into="Mine", task=task)


@pytest.mark.parametrize("kind", ["new", "into"])
@pytest.mark.parametrize("stage", STAGES)
def test_stopped_import_leaves_no_trace(
    stage: str, kind: str, open_library: Library, archives: tuple[Path, Path]
) -> None:
    """Stopped at any stage, files and catalog are as before, no thread is left; then it works."""
    import_it = run_of(open_library, archives, kind)
    before = listing(open_library.exports, times=True), catalog_rows()
    threads = threading.active_count()

    with pytest.raises(Cancelled):
        import_it(WatchedTask(stop_at=stage))

    assert (listing(open_library.exports, times=True), catalog_rows()) == before
    assert threading.active_count() == threads
    task = WatchedTask()
    import_it(task)
    assert task.stages == STAGES
    assert check_exports(open_library, Task()).ok


@pytest.mark.parametrize("stage", ["media", "other files"])
@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_stopped_import_ends_its_threads_first(
    stage: str, kind: str, open_library: Library, tmp_path: Path
) -> None:
    """Stopped while threads write large files, nothing is written once it has stopped."""
    big = {f"{name}-{n}.{end}": os.urandom(2 << 20) for n in range(6) for name, end in FILES}
    files = {**classic_files([simple(1)]), **big}
    write = write_zip if kind == "zip" else write_folder
    source = write(tmp_path / "big.zip", files)
    threads = threading.active_count()

    with pytest.raises(Cancelled):
        bring(open_library, source, name="Mine", task=WatchedTask(stop_at=stage))

    assert threading.active_count() == threads
    assert list(open_library.exports.iterdir()) == []


# Kills its own process when so many things have been done to the file system.
KILLED = """
import os, signal, sys
WRITING = os.O_WRONLY | os.O_RDWR
left, count = int(sys.argv.pop(1)), 0
CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate", "open"}
def watch(event, details):
    global count
    if event in CHANGES and watched:
        if event == "open" and not (isinstance(details[2], int) and details[2] & WRITING):
            return
        count += 1
        if count == left:
            os.kill(os.getpid(), signal.SIGKILL)
watched = False
sys.addaudithook(watch)
from app.main import main
watched = True
code = main(sys.argv[1:])
print(count)
sys.exit(code)
"""


def run_killed(root: Path, left: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-B",
        "-c",
        KILLED,
        str(left),
        "--library",
        str(root),
        "--quiet",
        "--json",
    ]
    return subprocess.run(
        [*command, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def contents(root: Path) -> dict[str, tuple[object, ...]]:
    """What is in the exports, apart from when it came there."""
    return {
        path: facts
        for path, facts in listing(root / "exports").items()
        if not path.endswith("export.json")
    }


@pytest.mark.parametrize("kind", ["new", "into"])
def test_killed_import_is_whole_at_the_next_start(
    kind: str, tmp_path: Path, archives: tuple[Path, Path]
) -> None:
    """Killed at any of its changes to the disk, the library is the old or the new one, whole."""
    base = tmp_path / "base"
    first, second = archives
    with connected_to(base) as library:
        bring(library, first, name="Mine")
    wanted = ["--into", "Mine"] if kind == "into" else ["--name", "Other"]
    old, whole = contents(base), shutil.copytree(base, tmp_path / "whole")
    done = run_killed(whole, 0, "import", str(second), *wanted)
    assert done.returncode == 0, done.stderr
    new, steps = contents(whole), int(done.stdout.split()[-1])
    early = random.Random(SEED).sample(range(1, steps - 12), 3)  # noqa: S311 - which moments
    met = set()

    for left in (*early, *range(steps - 12, steps, 3)):
        root = shutil.copytree(base, tmp_path / str(left))
        assert run_killed(root, left, "import", str(second), *wanted).returncode == -9
        with connected_to(root) as library:
            assert follow_folders(library, Task()) == []
            assert contents(root) in (old, new), f"killed at step {left} of {steps}"
            assert check_exports(library, Task()).ok
            rows = catalog_rows()
            rebuild_catalog(library, Task())
            assert catalog_rows() == rows
        met.add("old" if contents(root) == old else "new")
        shutil.rmtree(root)

    assert met == {"old", "new"}


def test_second_writer_is_refused(open_library: Library, archives: tuple[Path, Path]) -> None:
    """While one process writes, an import by another is refused and changes nothing."""
    bring(open_library, archives[0], name="Mine")
    before = listing(open_library.exports, times=True), catalog_rows()

    with open_library.writing():
        done = run_killed(open_library.root, 0, "import", str(archives[1]), "--into", "Mine")

    assert done.returncode == 2
    assert json.loads(done.stdout.splitlines()[0])["error"]["code"] == "conflict"
    assert (listing(open_library.exports, times=True), catalog_rows()) == before


@pytest.mark.parametrize("kind", ["new", "into"])
def test_folders_moved_meanwhile_are_told(
    kind: str, open_library: Library, archives: tuple[Path, Path]
) -> None:
    """Where the file manager was quicker, the import is refused and overwrites nothing."""
    import_it = run_of(open_library, archives, kind)
    exports = open_library.exports

    def meddle(progress: Progress) -> None:
        if progress.stage == "finishing" and kind == "into":
            (exports / "Mine").rename(exports / "Moved")
        elif progress.stage == "finishing":
            (exports / "Other").mkdir(exist_ok=True)
            (exports / "Other/notes.txt").write_text("mine")

    with pytest.raises(Conflict, match=r"meanwhile|while it was being added to"):
        import_it(Task(meddle))

    left = {path.name for path in exports.iterdir()}
    assert left == ({"Moved"} if kind == "into" else {"Mine", "Other"})
    assert follow_folders(open_library, Task()) == []
    assert check_exports(open_library, Task()).ok


@contextmanager
def connected_to(root: Path) -> Iterator[Library]:
    library = open_library(root)
    try:
        with connected():
            yield library
    finally:
        close_catalog()


@contextmanager
def limited(_: Path) -> Iterator[Callable[[], None]]:
    """A disk on which, from a moment on, no file can grow: by a limit of this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def mounted(folder: Path) -> Iterator[Callable[[], None]]:
    """A small disk of its own, which another program fills to the brim."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield lambda: fill(folder / "another program's file")
    finally:
        close_catalog()
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("kind", ["new", "into"])
def test_catalog_that_cannot_be_written_takes_the_export_back(
    kind: str, open_library: Library, archives: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the very last step fails, the folder too is as it was before."""
    import_it = run_of(open_library, archives, kind)
    before = listing(open_library.exports, times=True), catalog_rows()

    with limited(open_library.root) as use_up, pytest.raises(StorageProblem, match="catalog"):
        for name in ("publish", "exchange"):
            real = getattr(run, name)
            monkeypatch.setattr(run, name, lambda *at, real=real: (real(*at), use_up()))
        import_it(Task())

    assert (listing(open_library.exports, times=True), catalog_rows()) == before


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while stream.write(b"\0" * size):
                    pass
            except OSError:
                continue


def disks() -> list[Callable[[Path], object]]:
    """The ways to have a full disk here; to mount one takes more rights than most have."""
    if os.geteuid() == 0 and shutil.which("unshare"):
        probe = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        if subprocess.run(probe, check=False, capture_output=True).returncode == 0:
            return [limited, mounted]
    return [limited]


@pytest.mark.parametrize("disk", disks())
@pytest.mark.parametrize("kind", ["new", "into"])
@pytest.mark.parametrize("stage", STAGES[1:])
def test_full_disk_leaves_the_library_as_it_was(
    disk: Callable[[Path], object],
    kind: str,
    stage: str,
    tmp_path: Path,
    archives: tuple[Path, Path],
) -> None:
    """Where the disk is full from some stage on, one sentence says so and nothing has changed."""
    with disk(tmp_path / "disk") as use_up, connected_to(tmp_path / "disk/library") as library:  # type: ignore[attr-defined]
        import_it = run_of(library, archives, kind)
        before = listing(library.exports, times=True), catalog_rows()

        def watch(progress: Progress) -> None:
            if progress.stage == stage and not filled:
                filled.append(stage)
                use_up()

        filled: list[str] = []
        with pytest.raises(StorageProblem) as refused:
            import_it(Task(watch))
        assert "disk" in f"{refused.value.message} {refused.value.hint}"
        assert (listing(library.exports, times=True), catalog_rows()) == before
