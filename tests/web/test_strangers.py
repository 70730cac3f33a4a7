"""A page of another local server, in the browser that holds our cookie, reaches nothing."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import Server

pytestmark = pytest.mark.browser

ATTEMPTS = """async (victim) => {
  const outcome = {};
  const attempt = async (name, work) => {
    try { outcome[name] = await work(); } catch (problem) { outcome[name] = "refused"; }
  };
  const read = async (path, options) => (await fetch(victim + path, options)).text();
  const loads = (element, address) => new Promise((resolve) => {
    element.onload = () => resolve("loaded");
    element.onerror = () => resolve("refused");
    element.src = victim + address;
    document.body.append(element);
  });
  const json = { "Content-Type": "application/json" };
  const body = JSON.stringify({ key: "appearance.theme", value: "dark" });
  await attempt("read", () => read("/api/settings", { credentials: "include" }));
  await attempt("page", () => read("/", { credentials: "include" }));
  await attempt("blind", () => read("/api/settings", { mode: "no-cors", credentials: "include" }));
  await attempt("write", () => read("/api/settings", { method: "PATCH", headers: json, body }));
  await attempt("plain", () => read("/api/catalog/rebuild",
    { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }));
  await attempt("token", () => read("/api/settings", { headers: { "X-Token": "guess" } }));
  await attempt("script", () => loads(document.createElement("script"), "/main.js"));
  await attempt("image", () => loads(new Image(), "/images/raccoon.svg"));
  await attempt("events", () => new Promise((resolve) => {
    const source = new EventSource(victim + "/api/jobs/1/events", { withCredentials: true });
    source.onmessage = () => resolve("heard");
    source.onerror = () => { source.close(); resolve("refused"); };
  }));
  return outcome;
}"""


@dataclass
class Stranger:
    """Another local server: its address, and the cookies browsers sent it."""

    url: str
    cookies: list[str] = field(default_factory=list)


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    heard: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("Cookie", ""))
            body = b"<!doctype html><title>A game</title><body>Play!"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Stranger(f"http://127.0.0.1:{server.server_port}", heard)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def lured(browser: Browser, writing_server: Server, stranger: Stranger) -> Iterator[Page]:
    """The stranger's page, in a browser that has ours open."""
    context = browser.new_context()
    context.add_cookies(writing_server.cookies)
    tab = context.new_page()
    tab.goto(stranger.url)
    yield tab
    context.close()


def ask(server: Server, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    link = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=10)
    link.request("GET", path, headers=headers)
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer.status, json.loads(body)


def test_no_script_of_a_stranger_reaches_us(lured: Page, writing_server: Server) -> None:
    """Whatever way a page can send a request: nothing is read, nothing is written."""
    outcome = lured.evaluate(ATTEMPTS, writing_server.url)

    assert outcome.pop("blind") in ("", "refused")  # an answer no script can look into
    assert outcome.pop("plain") in ("", "refused")
    assert set(outcome.values()) == {"refused"}
    token = {"X-Token": writing_server.token}
    assert ask(writing_server, "/api/jobs", token) == (200, [])
    settings = ask(writing_server, "/api/settings", token)[1]
    assert {each["key"]: each["value"] for each in settings}["appearance.theme"] == "system"


def test_our_cookie_does_reach_a_stranger_and_is_worth_nothing(
    lured: Page, writing_server: Server, stranger: Stranger
) -> None:
    """Cookies ignore ports; that is why the API asks for more than one."""
    stolen = {"Cookie": stranger.cookies[0]}

    assert lured.title() == "A game"
    assert "app_" in stolen["Cookie"]
    assert ask(writing_server, "/api/exports", stolen)[0] == 401


def test_form_of_a_stranger_writes_nothing(lured: Page, writing_server: Server) -> None:
    """A form sent to us from elsewhere is refused before anything reads it."""
    lured.evaluate(
        """(victim) => {
          const form = document.createElement("form");
          form.method = "post"; form.enctype = "text/plain";
          form.action = victim + "/api/catalog/rebuild";
          document.body.append(form); form.submit();
        }""",
        writing_server.url,
    )
    lured.wait_for_url(f"{writing_server.url}/api/catalog/rebuild")

    assert "wrong-origin" in lured.inner_text("body")
    assert ask(writing_server, "/api/jobs", {"X-Token": writing_server.token}) == (200, [])


def test_link_and_frame_of_a_stranger_show_nothing(lured: Page, writing_server: Server) -> None:
    """Neither in a frame nor by a link does our page open from elsewhere."""
    lured.evaluate(
        """(victim) => new Promise((resolve) => {
          const frame = document.createElement("iframe");
          frame.onload = resolve; frame.src = victim + "/"; document.body.append(frame);
        })""",
        writing_server.url,
    )
    framed = [each for each in lured.frames if each is not lured.main_frame]
    assert "Library" not in framed[0].content()

    lured.evaluate("(victim) => { location.href = victim + '/'; }", writing_server.url)
    lured.wait_for_url(f"{writing_server.url}/")
    assert lured.inner_text("h1") == "Open it from the app"
