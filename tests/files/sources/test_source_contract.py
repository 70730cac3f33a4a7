"""What every kind of source promises, over archives that different programs made."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from app.errors import Cancelled
from app.files.sources.contract import ExportSource
from app.files.sources.opening import open_source
from tests.files.sources.makers import MAKERS

FILES = {
    "conversations.json": b'[{"id": "c-1", "mapping": {}}]',
    "chat.html": b"<html></html>",
    "user-Xy/file_00aa11bb-cc.png": b"\x89PNG" + bytes(range(256)) * 40,
    "dalle-generations/file-Q1w2E3-1.webp": b"RIFF" + b"x" * 3_000_000,
    "notes..final.pdf": b"%PDF",
    "über/日本語 👍.txt": "é".encode(),
    "empty.png": b"",
}


@pytest.fixture(params=MAKERS)
def source(request: pytest.FixtureRequest, tmp_path: Path):
    path = MAKERS[request.param](tmp_path, FILES)
    with open_source(path, tmp_path) as opened:
        yield opened


def test_lists_every_file_with_its_size(source: ExportSource):
    """Names are whole, in NFC, whatever bytes the archive keeps them in; sizes are true."""
    sizes = {entry.name: entry.size_bytes for entry in source.entries()}

    assert sizes == {name: len(data) for name, data in FILES.items()}
    assert source.total_bytes() == sum(map(len, FILES.values()))
    assert source.problems == []


def test_streams_every_file(source: ExportSource):
    """Opened one by one, in any order, each file has its own bytes."""
    for entry in reversed(source.entries()):
        with source.open(entry) as stream:
            assert stream.read(5) == FILES[entry.name][:5]
            assert stream.read() == FILES[entry.name][5:]


def test_peeks_at_the_start(source: ExportSource):
    """A look reads no more than it is asked for."""
    large = next(entry for entry in source.entries() if entry.name.endswith(".webp"))

    assert source.peek(large, 10) == FILES[large.name][:10]


def test_extracts_and_hashes_every_file(source: ExportSource, tmp_path: Path):
    """All at once: every file is on the disk, its hash is right, every byte was counted."""
    out = tmp_path / "out"
    counted: list[int] = []
    pairs = [(entry, out / entry.safe_name) for entry in reversed(source.entries())]

    done = dict(source.extract_all(pairs, counted.append))

    assert {entry.name: digest for entry, digest in done.items()} == {
        name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()
    }
    assert {e.name: (out / e.safe_name).read_bytes() for e in done} == FILES
    assert sum(counted) >= sum(map(len, FILES.values()))


def test_extracts_one_file(source: ExportSource, tmp_path: Path):
    """One file can be had by itself, into a folder that is made for it."""
    entry = next(entry for entry in source.entries() if entry.name.endswith(".png"))
    target = tmp_path / "a/b/c.png"

    digest = source.extract(entry, target)

    assert target.read_bytes() == FILES[entry.name]
    assert digest == hashlib.sha256(FILES[entry.name]).hexdigest()


def test_stopped_half_way_leaves_no_thread_and_no_half_file(source: ExportSource, tmp_path: Path):
    """An exception from the byte count comes out at once; what is on the disk is whole."""
    out = tmp_path / "out"
    pairs = [(entry, out / entry.safe_name) for entry in source.entries()]

    def stop(count: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        list(source.extract_all(pairs, stop))

    assert threading.active_count() == 1
    for entry, target in pairs:
        assert not target.exists() or target.read_bytes() == FILES[entry.name]


def test_read_twice_it_is_the_same(source: ExportSource, tmp_path: Path):
    """Extracting does not use a source up."""
    pairs = [(entry, tmp_path / "out" / entry.safe_name) for entry in source.entries()]

    assert sorted(map(str, source.extract_all(pairs))) == sorted(
        map(str, source.extract_all(pairs))
    )
