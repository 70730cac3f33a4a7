"""What a saved conversation's file is called, and the folder it goes to."""

from __future__ import annotations

import re
from typing import Literal

from app.core.naming import TITLE_BYTES, file_name, safe_component, shortened
from app.core.timestamps import read_time

Names = Literal["date-title", "title", "title-id"]
Layout = Literal["flat", "by-year", "by-project"]

UNDATED = "undated"
_NOT_IN_LINKS = re.compile(r"[\[\]#^|]+")  # of Obsidian: such a name could not be linked to
_ID_LETTERS = 8


def saved_place(
    stem: str,
    title: str,
    id_: str,
    seconds: float | None,
    project: str,
    names: Names,
    layout: Layout,
) -> str:
    """Answer where a conversation's file goes, without its extension; ``/`` between folders.

    ``stem`` is what its file in the export is called, ``seconds`` when it was last changed.
    """
    folder = ""
    if layout == "by-year":
        moment = read_time(seconds)
        folder = f"{moment.year:04d}/" if moment is not None else f"{UNDATED}/"
    elif layout == "by-project" and project:
        folder = f"{safe_component(project)}/"
    if names == "date-title":
        return folder + safe_component(stem)
    spaced = file_name(_NOT_IN_LINKS.sub(" ", title)).replace("_", " ").strip(" .")
    spaced = shortened(spaced, TITLE_BYTES) or "Untitled"
    if names == "title-id":
        spaced += f" {safe_component(id_)[:_ID_LETTERS]}"
    return folder + spaced
