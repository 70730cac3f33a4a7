"""The system's own scheduler: where our entry goes, writing it, taking it out again."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from app.core.backup.entries import Scheduler, with_cron_line
from app.errors import StorageProblem
from app.files.atomic import replaced

PATIENCE = 20  # seconds a scheduler's own program may take


class Place(Struct, frozen=True):
    """The entry called ``name`` of one scheduler; ``file`` is where launchd looks for it."""

    scheduler: Scheduler
    name: str
    file: Path | None = None


def place_of(scheduler: Scheduler, name: str) -> Place:
    """Answer where the entry of this name goes."""
    if scheduler == "launchd":
        return Place(scheduler, name, Path.home() / "Library/LaunchAgents" / f"{name}.plist")
    return Place(scheduler, name)


def installed(place: Place) -> bool:
    """Tell whether the entry is in place; where the scheduler cannot be asked it is not."""
    if place.file is not None:
        return place.file.is_file()
    with suppress(StorageProblem):
        if place.scheduler == "cron":
            return f"# {place.name}" in _crontab()
        return _run(["schtasks", "/Query", "/TN", place.name]).returncode == 0
    return False


def write(place: Place, text: str) -> None:
    """Put the entry in place, instead of an earlier one. Raises StorageProblem."""
    if place.file is not None:
        place.file.parent.mkdir(parents=True, exist_ok=True)
        _launchctl("unload", place.file)
        with replaced(place.file) as draft:
            draft.write_text(text, encoding="utf-8")
        _launchctl("load", place.file)
    elif place.scheduler == "cron":
        _write_crontab(with_cron_line(_crontab(), place.name, text))
    else:
        _create_task(place, text)


def remove(place: Place) -> None:
    """Take the entry out again; nothing if there is none. Raises StorageProblem."""
    if place.file is not None:
        if place.file.exists():
            _launchctl("unload", place.file)
            place.file.unlink()
    elif place.scheduler == "cron":
        _write_crontab(with_cron_line(_crontab(), place.name, ""))
    elif installed(place):
        _require(_run(["schtasks", "/Delete", "/F", "/TN", place.name]))


def _crontab() -> str:
    """Answer the person's crontab; empty if there is none yet.

    Any other refusal is one: what cannot be read must not be written over.
    """
    done = _run(["crontab", "-l"])
    if done.returncode != 0 and "no crontab" in done.stderr.lower():
        return ""
    _require(done)
    return done.stdout


def _write_crontab(text: str) -> None:
    _require(_run(["crontab", "-"], text))


def _create_task(place: Place, text: str) -> None:
    with tempfile.TemporaryDirectory(prefix="dumpster-") as scratch:
        file = Path(scratch) / "task.xml"
        file.write_text(text, encoding="utf-16")
        _require(_run(["schtasks", "/Create", "/F", "/TN", place.name, "/XML", str(file)]))


def _launchctl(verb: str, file: Path) -> None:
    """Tell launchd at once; what it does not take now it finds at the next log-in."""
    with suppress(StorageProblem):
        _run(["launchctl", verb, str(file)])


def _run(command: Sequence[str], text: str = "") -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - a fixed program, our own words
            command, input=text, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise StorageProblem(
            f"This system has no {command[0]} that answers.",
            hint="The entry can be copied to another scheduler; the program makes due backups "
            "while it is open, too.",
        ) from problem


def _require(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise StorageProblem(
            f"The system's scheduler refused the entry: {done.stderr.strip()[:300]}",
            hint="The entry can be copied and put in place by hand. Nothing was changed.",
        )
