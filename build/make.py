#!/usr/bin/env python3
"""Make the executables: out/dist/ holds them, out/work/ what making them left.

    python build/make.py small     no window library: the app in the browser (25 MB)
    python build/make.py folder    with its window, a folder that starts at once
    python build/make.py single    with its window, one file that unpacks itself at each start
    python build/make.py release   all three, and then the window's tests against the single file

Runs in the environment that `python3 run.py test` makes. PyInstaller makes programs for
the system it runs on, so each system makes its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
OUT = ROOT / "out"
MEGABYTE = 10**6
MADE = {  # what is made: options of the recipe, name of the result
    "small": (["--mode", "single", "--no-window"], "dumpster"),
    "folder": (["--mode", "folder"], "data-dumpster-diver"),
    "single": (["--mode", "single"], "data-dumpster-diver"),
}


def main(arguments: list[str]) -> int:
    """Make what was asked; answer the exit code."""
    parser = argparse.ArgumentParser(description="Make the executables.")
    parser.add_argument("what", choices=[*MADE, "release"])
    parser.add_argument("--out", type=Path, default=OUT, help="where dist/ and work/ go")
    chosen = parser.parse_args(arguments)
    out = chosen.out.resolve()
    for what in MADE if chosen.what == "release" else [chosen.what]:
        if not make(what, out):
            return 1
        made = place(what, out)
        print(f"{made} ({size(made) / MEGABYTE:.0f} MB)", flush=True)
    return test_window(place("single", out)) if chosen.what == "release" else 0


def place(what: str, out: Path) -> Path:
    """Answer where one of the executables is made: a folder, or the one file."""
    suffix = ".exe" if os.name == "nt" and what != "folder" else ""
    return out / "dist" / what / (MADE[what][1] + suffix)


def make(what: str, out: Path) -> bool:
    """Make one of the executables; tell whether PyInstaller could."""
    options, _name = MADE[what]
    dist = place(what, out).parent
    shutil.rmtree(dist, ignore_errors=True)
    began = time.monotonic()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(dist), "--workpath", str(out / "work" / what)),
            *(str(HERE / "dumpster.spec"), "--", *options),
        ],
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        print(f"PyInstaller failed ({done.returncode}).", file=sys.stderr)
        return False
    take_out_licences(what, out, dist)
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)
    if what == "folder":
        add_desktop_entry(place(what, out))
    return True


def take_out_licences(what: str, out: Path, dist: Path) -> None:
    """Lay the licences beside the program too: nobody can read inside a single file."""
    shutil.copytree(out / "work" / what / "dumpster" / "licences", dist / "licences")
    shutil.copyfile(ROOT / "LICENSE", dist / "licences" / "LICENSE.txt")


def add_desktop_entry(folder: Path) -> None:
    """Give the folder what a Linux desktop wants: an icon and an entry to copy into its menu."""
    if sys.platform != "linux":
        return
    shutil.copyfile(HERE / "icons" / "raccoon.png", folder / "data-dumpster-diver.png")
    shutil.copyfile(HERE / "data-dumpster-diver.desktop", folder / "data-dumpster-diver.desktop")


def size(made: Path) -> int:
    """Answer the bytes of a file, or of all files in a folder."""
    if made.is_file():
        return made.stat().st_size
    return sum(path.lstat().st_size for path in made.rglob("*") if not path.is_dir())


def test_window(program: Path) -> int:
    """Run the window's tests against the single file; answer pytest's exit code.

    They have their screen on Linux. There, as in CI, a test that cannot run has failed: else
    a machine without Xvfb would release what nobody looked at.
    """
    strict = {"CI": "1"} if sys.platform == "linux" else {}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/window"],
        cwd=ROOT,
        env={**os.environ, **strict, "DUMPSTER_COMMAND": str(program)},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
