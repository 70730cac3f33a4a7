"""The exports page in a real browser: how soon it is usable, and how it scrolls."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.library import open_library
from db.connection import close_catalog
from run import PROGRAMS
from tests.bench.measure import ROOT, Verdict, paired
from tests.bench.shelf import fill

EXPORTS, CONVERSATIONS = 500, 200_000
FEW = 5
USABLE_BAR, FRAME_BAR = 1.5, 50  # times, milliseconds
SIZE = {"width": 1280, "height": 800}

# Usable: what is in sight is drawn, and the page has had two frames to answer a key in.
USABLE = """
window.usable = new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector("[data-export] a")) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  };
  requestAnimationFrame(look);
});
"""
# Scrolled as by a wheel that is turned without pause, down to the end and up again.
SCROLL = """() => new Promise((resolve) => {
  const page = document.querySelector("library-page");
  const frames = [];
  let before = performance.now();
  let step = 160;
  const turn = (now) => {
    frames.push(now - before);
    before = now;
    const at = page.scrollTop;
    page.scrollTop += step;
    if (page.scrollTop === at) {
      if (step < 0) return resolve(frames.slice(2));
      step = -step;
    }
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})"""


@dataclass(frozen=True)
class Served:
    """A server on a library, and the browser that looks at it."""

    browser: Browser
    url: str
    cookies: list
    token: str

    @contextmanager
    def tab(self, shape: str) -> Iterator[Page]:
        """Open a tab that nobody looked through before, on cards or the table."""
        context = self.browser.new_context(base_url=self.url, viewport=SIZE)  # type: ignore[arg-type]
        try:
            context.add_cookies(self.cookies)
            token = json.dumps(json.dumps(self.token))
            context.add_init_script(f"sessionStorage.setItem('token', {token});{USABLE}")
            page = context.new_page()
            page.goto(f"/?as={shape}")
            yield page
        finally:
            context.close()

    def usable(self, shape: str) -> float:
        """Answer the seconds until the page is usable, from the moment it was asked for."""
        with self.tab(shape) as page:
            return float(page.evaluate("window.usable")) / 1000

    def frames(self, shape: str) -> list[float]:
        """Answer how long each frame took while the page was scrolled, in milliseconds."""
        with self.tab(shape) as page:
            page.evaluate("window.usable")
            page.wait_for_timeout(500)
            return [float(each) for each in page.evaluate(SCROLL)]


def exports_page(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Show 500 exports with 200,000 conversations in a browser, against 5 exports."""
    for name, exports, conversations in (
        ("many", EXPORTS, CONVERSATIONS),
        ("few", FEW, FEW * CONVERSATIONS // EXPORTS),
    ):
        fill(open_library(scratch / name), exports, conversations)
        close_catalog()
    with chromium() as browser, served(browser, scratch / "many") as many:
        with served(browser, scratch / "few") as few:
            for shape in ("cards", "table"):
                yield usable(many, few, shape, pairs)
        for shape in ("cards", "table"):
            yield scrolling(many, shape, pairs)


def usable(many: Served, few: Served, shape: str, pairs: int) -> Verdict:
    """Judge how much longer the many take than the few, in turn."""
    many.usable(shape), few.usable(shape)
    found = []
    for number in range(3 * pairs):
        if number % 2:
            theirs = few.usable(shape)
            found.append((many.usable(shape), theirs))
        else:
            ours = many.usable(shape)
            found.append((ours, few.usable(shape)))
    return paired(f"{EXPORTS} exports as {shape} usable, to {FEW}", USABLE_BAR, found)


def scrolling(many: Served, shape: str, pairs: int) -> Verdict:
    """Judge the longest frame of a scroll through all exports, the median of some scrolls."""
    scrolls = [many.frames(shape) for _ in range(pairs)]
    worst = sorted(max(frames) for frames in scrolls)
    count = sum(map(len, scrolls))
    over = sum(frame > FRAME_BAR for frames in scrolls for frame in frames)
    detail = f"{worst[0]:.0f} to {worst[-1]:.0f} ms; {over} of {count} frames over"
    what = f"longest frame of scrolling {EXPORTS} exports as {shape}"
    return Verdict(what, statistics.median(worst), FRAME_BAR, "ms", detail)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser with nothing remembered."""
    path = PROGRAMS["chromium"].find()
    if path is None:
        raise SystemExit("Chromium is not here; this bar cannot be measured without it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def served(browser: Browser, library: Path) -> Iterator[Served]:
    """Serve a library until the block ends."""
    command = [sys.executable, "-m", "app.main", "serve", "--json", "--library", str(library)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        context = browser.new_context()
        context.new_page().goto(told["entry"])
        cookies = context.cookies()
        context.close()
        yield Served(browser, told["url"].rstrip("/"), cookies, told["token"])
        process.terminate()
