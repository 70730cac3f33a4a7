"""Handing an address to the person's own browser or mail program."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from urllib.parse import urlsplit

from app.errors import InvalidInput, StorageProblem

SCHEMES = frozenset({"http", "https", "mailto"})


def open_outside(address: str) -> None:
    """Open a link of a message outside. Raises InvalidInput for any other kind of address."""
    if urlsplit(address).scheme.lower() not in SCHEMES or not address.isprintable():
        raise InvalidInput(
            "Only web and mail addresses are opened outside.", hint="Copy it instead."
        )
    if not _open(address):
        raise StorageProblem("No browser could be started.", hint="Copy the address instead.")


def clean_environment() -> dict[str, str]:
    """Answer the environment a program of the system expects.

    An executable's own libraries come first in LD_LIBRARY_PATH, where other programs must
    not find them; PyInstaller keeps what was there before.
    """
    kept = dict(os.environ)
    if getattr(sys, "frozen", False):
        before = kept.pop("LD_LIBRARY_PATH_ORIG", None)
        kept.pop("LD_LIBRARY_PATH", None)
        if before:
            kept["LD_LIBRARY_PATH"] = before
    return kept


def _open(address: str) -> bool:
    if not (getattr(sys, "frozen", False) and sys.platform.startswith("linux")):
        return webbrowser.open(address)
    try:
        subprocess.Popen(  # noqa: S603 - an address checked above, and no shell
            ["xdg-open", address],  # noqa: S607 - wherever the system has it
            env=clean_environment(),
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return True
