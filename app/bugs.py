"""An unexpected exception: told in full to the log, and in one sentence to the person."""

from __future__ import annotations

import logging
import traceback

from app.errors import Bug

log = logging.getLogger("app.bugs")


def as_bug(problem: BaseException) -> Bug:
    """Log where an exception came from, and answer what the person is told instead.

    The log gets the type and the places, not the exception's own words: those may
    quote a message, and logs never hold message text.
    """
    frames = "".join(traceback.format_tb(problem.__traceback__))
    log.error("bug: %s\n%s", type(problem).__name__, frames)
    return Bug(
        "Something went wrong inside the program. This is a fault of ours, not of your data.",
        hint="The log file tells where; nothing half-done was kept.",
        kind=type(problem).__name__,
    )
