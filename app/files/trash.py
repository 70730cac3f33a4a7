"""Taking a folder out of the library without deleting it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.files.staging import move_folder


def move_to_trash(folder: Path, trash: Path, now: datetime) -> Path:
    """Move a folder below ``trash`` by renaming it; answer where it is now."""
    trash.mkdir(exist_ok=True)
    number, stamp = 1, f"{now:%Y%m%dT%H%M%SZ}"
    place = trash / f"{folder.name} {stamp}"
    while place.exists():
        number += 1
        place = trash / f"{folder.name} {stamp} ({number})"
    move_folder(folder, place)
    return place
