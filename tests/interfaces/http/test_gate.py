"""Who may call: every rule of the gate, one row each, and what each refusal says."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from app.interfaces.http.gate import Gate
from app.interfaces.http.server import PageServer
from tests.interfaces.serving import Talk

PORT = "{port}"  # put in by the test


def _filled(headers: dict[str, str | None], server: PageServer) -> dict[str, str | None]:
    return {
        name: value and value.replace(PORT, str(server.port)) for name, value in headers.items()
    }


def enter(server: PageServer) -> tuple[str, str]:
    """Open the door as a browser does; answer the cookie and the place it was sent to."""
    entry = urlsplit(server.entry_address())
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    link.request("GET", f"{entry.path}?{entry.query}")
    answer = link.getresponse()
    answer.read()
    link.close()
    assert answer.status == 303
    return answer.headers["Set-Cookie"], answer.headers["Location"]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 200, ""),
        ({"Host": "localhost:{port}"}, 200, ""),
        ({"Host": None}, 421, "wrong-host"),
        ({"Host": ""}, 421, "wrong-host"),
        ({"Host": "127.0.0.1"}, 421, "wrong-host"),
        ({"Host": "127.0.0.1:1"}, 421, "wrong-host"),
        ({"Host": "evil.example:{port}"}, 421, "wrong-host"),
        ({"Host": "127.0.0.1:{port}.evil.example"}, 421, "wrong-host"),
        ({"Origin": "http://127.0.0.1:{port}"}, 200, ""),
        ({"Origin": "http://localhost:{port}"}, 200, ""),
        ({"Origin": "null"}, 403, "wrong-origin"),
        ({"Origin": ""}, 403, "wrong-origin"),
        ({"Origin": "http://127.0.0.1:1"}, 403, "wrong-origin"),
        ({"Origin": "https://127.0.0.1:{port}"}, 403, "wrong-origin"),
        ({"Origin": "http://evil.example"}, 403, "wrong-origin"),
        ({"Sec-Fetch-Site": "same-origin"}, 200, ""),
        ({"Sec-Fetch-Site": "none"}, 200, ""),
        ({"Sec-Fetch-Site": "same-site"}, 403, "wrong-site"),
        ({"Sec-Fetch-Site": "cross-site"}, 403, "wrong-site"),
        ({"X-Token": None}, 401, "no-token"),
        ({"X-Token": ""}, 401, "no-token"),
        ({"X-Token": "wrong"}, 401, "no-token"),
        ({"X-Token": "w\u00f6rong"}, 401, "no-token"),
    ],
)
def test_rules_for_callers(
    talk: Talk, server: PageServer, headers: dict[str, str | None], status: int, code: str
) -> None:
    """Only our own names, our own pages and holders of the token get an answer."""
    answer = talk("GET", "/api/health", headers=_filled(headers, server))

    assert answer.status == status
    if code:
        assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("method", "path", "content_type", "status"),
    [
        ("POST", "/api/exports", "application/x-www-form-urlencoded", 415),
        ("POST", "/api/exports", "multipart/form-data; boundary=x", 415),
        ("POST", "/api/exports", "text/plain", 415),
        ("POST", "/api/exports", None, 415),
        ("POST", "/api/exports", "application/json; charset=utf-8", 400),
        ("PATCH", "/api/settings", "text/plain", 415),
        ("POST", "/api/upload?filename=a", "application/json", 415),
        ("POST", "/api/upload?filename=a", "text/plain", 415),
        ("DELETE", "/api/jobs/1", "text/plain", 415),
    ],
)
def test_plain_forms_never_write(
    talk: Talk, method: str, path: str, content_type: str | None, status: int
) -> None:
    """A form another page can send without asking is refused by its content type."""
    answer = talk(method, path, body=b"{}", headers={"Content-Type": content_type})

    assert answer.status == status


def test_delete_without_body_needs_no_type(talk: Talk) -> None:
    """Stopping a job needs the token and nothing more."""
    assert talk("DELETE", "/api/jobs/1").status == 404


def test_entry_opens_once(server: PageServer, talk: Talk) -> None:
    """The first to use the entry address gets cookie and token; the second gets a calm page."""
    entry = urlsplit(server.entry_address())
    address = f"{entry.path}?{entry.query}"

    first = talk("GET", address, headers={"X-Token": None})
    second = talk("GET", address, headers={"X-Token": None})

    assert first.status == 303
    assert first.headers["Location"] == f"/#k={server.token}"
    cookie = first.headers["Set-Cookie"]
    assert cookie.startswith(f"app_{server.port}=")
    assert cookie.endswith("; HttpOnly; SameSite=Strict; Path=/")
    assert server.token not in cookie
    assert second.status == 403
    assert b"Open it from the app" in second.body


def test_entry_key_dies_after_a_minute() -> None:
    """A key nobody used for a minute opens nothing."""
    now = [100.0]
    gate = Gate(lambda _environ, _start: [], 8000, clock=lambda: now[0])
    answers: list[str] = []

    def ask(key: str) -> None:
        environ = {"REQUEST_METHOD": "GET", "REQUEST_URI": f"/enter?k={key}"}
        environ |= {"QUERY_STRING": f"k={key}", "HTTP_HOST": "localhost:8000"}
        gate(environ, lambda status, _headers, _problem=None: answers.append(status))

    early, late = gate.new_key(), gate.new_key()
    now[0] += 59
    ask(early)
    now[0] += 2
    ask(late)

    assert answers == ["303 See Other", "403 Forbidden"]


@pytest.mark.parametrize("path", ["/enter", "/enter?k=", "/enter?k=wrong", "/enter?k=%ff"])
def test_no_entry_without_key(talk: Talk, path: str) -> None:
    """Guessing at the door gets the calm page."""
    assert talk("GET", path).status == 403


def test_stolen_cookie_is_worth_nothing_at_the_api(server: PageServer, talk: Talk) -> None:
    """Another local server that was sent our cookie cannot use it to read."""
    cookie = enter(server)[0].partition(";")[0]
    headers = {"X-Token": None, "Cookie": cookie}

    closed = ("/api", "/api/health", "/api/jobs", "/api/openapi.json", "/api/mediax")
    for path in (*closed, "/api/backups", "/api/backups/status", "/api/backups/mediax"):
        assert talk("GET", path, headers=headers).status == 401
    assert talk("POST", "/api/exports", {"sources": ["x"]}, headers=headers).status == 401
    assert talk("GET", "/api/media/none/x.png", headers=headers).status == 404
    assert talk("GET", "/api/backups/media/none/x/y.png", headers=headers).status == 404


def test_tab_without_cookie_gets_a_calm_page(talk: Talk) -> None:
    """Page and static files are for the tab we opened; others are told how to open one."""
    for path in ("/", "/main.js", "/exports/Everything"):
        answer = talk("GET", path, headers={"X-Token": None})
        assert answer.status == 403
        assert b"Open it from the app" in answer.body
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_page_opens_with_the_cookie(server: PageServer, talk: Talk) -> None:
    """The tab that came through the door gets the page."""
    cookie = enter(server)[0].partition(";")[0]

    answer = talk("GET", "/", headers={"X-Token": None, "Cookie": f"other=1; {cookie}"})

    assert answer.status == 200


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/api/health", {}),
        ("/api/none", {}),
        ("/api/health", {"Host": "evil"}),
        ("/", {}),
        ("/", {"X-Token": None}),
        ("/enter?k=x", {}),
    ],
)
def test_every_answer_is_guarded(talk: Talk, path: str, headers: dict[str, str | None]) -> None:
    """Refused or not, each answer carries the policy, and none allows another origin."""
    answer = talk("GET", path, headers=headers)

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_only_the_windows_own_pages_may_make_functions(server: PageServer, talk: Talk) -> None:
    """The key of the window opens the page with one word more in its policy; a tab's does not."""
    policies = {}
    for window in (True, False):
        entry = urlsplit(server.entry_address(window=window))
        entered = talk("GET", f"{entry.path}?{entry.query}", headers={"X-Token": None})
        cookie = (entered.headers["Set-Cookie"] or "").partition(";")[0]
        shown = talk("GET", "/", headers={"X-Token": None, "Cookie": cookie})
        assert shown.status == 200
        assert ("&w=1" in entered.headers["Location"]) is window
        policies[window] = shown.headers["Content-Security-Policy"]

    assert policies[True].replace(" 'unsafe-eval'", "") == policies[False]
    assert "script-src 'self' 'unsafe-eval';" in policies[True]
    assert "unsafe" not in policies[False]


def test_what_is_offered_is_taken_once(server: PageServer, talk: Talk, tmp_path) -> None:
    """A second start offers its file; the page takes it, with what there is to say of it."""
    file = tmp_path / "a b.zip"
    file.write_bytes(b"12345")
    told = []
    server.service.offered.tell = lambda: told.append(1)

    offered = talk("POST", "/api/offered", {"sources": [str(file), str(tmp_path)]})

    assert (offered.status, told) == (200, [1])
    assert talk("DELETE", "/api/offered").json() == [
        {"place": str(file), "path": "a b.zip", "size": 5},
        {"place": str(tmp_path), "path": tmp_path.name, "size": None},
    ]
    assert talk("DELETE", "/api/offered").json() == []
    for wrong in ({"sources": "\0"}, {"sources": 5}, {"other": []}):
        assert talk("POST", "/api/offered", wrong).status == 400
