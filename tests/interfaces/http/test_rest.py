"""The REST API: a loop over the table, jobs, and errors with one shape."""

from __future__ import annotations

import http.client
import json
import time
from urllib.parse import quote

import pytest

from app.interfaces.http.server import PageServer
from tests.interfaces.serving import HOLD, Talk

NAMES = ["a#b", "50% off?", "x/y", "日本語", "..", "a b", "é;+&=", "%2e", "\\", "<b>", "a.zip"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_letters(talk: Talk, name: str) -> None:
    """An export or conversation may be called anything an address can encode."""
    encoded = quote(name, safe="")

    answer = talk("GET", f"/api/things/{encoded}/{encoded}")

    assert answer.status == 200
    assert (answer.json()["export"], answer.json()["id"]) == (name, name)


def test_query_and_defaults(talk: Talk) -> None:
    """Values of the query are read by their declared kinds; lists repeat."""
    answer = talk("GET", "/api/things/e/1?limit=5&has=image&has=code&sort=created").json()

    assert answer == {
        "export": "e",
        "id": "1",
        "sort": "created",
        "limit": 5,
        "has": ["image", "code"],
        "createdAt": "2024-05-12T14:05:00Z",
    }


@pytest.mark.parametrize(
    "query",
    [
        "limit=many",
        "limit=",
        "sort=age",
        "unknown=1",
        "sort=title&sort=title",
        "limit=99999999999999999999999",
        "limit=%ff",
        "has=%00",
    ],
)
def test_senseless_values_are_refused(talk: Talk, query: str) -> None:
    """What makes no sense is a 400 that says what would, before anything is done."""
    answer = talk("GET", f"/api/things/e/1?{query}")

    assert answer.status == 400
    assert answer.json()["error"]["code"] == "invalid-input"


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b"nonsense", b"\xff", b'"x"', b"1" * 5000, b"[" * 100_000, b'{"how": 3}', b""],
)
def test_broken_bodies_are_refused(talk: Talk, body: bytes) -> None:
    """A body that is no JSON object, or lacks what is required, is a 400."""
    assert talk("POST", "/api/break", body=body).status == 400


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [("bug", 500, "bug"), ("disk", 500, "storage-problem"), ("conflict", 409, "conflict")],
)
def test_errors_have_one_shape(talk: Talk, how: str, status: int, code: str) -> None:
    """Each kind of error has its status; a bug never quotes what it met."""
    answer = talk("POST", "/api/break", {"how": how})

    error = answer.json()["error"]
    assert answer.status == status
    assert set(error) == {"code", "message", "hint", "details"}
    assert error["code"] == code
    assert b"secret" not in answer.body


@pytest.mark.parametrize("path", ["/api/none", "/api", "/api/", "/api/jobs/1/x"])
def test_no_such_address(talk: Talk, path: str) -> None:
    """An address that is not there is a 404 in the same shape."""
    answer = talk("GET", path)

    assert answer.status == 404
    assert answer.json()["error"]["code"] == "not-found"
    assert answer.headers["Content-Type"].startswith("application/json")


def test_wrong_method_names_the_right_ones(talk: Talk) -> None:
    """A method the address does not know is a 405 that lists those it does."""
    answer = talk("PUT", "/api/settings", {})

    assert answer.status == 405
    assert set(answer.headers["Allow"].split(",")) == {"GET", "PATCH"}


def test_long_operation_is_a_job(talk: Talk, tmp_path) -> None:
    """A long operation answers 202 at once, and its events end with the result."""
    source = tmp_path / "march.zip"
    source.write_bytes(b"x" * 10)

    started = talk("POST", "/api/exports", {"sources": [str(source)]})
    final = talk.finish(started.json())

    assert started.status == 202
    assert started.headers["Location"] == f"/api/jobs/{started.json()['id']}"
    assert started.json()["state"] == "queued"
    assert final["state"] == "done"
    assert final["result"]["export"] == "march"
    assert final["result"]["notUnderstood"] == {}
    assert talk("GET", f"/api/jobs/{final['id']}").json() == final
    assert talk("GET", "/api/jobs").json() == [final]


def test_failed_job_tells_its_error(talk: Talk) -> None:
    """A job that failed holds the same error body a call would have been answered with."""
    job = talk("POST", "/api/exports", {"sources": ["/nowhere/at.all"]}).json()

    final = talk.finish(job)

    assert final["state"] == "failed"
    assert final["error"]["code"] == "not-found"
    assert final["result"] is None


def test_bad_values_fail_now_not_as_a_job(talk: Talk) -> None:
    """Values are checked before the job is queued."""
    answer = talk("POST", "/api/exports", {"sources": 3})

    assert answer.status == 400
    assert talk("GET", "/api/jobs").json() == []


def test_job_is_stopped(talk: Talk, tmp_path) -> None:
    """DELETE asks a running job to stop; it is over when its state says so."""
    job = talk("POST", "/api/exports", {"sources": [str(tmp_path)], "name": "slow"}).json()
    assert HOLD.started.wait(5)

    stopped = talk("DELETE", f"/api/jobs/{job['id']}")

    assert stopped.status == 200
    assert talk.finish(job)["state"] == "cancelled"


def test_fifth_event_stream_closes_the_first(talk: Talk, server: PageServer, tmp_path) -> None:
    """Four streams at most: the oldest gives way, the server goes on answering."""
    job = talk("POST", "/api/exports", {"sources": [str(tmp_path)], "name": "slow"}).json()
    assert HOLD.started.wait(5)
    links = [http.client.HTTPConnection("127.0.0.1", server.port, timeout=10) for _ in range(5)]
    answers = []
    for link in links:
        link.request("GET", f"/api/jobs/{job['id']}/events", headers={"X-Token": server.token})
        answers.append(link.getresponse())

    began = time.monotonic()
    ended = answers[0].read()

    assert time.monotonic() - began < 5
    assert ended.startswith(b"data: ")
    assert talk("GET", "/api/health").status == 200
    HOLD.free.set()
    for answer in answers[1:]:
        lines = [line for line in answer.read().split(b"\n") if line.startswith(b"data: ")]
        assert json.loads(lines[-1][6:])["state"] == "done"
    for link in links:
        link.close()


def test_what_json_cannot_say(talk: Talk) -> None:
    """NaN becomes null, a lone surrogate the replacement mark; keys stay as they are."""
    assert talk("GET", "/api/sums").json() == [
        {"score": None, "byKind": {"snake_key": 1, "\ufffd": 2}}
    ]


def test_lone_surrogates_in_a_body_are_replaced(talk: Talk) -> None:
    """Half a letter sent in JSON cannot break anything behind."""
    answer = talk("PATCH", "/api/settings", body=b'{"key": "\\ud800", "value": "x"}')

    assert answer.status == 404
    assert answer.json()["error"]["details"]["key"] == "\ufffd"


def test_settings_are_changed(talk: Talk) -> None:
    """A setting changed over REST is kept in the library."""
    changed = talk("PATCH", "/api/settings", {"key": "appearance.theme", "value": "dark"})
    shown = talk("GET", "/api/settings").json()

    assert changed.json() == shown
    assert {each["key"]: each["value"] for each in shown}["appearance.theme"] == "dark"


def test_health(talk: Talk) -> None:
    """The service says it is well and how much it looks after."""
    answer = talk("GET", "/api/health").json()

    assert answer["status"] == "good"
    assert answer["counts"]["exports"] == 0


def test_head_has_no_body(talk: Talk) -> None:
    """HEAD answers the headers of GET."""
    answer = talk("HEAD", "/api/health")

    assert (answer.status, answer.body) == (200, b"")
