"""A small table of operations of the tests' own, and a way to speak to its server."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Struct

from app.api import Operation
from app.core.problems import Problem
from app.errors import Conflict, NotFound, StorageProblem
from app.interfaces.http.server import PageServer
from app.library import Library
from app.operations import health
from app.operations import settings as settings_operations
from app.operations.results import (
    AssetCounts,
    ConversationCounts,
    ImportReport,
)
from app.progress import Task


class Echo(Struct, frozen=True):
    """What an operation was called with."""

    export: str
    id: str = ""
    sort: str = ""
    limit: int | None = None
    has: tuple[str, ...] = ()
    created_at: datetime = datetime(2024, 5, 12, 14, 5, tzinfo=UTC)


class Sums(Struct, frozen=True):
    """Numbers JSON cannot say, and keys that are data."""

    score: float
    by_kind: Mapping[str, int]


def show_thing(
    library: Library,
    *,
    export: Annotated[str, "which export"],
    id: Annotated[str, "which conversation"],
    sort: Annotated[Literal["title", "created"], "in which order"] = "title",
    limit: Annotated[int | None, "how many at most"] = None,
    has: Annotated[list[str] | None, "only with these"] = None,
) -> Echo:
    """Show what was asked for."""
    if export == "gone":
        raise NotFound("There is no export called gone.", hint="Look again.", export=export)
    return Echo(export, id, sort, limit, tuple(has or ()))


def break_thing(
    library: Library, *, how: Annotated[Literal["bug", "disk", "conflict"], "the way to fail"]
) -> Echo:
    """Fail in a given way."""
    if how == "disk":
        raise StorageProblem("The disk is full.", hint="Free some space.")
    if how == "conflict":
        raise Conflict("It is already there.", hint="Choose another name.")
    raise RuntimeError("a secret sentence of a message")


def list_sums(library: Library) -> list[Sums]:
    """List numbers."""
    return [Sums(float("nan"), {"snake_key": 1, "\ud800": 2})]


@dataclass
class Gate:
    """Lets a long operation of the tests go on only when the test says so."""

    started: threading.Event = field(default_factory=threading.Event)
    free: threading.Event = field(default_factory=threading.Event)


HOLD = Gate()


def import_thing(
    library: Library,
    task: Task,
    *,
    sources: Annotated[list[str], "what to import"],
    name: Annotated[str | None, "what to call the export"] = None,
    into: Annotated[str | None, "an export to add to"] = None,
) -> ImportReport:
    """Import what was given."""
    total = 0
    for number, source in enumerate(sources):
        task.step("reading", number, len(sources), item=Path(source).name, unit="files")
        path = Path(source)
        if not path.exists():
            raise NotFound(f"There is no file {path.name}.", hint="Check the name.")
        files = sorted(each for each in path.rglob("*") if each.is_file())
        total += sum(each.stat().st_size for each in files or [path])
    if name == "slow":
        HOLD.started.set()
        while not HOLD.free.wait(0.01):
            task.step("waiting")
    lost = (Problem("damaged-file", "Half of it was missing.", loss=True),)
    return ImportReport(
        name or Path(sources[0]).stem,
        True,
        ConversationCounts(added=1),
        total,
        AssetCounts(),
        {},
        0,
        lost if name == "lossy" else (),
        0.5,
    )


def run_nothing(library: Library, *, changed: Annotated[bool, "which"] = False) -> list[str]:
    """Make no backup: none is due of things."""
    return []


OPERATIONS = (
    Operation("thing show", show_thing, "GET", "/things/<export>/<id>", "things show"),
    Operation("thing break", break_thing, "POST", "/break", "things break"),
    Operation("thing sums", list_sums, "GET", "/sums", "things sums"),
    Operation("export import", import_thing, "POST", "/exports", "import", writes=True),
    Operation("backup run", run_nothing, "POST", "/backups/run", writes=True),
    Operation("settings show", settings_operations.show_settings, "GET", "/settings"),
    Operation("settings change", settings_operations.change_settings, "PATCH", "/settings"),
    Operation("health", health.show_health, "GET", "/health"),
)


@dataclass
class Answer:
    """An HTTP answer, read whole."""

    status: int
    headers: Message  # names in any case
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Talk:
    """Speaks to the server as a script with the token does, unless told otherwise."""

    def __init__(self, server: PageServer) -> None:
        self.server = server

    def __call__(
        self,
        method: str,
        path: str,
        values: object = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send one request; a header given as None is left out."""
        sent: dict[str, str | None] = {"X-Token": self.server.token}
        if values is not None:
            body = json.dumps(values).encode()
        if method in ("POST", "PATCH") or body is not None:
            sent["Content-Type"] = "application/json"
        sent |= headers or {}
        link = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            link.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            sent.setdefault("Host", f"127.0.0.1:{self.server.port}")
            if body is not None or method in ("POST", "PATCH"):
                sent.setdefault("Content-Length", str(len(body or b"")))
            for name, value in sent.items():
                if value is not None:
                    link.putheader(name, value)
            link.endheaders(body)
            answer = link.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            link.close()

    def finish(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Follow a job's events to its end and answer the last one."""
        events = self("GET", f"/api/jobs/{job['id']}/events").body.decode()
        lines = [line for line in events.split("\n") if line.startswith("data: ")]
        last: dict[str, Any] = json.loads(lines[-1].removeprefix("data: "))
        return last
