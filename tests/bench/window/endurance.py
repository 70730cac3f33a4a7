"""One window used for a long time: whether memory, threads and handles stay level.

Level means: after the first tenth, which fills caches, the median of the last third is at
most 1.1 times that of the first third; threads and handles may differ by two that come and go.
The page's garbage is collected before each look: when the web view does so is its own affair,
and where memory is plenty it hardly ever does.
ENDURED_CALLS (10,000) sets how long: a tenth as many page switches, a hundredth as many imports.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from tests.bench import material
from tests.bench.measure import Verdict
from tests.bench.window.opened import Program, members, own_screen, started
from tests.bench.window.starting import OURS_USABLE, SOURCE, filled_library

LEVEL = 1.1
COME_AND_GO = 2
CALLS = int(os.environ.get("ENDURED_CALLS", "10000"))
CALLS_A_ROUND, SWITCHES_A_ROUND = 100, 10  # and one import
LEAVES_WITHIN = 20.0  # seconds

CALL = """
  const token = JSON.parse(sessionStorage.getItem("token"));
  const call = async (name, values = {}) => {
    const answer = await window.pywebview.api.call(token, name, JSON.stringify(values));
    if (answer.error) throw new Error(`${name}: ${answer.error.message}`);
    return answer.ok;
  };
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const finished = async (job) => {
    while (["queued", "running"].includes(job.state)) {
      await pause(20);
      job = await call("job show", { job: job.id });
    }
    if (job.state !== "done") throw new Error(`${job.operation}: ${job.error?.message}`);
  };
"""
ROUND = f"""async ({{ calls, switches, archive, number }}) => {{
  {CALL}
  const first = (await call("conversation list", {{ export: "bench" }})).items[0].id;
  const mixed = [
    ["export list", {{}}], ["export show", {{ export: "bench" }}], ["statistics", {{}}],
    ["conversation list", {{ export: "bench" }}],
    ["conversation show", {{ export: "bench", id: first, limit: 5 }}],
    ["search", {{ q: "garden" }}], ["media list", {{}}], ["settings show", {{}}],
  ];
  for (let each = 0; each < calls; each += 1) await call(...mixed[each % mixed.length]);
  const pages = [
    ["/", "library-page"], ["/exports/bench", "conversation-list"],
    ["/search?q=garden", "search-page"], [`/exports/bench/${{first}}`, "message-view"],
    ["/settings", "settings-page"],
  ];
  for (let each = 0; each < switches; each += 1) {{
    const [path, tag] = pages[each % pages.length];
    history.pushState(null, "", path);
    dispatchEvent(new PopStateEvent("popstate"));
    for (let looks = 0; !document.querySelector(tag); looks += 1) {{
      if (looks > 500) throw new Error(`${{path}} shows no ${{tag}}`);
      await pause(20);
    }}
  }}
  const name = `Endured ${{number}}`;
  await finished(await call("export import", {{ sources: [archive], name }}));
  await call("export delete one", {{ export: name }});
}}"""
LEAVE = f"async () => {{ {CALL} call('close window', {{ answer: 'ask' }}); }}"


@dataclass(frozen=True)
class Held:
    """What the app holds at a moment: MiB of its own process and of the page's, and counts."""

    program: float
    page: float
    threads: float
    handles: float


def endurance(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Call, switch pages and import for long in one window; what it holds stays level."""
    del pairs
    library, archive = filled_library(scratch), small_archive(scratch)
    rounds = CALLS // CALLS_A_ROUND
    program = Program((*SOURCE, "--library", str(library)), OURS_USABLE)
    with (
        own_screen() as screen,
        sync_playwright() as driver,
        started(program, screen, driver, scratch) as (process, page, _took),
    ):
        found = [used(page, archive, number, process.pid) for number in range(rounds)]
        with suppress(Error):  # it goes while it answers
            page.evaluate(LEAVE)
        left = left_after(process)
        ended = process.poll()
    yield from judged(found[rounds // 10 :])
    detail = f"{rounds * CALLS_A_ROUND:,} calls; exit code {ended}"
    yield Verdict("processes left at exit", left, 0, "", detail)


def used(page: Page, archive: Path, number: int, pid: int) -> Held:
    """Use the window for a round, and answer what the app holds then."""
    values = {"calls": CALLS_A_ROUND, "switches": SWITCHES_A_ROUND}
    page.evaluate(ROUND, {**values, "archive": str(archive), "number": number})
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    devtools.detach()
    held = look(pid)
    told = f"{held.program:.0f} MiB, page {held.page:.0f} MiB"
    print(f"    {number + 1}: {told}, {held.threads} threads, {held.handles} handles", flush=True)
    return held


def look(pid: int) -> Held:
    """Answer what the app's process holds, and those of the web view, which draw the page."""
    return Held(
        resident(pid),
        sum(resident(each) for each in members(pid) if each != pid),
        len(list(Path(f"/proc/{pid}/task").iterdir())),
        len(list(Path(f"/proc/{pid}/fd").iterdir())),
    )


def judged(found: Sequence[Held]) -> Iterator[Verdict]:
    """Compare the medians of the last and the first third."""
    third = max(1, len(found) // 3)
    sides = zip(*map(astuple, found), strict=True)
    names = ("memory of the program", "memory of the page", "threads", "handles")
    for name, values in zip(names, sides, strict=True):
        first, last = statistics.median(values[:third]), statistics.median(values[-third:])
        detail = f"{first:.0f}, then {last:.0f}"
        if name.startswith("memory"):
            yield Verdict(f"{name}, last third to first", last / first, LEVEL, "x", f"MiB {detail}")
        else:
            yield Verdict(f"{name} more in the last third", last - first, COME_AND_GO, "", detail)


def small_archive(scratch: Path) -> Path:
    json, archive = scratch / "small.json", scratch / "small.zip"
    material.write_json(json, material.conversations(7, count=5))
    material.write_archive(archive, json)
    return archive


def left_after(process: subprocess.Popen[bytes]) -> int:
    """Wait for the app to end; answer how many of its processes are left."""
    deadline = time.monotonic() + LEAVES_WITHIN
    while time.monotonic() < deadline and (process.poll() is None or members(process.pid)):
        time.sleep(0.1)
    return len(members(process.pid))


def resident(pid: int) -> float:
    """Answer the MiB of a process that are in memory."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0
