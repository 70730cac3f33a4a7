"""The one command: what it makes, what it skips, what it says, and how it fails."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import run
from app.interfaces.window import lacking

ROOT = Path(run.__file__).parent
SHOWING_MAIN = """
import os, sys

def main(arguments):
    print(arguments, os.getcwd(), sys.prefix)
    return 7
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout with our run.py, an app that shows what it was given, and nothing to install."""
    root = tmp_path_factory.mktemp("checkout")
    shutil.copy(ROOT / "run.py", root)
    (root / "app").mkdir()
    (root / "app" / "main.py").write_text(SHOWING_MAIN)
    (root / "requirements").mkdir()
    (root / "requirements" / "run.txt").write_text("# nothing\n")
    return root


def start(checkout: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, checkout / "run.py", *arguments],
        cwd=cwd,
        env=os.environ | {"PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_starts_and_starts_again_without_installing(checkout: Path, tmp_path: Path) -> None:
    """The first start makes .venv; the second hands over at once; both keep words, place, code."""
    first = start(checkout, "import", "my file.zip", cwd=tmp_path)
    second = start(checkout, "import", "my file.zip", cwd=tmp_path)

    expected = f"['import', 'my file.zip'] {tmp_path} {checkout / '.venv'}\n"
    assert (first.stdout, first.returncode) == (expected, 7)
    assert "Making .venv" in first.stderr
    assert (second.stdout, second.returncode, second.stderr) == (expected, 7, "")


def test_changed_lock_is_installed_again_in_the_same_environment(
    checkout: Path, tmp_path: Path
) -> None:
    """After an update of the program only pip runs, not venv; an install that fails says so."""
    start(checkout, cwd=tmp_path)
    lock = checkout / "requirements" / "run.txt"

    lock.write_text("# something else\n")
    changed = start(checkout, cwd=tmp_path)
    lock.write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    broken = start(checkout, cwd=tmp_path)
    lock.write_text("# something else\n")
    mended = start(checkout, cwd=tmp_path)

    assert "Making" not in changed.stderr
    assert "Installing" in changed.stderr
    assert broken.returncode == 1
    assert "could not be installed" in broken.stderr
    assert "Traceback" not in broken.stderr
    assert "Installing" in mended.stderr
    assert mended.returncode == 7


def test_old_python_is_refused_in_words() -> None:
    """run.py parses on Python 3.8 and says which Pythons it wants."""
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))

    for version in ((3, 8), (3, 10), (3, 14)):
        with pytest.raises(run.CannotStart, match=r"needs Python 3\.11, 3\.12 or 3\.13"):
            run.check_python(version)
    for version in ((3, 11), (3, 12), (3, 13)):
        run.check_python(version)


def test_missing_venv_module_names_the_line_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's Python without ensurepip gets the exact apt line."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(run.CannotStart, match=r"sudo apt-get install -y python3\.\d+-venv"):
        run.make_environment()


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A machine with apt-get and without the programs; the commands it was told to run."""
    told: list[list[str]] = []
    found: Callable[[str], str | None] = {"apt-get": "/usr/bin/apt-get"}.get
    monkeypatch.setattr("shutil.which", found)
    monkeypatch.setattr(run, "run", lambda command: told.append(command) or 0)
    monkeypatch.setenv("DEBIAN_FRONTEND", "")
    return told


def test_root_on_debian_gets_what_tests_need(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As root one apt-get line is printed and run, after an update of its lists."""
    monkeypatch.setattr("os.geteuid", lambda: 0)

    run.bring_system_packages()

    assert commands[0] == ["apt-get", "update", "-q"]
    assert commands[1][:4] == ["apt-get", "install", "-y", "--no-install-recommends"]
    assert {"chromium", "7zip", "libarchive-tools"} <= set(commands[1])
    assert " ".join(commands[1]) in capsys.readouterr().err


def test_window_is_left_out_where_nobody_wants_it(tmp_path: Path) -> None:
    """A lock without the window holds everything else, and nothing of Qt."""
    lock = ROOT / "requirements" / "run.txt"
    left = run.without_window(lock, tmp_path / "lock.txt").read_text()

    def names(text: str) -> set[str]:
        return {line.partition("==")[0] for line in text.splitlines() if line[:1].isalpha()}

    gone = names(lock.read_text()) - names(left)
    assert {"pywebview", "pyside6-addons", "pyside6-essentials", "shiboken6", "qtpy"} <= gone
    assert {"bottle", "py7zr", "keyring", "typing-extensions"} <= names(left)
    assert left.count("--hash=") < lock.read_text().count("--hash=")
    assert run.fingerprint(lock) != run.fingerprint(lock, window=False)


def test_libraries_of_the_window_are_brought_by_their_own_names(tmp_path: Path) -> None:
    """A release that renamed a package is asked by its name for it."""
    release = tmp_path / "os-release"
    expected = {
        'ID=debian\nVERSION_ID="12"\n': "libasound2",
        'ID=debian\nVERSION_ID="13"\n': "libasound2t64",
        'ID=ubuntu\nVERSION_ID="22.04"\n': "libasound2",
        'ID=ubuntu\nVERSION_ID="24.04"\n': "libasound2t64",
        "ID=other\n": "libasound2",
    }

    for text, package in expected.items():
        release.write_text(text)
        found = lacking.packages_of(["libasound.so.2", "libEGL.so.1"], release)
        assert found == [package, "libegl1"]


def test_others_are_told_the_line(
    commands: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the right to install, nothing is run and the line is printed."""
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    run.bring_system_packages()

    assert commands == []
    assert "sudo apt-get install -y" in capsys.readouterr().err


def test_what_could_not_run_is_counted_loudly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Skipped tests are told with their reasons; with CI set they fail the run."""
    monkeypatch.delenv("CI", raising=False)
    at_home = run.conclude([], ["no chromium", "no chromium", "no 7zz"])
    told = capsys.readouterr().err
    monkeypatch.setenv("CI", "true")

    assert at_home == 0
    assert "3 TESTS COULD NOT RUN" in told
    assert "2 x no chromium" in told
    assert run.conclude([], ["no chromium"]) == 1
    assert run.conclude(["types"], []) == 1
    assert run.conclude([], []) == 0


def test_skip_fails_in_ci(tmp_path: Path) -> None:
    """A skipped test is a skip at home and a failed run where CI is set."""
    probe = tmp_path / "test_probe.py"
    probe.write_text("import pytest\n\ndef test_it():\n    pytest.skip('nothing here')\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "--rootdir", ROOT, probe]

    def outcome(**environment: str) -> int:
        plain = {name: value for name, value in os.environ.items() if name != "CI"}
        ran = subprocess.run(
            command, cwd=ROOT, env=plain | environment, capture_output=True, check=False
        )
        return ran.returncode

    assert outcome() == 0
    assert outcome(CI="true") == 1


def test_ci_runs_the_command_people_run() -> None:
    """Continuous integration runs the README's own test command and nothing else."""
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()

    assert lines[-1] == "python3 run.py test"
    assert "set -euo pipefail" in lines
    assert "python3 run.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
