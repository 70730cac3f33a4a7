"""A journal on a real disk: lines cut off, foreign lines, two writers, telling it again."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.core.backup.journal import Event
from app.files.backup.journal import MOST_BYTES, Journal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(name: str) -> Event:
    return Event(kind="failed", at=NOW, export=name, message="No room.")


def test_what_is_added_is_read_in_order(tmp_path: Path) -> None:
    """Events come back as they were told; where there is no journal there are none."""
    journal = Journal(tmp_path / "journal.jsonl")
    before = journal.events()

    journal.add(event("a"), event("ü"))
    journal.add(event("c"))

    assert before == []
    assert journal.events() == [event("a"), event("ü"), event("c")]


@pytest.mark.parametrize("torn", [b'{"kind":"failed","at":"20', b"\x00\x00\xff", b'{"kind":"new"}'])
def test_a_torn_line_takes_no_other_with_it(tmp_path: Path, torn: bytes) -> None:
    """After a power cut what is added is read, and so is what was there."""
    path = tmp_path / "journal.jsonl"
    Journal(path).add(event("a"))
    with path.open("ab") as file:
        file.write(torn)

    Journal(path).add(event("b"))

    assert Journal(path).events() == [event("a"), event("b")]


def test_two_processes_do_not_mix_their_lines(tmp_path: Path) -> None:
    """Whoever writes at the same time, every line is whole."""
    path = tmp_path / "journal.jsonl"
    program = (
        "import sys; from pathlib import Path; from tests.files.backup.test_journal import *\n"
        "for n in range(100): Journal(Path(sys.argv[1])).add(event(sys.argv[2] * 50))"
    )
    root = Path(__file__).resolve().parents[3]
    both = [
        subprocess.Popen([sys.executable, "-c", program, str(path), each], cwd=root)
        for each in ("x", "y")
    ]

    assert [each.wait(60) for each in both] == [0, 0]
    assert len(Journal(path).events()) == 200


def test_a_long_one_is_told_again(tmp_path: Path) -> None:
    """Past its size it says so; told again it holds what it was given."""
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"x" * (MOST_BYTES + 1))
    journal = Journal(path)

    assert journal.is_long
    journal.tell_again([event("a")])
    assert (journal.is_long, journal.events()) == (False, [event("a")])
