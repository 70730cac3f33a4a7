"""The REST API does what its description promises, asked by a machine that reads it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.api import OPERATIONS
from app.interfaces.http.server import PageServer
from app.interfaces.openapi import describe
from app.jobs import JobRunner
from app.library import open_library
from db.connection import close_catalog
from tests.interfaces.serving import Talk

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

SCHEMA = schemathesis.openapi.from_dict(describe(OPERATIONS))
CALLS = {
    f"{each.method} {each.path}": each
    for each in (found.ok() for found in SCHEMA.get_all_operations())
}


@pytest.fixture(scope="module")
def served(imported_sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PageServer]:
    """A server over the real table, on a library that holds the sample."""
    root = shutil.copytree(imported_sample, tmp_path_factory.mktemp("asked") / "library")
    library = open_library(root)
    jobs = JobRunner()
    server = PageServer(library, OPERATIONS, jobs)
    server.start()
    yield server
    server.stop()
    close_catalog()


def _what_is_there(served: PageServer) -> dict[str, str]:
    """Name an export, a conversation and a message the sample holds."""
    talk = Talk(served)
    found = talk("GET", "/api/search?q=garden&role=user").json()["hits"][0]
    path = quote(f"/{found['export']}/{found['conversationId']}")
    return {
        "export": found["export"],
        "id": found["conversationId"],
        "message": found["messageId"],
        "leaf": talk("GET", f"/api/conversations{path}").json()["messages"][-1]["id"],
        "path": "assets.json",
    }


@pytest.mark.parametrize("name", CALLS)
def test_every_call_keeps_its_promise(
    name: str, served: PageServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever is sent, the answer has a status, a type and a shape the description names."""
    folder = tmp_path_factory.getbasetemp()
    there = _what_is_there(served)

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=CALLS[name].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        _stay_inside(case, folder)
        _often_name_what_is_there(case, there)
        headers = {"X-Token": served.token}
        case.call_and_validate(base_url=served.url.rstrip("/"), headers=headers, checks=CHECKS)

    ask()


CHANGES_WHAT_IS_THERE = ("delete-one", "export-rename", "export-reveal")  # tried elsewhere


def _often_name_what_is_there(case: schemathesis.Case, there: Mapping[str, str]) -> None:
    """Ask about the sample two times of three: what is not there answers little."""
    if case.operation.definition.raw["operationId"].endswith(CHANGES_WHAT_IS_THERE):
        return
    if len(str(case.path_parameters) + str(case.query)) % 3 == 0:
        return
    for values in (case.path_parameters, case.query):
        for name in there.keys() & values.keys():
            values[name] = there[name]


def _stay_inside(case: schemathesis.Case, folder: Path) -> None:
    """Make every path a call names one below the tests' own folder: nothing else is read."""
    if not isinstance(case.body, dict):
        return
    for name, value in case.body.items():
        if name == "sources" and isinstance(value, list):
            case.body[name] = [f"{folder}/none/{each}" for each in value]
        elif name in ("sources", "to", "b"):
            case.body[name] = f"{folder}/written/{str(value).strip('./')}"
        elif name == "install":
            case.body[name] = None  # the system's own scheduler is not the tests' to write to
        elif name == "value" and str(case.body.get("key")).startswith("backups."):
            case.body[name] = f"{folder}/written/backups"
