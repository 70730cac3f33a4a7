"""When backups are made by themselves, and the entry that lets the system's scheduler do it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from app.core.backup.entries import Scheduler, entry, label, scheduler_of
from app.files.desktop.scheduler import Place, installed, place_of, remove, write
from app.library import Library
from app.operations.backups.results import ScheduleEntry, ScheduleShown
from app.operations.backups.standing import plan_in_force, soonest
from app.operations.settings import change_settings
from app.settings import read_settings

SCHEDULERS: tuple[Scheduler, ...] = ("cron", "launchd", "task-scheduler")
_HOW: dict[Scheduler, str] = {
    "cron": "Put this line into your crontab: run “crontab -e”, add it at the end, save.",
    "launchd": "Save it as {file} in ~/Library/LaunchAgents, then run “launchctl load” with its "
    "path.",
    "task-scheduler": "Save it as {file}, then run “schtasks /Create /XML {file} /TN {name}”.",
}


def show_schedule(library: Library) -> ScheduleShown:
    """Show when backups are made by themselves, and the entry for the system's scheduler."""
    settings, plan = read_settings(library.settings_file), plan_in_force(library)
    (current,) = [each for each in list_entries(library) if each.current]
    return ScheduleShown(
        every=plan.every,
        after_import=plan.after_import,
        after_migration=plan.after_migration,
        encrypt=settings.flag("backups.encrypt"),
        next_at=soonest(library),
        entry=current,
    )


def change_schedule(
    library: Library,
    *,
    every: Annotated[
        Literal["never", "hourly", "daily", "weekly", "monthly"] | None,
        "how often each export is backed up",
    ] = None,
    after_import: Annotated[bool | None, "back up after every import"] = None,
    after_migration: Annotated[bool | None, "back up after a migration"] = None,
    encrypt: Annotated[bool | None, "encrypt these backups"] = None,
    install: Annotated[
        bool | None, "write the entry for the system's scheduler, or take it out"
    ] = None,
) -> ScheduleShown:
    """Say when backups are made by themselves; on request write the system's entry for it."""
    for key, value in (
        ("backups.every", every),
        ("backups.afterImport", after_import),
        ("backups.afterMigration", after_migration),
        ("backups.encrypt", encrypt),
    ):
        if value is not None:
            change_settings(library, key=key, value=value)
    if install is not None:
        place = _place(library)
        if install:
            write(place, entry(place.scheduler, _command(library), place.name))
        else:
            remove(place)
    return show_schedule(library)


def list_entries(library: Library) -> list[ScheduleEntry]:
    """List the entries that make a system's scheduler look every hour for due backups."""
    here, name = scheduler_of(sys.platform), label(str(library.root))
    command = _command(library)
    return [
        ScheduleEntry(
            name=name,
            scheduler=each,
            text=entry(each, command, name),
            how=_HOW[each].format(file=_file(each, name), name=name),
            current=each == here,
            written=each == here and installed(_place(library)),
        )
        for each in SCHEDULERS
    ]


def _file(scheduler: Scheduler, name: str) -> str:
    return f"{name}.{'plist' if scheduler == 'launchd' else 'xml'}"


def _place(library: Library) -> Place:
    return place_of(scheduler_of(sys.platform), label(str(library.root)))


def _command(library: Library) -> list[str]:
    """Answer the command that makes what is due, as this program was started."""
    words = ["backup", "run", "--quiet", "--library", str(library.root)]
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    starter = Path(__file__).resolve().parents[3] / "run.py"
    if starter.is_file():
        return [sys.executable, str(starter), *words]
    return [sys.executable, "-m", "app.main", *words]
