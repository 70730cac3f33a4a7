"""One window a library: who comes second hands over what it was given, and leaves."""

from __future__ import annotations

import ctypes
import http.client
import json
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.files.atomic import replaced
from app.files.lock import hold

PATIENCE = 10.0  # seconds the first may take to get as far as answering
EVERY = 0.1  # seconds between two tries
ANY_PROCESS = -1  # ASFW_ANY of Windows' AllowSetForegroundWindow


@dataclass(frozen=True)
class Seat:
    """The right to show this library's window, and where the others find who has it.

    ``release`` is None where another process has it.
    """

    folder: Path
    release: Callable[[], None] | None

    @property
    def is_taken(self) -> bool:
        """Whether another process shows this library's window."""
        return self.release is None

    def announce(self, url: str, token: str) -> None:
        """Tell later starts where to hand over; for this user's eyes only."""
        with suppress(OSError), replaced(self.folder / "open.json") as draft:
            draft.touch(mode=0o600)
            draft.write_text(json.dumps({"url": url, "token": token}), encoding="ascii")

    def hand_over(self, sources: Sequence[Path]) -> bool:
        """Bring the window that is open forward and offer it sources; False if it is deaf."""
        _let_it_come_forward()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
                found = json.loads((self.folder / "open.json").read_bytes())
                if _offer(str(found["url"]), str(found["token"]), sources):
                    return True
            time.sleep(EVERY)
        return False

    def leave(self) -> None:
        """Give the seat up."""
        with suppress(OSError):
            (self.folder / "open.json").unlink(missing_ok=True)
        if self.release is not None:
            self.release()


def take_seat(folder: Path) -> Seat:
    """Take the seat if it is free; the system frees it if its holder dies.

    Where nothing can be written there is a seat for everybody.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Seat(folder, hold(folder / "lock"))
    except OSError:
        return Seat(folder, _nothing)


def _nothing() -> None:
    """Give up a seat nobody could be kept from."""


def _let_it_come_forward() -> None:
    """Hand on the right to come forward: Windows gives it to who was started last alone."""
    if sys.platform == "win32":
        ctypes.windll.user32.AllowSetForegroundWindow(ANY_PROCESS)


def _offer(url: str, token: str, sources: Sequence[Path]) -> bool:
    place = urlsplit(url)
    if place.hostname != "127.0.0.1":
        return False
    link = http.client.HTTPConnection(place.hostname, place.port or 0, timeout=5)
    try:
        body = json.dumps({"sources": [str(source.absolute()) for source in sources]})
        headers = {"X-Token": token, "Content-Type": "application/json"}
        link.request("POST", "/api/offered", body, headers)
        return link.getresponse().status == 200
    finally:
        link.close()
