"""The real window on a screen of its own: a whole app, driven by its own web view."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from app.interfaces.window.lacking import missing_libraries
from tests.bench import material
from tests.conftest import cannot_run, require_program

ROOT = Path(__file__).resolve().parents[2]
SIZE = (1400, 900)  # pixels of the screen
PATIENCE = 60.0  # seconds until something expected counts as missing: only a slow machine waits
TRY = 4.0  # seconds until a key or a click counts as lost, and is given again
NO_REPEAT = "-r"  # a key a slow machine is late to let go of would be pressed again and again
LARGE = 120 * material.MEBIBYTE  # an import of it takes long enough to be met while it runs


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait until something is so, and answer it."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}, within {patience:.0f} s")


def again_until(true: Callable[[], Any], what: str, do: Callable[[], object]) -> None:
    """Do something until it has worked: a loaded machine's X server and Qt lose keys and clicks."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        do()
        with suppress(AssertionError):
            until(true, what, TRY)
            return
    raise AssertionError(f"{what}, within {PATIENCE:.0f} s")


@dataclass
class Screen:
    """An X server of the tests' own, and the hand that moves its mouse."""

    name: str
    outside: Path  # what "the browser" was told to open, one address a line
    shown: Path  # what "the file manager" was told to show, one word a line

    def hand(self, *words: str) -> str:
        """Do something with mouse or keyboard: xdotool's words."""
        said = subprocess.run(
            ["xdotool", *words],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return said.stdout.strip()

    def windows(self, title: str) -> list[str]:
        """Answer the numbers of the visible windows of this title, the newest last."""
        found = self.hand("search", "--onlyvisible", "--name", f"^{title}$").split()
        return sorted(found, key=int)

    def window(self, title: str) -> str:
        """Wait for a window of this title and answer its number."""
        found: list[str] = until(lambda: self.windows(title), f"a window called {title}")
        return found[-1]

    def focus(self, number: str) -> None:
        """Give a window the keyboard, unless it closes meanwhile."""
        self.hand("windowfocus", number)
        with suppress(AssertionError):
            until(lambda: self.hand("getwindowfocus") == number, "the focus", TRY)

    def answer(self, title: str, path: Path) -> None:
        """Give the native dialog of this title a path, again until it closes.

        Its suggestions may take the Return, and what it finds wrong it says in a dialog of the
        same title. The keys are sent to the window itself: wherever the focus is, they never
        land in the page. Where it closes as the key goes down nobody is left to let it go.
        """
        self.window(title)

        def give() -> None:
            for number in self.windows(title)[-1:]:
                to = ("--window", number)
                self.focus(number)
                self.hand("key", *to, "ctrl+a")
                self.hand("type", *to, "--delay", "5", str(path))
                self.hand("key", *to, "Return")
                self.hand("keyup", "Return")

        again_until(lambda: not self.windows(title), f"{title} closed", give)

    def environment(self) -> dict[str, str]:
        """Answer what a program on this screen is started with."""
        browser = ROOT / "tests" / "window" / "browser.py"
        kept = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        return {
            **kept,
            "DISPLAY": self.name,
            "PATH": f"{self.shown.parent}{os.pathsep}{kept['PATH']}",
            "BROWSER": f"{sys.executable} {browser} {self.outside} %s",
            "PYTHONUNBUFFERED": "1",
            "PYTHONFAULTHANDLER": "1",
        }


@dataclass
class Opened:
    """A running app: its process, its page, its screen."""

    process: subprocess.Popen[str]
    page: Page
    screen: Screen
    library: Path
    asked: list[str] = field(default_factory=list)  # addresses the page asked over HTTP

    def goto(self, path: str) -> None:
        """Go to an address of the page without leaving it."""
        self.page.evaluate(
            "(to) => { history.pushState(null, '', to); dispatchEvent(new Event('popstate')); }",
            path,
        )

    def quit_by_menu(self, closes: Callable[[], Any]) -> None:
        """Close the window with its own menu: File, Quit; ``closes`` tells that it was heard."""
        number = self.screen.window("Data Dumpster Diver")

        def choose() -> None:
            before = self.screen.windows(".*")
            self.screen.hand("mousemove", "--window", number, "18", "9", "click", "1")
            with suppress(AssertionError):  # the click was lost, or closed a menu left open
                opened = until(
                    lambda: set(self.screen.windows(".*")) - set(before), "the menu", TRY
                )
                self.screen.hand("key", "--window", opened.pop(), "Up", "Return")
                self.screen.hand("keyup", "Return")

        again_until(closes, "the menu's Quit heard", choose)

    def start_again(self, *words: str) -> None:
        """Start the app a second time, with these words; it leaves everything to the first."""
        ran = subprocess.run(
            [*COMMAND, "--library", str(self.library), *words],
            cwd=ROOT,
            env=self.screen.environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert (ran.returncode, ran.stderr) == (0, "")
        assert "in front now" in ran.stdout

    def has_ended(self) -> bool:
        """Tell whether the process is gone."""
        return self.process.poll() is not None

    def gone(self) -> int:
        """Wait for the end and answer the exit code."""
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="session")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A screen nobody sees, for all tests of the process."""
    server = require_program("Xvfb")
    require_program("xdotool")
    if missing := missing_libraries():
        cannot_run(f"the window's libraries are not installed ({missing[0]} …)")
    outside = tmp_path_factory.mktemp("outside")
    shown = outside / "shown.txt"
    bus = outside / "dbus-send"  # by which a file manager is asked; found before the system's own
    bus.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{shown}"\n')
    bus.chmod(0o755)
    with x_server(server) as name:
        yield Screen(name, outside / "opened.txt", shown)


@contextmanager
def x_server(server: str, *options: str) -> Iterator[str]:
    """Run an X server nobody sees; answer its name."""
    reading, writing = os.pipe()
    size = f"{SIZE[0]}x{SIZE[1]}x24"
    words = ["-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", NO_REPEAT]
    process = subprocess.Popen(
        [server, *words, *options], pass_fds=[writing], stderr=subprocess.DEVNULL
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def file_manager(screen: Screen, file: Path) -> Iterator[None]:
    """Open a window to drag a file out of."""
    manager = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "window" / "file_manager.py", str(file)],
        env=screen.environment(),
        stderr=subprocess.DEVNULL,
    )
    try:
        screen.window("Files")
        yield
    finally:
        manager.terminate()
        manager.wait(PATIENCE)


@pytest.fixture(scope="session")
def open_app(playwright: Playwright, screen: Screen) -> Any:
    """A function that opens the app on a library, and sees that nothing of it is left."""

    @contextmanager
    def opened(library: Path, *words: str, on: Screen = screen) -> Iterator[Opened]:
        port = _free_port()
        with (library.parent / "complaints.txt").open("w") as complaints:
            process = subprocess.Popen(
                [*COMMAND, "--library", str(library), *words],
                cwd=ROOT,
                env={**on.environment(), "QTWEBENGINE_REMOTE_DEBUGGING": f"127.0.0.1:{port}"},
                stderr=complaints,
                text=True,
                start_new_session=True,
            )
        try:
            until(lambda: _has_entered(port), "a window with our page")
            driver = playwright.chromium.connect_over_cdp(
                f"http://127.0.0.1:{port}", no_defaults=True, timeout=PATIENCE * 1000
            )
            page = driver.contexts[0].pages[0]
            page.set_default_timeout(PATIENCE * 1000)
            app = Opened(process, page, on, library)
            page.on("request", lambda request: app.asked.append(request.url))
            until(lambda: page.evaluate("Boolean(window.pywebview?.api?.call)"), "the bridge")
            yield app
            with suppress(Exception):  # the app may be gone, and its page with it
                driver.close()
        finally:
            _end(process)

    return opened


COMMAND = os.environ.get("DUMPSTER_COMMAND", f"{sys.executable} -m app.main").split()


@pytest.fixture(scope="module")
def app(
    open_app: Any, imported_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """The app on a copy of the sample's library, for all tests of a module."""
    library = shutil.copytree(imported_sample, tmp_path_factory.mktemp("window") / "library")
    with open_app(library) as opened:
        yield opened


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A conversations.json whose import nobody waits for."""
    return _conversations(tmp_path_factory.mktemp("large"), LARGE)


@pytest.fixture(scope="session")
def middling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A conversations.json whose import takes some seconds."""
    return _conversations(tmp_path_factory.mktemp("middling"), LARGE // 8)


def _conversations(folder: Path, size: int) -> Path:
    """Write one conversation again and again under new ids: that is fast, reading it is not."""
    one = b"".join(material.conversations(5, count=1))
    key = json.loads(one)["id"].encode()
    copies = (one.replace(key, b"%036d" % number) for number in range(size // len(one)))
    material.write_json(folder / "conversations.json", copies)
    return folder / "conversations.json"


def _free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _has_entered(port: int) -> bool:
    """Tell whether the window shows our page, and the page has taken its token."""
    with suppress(OSError, ValueError):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json", timeout=2) as answer:
            shown = [each["url"] for each in json.load(answer) if each["type"] == "page"]
        return any(url.startswith("http://127.0.0.1:") and "k=" not in url for url in shown)
    return False


def _end(process: subprocess.Popen[str]) -> None:
    """End the app if it still runs; whatever it started has to go with it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(PATIENCE)
            raise AssertionError("the app did not end when it was told to") from None
    until(lambda: not members(process.pid), "no process left")


def members(group: int) -> list[int]:
    """Answer the processes of a group that still run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                found.append(int(status.parent.name))
    return found
