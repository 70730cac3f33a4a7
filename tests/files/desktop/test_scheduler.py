"""Writing the entry of the system's scheduler, against programs of the tests' own."""

from __future__ import annotations

import os
import plistlib
from pathlib import Path

import pytest

from app.core.backup.entries import entry
from app.errors import StorageProblem
from app.files.desktop.scheduler import Place, installed, place_of, remove, write

NAME = "data-dumpster-diver.backup.0123abcd"
CRONTAB = """#!/bin/sh
# A crontab that keeps its table in a file beside itself.
table="$(dirname "$0")/table"
if [ -e "$(dirname "$0")/broken" ]; then echo "permission denied" >&2; exit 1; fi
if [ "$1" = "-l" ]; then
  if [ -e "$table" ]; then cat "$table"; else echo "no crontab for someone" >&2; exit 1; fi
else cat > "$table"; fi
"""


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is searched for programs first, with a crontab in it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "crontab").write_text(CRONTAB)
    (folder / "crontab").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def test_cron_entry_comes_and_goes(programs: Path) -> None:
    """Written into an empty table and beside other lines, once; taken out, the rest stays."""
    place = place_of("cron", NAME)
    line = entry("cron", ["dumpster", "backup", "run"], NAME)

    before = installed(place)
    write(place, line)
    write(place, line)

    assert (before, installed(place)) == (False, True)
    assert (programs / "table").read_text() == line
    (programs / "table").write_text("5 5 * * * mine\n" + line)
    remove(place)
    assert (programs / "table").read_text() == "5 5 * * * mine\n"


def test_a_table_that_cannot_be_read_is_not_written_over(programs: Path) -> None:
    """Refused for another reason than that there is none, the table stays as it is."""
    (programs / "table").write_text("5 5 * * * mine\n")
    (programs / "broken").touch()

    with pytest.raises(StorageProblem, match="permission denied"):
        write(place_of("cron", NAME), "0 0 * * * ours\n")

    assert (programs / "table").read_text() == "5 5 * * * mine\n"


def test_no_scheduler_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no crontab at all, nothing is in place, and writing says so."""
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not installed(place_of("cron", NAME))
    with pytest.raises(StorageProblem, match="no crontab"):
        write(place_of("cron", NAME), "0 0 * * * ours\n")


def test_launch_agent_is_a_file(tmp_path: Path) -> None:
    """Launchd finds its property list among the agents, whole; taken out it is gone."""
    place = Place("launchd", NAME, tmp_path / "LaunchAgents" / f"{NAME}.plist")

    write(place, entry("launchd", ["dumpster", "backup", "run"], NAME))

    assert place.file is not None
    assert plistlib.loads(place.file.read_bytes())["Label"] == NAME
    assert installed(place)
    remove(place)
    assert not installed(place)
