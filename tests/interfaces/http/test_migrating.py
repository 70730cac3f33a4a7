"""Migration over REST: the same operations at their promised addresses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from app.api import OPERATIONS
from app.interfaces.http.server import PageServer
from app.jobs import JobRunner
from app.library import Library
from tests.interfaces.serving import Talk
from tests.legacy.damages import poisoned
from tests.legacy.old_program import A


@pytest.fixture
def real(library: Library, jobs: JobRunner) -> Iterator[Talk]:
    """Speak to a server over the real table."""
    server = PageServer(library, OPERATIONS, jobs)
    server.start()
    yield Talk(server)
    server.stop()


def test_the_whole_way(real: Talk, tmp_path: Path) -> None:
    """List, migrate as a job, look back, and undo."""
    source = str(poisoned(tmp_path / "old").base)
    asked = f"?source={quote(source)}"

    (listed,) = real("GET", f"/api/migration/sessions{asked}").json()
    values = {"sessionId": A, "exportName": "Herbs", "source": source, "onConflict": "fail"}
    job = real("POST", "/api/migration/session", values)
    report = real.finish(job.json())["result"]
    again = real("POST", "/api/migration/sessions", {"sessionIds": [A], "source": source})
    second = real.finish(again.json())["result"]
    stats = real("GET", f"/api/migration/stats{asked}").json()
    history = real("GET", "/api/migration/history").json()
    taken = real("DELETE", f"/api/migration/history/{report['run']}")
    undone = real.finish(taken.json())["result"]

    assert listed["id"] == A
    assert listed["recoverable"] == {"page": 9}
    assert (job.status, taken.status) == (202, 202)
    assert [each["export"] for each in report["sessions"]] == ["Herbs"]
    assert [each["status"] for each in second["sessions"]] == ["unchanged"]
    assert stats["recoveredConversations"] == 9
    assert [each["run"] for each in history] == [second["run"], report["run"]]
    assert undone["exports"][0]["removed"]
    assert real("GET", "/api/exports").json() == []


def test_refusals(real: Talk, tmp_path: Path) -> None:
    """What is not there is not found, what makes no sense 400."""
    source = quote(str(tmp_path))

    assert real("GET", f"/api/migration/sessions?source={source}").status == 404
    undoing = real("DELETE", "/api/migration/history/..%2F..%2Fsettings").json()
    assert real.finish(undoing)["error"]["code"] == "not-found"
    assert real("POST", "/api/migration/session", {}).status == 400
    assert real("POST", "/api/migration/sessions", {"onConflict": "delete"}).status == 400
