"""How soon a window is usable: against a bare "hello", and packaged against from source.

Usable is, for ours, that the library's list is shown and the bridge answers; for "hello",
that its page is shown and its function answers. Both are looked for in the same way.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.bench import material
from tests.bench.measure import ROOT, Verdict, paired, ratios
from tests.bench.product import import_all
from tests.bench.window.opened import Program, own_screen, started

DIST = ROOT / "out" / "dist"
FOLDER = DIST / "folder" / "data-dumpster-diver" / "data-dumpster-diver"
SINGLE = DIST / "single" / "data-dumpster-diver"
SMALL = DIST / "small" / "dumpster"
SOURCE = (sys.executable, "-m", "app.main")
BARE = (sys.executable, str(Path(__file__).with_name("hello.py")))
CONVERSATIONS = 200
OURS_USABLE = """async () => {
  const call = window.pywebview?.api?.call;
  if (!call || !document.querySelector("[data-export] a")) return false;
  const answer = await call(JSON.parse(sessionStorage.getItem("token")), "job list", "{}");
  return Array.isArray(answer.ok);
}"""
HELLO_USABLE = """async () => {
  const call = window.pywebview?.api?.call;
  return Boolean(call && document.querySelector("h1")) && (await call()) === "hello";
}"""


def start(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Start to a usable window, against a bare pywebview "hello"; DUMPSTER_COMMAND is measured."""
    ours = os.environ.get("DUMPSTER_COMMAND", "").split() or SOURCE
    yield compared("start to a usable window, to a bare hello", 1.5, (ours, BARE), scratch, pairs)


def start_folder(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Start the one-folder build, against starting from source."""
    built = (str(made(FOLDER, "folder")),)
    yield compared("start of the folder build, to source", 1, (built, SOURCE), scratch, pairs)


def start_single(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Start the single file, against a bare "hello" in one; how large the files are."""
    single, small = made(SINGLE, "single"), made(SMALL, "small")
    for what, built, bar in (("with its window", single, 180), ("without one", small, 40)):
        size = built.stat().st_size / 1e6
        yield Verdict(f"size of the single file {what}", size, bar, "MB", built.name)
    both = ((str(single),), (str(made_hello(scratch)),))
    yield compared("start of the single file, to a bare hello in one", 1.3, both, scratch, pairs)


def compared(
    what: str, bar: float, commands: tuple[Sequence[str], Sequence[str]], scratch: Path, pairs: int
) -> Verdict:
    """Start both in turn on one screen, ours on a library with an export."""
    library = filled_library(scratch)
    programs = [
        Program(command, HELLO_USABLE)
        if is_hello(command)
        else Program((*command, "--library", str(library)), OURS_USABLE)
        for command in commands
    ]
    with own_screen() as screen, sync_playwright() as driver:

        def timed(program: Program, folder: Path) -> float:
            with started(program, screen, driver, folder) as (_process, _page, took):
                return took

        ours, theirs = (partial(timed, program) for program in programs)
        return paired(what, bar, ratios(ours, theirs, scratch, pairs))


def is_hello(command: Sequence[str]) -> bool:
    return Path(command[-1]).stem == "hello"


def filled_library(scratch: Path) -> Path:
    """Import an export for the list to show."""
    json, library = scratch / "conversations.json", scratch / "library"
    material.write_json(json, material.conversations(1, count=CONVERSATIONS))
    import_all(json, library)
    return library


def made(place: Path, name: str) -> Path:
    """Answer a packaged build, or say how it is made."""
    if not place.is_file():
        raise SystemExit(f"make it first: python build/make.py {name}")
    return place


def made_hello(scratch: Path) -> Path:
    """Make one file of the bare "hello"; answer it."""
    work = ("--distpath", str(scratch / "hello"), "--workpath", str(scratch / "work"))
    recipe = Path(__file__).with_name("hello.spec")
    words = ("-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *work, str(recipe))
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)
    return scratch / "hello" / "hello"


BARS = {"start": start, "start-folder": start_folder, "start-single": start_single}
