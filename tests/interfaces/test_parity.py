"""The skins stay thin: bridge, REST and command line answer and refuse with the same bodies."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints
from urllib.parse import quote, urlencode

import pytest

from app.api import BY_NAME, OPERATIONS, Operation
from app.interfaces import bridge
from app.interfaces.http.server import PageServer
from app.interfaces.terminal.text.show import find_words
from app.jobs import JobRunner
from app.library import Library
from app.main import main
from tests.interfaces.serving import Talk

REFUSED: tuple[tuple[str, dict[str, str]], ...] = (
    ("export show", {"export": "none"}),
    ("export show", {"export": "../.."}),
    ("export list", {"sort": "age"}),
    ("conversation list", {"export": "none"}),
    ("conversation list", {"export": "none", "limit": "many"}),
    ("conversation show", {"export": "none", "id": "1"}),
    ("conversation show", {"export": "no ne#?", "id": "日本/1"}),
    ("message show", {"export": "none", "id": "1", "message": "2"}),
    ("search", {"q": "x", "export": "none"}),
    ("search", {"q": "x", "after": "nonsense"}),
    ("backup list", {"export": "none"}),
    ("backup show", {"export": "none", "id": "backup-none"}),
    ("backup browse", {"export": "../..", "id": "../../settings"}),
    ("backup browse", {"export": "no ne#?", "id": "日本/1"}),
)


@pytest.fixture
def real(library: Library, jobs: JobRunner) -> Iterator[Talk]:
    """Speak to a server over the real table."""
    server = PageServer(library, OPERATIONS, jobs)
    server.start()
    yield Talk(server)
    server.stop()


class Bridge:
    """The bridge of a running server, as a page in a window speaks to it."""

    def __init__(self, server: PageServer) -> None:
        self._call = bridge.build(server.service, server.token)
        self._token = server.token

    def __call__(self, name: str, values: object = ()) -> dict[str, Any]:
        """Do one operation; what pywebview does on the way, json, is done here too."""
        answer = self._call(self._token, name, json.dumps(values or {}))
        return json.loads(json.dumps(answer, allow_nan=False))

    def finish(self, job: dict[str, Any]) -> dict[str, Any]:
        """Wait for a job to end and answer it."""
        while job["state"] not in ("done", "failed", "cancelled"):
            time.sleep(0.01)
            job = self("job show", {"job": job["id"]})["ok"]
        return job


@pytest.fixture
def over_bridge(real: Talk) -> Bridge:
    """Speak to the same server through the bridge."""
    return Bridge(real.server)


def over_command_line(
    library: Library, operation: Operation, values: dict[str, str], capsys: Any
) -> tuple[int, Any]:
    """Say the same on the command line."""
    words = [*operation.command.split(), "--json", "--library", str(library.root)]
    for parameter in operation.parameters:
        if parameter.wire_name in values:
            value = values[parameter.wire_name]
            by_place = parameter.required or parameter.wire_name in operation.path_names
            words += [value] if by_place else [f"--{parameter.wire_name}", value]
    capsys.readouterr()
    code = main(words)
    return code, json.loads(capsys.readouterr().out)


def address(operation: Operation, values: dict[str, str]) -> str:
    """Write the address of a call, its values encoded."""
    path, rest = operation.path, dict(values)
    for name in operation.path_names:
        path = path.replace(f"<{name}>", quote(rest.pop(name), safe=""))
    return f"/api{path}?{urlencode(rest)}"


@pytest.mark.parametrize(("name", "values"), REFUSED)
def test_same_refusal_everywhere(
    library: Library,
    real: Talk,
    over_bridge: Bridge,
    capsys: Any,
    name: str,
    values: dict[str, str],
) -> None:
    """All three skins refuse with the same body, and with status and exit code alike."""
    operation = BY_NAME[name]

    over_rest = real("GET", address(operation, values))
    code, over_cli = over_command_line(library, operation, values, capsys)

    assert over_bridge(name, values) == over_rest.json()
    assert over_rest.json()["error"] == over_cli["error"]
    assert over_rest.status in (400, 404)
    assert code == 2


def test_same_refusal_of_a_file_that_is_no_export(
    library: Library, real: Talk, over_bridge: Bridge, capsys: Any, tmp_path
) -> None:
    """An import refused ends with the same error as a job, over both, and as a command."""
    source = tmp_path / "notes.txt"
    source.write_text("just notes")

    job = real("POST", "/api/exports", {"sources": [str(source)]}).json()
    over_rest = real.finish(job)["error"]
    code, over_cli = over_command_line(
        library, BY_NAME["export import"], {"sources": str(source)}, capsys
    )

    started = over_bridge("export import", {"sources": [str(source)]})["ok"]
    assert over_bridge.finish(started)["error"] == over_rest
    assert over_rest == over_cli["error"]
    assert over_rest["code"] == "not-an-export"
    assert code == 2


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("export list", {}),
        ("search", {"q": "nothing"}),
        ("export list", {"sort": "size"}),
        ("backup stats", {}),
        ("schedule show", {}),
        ("schedule entry", {}),
    ],
)
def test_same_answer_everywhere(
    library: Library,
    real: Talk,
    over_bridge: Bridge,
    capsys: Any,
    name: str,
    values: dict[str, str],
) -> None:
    """All three skins answer with the same document."""
    operation = BY_NAME[name]

    over_rest = real("GET", address(operation, values)).json()
    code, over_cli = over_command_line(library, operation, values, capsys)

    through_bridge = over_bridge(name, values)["ok"]

    for answer in (over_rest, over_cli, through_bridge):
        if isinstance(answer, dict):
            answer.pop("milliseconds", None)
    assert over_rest == over_cli == through_bridge
    assert code == 0


def test_sample_reads_the_same_everywhere(
    demo_library: Library, jobs: JobRunner, capsys: Any
) -> None:
    """A whole export, its lists, a conversation and its outline: byte for byte the same JSON."""
    server = PageServer(demo_library, OPERATIONS, jobs)
    server.start()
    talk, over_bridge = Talk(server), Bridge(server)
    listed = over_bridge("conversation list", {"export": "Sample", "limit": 3})["ok"]
    one = {"export": "Sample", "id": listed["items"][0]["id"]}

    try:
        for name, values in (
            ("export show", {"export": "Sample"}),
            ("conversation list", {"export": "Sample", "limit": "3"}),
            ("conversation show", one),
            ("conversation outline", one),
            ("settings show", {}),
        ):
            over_rest = talk("GET", address(BY_NAME[name], values)).json()
            assert over_bridge(name, values) == {"ok": over_rest}, name
            if BY_NAME[name].command:
                said = over_command_line(demo_library, BY_NAME[name], values, capsys)
                assert said == (0, over_rest)
        checks = (
            over_bridge.finish(over_bridge("export check", {"export": "Sample"})["ok"])["result"],
            talk.finish(talk("GET", "/api/exports/Sample/health").json())["result"],
            over_command_line(demo_library, BY_NAME["export check"], one, capsys)[1],
        )
        assert checks[0] == checks[1] == checks[2]
    finally:
        server.stop()


def test_jobs_are_followed_alike(library: Library, real: Talk, over_bridge: Bridge, sample) -> None:
    """A job started over the bridge is the job REST shows, lists and stops."""
    job = over_bridge("export import", {"sources": [str(sample)], "name": "One"})["ok"]
    ended = over_bridge.finish(job)

    assert ended["state"] == "done"
    assert real("GET", f"/api/jobs/{job['id']}").json() == ended
    assert over_bridge("job list")["ok"] == real("GET", "/api/jobs").json()
    assert over_bridge("job cancel", {"job": job["id"]})["ok"] == ended
    gone = over_bridge("job show", {"job": "99"})
    assert gone == real("GET", "/api/jobs/99").json()


def test_bridge_needs_the_token(real: Talk) -> None:
    """A page that does not hold the token gets what a script without it gets."""
    call = bridge.build(real.server.service, real.server.token)

    over_rest = real("GET", "/api/exports", headers={"X-Token": "guessed"}).json()["error"]

    for given in ("guessed", "", None, 5, real.server.token[:-1]):
        answer = call(given, "export list", {})
        assert answer["error"]["code"] == over_rest["code"] == "no-token"
        assert answer["error"]["message"] == over_rest["message"]


@pytest.mark.parametrize(
    "values", ["text", [1], 5, {"sources": "\0"}, {"nonsense": 1}, {"x": "\ud800"}]
)
def test_bridge_never_raises(real: Talk, over_bridge: Bridge, values: object) -> None:
    """Whatever a page sends is answered, never thrown."""
    for name in ("export list", "export import", "job show", "no such", "__class__", "pick files"):
        assert set(over_bridge(name, values)["error"]) == {"code", "message", "hint", "details"}


def test_uploads_are_found_and_removed_over_the_bridge(
    library: Library, real: Talk, over_bridge: Bridge, sample
) -> None:
    """A file that was sent, because it has no path, is imported through the bridge too."""
    binary = {"Content-Type": "application/octet-stream"}
    held = real(
        "POST", "/api/upload?filename=a.zip&hold=1", body=sample.read_bytes(), headers=binary
    ).json()

    job = over_bridge("export import", {"sources": [f"upload:{held['upload']}"]})["ok"]

    assert over_bridge.finish(job)["state"] == "done"
    assert list(library.uploads.iterdir()) == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_result_has_its_words(operation: Operation) -> None:
    """Each type of result has a renderer of its own: nobody reads raw fields."""
    result = get_type_hints(operation.function)["return"]
    kind = (get_args(result) or (result,))[0]

    assert find_words("RENDERERS", kind) or find_words("TABLES", kind)
