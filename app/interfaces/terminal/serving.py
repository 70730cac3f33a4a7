"""Serving the page from the command line: ``serve``, ``demo``, and no command at all."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType

from app.core.problems import Problem
from app.errors import Conflict, InvalidInput
from app.interfaces.http.server import PageServer
from app.interfaces.terminal.outcome import DONE
from app.interfaces.terminal.parser import Asked
from app.interfaces.terminal.program import (
    Program,
    library_folder,
    open_as_it_is,
    open_asked_library,
    tell_problems,
)
from app.interfaces.terminal.watching import watched_task
from app.interfaces.window.lacking import find_reason
from app.interfaces.window.single import Seat, take_seat
from app.interfaces.wire import dump
from app.jobs import JobRunner
from app.library import Library, close_library
from app.progress import Task
from app.settings import read_settings

LONGEST_LOOK = 0.5  # seconds between two looks at whether a signal came


def serve(program: Program, asked: Asked) -> int:
    """Serve until stopped: in the window, or in a browser, or for whoever was told the address."""
    port = _port(asked.values.get("port", "0"))
    with tempfile.TemporaryDirectory(prefix="dumpster-", ignore_cleanup_errors=True) as scratch:
        root = _root(asked, Path(scratch))
        seat = _seat(root) if _wants_window(asked) else None
        if seat is not None and seat.is_taken:
            return _hand_over(seat, asked)
        with watched_task(quiet=asked.quiet or asked.json) as task:
            library = _library(program, asked, task, root, Path(scratch))
        follow = _Following(program, library)
        jobs = JobRunner(library.clock)
        server = PageServer(library, program.operations, jobs, port=port, follow=follow)
        server.service.offered.add(_sources(asked))
        server.start()
        try:
            if seat is None or not _shown_in_window(server, seat):
                _serve_until_stopped(server, asked)
        finally:
            server.stop()
            close_library()
    sys.stdout.flush()
    sys.stderr.flush()
    # A download that stalls, or a page that never answered, would hold the interpreter.
    os._exit(DONE)


class _Following:
    """Brings the catalog up to date; tells each thing a person should know once."""

    def __init__(self, program: Program, library: Library) -> None:
        self._program = program
        self._library = library
        self._told: set[Problem] = set()

    def __call__(self) -> None:
        """Look at the folders."""
        found = set(self._program.prepare(self._library, Task(), True))
        tell_problems(found - self._told)
        self._told |= found


def _opens(asked: Asked) -> bool:
    """Tell whether the person is to see the page, not only to be told where it is."""
    if asked.json:
        return False
    return asked.command == "" or (asked.command == "demo" and not asked.values.get("noOpen"))


def _wants_window(asked: Asked) -> bool:
    """Tell whether there is to be a window; says in one line why there is none."""
    if not _opens(asked):
        return False
    reason = find_reason()
    if reason:
        _say_why(reason)
    return not reason


def _say_why(reason: str) -> None:
    print(f"No window: {reason} The app opens in the browser instead.", file=sys.stderr)


def _hand_over(seat: Seat, asked: Asked) -> int:
    """Leave everything to the window that is open already. Raises Conflict if it is deaf."""
    if not seat.hand_over(_sources(asked)):
        raise Conflict(
            "This library is open in another window, which does not answer.",
            hint="Close that window, or wait for it, then start again.",
        )
    if not asked.quiet:
        print("It was open already, and is in front now.")
    return DONE


def _shown_in_window(server: PageServer, seat: Seat) -> bool:
    """Show the window until it is closed; False, with a line that says why, if it cannot be."""
    # Imported here: a program without its window has none of this installed.
    from app.interfaces.window.frame import CannotOpen
    from app.interfaces.window.session import show_window

    seat.announce(server.url, server.token)
    try:
        show_window(server, seat.folder)
    except CannotOpen as problem:
        _say_why(str(problem))
        return False
    finally:
        seat.leave()
    return True


def _serve_until_stopped(server: PageServer, asked: Asked) -> None:
    came: SimpleQueue[int] = SimpleQueue()

    def end(number: int, _frame: FrameType | None) -> None:
        # An Event would wait for itself for ever where a second signal interrupts the first;
        # a single file is told each thing twice, by the terminal and by its starter.
        came.put(number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _announce(server, asked)
    while True:
        with suppress(Empty):
            came.get(timeout=LONGEST_LOOK)
            return


def _sources(asked: Asked) -> list[Path]:
    found = asked.values.get("sources", [])
    return [Path(str(each)).absolute() for each in found] if isinstance(found, list) else []


def _seat(root: Path) -> Seat:
    return take_seat(root / ".window")


def _root(asked: Asked, scratch: Path) -> Path:
    """Answer the library's folder; a demo has one of its own unless it is told another."""
    if asked.command == "demo" and not asked.library:
        return scratch / "library"
    return library_folder(asked)


def _library(program: Program, asked: Asked, task: Task, root: Path, scratch: Path) -> Library:
    if _opens(asked) and asked.command != "demo":
        # The page shows what the catalog remembers; its first call looks at the folders.
        return open_as_it_is(program, asked, root)
    library = open_asked_library(program, asked, task, root)
    if asked.command != "demo":
        return library
    _import_sample(program, library, task, scratch)
    _offer_migration(program, library, task, scratch)
    return library


def _import_sample(program: Program, library: Library, task: Task, scratch: Path) -> None:
    """Import the invented sample, once: a library that holds it already is left as it is."""
    if any(each.name == "Sample" for each in library.exports.iterdir()):
        return
    task.step("making the sample")
    source = program.build_sample(scratch / "sample.zip")
    operation = program.find("export import")
    checked = operation.read({"sources": [str(source)], "name": "Sample"})
    operation.call(library, checked, task)


def _offer_migration(program: Program, library: Library, task: Task, scratch: Path) -> None:
    """Write an invented folder of the old program, unless the library has a real one in mind."""
    remembered = read_settings(library.settings_file).text("migration.source")
    if remembered and Path(remembered).is_dir():
        return
    task.step("making sessions of the old program")
    source = program.build_legacy_session(scratch / "old program")
    operation = program.find("settings change")
    checked = operation.read({"key": "migration.source", "value": str(source)})
    operation.call(library, checked, task)


def _announce(server: PageServer, asked: Asked) -> None:
    """Say where it serves: to the browser, to a script, or to the person."""
    entry = server.entry_address()
    if asked.json:
        told = {"url": server.url, "entry": entry, "token": server.token, "pid": os.getpid()}
        print(dump(told), flush=True)
        return
    if _opens(asked) and _open(entry):
        print("Opened in your browser. It works as long as this runs.", flush=True)
    else:
        print("Open this address in a browser. It works once, for a minute:")
        print(f"  {entry}", flush=True)
    if sys.stdin.isatty():
        print("Press Enter for a new address, Ctrl-C to stop.", flush=True)
        threading.Thread(target=_more_addresses, args=(server,), daemon=True).start()


def _more_addresses(server: PageServer) -> None:
    for _line in sys.stdin:
        print(f"  {server.entry_address()}", flush=True)


def _open(address: str) -> bool:
    """Open the default browser where there is a display to show it on."""
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not has_display:
        return False
    # Imported here: a window has no use for it.
    import webbrowser

    return webbrowser.open(address)


def _port(text: object) -> int:
    if isinstance(text, str) and text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise InvalidInput("The port must be a number up to 65535.", hint="0 takes any that is free.")
