#!/usr/bin/env python3
"""Start Data Dumpster Diver, or test it, with nothing installed first but Python.

    python3 run.py                 open the app; the first start makes .venv and installs into it
    python3 run.py <file> ...      open the app and offer these files for import
    python3 run.py <command> ...   any command of the app: demo, serve, import, search ...
    python3 run.py test            install what tests need and run everything a change must pass
    python3 run.py test <options>  only pytest, with these options
    python3 run.py check           the same as test
    python3 run.py bench           the benchmarks, against their bars
    python3 run.py docs            write docs/api.md and docs/cli.md from the table of operations
    python3 run.py build small     make the executable: small, folder, single or release
    python3 run.py pictures        take the README's pictures again, of the sample

With DUMPSTER_NO_WINDOW set the window's libraries are not installed, and the app opens in the
browser. A Python that is too old should be told so in words, not by a SyntaxError: nothing in
this file is newer than 3.8.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

OLDEST = (3, 11)
TOO_NEW = (3, 14)
ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "installed.txt"
NO_WINDOW = "DUMPSTER_NO_WINDOW"
# What only the window needs, by the beginning of its name: 600 MB of 650 on Linux.
WINDOW_PACKAGES = tuple(
    "pywebview qtpy pyside6 shiboken6 proxy-tools pythonnet clr- pyobjc-".split()  # noqa: SIM905
)
RUN_LOCK = ROOT / "requirements" / "run.txt"
TEST_LOCK = ROOT / "requirements" / "test.txt"
TEST_REPORT = ROOT / "out" / "tests.xml"
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from app.main import main; sys.exit(main(sys.argv[1:]))"
)


class CannotStart(Exception):
    """Something this machine lacks; the message says what, and what to do."""


class Program(NamedTuple):
    """A program some tests need: the names it goes by, and the packages that bring it."""

    names: tuple[str, ...]
    debian: str
    brew: str

    def find(self) -> str | None:
        """Answer the path of the first name that is there."""
        return next(filter(None, map(shutil.which, self.names)), None)


PROGRAMS = {
    "chromium": Program(
        ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
        "chromium",
        "--cask chromium",
    ),
    "7zz": Program(("7zz", "7z"), "7zip", "sevenzip"),
    "bsdtar": Program(("bsdtar",), "libarchive-tools", "libarchive"),
    "objdump": Program(("objdump",), "binutils", "binutils"),
    "unzip": Program(("unzip",), "unzip", "unzip"),
    "Xvfb": Program(("Xvfb",), "xvfb", "--cask xquartz"),
    "xdotool": Program(("xdotool",), "xdotool", "xdotool"),
    "openbox": Program(("openbox",), "openbox", "openbox"),
    "weston": Program(("weston",), "weston", "weston"),
}
MODULES = {
    "bench": "tests.bench",
    "docs": "app.interfaces.reference",
    "pictures": "tests.pictures",
}


def main(arguments: list[str]) -> int:
    """Do what was asked; answer the exit code."""
    try:
        check_python(sys.version_info[:2])
        command = arguments[0] if arguments else ""
        if command in ("test", "check"):
            return test(arguments[1:])
        if command in MODULES:
            keep_compiled()
            install(TEST_LOCK)
            return run([python(), "-m", MODULES[command], *arguments[1:]])
        if command == "build":
            bring_system_packages()
            install(TEST_LOCK)
            return run([python(), str(ROOT / "build" / "make.py"), *arguments[1:]])
        install(RUN_LOCK, window=not os.environ.get(NO_WINDOW))
    except CannotStart as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    return hand_over(arguments)


def check_python(version: tuple[int, ...]) -> None:
    """Refuse a Python this program does not run on. Raises CannotStart."""
    if OLDEST <= version < TOO_NEW:
        return
    raise CannotStart(
        "Data Dumpster Diver needs Python 3.11, 3.12 or 3.13; this is Python {}.{}.\n"
        "Start it with one of them, for instance: python3.13 run.py".format(*version)
    )


# --- The environment -----------------------------------------------------------------------------


def python() -> str:
    """Answer the environment's own Python."""
    return str(script("python"))


def script(name: str) -> Path:
    """Answer the path of a program inside the environment."""
    if os.name == "nt":
        return ENVIRONMENT / "Scripts" / (name + ".exe")
    return ENVIRONMENT / "bin" / name


def install(lock: Path, *, window: bool = True) -> None:
    """Make the environment hold what ``lock`` pins; a moment when it already does.

    Without ``window``, what only the window needs is left out. Raises CannotStart if the
    environment cannot be made or filled.
    """
    wanted = fingerprint(lock, window=window)
    if wanted in installed():
        return
    if not usable():
        make_environment()
    say(f"Installing the packages pinned in {lock.relative_to(ROOT)} (once, under a minute) ...")
    STAMP.unlink(missing_ok=True)  # until pip is done the environment is not whole
    pip = [python(), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    chosen = lock if window else without_window(lock, ENVIRONMENT / "no-window.txt")
    if run([*pip, "--no-deps", "--require-hashes", "-r", str(chosen)], quiet=True) != 0:
        raise CannotStart(
            "The packages could not be installed; pip says why above.\n"
            "The first start needs the network. Start again when it is there."
        )
    # The test lock holds every line of the run lock, so installing it satisfies both.
    done = {wanted, fingerprint(RUN_LOCK, window=False)}
    if window:
        done.add(fingerprint(RUN_LOCK))
    STAMP.write_text("\n".join(sorted(done)) + "\n", encoding="ascii")


def without_window(lock: Path, target: Path) -> Path:
    """Write a lock without what only the window needs; answer where."""
    entries = re.split(r"\n(?=\S)", lock.read_text(encoding="ascii"))
    kept = [entry for entry in entries if not entry.startswith(WINDOW_PACKAGES)]
    target.write_text("\n".join(kept), encoding="ascii")
    return target


def fingerprint(lock: Path, *, window: bool = True) -> str:
    """Answer what stands in the stamp once ``lock`` is installed for this Python."""
    version = "python {}.{} ".format(*sys.version_info[:2]) + "windowless " * (not window)
    return version + hashlib.sha256(lock.read_bytes()).hexdigest()


def installed() -> list[str]:
    """Answer the fingerprints of what the environment holds; none if it is not whole."""
    if not script("python").exists():
        return []
    try:
        return STAMP.read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return []


def usable() -> bool:
    """Answer whether there is an environment of this Python version with pip in it."""
    if not script("python").exists():
        return False
    probe = "import sys, pip; sys.exit(sys.version_info[:2] != ({}, {}))"
    probe = probe.format(*sys.version_info[:2])
    return run([python(), "-c", probe], quiet=True, hide_errors=True) == 0


def make_environment() -> None:
    """Make ``.venv`` afresh. Raises CannotStart, with the line that helps."""
    importlib.invalidate_caches()  # apt may have brought it a moment ago
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise CannotStart(
            "This Python has no venv module, which keeps our packages apart from the system's.\n"
            "Install it with:\n  sudo apt-get install -y python{}.{}-venv".format(
                *sys.version_info[:2]
            )
        )
    say(f"Making {ENVIRONMENT.name} for Python {sys.version_info[0]}.{sys.version_info[1]} ...")
    made = run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], quiet=True)
    if made != 0:
        raise CannotStart(f"{ENVIRONMENT} could not be made; the reason stands above.")


def hand_over(arguments: list[str]) -> int:
    """Run the app in the environment's Python, in place of this process where that is possible."""
    command = [python(), "-X", "utf8", "-c", START, str(ROOT), *arguments]
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - no shell is what we want
    # On Windows exec would return to the prompt at once and leave the app behind it.
    with subprocess.Popen(command) as app:
        while True:
            try:
                return app.wait()
            except KeyboardInterrupt:
                continue  # the app had it too, and ends in its own way


def keep_compiled() -> None:
    """Let what is started find its modules compiled, as it does at a person's.

    Tests and benchmarks start hundreds of processes; some machines forbid Python to keep them.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(ENVIRONMENT / "compiled")


# --- Tests ---------------------------------------------------------------------------------------


def test(options: list[str]) -> int:
    """Run everything a change must pass, or only pytest if it is given options."""
    keep_compiled()
    bring_system_packages()
    install(TEST_LOCK)
    TEST_REPORT.parent.mkdir(exist_ok=True)
    TEST_REPORT.unlink(missing_ok=True)
    pytest = [python(), "-m", "pytest", f"--junitxml={TEST_REPORT}"]
    steps = {
        "format": [python(), "-m", "ruff", "format", "--check", "."],
        "lint": [python(), "-m", "ruff", "check", "."],
        "types": [python(), "-m", "mypy"],
        "imports": [str(script("lint-imports"))],
        "tests": [*pytest, "-n", "2"],
    }
    if options:
        steps = {"tests": [*pytest, *options]}
    failed = [name for name, command in steps.items() if not passes(name, command)]
    return conclude(failed, could_not_run())


def passes(name: str, command: list[str]) -> bool:
    """Run one step under its heading; answer whether it passed."""
    say(f"\n=== {name}")
    began = time.monotonic()
    passed = run(command) == 0
    say(f"=== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - began:.1f} s")
    return passed


def could_not_run() -> list[str]:
    """Answer why tests were skipped, one line each, from pytest's own report."""
    from xml.etree import ElementTree

    if not TEST_REPORT.exists():
        return ["no test at all: pytest did not get as far as a report"]
    skipped = ElementTree.parse(TEST_REPORT).iterfind(".//testcase/skipped")  # noqa: S314 - ours
    return [found.get("message", "") for found in skipped]


def conclude(failed: list[str], skipped: list[str]) -> int:
    """Say loudly what failed and what could not run; answer the exit code.

    With CI set a test that could not run is a failure.
    """
    strict = bool(os.environ.get("CI"))
    if skipped:
        say(f"\n!!! {len(skipped)} TESTS COULD NOT RUN{', and in CI that is a failure' * strict}:")
        for reason in sorted(set(skipped)):
            say(f"!!!   {skipped.count(reason)} x {reason}")
    if failed:
        say("\n!!! FAILED: " + ", ".join(failed))
    if not (failed or skipped):
        say("\nAll passed; everything ran.")
    return 1 if failed or (strict and skipped) else 0


def bring_system_packages() -> None:
    """Install what tests need from the system where we may, and say the line where we may not.

    We may as root on a Debian-like system. What stays missing is counted at the end.
    """
    lacking = [program for program in PROGRAMS.values() if not program.find()]
    packages = [program.debian for program in lacking] + window_packages()
    if not importlib.util.find_spec("ensurepip"):
        packages.append("python{}.{}-venv".format(*sys.version_info[:2]))
    if not packages:
        return
    if not shutil.which("apt-get"):
        say("Some tests need programs that are not here. " + advice(lacking))
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(packages)
    if os.geteuid() != 0:  # type: ignore[attr-defined,unused-ignore] # apt-get: not Windows
        say(f"Some tests need programs that are not here. Install them with:\n  sudo {line}")
        return
    say(f"apt-get update && {line}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    if run(["apt-get", "update", "-q"]) != 0 or run(line.split()) != 0:
        say("That failed; what needs them cannot run.")


def window_packages() -> list[str]:
    """Answer the packages of the libraries a window on Linux needs and this system lacks."""
    if not sys.platform.startswith("linux"):
        return []
    # Imported here: what may be newer than 3.8 is read once the version was checked.
    from app.interfaces.window.lacking import missing_libraries, packages_of

    return packages_of(missing_libraries())


def advice(lacking: list[Program]) -> str:
    """Answer the line that brings these programs on a system without apt."""
    if sys.platform == "darwin":
        lines = ["  brew install " + program.brew for program in lacking]
        return "Install them with:\n" + "\n".join(lines)
    return "Install: " + ", ".join(program.names[0] for program in lacking)


# --- Saying and doing ----------------------------------------------------------------------------


def say(line: str) -> None:
    """Print for people; standard output belongs to the app's own results."""
    print(line, file=sys.stderr, flush=True)


def run(command: list[str], *, quiet: bool = False, hide_errors: bool = False) -> int:
    """Run a program in the checkout; answer its exit code, 127 if it is not there."""
    try:
        return subprocess.run(
            command,
            cwd=ROOT,
            check=False,
            stdout=subprocess.DEVNULL if quiet else None,
            stderr=subprocess.DEVNULL if hide_errors else None,
        ).returncode
    except FileNotFoundError:
        say(f"{command[0]} is not there.")
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
