"""Pages made into PDF by a browser that is on the machine: Chromium, Chrome or Edge, unseen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from app.errors import NotFound, StorageProblem
from app.files.desktop.environment import clean_environment
from app.files.staging import remove_tree

PATIENCE = 120.0  # seconds for one page; a conversation of thousands of messages takes one
_LOOK = 0.05  # seconds between two looks whether it is done or to be stopped
_ON_PATH = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("microsoft-edge", "microsoft-edge-stable", "brave-browser", "chrome", "msedge"),
)
_MAC = ("Google Chrome", "Chromium", "Microsoft Edge", "Brave Browser")
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
)
_HINT = (
    "Install Chromium, Chrome or Edge, or save as one HTML file, open it in any browser "
    "and print it there: every print dialog can save as PDF."
)


def find_browser(chosen: str = "") -> Path:
    """Answer the browser that prints; ``chosen`` is the person's own. Raises NotFound."""
    if chosen:
        path = Path(chosen).expanduser()
        if path.is_file():
            return path
        raise NotFound(f"The browser {chosen[:200]} is not there.", hint=_HINT)
    for path in _places():
        if path.is_file():
            return path
    raise NotFound("No browser that can make PDF files was found.", hint=_HINT)


def _places() -> Iterator[Path]:
    for name in _ON_PATH:
        if found := shutil.which(name):
            yield Path(found)
    if sys.platform == "darwin":
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            yield from (folder / f"{name}.app/Contents/MacOS/{name}" for name in _MAC)
    if os.name == "nt":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            if folder := os.environ.get(variable):
                yield from (Path(folder, name) for name in _WINDOWS)


def print_page(
    browser: Path, page: Path, pdf: Path, scratch: Path, keep_on: Callable[[], None]
) -> None:
    """Make ``pdf`` of an HTML page; ``keep_on`` is called meanwhile and raises to stop it.

    The browser runs unseen with a profile of its own in ``scratch`` and without a way to
    the net. Raises StorageProblem.
    """
    profile = scratch / "browser"
    command = _command(browser, page, pdf, profile)
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - a browser, and words that are all ours
        command, env=clean_environment(), stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        waited = 0.0
        while process.poll() is None and waited < PATIENCE:
            keep_on()
            try:
                process.wait(_LOOK)
            except subprocess.TimeoutExpired:
                waited += _LOOK
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        remove_tree(profile)
    if process.returncode != 0 or not pdf.is_file() or not pdf.stat().st_size:
        raise StorageProblem(
            f"{browser.name} could not make a PDF file of {page.name}.", hint=_HINT
        )


def _command(browser: Path, page: Path, pdf: Path, profile: Path) -> list[str]:
    words = [
        str(browser),
        "--headless=new",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--no-first-run",
        "--no-default-browser-check",
        "--proxy-server=127.0.0.1:9",  # nothing listens there: nothing is fetched
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        f"--print-to-pdf={pdf}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        words.append("--no-sandbox")  # Chromium refuses to run as root with one
    return [*words, page.as_uri()]
