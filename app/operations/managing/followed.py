"""What a look at the folders has found; by itself, as every start of the program needs it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from app.core.problems import Problem


class Followed(Struct, frozen=True):
    """What happened to the folders meanwhile, by the exports' names.

    ``renamed`` maps the old name to the new one. ``busy``: another process is writing, so
    nothing was followed; it will be at the next look. ``backups``: some came or went.
    """

    added: tuple[str, ...] = ()
    renamed: Mapping[str, str] = {}
    copied: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    busy: bool = False
    backups: bool = False
