"""What a program of the system is started with: nothing of an executable's own libraries."""

from __future__ import annotations

import os
import sys

LIBRARIES = "LD_LIBRARY_PATH"


def clean_environment() -> dict[str, str]:
    """Answer the environment a program of the system expects.

    An executable's own libraries come first in LD_LIBRARY_PATH, where other programs must
    not find them; PyInstaller keeps what was there before.
    """
    kept = dict(os.environ)
    if getattr(sys, "frozen", False):
        before = kept.pop(f"{LIBRARIES}_ORIG", None)
        kept.pop(LIBRARIES, None)
        if before:
            kept[LIBRARIES] = before
    return kept
