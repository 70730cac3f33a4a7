"""A program with a Qt window on a screen of its own, looked at by its own web view."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Error, Page, Playwright

from app.interfaces.window.lacking import missing_libraries
from run import PROGRAMS
from tests.bench.measure import ROOT

PATIENCE = 60.0  # seconds until a window that is not usable counts as broken
LOOK_EVERY = 0.01  # seconds
Found = TypeVar("Found")


@dataclass(frozen=True)
class Program:
    """A program with a window: how it is started, and the script that tells it is usable."""

    command: Sequence[str]
    usable: str


@contextmanager
def own_screen() -> Iterator[str]:
    """Open a screen nobody sees; answer its name."""
    server = PROGRAMS["Xvfb"].find()
    if server is None or (missing := missing_libraries()):
        lacking = "Xvfb" if server is None else missing[0]
        raise SystemExit(f"{lacking} is not here. This bar is measured in a window.")
    reading, writing = os.pipe()
    words = ("-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp")
    process = subprocess.Popen([server, *words], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def started(
    program: Program, screen: str, driver: Playwright, temporary: Path
) -> Iterator[tuple[subprocess.Popen[bytes], Page, float]]:
    """Start a program; answer its process, its page, and the seconds until it was usable.

    ``temporary`` is where a single file unpacks itself: killed, it leaves that lying.
    """
    port = free_port()
    given = {
        **{name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"},
        "DISPLAY": screen,
        "TMPDIR": str(temporary),
        "PYWEBVIEW_GUI": "qt",
        "QT_LOGGING_RULES": "*=false",
        "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{port}",
        **({"QTWEBENGINE_DISABLE_SANDBOX": "1"} if os.geteuid() == 0 else {}),
    }
    began = time.perf_counter()
    process = subprocess.Popen(
        program.command, cwd=ROOT, env=given, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        wait_for(lambda: answers(port), "the web view", process)
        address = f"http://127.0.0.1:{port}"
        browser = driver.chromium.connect_over_cdp(address, no_defaults=True)
        page = wait_for(lambda: usable(browser.contexts[0].pages, program), "a page", process)
        yield process, page, time.perf_counter() - began
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def usable(pages: Sequence[Page], program: Program) -> Page | None:
    """Answer the page once it is usable; while it comes, what it is asked may be lost."""
    for page in pages:
        with suppress(Error):
            if page.evaluate(program.usable) is True:
                return page
    return None


def wait_for(
    look: Callable[[], Found | None], what: str, process: subprocess.Popen[bytes]
) -> Found:
    """Look until something is there, and answer it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if found := look():
            return found
        time.sleep(LOOK_EVERY)
    raise SystemExit(f"{what} of {process.args!r} did not come")


def free_port() -> int:
    """Answer a port nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Tell whether a web view shows a page there."""
    shown = f"http://127.0.0.1:{port}/json"
    with suppress(OSError), urllib.request.urlopen(shown, timeout=2) as answer:
        return b'"page"' in answer.read()
    return False


def members(group: int) -> list[int]:
    """Answer the processes of a group that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(status.parent.name))
    return found
