"""Handing an address to the person's own browser or mail program."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from app.errors import InvalidInput, StorageProblem
from app.files.desktop.environment import LIBRARIES, clean_environment

SCHEMES = frozenset({"http", "https", "mailto"})


def open_outside(address: str) -> None:
    """Open a link of a message outside. Raises InvalidInput for any other kind of address."""
    if urlsplit(address).scheme.lower() not in SCHEMES or not address.isprintable():
        raise InvalidInput(
            "Only web and mail addresses are opened outside.", hint="Copy it instead."
        )
    if not _open(address):
        raise StorageProblem("No browser could be started.", hint="Copy the address instead.")


def _open(address: str) -> bool:
    """Open an address by $BROWSER, the desktop's own way, or a browser that is found."""
    own = os.environ.get(LIBRARIES)
    cleaned = clean_environment().get(LIBRARIES)
    try:
        _set_libraries(cleaned)  # what `webbrowser` starts is given no other environment
        # Imported here: most who open the window never ask for it.
        import webbrowser

        return webbrowser.open(address)
    finally:
        _set_libraries(own)


def _set_libraries(place: str | None) -> None:
    if place is None:
        os.environ.pop(LIBRARIES, None)
    else:
        os.environ[LIBRARIES] = place
