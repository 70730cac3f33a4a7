"""What every test may ask for: a library on a real disk with a clock we set, and programs."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from app.library import Library, open_library
from app.progress import Progress, Task
from db.connection import close_catalog
from run import PROGRAMS

PATIENCE = 30.0  # seconds until something expected of a page counts as missing


def pytest_configure() -> None:
    """Give the tests a trash of their own: what they delete is nobody's to find."""
    os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="dumpster-test-data-")


def pytest_unconfigure() -> None:
    """Empty that trash."""
    shutil.rmtree(os.environ["XDG_DATA_HOME"], ignore_errors=True)


# A busy machine is no failure. In CI the same examples are tried each time: a change is judged
# by what it changes; new examples are found where people work, and kept with @example.
settings.register_profile(
    "ours",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("ours")

# No test reads or writes the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **passed: float) -> None:
        """Move on by ``timedelta``'s own words: ``clock.advance(days=1)``."""
        self.now += timedelta(**passed)


@dataclass
class WatchedTask(Task):
    """A task that remembers every report, and can stop the work at a stage."""

    seen: list[Progress] = field(default_factory=list)
    stop_at: str = ""

    def __post_init__(self) -> None:
        super().__init__(self._remember)

    def _remember(self, progress: Progress) -> None:
        self.seen.append(progress)
        if progress.stage == self.stop_at:
            self.cancel()

    @property
    def stages(self) -> list[str]:
        """The stages reported, in order, each once."""
        return list(dict.fromkeys(progress.stage for progress in self.seen))


@pytest.fixture
def clock() -> Clock:
    """A clock we set; it starts at noon UTC on 1 March 2026."""
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    """An empty library of its own, its catalog up to date and closed again at the end."""
    yield open_library(tmp_path / "library", clock=clock)
    close_catalog()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented sample export as a ZIP, made once."""
    from app.demo.sample import build_sample  # most tests need neither the demo nor the table

    return build_sample(tmp_path_factory.mktemp("sample") / "sample.zip")


@pytest.fixture(scope="session")
def imported_sample(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds the sample as the export "Sample", made once; not to be changed."""
    from app.api import BY_NAME

    root = tmp_path_factory.mktemp("imported") / "library"
    operation = BY_NAME["export import"]
    values = operation.read({"sources": [str(sample)], "name": "Sample"})
    operation.call(open_library(root, clock=Clock()), values, Task())
    close_catalog()
    return root


@pytest.fixture
def demo_library(imported_sample: Path, tmp_path: Path, clock: Clock) -> Iterator[Library]:
    """A library of the test's own with the export "Sample" in it; it may be changed."""
    # copytree keeps the times of files, by which the catalog knows its folders again
    root = shutil.copytree(imported_sample, tmp_path / "demo library")
    yield open_library(root, clock=clock)
    close_catalog()


@pytest.fixture
def task() -> WatchedTask:
    """A task for operations that want one."""
    return WatchedTask()


def require_program(name: str) -> str:
    """Answer the path of a program a test needs, by its name in run.py's PROGRAMS.

    Where it is missing the test is skipped, loudly; with CI set it fails.
    """
    path = PROGRAMS[name].find()
    if path is None:
        cannot_run(f"{name} is not installed")
    return path


def cannot_run(reason: str) -> NoReturn:
    """Give up on a test for want of something outside it: a skip, but in CI a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; in CI every test runs")
    pytest.skip(reason)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In CI a session that skipped anything, for whatever reason, has failed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Playwright, started once: a process can hold one only."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as started:
        yield started
