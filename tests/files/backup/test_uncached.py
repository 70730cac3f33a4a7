"""Past the system's memory: the same bytes come to stand in the file, whatever the pieces."""

from __future__ import annotations

import errno
import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.backup.manifest import Entry
from app.files.backup import disk, uncached
from app.files.backup.draft import Draft
from app.files.backup.sevenzip.archive import Archive
from app.files.backup.uncached import PAGE, Gathering, Room
from app.files.backup.using.files import LONG, Files
from tests.files.backup.trees import noise

PIECES = st.lists(st.integers(0, 3 * PAGE), max_size=12)


@given(lengths=PIECES, back=st.integers(0, 5 * PAGE), over=st.integers(0, PAGE))
def test_a_draft_holds_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], back: int, over: int
) -> None:
    """Written in pieces of any length, taken back, gone on, its first bytes written over."""
    path = tmp_path_factory.mktemp("draft") / "draft"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uncached, "GATHERED", 2 * PAGE)
        draft, wanted = Draft(path), bytearray()
        for number, length in enumerate([*lengths, 100]):
            piece = noise(length, number)
            draft.write(piece)
            wanted += piece
            if number == len(lengths) // 2:
                del wanted[max(0, len(wanted) - back) :]
                draft.rewind(len(wanted))
        first = noise(min(over, len(wanted)), 99)
        draft.write_at_start(first)
        wanted[: len(first)] = first
        draft.flush()
        draft.close()

    assert path.read_bytes() == wanted
    assert draft.position == len(wanted)


def test_a_file_system_that_refuses_is_written_the_ordinary_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some let it be asked for, and refuse the first write: nothing is lost by that."""
    monkeypatch.setattr(uncached, "begin", lambda _: True)
    write, refused = disk.write, []

    def refusing(descriptor: int, data: memoryview) -> None:
        if not refused:
            refused.append(len(data))
            raise OSError(errno.EINVAL, "Invalid argument")
        write(descriptor, data)

    monkeypatch.setattr(disk, "write", refusing)
    data, path = noise(3 * PAGE + 17), tmp_path / "file"
    descriptor = disk.create(path)

    gathering = Gathering(descriptor, Room(2 * PAGE))
    gathering.write(data)
    gathering.settle()
    os.close(descriptor)

    assert refused
    assert path.read_bytes() == data


def test_any_part_of_a_file_is_read(tmp_path: Path) -> None:
    """From any place to any other, over the end too, with and without the system's memory."""
    data, path, luck = noise(5 * PAGE + 123), tmp_path / "file", random.Random(1)  # noqa: S311
    path.write_bytes(data)
    room = Room(8 * PAGE)

    with Archive(path, with_list=False) as archive:
        for _ in range(100):
            start, end = sorted(luck.choices(range(len(data) + PAGE), k=2))
            assert bytes(archive.read(room, start, end)) == data[start:end]
            with archive.uncached():
                assert bytes(archive.read(room, start, end)) == data[start:end]


@pytest.mark.parametrize("size", [0, 100, LONG, LONG + PAGE + 1, uncached.GATHERED + LONG + 5])
def test_a_restored_file_has_its_bytes_its_time_and_its_mode(tmp_path: Path, size: int) -> None:
    """Short or long, and whatever the system would take away from a new file's mode."""
    entry = Entry("a", "file", size, 1_600_000_000_123_456_700, 0o664, sha256="")
    data, path = noise(size), tmp_path / "a"

    Files().write(str(path), entry, iter((data[: size // 3], data[size // 3 :])))

    facts = path.stat()
    assert path.read_bytes() == data
    assert facts.st_mtime_ns == entry.mtime_ns
    if os.name == "posix":
        assert facts.st_mode & 0o777 == 0o664
