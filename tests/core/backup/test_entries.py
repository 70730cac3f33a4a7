"""Entries for cron, launchd and the Task Scheduler, read back as those systems read them."""

from __future__ import annotations

import plistlib
import shlex
from xml.etree import ElementTree

import pytest

from app.core.backup.entries import entry, label, scheduler_of, with_cron_line

COMMAND = [
    "/opt/py thon/bin",
    "/a b/run.py",
    "backup",
    "run",
    "--library",
    "/home/x/100% <me> \"&'",
]
NAME = label("/home/x")
TASKS = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}


def test_each_system_has_its_scheduler() -> None:
    """Windows, macOS, and everything else."""
    assert [scheduler_of(each) for each in ("win32", "darwin", "linux")] == [
        "task-scheduler", "launchd", "cron",
    ]  # fmt: skip


def test_cron_line_runs_the_command() -> None:
    """Five fields, then the command as a shell reads it once cron has read its percent signs."""
    line = entry("cron", COMMAND, NAME)
    *times, rest = line.split(" ", 5)

    assert times == ["17", "*", "*", "*", "*"]
    assert shlex.split(rest.replace("\\%", "%"), comments=True) == COMMAND
    assert "%" not in rest.replace("\\%", "")


def test_cron_line_takes_its_own_place_only() -> None:
    """Written twice it is there once; taken out, the table is what it was."""
    table = "# mine\n5 4 * * * backup # something else\n"
    line = entry("cron", COMMAND, NAME)

    once = with_cron_line(table, NAME, line)

    assert once == table + line
    assert with_cron_line(once, NAME, line) == once
    assert with_cron_line(once, NAME, "") == table


def test_property_list_runs_the_command() -> None:
    """A launch agent has its label, the words of the command and the hour."""
    found = plistlib.loads(entry("launchd", COMMAND, NAME).encode())

    assert found["Label"] == NAME
    assert found["ProgramArguments"] == COMMAND
    assert (found["StartInterval"], found["RunAtLoad"]) == (3600, True)


@pytest.mark.parametrize(
    ("word", "quoted"),
    [
        ("plain", "plain"),
        ("a b", '"a b"'),
        ("", '""'),
        ('say "x"', '"say \\"x\\""'),
        ("C:\\a b\\", '"C:\\a b\\\\"'),
        ("C:\\a\\", "C:\\a\\"),
    ],
)
def test_task_runs_the_command(word: str, quoted: str) -> None:
    """The Task Scheduler finds the program and arguments quoted as Windows splits them."""
    text = entry("task-scheduler", ["C:\\p & q.exe", word, "end"], NAME)
    found = ElementTree.fromstring(text.partition("?>")[2])  # noqa: S314 - our own text

    assert found.findtext(".//t:Command", namespaces=TASKS) == "C:\\p & q.exe"
    assert found.findtext(".//t:Arguments", namespaces=TASKS) == f"{quoted} end"
    assert found.findtext(".//t:Interval", namespaces=TASKS) == "PT1H"
    assert found.findtext(".//t:StartWhenAvailable", namespaces=TASKS) == "true"


def test_two_libraries_have_two_names() -> None:
    """The entry of one library never replaces that of another."""
    assert label("/home/x") != label("/home/y")
