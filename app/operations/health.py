"""Whether the program is well."""

from __future__ import annotations

from app import __version__
from app.library import Library
from app.operations.results import ServiceHealth
from app.settings import read_settings
from db import exports


def show_health(library: Library) -> ServiceHealth:
    """Tell whether the program is well, and how much it looks after.

    ``status`` is "good", or "settings-damaged" while the defaults stand in for a
    settings file that cannot be read.
    """
    damaged = read_settings(library.settings_file).damaged
    status = "settings-damaged" if damaged else "good"
    return ServiceHealth(status, __version__, str(library.root), exports.totals())
