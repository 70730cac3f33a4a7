"""A real Chromium before a real server on a real library; any complaint of it fails the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from app.library import close_library
from app.main import main
from tests.conftest import require_program
from tests.web.account import many, write_archive

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30_000  # milliseconds until something expected counts as missing
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing leaves this machine
]
# Counts what moves without being asked to, and notices an attack that worked.
WATCH = """
window.attacks = 0;
window.attacked = () => { window.attacks += 1; };
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.shifts.push(entry.value);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the cookie and token that open it."""

    url: str
    token: str
    cookies: list[Any]
    process: subprocess.Popen[str]


@dataclass
class Complaints:
    """What the browser complained of, and what it tried to reach outside."""

    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def expect(self, words: str) -> None:
        """Let complaints that hold these words pass: the test brings them about."""
        self.expected.append(words)

    @property
    def unexpected(self) -> list[str]:
        """Complaints no test announced."""
        return [each for each in self.errors if not any(words in each for words in self.expected)]


def run_program(*arguments: str) -> None:
    """Run a command line to its end, here: loading the program anew takes longer than most."""
    try:
        assert main(arguments) == 0
    finally:
        close_library()


@contextmanager
def serving(library: Path, browser: Browser) -> Iterator[Server]:
    """Serve a library until the block ends; the entry key is spent."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.main", "serve", "--json", "--library", str(library)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    try:
        info = json.loads(process.stdout.readline())
        context = browser.new_context()
        context.request.get(info["entry"])  # for its cookie; no need to show the page
        cookies = context.cookies()
        context.close()
        yield Server(info["url"].rstrip("/"), info["token"], cookies, process)
    finally:
        process.terminate()
        process.wait(15)
        process.stdout.close()


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests of the process."""
    chromium = require_program("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def reading_server(
    browser: Browser, imported_sample: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server on a library with the sample and an export of many; not to be changed."""
    folder = tmp_path_factory.mktemp("reading")
    library = shutil.copytree(imported_sample, folder / "library")
    archive = write_archive(folder / "many.zip", many())
    run_program("import", str(archive), "--name", "Many", "--library", str(library), "--quiet")
    with serving(library, browser) as server:
        yield server


@pytest.fixture
def writing_server(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server on an empty library of the test's own."""
    with serving(tmp_path / "library", browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


@pytest.fixture
def complaints() -> Complaints:
    """Where this test's complaints are gathered."""
    return Complaints()


@pytest.fixture
def opened(browser: Browser, complaints: Complaints) -> Iterator[Any]:
    """A function that opens a tab the app would have opened, of any size and theme."""
    contexts: list[BrowserContext] = []

    def open_tab(server: Server, *, width: int = 1280, dark: bool = False, **more: Any) -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies(server.cookies)
        token = json.dumps(json.dumps(server.token))
        context.add_init_script(f"sessionStorage.setItem('token', {token});{WATCH}")
        context.on("request", lambda request: _see(request.url, server.url, complaints))
        page = context.new_page()
        page.on("console", lambda said: _hear(said.type, said.text, complaints))
        page.on("pageerror", lambda error: complaints.errors.append(str(error)))
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert complaints.unexpected == []
    assert complaints.outside == []


@pytest.fixture
def page(opened: Any, reading_server: Server) -> Page:
    """A tab of 1280 pixels on the library that is only read."""
    tab: Page = opened(reading_server)
    return tab


def _hear(kind: str, text: str, complaints: Complaints) -> None:
    if kind in ("error", "warning"):
        complaints.errors.append(text)


def _see(asked: str, url: str, complaints: Complaints) -> None:
    if not asked.startswith((f"{url}/", "blob:", "data:")):
        complaints.outside.append(asked)
