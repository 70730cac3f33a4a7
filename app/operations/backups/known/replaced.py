"""States of exports that a restore replaced: kept until a person says otherwise.

One lies at ``<library>/.replaced/<time>/<folder>``; another disk would make the exchange
a copy, so it is the library's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from app.errors import StorageProblem
from app.files.export_folder import ExportFolder, display_name, is_export
from app.files.trash import move_to_trash
from app.library import Library
from app.operations.backups.results import ReplacedState, SettledState

FORM = "%Y%m%dT%H%M%SZ"


def place_for_replaced(library: Library, folder: str) -> Path:
    """Make room for the state of an export about to be replaced; answer where it will be."""
    stamp = f"{library.clock().astimezone(UTC):{FORM}}"
    number, parent = 1, library.replaced / stamp
    while parent.exists():
        number += 1
        parent = library.replaced / f"{stamp}-{number}"
    parent.mkdir(parents=True)
    return parent / folder


def give_up_place(place: Path) -> None:
    """Take back the room made for a state that was not replaced after all."""
    for folder in (place.parent, place.parent.parent):
        with suppress(OSError):  # not empty: something is kept there
            folder.rmdir()


def replaced_states(library: Library) -> Iterator[ReplacedState]:
    """Yield the states still kept, the newest first."""
    for path in _states(library):
        yield ReplacedState(_name(path), str(path), _replaced_at(path))


def settle_restore(
    library: Library, *, export: Annotated[str, "the export's name"]
) -> list[SettledState]:
    """Let go of the states of an export that restores replaced: they move to the trash."""
    settled: list[SettledState] = []
    for path in list(states_of(library, export)):
        name = _name(path)
        place = move_to_trash(path, library.trash, library.clock())
        give_up_place(path)
        settled.append(SettledState(name, str(place)))
    return settled


def states_of(library: Library, export: str) -> Iterator[Path]:
    """Yield where the replaced states of one export are, the newest first."""
    wanted = export.strip().casefold()
    for path in _states(library):
        if wanted in (_name(path).casefold(), path.name.casefold()):
            yield path


def _states(library: Library) -> Iterator[Path]:
    try:
        stamps = sorted(library.replaced.iterdir(), reverse=True)
    except OSError:
        return
    for stamp in stamps:
        with suppress(OSError):
            yield from sorted(stamp.iterdir())


def _name(path: Path) -> str:
    with suppress(StorageProblem):
        if is_export(path):
            return display_name(path, ExportFolder(path).record())
    return path.name


def _replaced_at(path: Path) -> datetime:
    stamp = path.parent.name.partition("-")[0]
    try:
        return datetime.strptime(stamp, FORM).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.parent.stat().st_mtime, UTC)
