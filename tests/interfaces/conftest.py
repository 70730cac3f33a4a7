"""A server on a scratch library, over the small table of `serving.py`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cheroot import wsgi

from app.interfaces.http.server import PageServer
from app.jobs import JobRunner
from app.library import Library
from tests.interfaces.serving import HOLD, OPERATIONS, Talk


@pytest.fixture
def jobs() -> Iterator[JobRunner]:
    HOLD.started.clear()
    HOLD.free.clear()
    runner = JobRunner()
    yield runner
    HOLD.free.set()
    runner.close()


@pytest.fixture(autouse=True)
def _quick_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let servers notice sooner that they should stop: half a second, at each of many tests."""
    monkeypatch.setattr(wsgi.Server, "expiration_interval", 0.02)


@pytest.fixture
def server(library: Library, jobs: JobRunner) -> Iterator[PageServer]:
    running = PageServer(library, OPERATIONS, jobs)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def talk(server: PageServer) -> Talk:
    return Talk(server)
