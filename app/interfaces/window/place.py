"""Where the window was and how large, kept for the next start."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from app.files.atomic import replaced

LEAST = (480, 360)  # pixels; smaller than this the page cannot be read
USUAL = (1180, 800)
NORMAL, MINIMIZED, MAXIMIZED = "Normal", "Minimized", "Maximized"  # how a window stands
GRIP = (120, 40)  # pixels of the title bar that must be on a screen, to move the window by


class Place(Struct, frozen=True):
    """A window's place and size in pixels; None leaves the place to the system.

    On Linux of what is inside its frame, elsewhere of the whole.
    """

    x: int | None = None
    y: int | None = None
    width: int = USUAL[0]
    height: int = USUAL[1]
    maximized: bool = False


class Area(Struct, frozen=True):
    """A screen: its corner and its size in pixels."""

    x: int
    y: int
    width: int
    height: int


def read_place(file: Path) -> Place:
    """Read the place kept; the usual one if there is none or it makes no sense."""
    try:
        kept = json.loads(file.read_bytes())
        place = Place(**{name: kept[name] for name in asdict(Place())})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return Place()
    numbers = (place.x, place.y, place.width, place.height)
    if any(type(each) is not int or abs(each) > 100_000 for each in numbers):
        return Place()
    return place


def write_place(file: Path, place: Place) -> None:
    """Keep a place; a library that cannot be written goes without."""
    with suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        with replaced(file) as draft:
            draft.write_text(json.dumps(asdict(place)), encoding="ascii")


def followed(place: Place, state: str, changed: Mapping[str, int]) -> Place:
    """Follow a window that was moved or made larger, told in what Windows calls its ``state``.

    One folded away is put far outside all screens, and one that fills the screen has its size:
    neither is where it stands when it is opened again.
    """
    if state == MINIMIZED:
        return place
    if state == MAXIMIZED:
        return replace(place, maximized=True)
    return replace(place, maximized=False, **changed)


def fitted(place: Place, screens: Iterable[Area]) -> Place:
    """Bring a place to the screens there are now: one may have been unplugged since."""
    areas = list(screens)
    widest = max((area.width for area in areas), default=place.width)
    highest = max((area.height for area in areas), default=place.height)
    width = max(LEAST[0], min(place.width, widest))
    height = max(LEAST[1], min(place.height, highest))
    x, y = place.x, place.y
    if x is None or y is None or not any(_can_be_gripped(x, y, width, area) for area in areas):
        x = y = None
    return Place(x, y, width, height, place.maximized)


def _can_be_gripped(x: int, y: int, width: int, area: Area) -> bool:
    seen = min(x + width, area.x + area.width) - max(x, area.x)
    return seen >= GRIP[0] and area.y <= y <= area.y + area.height - GRIP[1]
