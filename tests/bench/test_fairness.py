"""The benchmarks compare like with like, checked on a handful of conversations."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec

from tests.bench import floor, material, measure, probe, taking_out
from tests.bench.migrating import legacy


def test_floor_and_import_keep_the_same_words(tmp_path: Path) -> None:
    """Both write every conversation to a file of its own, and index every message."""
    json, archive = tmp_path / "conversations.json", tmp_path / "archive.zip"
    material.write_json(json, material.conversations(1, count=6))
    material.write_archive(archive, json)
    bare, full = tmp_path / "bare", tmp_path / "full"
    bare.mkdir()

    floor.import_bare(archive, bare)
    command = [sys.executable, "-m", "tests.bench.product", archive, full]
    subprocess.run(command, cwd=measure.ROOT, check=True, stdout=subprocess.DEVNULL)

    written = {msgspec.json.decode(path.read_bytes())["id"] for path in bare.glob("*/*.json")}
    kept = (full / "exports" / "bench" / "conversations").glob("*.json")
    assert written == {msgspec.json.decode(path.read_bytes())["id"] for path in kept}
    assert len(written) == 6
    assert words(bare, "SELECT count(*) FROM words") == words(
        full, "SELECT count(*) FROM message WHERE role != 'title'"
    )


def words(folder: Path, query: str) -> int:
    with closing(sqlite3.connect(folder / "catalog.sqlite3")) as catalog:
        return int(catalog.execute(query).fetchone()[0])


def test_media_archive_is_as_large_as_asked_and_all_spoken_of(tmp_path: Path) -> None:
    """The import of the media archive misses nothing, else the benchmark would be of nothing."""
    archive = tmp_path / "media.zip"
    material.write_media_archive(archive, 3 * material.MEBIBYTE)

    command = [sys.executable, "-m", "tests.bench.product", archive, tmp_path / "full"]
    subprocess.run(command, cwd=measure.ROOT, check=True, stdout=subprocess.DEVNULL)

    stored = (tmp_path / "full" / "exports" / "bench" / "media").rglob("*.png")
    assert sum(path.stat().st_size for path in stored) >= 3 * material.MEBIBYTE


def test_session_is_as_large_as_asked_and_migrated_whole(tmp_path: Path) -> None:
    """The migration brings over every conversation and picture; the rival copies every file."""
    source = legacy.write_session(tmp_path / "old", 8, 2 * material.MEBIBYTE)
    (tmp_path / "copied").mkdir()

    command = [sys.executable, "-m", "tests.bench.migrating.migrated", source, tmp_path / "full"]
    subprocess.run(command, cwd=measure.ROOT, check=True, stdout=subprocess.DEVNULL)
    if sys.platform == "linux":
        legacy.copied_and_hashed(source)(tmp_path / "copied")

    (export,) = (tmp_path / "full" / "exports").iterdir()
    stored = sum(path.stat().st_size for path in (export / "media").iterdir())
    assert stored >= 2 * material.MEBIBYTE
    assert len(list((export / "conversations").iterdir())) == 8
    copied = list((tmp_path / "copied").rglob("*.*"))
    assert sys.platform != "linux" or len(copied) == len(list(source.rglob("*.*")))


def test_private_memory_is_that_of_the_whole_family() -> None:
    """What this process and a child of it hold alone is counted, and nothing once they are gone."""
    hold = "import sys; held = bytearray(b'x') * 40_000_000; sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE) as child:
        seen = 0
        while seen < 40_000_000 and child.poll() is None:
            assert child.pid in measure.family(os.getpid())
            seen = measure.private_memory(child.pid)
        assert child.stdin
        child.stdin.close()

    assert seen >= 40_000_000
    assert measure.private_memory(child.pid) == 0


def test_verdict_holds_at_its_bar_and_not_above() -> None:
    """The median of the ratios is judged, not the best of them."""
    pairs = [(1.0, 1.0), (1.5, 1.0), (9.0, 1.0)]

    assert measure.paired("so", 1.5, pairs).holds
    assert not measure.paired("so", 1.4, pairs).holds


def test_we_leave_nothing_behind_that_other_tools_are_asked_for(tmp_path: Path) -> None:
    """Our Markdown of the small archive holds all of it, and its picture is beside it."""
    small = probe.write_probe(tmp_path / "probe")
    (tmp_path / "out").mkdir()

    taking_out.ours(tmp_path / "library", small[1]).run(*small)(tmp_path / "out")

    assert probe.kept(tmp_path / "out") == {*probe.WORDS, *probe.AT_LEAST}
