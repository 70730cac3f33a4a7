"""One sitting in the window, from its opening to an orderly end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from msgspec import Struct

from app.interfaces import bridge
from app.interfaces.http.server import PageServer
from app.interfaces.offered import describe_source
from app.interfaces.window.closing import Closing
from app.interfaces.window.frame import Frame, Happenings
from app.interfaces.window.place import Place, read_place, write_place
from app.interfaces.window.pushing import Pusher
from app.interfaces.window.verbs import build_verbs
from app.settings import read_settings


class SavedFile(Struct, frozen=True):
    """Where a download went."""

    place: str


def show_window(server: PageServer, folder: Path) -> None:
    """Show the page of a running server in a window until it is closed; on the main thread.

    ``folder`` keeps the window's place. Raises CannotOpen, of `app.interfaces.window.frame`.
    """
    service = server.service
    frame = Frame(read_settings(service.library.settings_file).text("appearance.theme"))
    pusher = Pusher(frame.run)
    closing = Closing(
        is_busy=service.jobs.is_busy,
        ask=lambda: pusher.push("closing"),
        close=lambda: _aside(frame.close),
    )
    _end_with_signals(closing)
    verbs = build_verbs(frame, closing, frame.toggle_full_screen, frame.wear)
    call = bridge.build(service, server.token, verbs)
    kept = folder / "place.json"
    happenings = _happenings(frame, pusher, kept)

    def forward() -> None:
        frame.come_forward()
        pusher.push("offered")

    service.offered.tell = forward
    pusher.start(service.jobs, closing.look)
    frame.show(server.entry_address(window=True), call, read_place(kept), closing, happenings)


def _happenings(frame: Frame, pusher: Pusher, kept: Path) -> Happenings:
    def chosen(name: str) -> None:
        match name:
            case "quit":
                frame.close()
            case "full screen":
                frame.toggle_full_screen()
            case _:
                pusher.push("menu", name)

    def dropped(places: Sequence[Path]) -> None:
        pusher.push("dropped", [describe_source(place) for place in places])

    def saved(place: Path) -> None:
        pusher.push("saved", SavedFile(str(place)))

    def left(place: Place) -> None:
        write_place(kept, place)

    return Happenings(chosen, dropped, saved, left)


def _end_with_signals(closing: Closing) -> None:
    """Close when the system says so; on a thread, as a signal may interrupt who decides already."""
    came: SimpleQueue[int] = SimpleQueue()

    def tell(number: int, _frame: FrameType | None) -> None:
        came.put(number)

    def end_by_signal() -> None:
        came.get()
        closing.decide()

    signal.signal(signal.SIGTERM, tell)
    _aside(end_by_signal)


def _aside(do: Callable[[], object]) -> None:
    """Do it on a thread of its own: the one that asks has the window to draw."""
    threading.Thread(target=do, name=do.__name__, daemon=True).start()
