"""Serving the page from the command line: ``serve``, ``demo``, and no command at all."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from types import FrameType

from app.errors import InvalidInput
from app.interfaces.http.server import PageServer
from app.interfaces.terminal.outcome import DONE
from app.interfaces.terminal.parser import Asked
from app.interfaces.terminal.program import Program, library_folder, open_asked_library
from app.interfaces.terminal.watching import watched_task
from app.interfaces.wire import dump
from app.jobs import JobRunner
from app.library import Library
from app.progress import Task
from app.settings import read_settings

LONGEST_LOOK = 0.5  # seconds between two looks at whether a signal came


def serve(program: Program, asked: Asked) -> int:
    """Serve until stopped; opens the browser unless asked only to serve."""
    port = _port(asked.values.get("port", "0"))
    with tempfile.TemporaryDirectory(prefix="dumpster-", ignore_cleanup_errors=True) as scratch:
        with watched_task(quiet=asked.quiet or asked.json) as task:
            library = _library(program, asked, task, Path(scratch))
        _serve_until_stopped(program, asked, library, port)
    sys.stdout.flush()
    sys.stderr.flush()
    # A download that stalls would hold the interpreter for its time-out; all is stopped.
    os._exit(DONE)


def _serve_until_stopped(program: Program, asked: Asked, library: Library, port: int) -> None:
    jobs = JobRunner(library.clock)
    server = PageServer(
        library,
        program.operations,
        jobs,
        port=port,
        follow=lambda: program.prepare(library, Task()),
    )
    server.start()
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    _announce(server, asked)
    while not stop.wait(LONGEST_LOOK):
        pass
    server.stop()


def _library(program: Program, asked: Asked, task: Task, scratch: Path) -> Library:
    if asked.command != "demo":
        return open_asked_library(program, asked, task, library_folder(asked))
    root = library_folder(asked) if asked.library else scratch / "library"
    library = open_asked_library(program, asked, task, root)
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
    opens = asked.command == "" or (asked.command == "demo" and not asked.values.get("noOpen"))
    if opens and _open(entry):
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
    return webbrowser.open(address)


def _port(text: object) -> int:
    if isinstance(text, str) and text.isascii() and text.isdigit() and int(text) < 65536:
        return int(text)
    raise InvalidInput("The port must be a number up to 65535.", hint="0 takes any that is free.")
