"""Libraries of many invented exports for the browser tests, written straight to the catalog."""

from __future__ import annotations

from pathlib import Path

from app.library import open_library
from db.connection import close_catalog
from tests.bench.shelf import fill


def shelve(root: Path, exports: int, conversations: int = 0) -> Path:
    """Make a library of so many exports and conversations; answer its folder."""
    fill(open_library(root), exports, conversations or 10 * exports)
    close_catalog()
    return root
