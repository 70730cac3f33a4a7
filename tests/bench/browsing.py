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
# Scrolled as by a wheel that is turned without pause, down to the end and up again; answers
# how long each frame stood before the next was shown, in milliseconds.
SCROLL = """() => new Promise((resolve) => {
  const page = document.querySelector("library-page");
  let step = 160;
  let shown = null;
  const frames = [];
  const turn = (now) => {
    if (shown !== null) frames.push(now - shown);
    shown = now;
    const at = page.scrollTop;
    page.scrollTop += step;
    if (page.scrollTop === at) {
      if (step < 0) return resolve(frames);
      step = -step;
    }
    requestAnimationFrame(turn);
  };
  requestAnimationFrame(turn);
})"""
# Scrolled the same way to see what the machine lets any page do at the moment.
BARE = (
    '<library-page style="display: block; overflow: auto; height: 780px">'
    + '<p style="height: 160px">A line of text</p>' * EXPORTS
    + "</library-page>"
)


@dataclass(frozen=True)
class Scroll:
    """How a scroll went, in milliseconds.

    ``stood`` is the longest a frame was seen before the next; where the page keeps up that
    is one beat of the screen, 17 ms, or two. ``worked`` is the longest the page's thread
    worked at a stretch: script, style, layout and paint, in the processor's time.
    """

    frames: int
    stood: float
    worked: float


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

    def bare(self) -> float:
        """Answer the longest a frame stood of a page that holds nothing but lines."""
        page = self.browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.set_content(BARE)
        stood = max(page.evaluate(SCROLL))
        page.close()
        return float(stood)

    def usable(self, shape: str) -> float:
        """Answer the seconds until the page is usable, from the moment it was asked for."""
        with self.tab(shape) as page:
            return float(page.evaluate("window.usable")) / 1000

    def scrolled(self, shape: str) -> Scroll:
        """Scroll through all exports and back."""
        with self.tab(shape) as page:
            page.evaluate("window.usable")
            page.wait_for_timeout(500)
            session = page.context.new_cdp_session(page)
            told: list[dict] = []
            session.on("Tracing.dataCollected", lambda some: told.extend(some["value"]))
            over = []
            session.on("Tracing.tracingComplete", lambda _: over.append(True))
            session.send("Tracing.start", {"categories": "toplevel,__metadata"})
            frames = page.evaluate(SCROLL)
            session.send("Tracing.end")
            while not over:
                page.wait_for_timeout(50)
            return Scroll(len(frames), max(frames), longest(told))


def longest(events: list[dict]) -> float:
    """Answer the processor milliseconds of the longest task of any page's thread."""
    threads = {
        (each["pid"], each["tid"])
        for each in events
        if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"
    }
    tasks = [
        each["tdur"] / 1000
        for each in events
        if "tdur" in each and (each["pid"], each["tid"]) in threads
    ]
    if not tasks:
        raise SystemExit("the browser told of no task: nothing was measured")
    return max(tasks)


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
            yield from scrolling(many, shape, pairs)


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


def scrolling(many: Served, shape: str, pairs: int) -> Iterator[Verdict]:
    """Judge the longest frames of some scrolls through all exports: as seen, and as worked for.

    A busy machine lets a frame stand without the page's doing: a bare page scrolled in turn
    tells, and the longest of each scroll count by their median. Of the page's own work the
    longest of all counts.
    """
    scrolls, bare = [], []
    for _ in range(pairs):
        scrolls.append(many.scrolled(shape))
        bare.append(many.bare())
    stood = sorted(scroll.stood for scroll in scrolls)
    worked = sorted(scroll.worked for scroll in scrolls)
    count = sum(scroll.frames for scroll in scrolls)
    what = f"frame of scrolling {EXPORTS} exports as {shape}"
    detail = (
        f"{stood[0]:.0f} to {stood[-1]:.0f} ms in {pairs} scrolls of {count} frames; "
        f"a bare page {statistics.median(bare):.0f} ms"
    )
    yield Verdict(f"longest {what}", statistics.median(stood), FRAME_BAR, "ms", detail)
    detail = f"{worked[0]:.0f} to {worked[-1]:.0f} ms"
    yield Verdict(f"work for a {what}", worked[-1], FRAME_BAR, "ms of the processor", detail)


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
