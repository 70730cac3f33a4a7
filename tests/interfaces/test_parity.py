"""The skins stay thin: REST and command line answer and refuse with the same bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints
from urllib.parse import quote, urlencode

import pytest

from app.api import BY_NAME, OPERATIONS, Operation
from app.interfaces.http.server import PageServer
from app.interfaces.openapi import path_names
from app.interfaces.terminal import text
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
)


@pytest.fixture
def real(library: Library, jobs: JobRunner) -> Iterator[Talk]:
    """Speak to a server over the real table."""
    server = PageServer(library, OPERATIONS, jobs)
    server.start()
    yield Talk(server)
    server.stop()


def over_command_line(
    library: Library, operation: Operation, values: dict[str, str], capsys: Any
) -> tuple[int, Any]:
    """Say the same on the command line."""
    words = [*operation.command.split(), "--json", "--library", str(library.root)]
    for parameter in operation.parameters:
        if parameter.wire_name in values:
            value = values[parameter.wire_name]
            by_place = parameter.required or parameter.wire_name in path_names(operation)
            words += [value] if by_place else [f"--{parameter.wire_name}", value]
    capsys.readouterr()
    code = main(words)
    return code, json.loads(capsys.readouterr().out)


def address(operation: Operation, values: dict[str, str]) -> str:
    """Write the address of a call, its values encoded."""
    path, rest = operation.path, dict(values)
    for name in path_names(operation):
        path = path.replace(f"<{name}>", quote(rest.pop(name), safe=""))
    return f"/api{path}?{urlencode(rest)}"


@pytest.mark.parametrize(("name", "values"), REFUSED)
def test_same_refusal_everywhere(
    library: Library, real: Talk, capsys: Any, name: str, values: dict[str, str]
) -> None:
    """REST and command line refuse with the same body, and with status and exit code alike."""
    operation = BY_NAME[name]

    over_rest = real("GET", address(operation, values))
    code, over_cli = over_command_line(library, operation, values, capsys)

    assert over_rest.json()["error"] == over_cli["error"]
    assert over_rest.status in (400, 404)
    assert code == 2


def test_same_refusal_of_a_file_that_is_no_export(
    library: Library, real: Talk, capsys: Any, tmp_path
) -> None:
    """An import refused ends with the same error as a job and as a command."""
    source = tmp_path / "notes.txt"
    source.write_text("just notes")

    job = real("POST", "/api/exports", {"sources": [str(source)]}).json()
    over_rest = real.finish(job)["error"]
    code, over_cli = over_command_line(
        library, BY_NAME["export import"], {"sources": str(source)}, capsys
    )

    assert over_rest == over_cli["error"]
    assert over_rest["code"] == "not-an-export"
    assert code == 2


@pytest.mark.parametrize(
    ("name", "values"),
    [("export list", {}), ("search", {"q": "nothing"}), ("export list", {"sort": "size"})],
)
def test_same_answer_everywhere(
    library: Library, real: Talk, capsys: Any, name: str, values: dict[str, str]
) -> None:
    """REST and command line answer with the same document."""
    operation = BY_NAME[name]

    over_rest = real("GET", address(operation, values)).json()
    code, over_cli = over_command_line(library, operation, values, capsys)

    for answer in (over_rest, over_cli):
        if isinstance(answer, dict):
            answer.pop("milliseconds")
    assert over_rest == over_cli
    assert code == 0


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_result_has_its_words(operation: Operation) -> None:
    """Each type of result has a renderer of its own: nobody reads raw fields."""
    result = get_type_hints(operation.function)["return"]
    kind = (get_args(result) or (result,))[0]

    known = text.render.dispatch(kind) is not text.render.dispatch(object)
    assert known or kind in text._TABLES
