#!/usr/bin/env python3
"""Make the executables: out/dist/ holds them, out/work/ what making them left.

    python build/make.py small     no window library: the app in the browser (about 35 MB)
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
MEBIBYTE = 1 << 20
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
    for what in MADE if chosen.what == "release" else [chosen.what]:
        made = make(what, chosen.out.resolve())
        if made is None:
            return 1
        print(f"{made} ({size(made) / MEBIBYTE:.0f} MiB)", flush=True)
    return test_window(chosen.out) if chosen.what == "release" else 0


def make(what: str, out: Path) -> Path | None:
    """Make one of the executables; answer where it is, None if PyInstaller failed."""
    options, name = MADE[what]
    dist = out / "dist" / what
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
        return None
    take_out_licences(what, out, dist)
    print(f"{what}: {time.monotonic() - began:.0f} s", flush=True)
    if what == "folder":
        add_desktop_entry(dist / name)
        return dist / name
    return dist / (name + (".exe" if os.name == "nt" else ""))


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


def test_window(out: Path) -> int:
    """Run the window's tests against the single file; answer pytest's exit code."""
    program = out / "dist" / "single" / MADE["single"][1]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "tests/window"],
        cwd=ROOT,
        env={**os.environ, "DUMPSTER_COMMAND": str(program)},
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
