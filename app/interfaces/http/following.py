"""Following the folders while serving: what was renamed or copied in shows at the next look."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from app.errors import AppError
from app.jobs import JobRunner

EVERY = 2.0  # seconds between two looks: a page asks several things at once

log = logging.getLogger("app.following")


class Follower:
    """Brings the catalog up to date before something is read, now and then."""

    def __init__(
        self,
        follow: Callable[[], object],
        jobs: JobRunner,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._follow = follow
        self._jobs = jobs
        self._clock = clock
        self._looking = threading.Lock()
        self._last = float("-inf")

    def look(self) -> None:
        """Look at the folders, unless someone just did or a job is changing them.

        A folder that cannot be followed is logged and does not keep anyone from reading
        the others. The first look is waited for: a catalog that was lost has nothing to show
        before it.
        """
        if not self._looking.acquire(blocking=self._last == float("-inf")):
            return
        try:
            if self._clock() - self._last < EVERY or self._jobs.is_busy():
                return
            self._follow()
            self._last = self._clock()
        except AppError as error:
            log.warning("following: %s", error.code)
        finally:
            self._looking.release()
