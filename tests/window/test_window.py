"""The window as a person uses it: reading, picking, dropping, copying, saving, links, bridge."""

from __future__ import annotations

import http.server
import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.window.conftest import (
    PATIENCE,
    ROOT,
    TRY,
    Opened,
    Screen,
    again_until,
    file_manager,
    until,
)

pytestmark = pytest.mark.window
MAIN = "Data Dumpster Diver"
# Keeps the calls of the bridge, name and values, and what is pushed, from now on.
KEEP_CALLS = """
() => {
  window.calls = [];
  window.pushed = [];
  if (window.bare) return;
  window.bare = window.pywebview.api.call;
  const call = window.bare;
  window.pywebview.api.call = (token, name, values) => {
    window.calls.push([name, JSON.parse(values)]);
    return call(token, name, values);
  };
  addEventListener("python:job", ({ detail }) => window.pushed.push(detail));
}
"""
# Counts what the page sees of drags, from now on.
SEE_DRAGS = """
() => {
  window.seen = {};
  for (const name of ["dragover", "drop"]) {
    document.addEventListener(name, () => {
      window.seen[name] = (window.seen[name] ?? 0) + 1;
    });
  }
}
"""


def calls_of(app: Opened) -> list[list[Any]]:
    return list(app.page.evaluate("window.calls"))


def press(app: Opened, name: str) -> None:
    app.page.get_by_role("button", name=name, exact=True).click()


def open_dialog(app: Opened) -> None:
    app.goto("/")
    app.page.get_by_role("button", name="Import an archive").click()


def import_as(app: Opened, name: str) -> None:
    """Give the export a name, start, and wait until it is there."""
    app.page.locator("#import-name").fill(name)
    press(app, "Import")
    done = app.page.locator("job-progress[data-state=done]").filter(has_text=name)
    expect(done).to_be_visible(timeout=PATIENCE * 1000)
    app.goto("/")
    expect(app.page.get_by_text(name, exact=True).first).to_be_visible()


def test_reading_goes_through_the_bridge(app: Opened) -> None:
    """A conversation is listed and read without one call of the API over HTTP."""
    app.asked.clear()
    app.page.evaluate(KEEP_CALLS)

    app.goto("/exports/Sample")
    app.page.locator(".conversation-row").first.click()

    expect(app.page.locator("message-view").first).to_be_visible()
    assert {"conversation list", "conversation show"} <= {name for name, _values in calls_of(app)}
    calls = [url for url in app.asked if "/api/" in url and "/api/media/" not in url]
    assert calls == []


def test_import_by_the_systems_own_dialog(app: Opened, sample: Path, screen: Screen) -> None:
    """A file picked in a native dialog is imported from where it is; progress is pushed."""
    open_dialog(app)
    app.page.evaluate(KEEP_CALLS)
    press(app, "Choose files")
    screen.answer("Open files", sample)

    expect(app.page.locator(".chosen")).to_contain_text("1 file, ")
    import_as(app, "Picked")

    pushed = [
        each for each in app.page.evaluate("window.pushed") if each["operation"] == "export import"
    ]
    assert [each["state"] for each in pushed][-1] == "done"
    assert len({each["progress"]["stage"] for each in pushed}) > 2
    asked = calls_of(app).count(["job show", {"job": pushed[0]["id"]}])
    assert asked <= 2 < len(pushed)  # once for each who begins to follow it
    assert not list((app.library / ".uploads").glob("*"))


def drag(app: Opened, screen: Screen) -> None:
    """Drag from the file manager to our window; let fall where the page has answered for."""
    steps = itertools.cycle((0, 4))

    def seen(event: str) -> int:
        return int(app.page.evaluate("(event) => window.seen[event] ?? 0", event))

    def move() -> None:
        step = next(steps)
        screen.hand("mousemove", str(400 + step), str(300 + step))

    screen.hand("mouseup", "1", "mousemove", "40", "30", "mousedown", "1")
    with suppress(AssertionError):  # the press was lost
        until(lambda: move() or seen("dragover"), "the drag", TRY)
        expect(app.page.locator(".drop-veil")).to_be_visible()
        before = seen("dragover")
        until(lambda: move() or seen("dragover") > before + 1, "the answer", TRY)
    screen.hand("mouseup", "1")


def test_import_by_drop_from_a_file_manager(
    app: Opened, sample: Path, screen: Screen, tmp_path: Path
) -> None:
    """A file let fall anywhere is offered by its full path, whatever its name; none is copied."""
    odd = tmp_path / "100%25 ü #1.zip"
    odd.write_bytes(sample.read_bytes())
    app.goto("/settings")
    app.page.evaluate(SEE_DRAGS)

    with file_manager(screen, odd):
        fallen = "window.seen.drop === 1"
        again_until(lambda: app.page.evaluate(fallen), "the drop", lambda: drag(app, screen))

    expect(app.page.locator(".chosen")).to_contain_text(odd.name)

    assert app.page.locator(".chosen bdi").first.get_attribute("title") == str(odd)
    import_as(app, "Dropped")
    assert not list((app.library / ".uploads").glob("*"))


def test_a_running_import_is_stopped(app: Opened, large: Path) -> None:
    """Stop stops: nothing of the import is left in the library."""
    open_dialog(app)
    offer = "(place) => dispatchEvent(new CustomEvent('python:dropped', {detail: [place]}))"
    app.page.evaluate(offer, {"place": str(large), "path": large.name, "size": 1})
    app.page.locator("#import-name").fill("Never")
    press(app, "Import")
    running = app.page.locator("job-progress[data-state=running]")
    expect(running.locator(".stage")).to_contain_text("onversations")

    running.get_by_role("button", name="Stop").click()

    expect(app.page.locator("job-progress[data-state=cancelled]")).to_be_visible()
    assert not (app.library / "exports" / "Never").exists()
    assert not list((app.library / "exports" / ".staging").glob("*"))


def test_copying_works(app: Opened) -> None:
    """What is copied on the page is on the clipboard."""
    app.goto("/search")
    app.page.locator("search-page input").first.click()

    app.page.evaluate("navigator.clipboard.writeText('grüße 日本')")
    app.page.keyboard.press("Control+V")

    expect(app.page.locator("search-page input").first).to_have_value("grüße 日本")


def test_downloads_ask_where_to(app: Opened, screen: Screen, tmp_path: Path) -> None:
    """A media file is saved where the person says, in a native dialog."""
    target = tmp_path / "saved.json"
    app.page.evaluate(
        "() => { const a = document.createElement('a');"
        " a.href = '/api/media/Sample/assets.json'; a.target = '_blank';"
        " document.body.append(a); a.click(); a.remove(); }"
    )
    screen.answer("Save", target)

    until(target.exists, "the file")
    original = app.library / "exports" / "Sample" / "assets.json"
    until(lambda: target.read_bytes() == original.read_bytes(), "all of it")


def test_folder_is_shown_in_the_file_manager(app: Opened, screen: Screen) -> None:
    """The file manager is asked to show the folder of an export, chosen among its neighbours."""
    app.goto("/")
    app.page.get_by_role("button", name="More for Sample").click()
    app.page.get_by_role("menuitem", name="Show the folder").click()

    folder = (app.library / "exports" / "Sample").as_uri()
    until(
        lambda: screen.shown.exists() and f":{folder}\n" in screen.shown.read_text(), "the folder"
    )


@pytest.fixture
def stranger() -> Iterator[tuple[str, list[str]]]:
    """A page of somebody else on another port; what it was asked for."""
    asked: list[str] = []

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<h1>stranger</h1>")

        def log_message(self, *_arguments: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def test_window_never_leaves_its_page(
    app: Opened, screen: Screen, stranger: tuple[str, list[str]]
) -> None:
    """No way of leaving loads a foreign page, so none ever gets the bridge; links open outside."""
    address, asked = stranger
    ways = (
        "(to) => { location.href = to; }",
        "(to) => { location.replace(to); }",
        "(to) => { const f = document.createElement('iframe'); f.src = to;"
        " document.body.append(f); }",
        "(to) => { const m = document.createElement('meta'); m.httpEquiv = 'refresh';"
        " m.content = '0;url=' + to; document.head.append(m); }",
    )
    home = app.page.evaluate("location.origin")

    for number, way in enumerate(ways):
        app.page.evaluate(way, f"{address}{number}")
        time.sleep(0.2)  # for a page that would come to come
    app.page.evaluate("document.querySelector('iframe')?.remove()")
    app.page.evaluate("(to) => { window.open(to); }", f"{address}window")
    app.page.evaluate(
        "(to) => { const a = document.createElement('a'); a.href = to;"
        " document.body.append(a); a.click(); a.remove(); }",
        f"{address}link",
    )
    until(lambda: f"{address}link" in outside(screen), "the link opened outside")

    assert asked == []
    assert app.page.evaluate("location.origin") == home
    assert app.page.evaluate("Boolean(window.pywebview.api.call)")


def outside(screen: Screen) -> str:
    return screen.outside.read_text() if screen.outside.exists() else ""


def test_other_kinds_of_addresses_open_nothing(app: Opened, screen: Screen) -> None:
    """Files of this computer, scripts and programs are not opened, whoever asks."""
    before = outside(screen)

    for address in ("file:///etc/passwd", "javascript:alert(1)", "steam://run/1", "-a", ""):
        answer = app.page.evaluate(
            "(address) => window.pywebview.api.call(JSON.parse(sessionStorage.getItem('token')),"
            " 'open outside', JSON.stringify({address}))",
            address,
        )
        assert answer["error"]["code"] == "invalid-input", address

    assert outside(screen) == before


def test_injected_script_cannot_reach_the_bridge(app: Opened) -> None:
    """Markup that got into the page runs nothing; and without the token the bridge is deaf."""
    app.page.evaluate(KEEP_CALLS)
    call = "window.pywebview.api.call(JSON.parse(sessionStorage.token),'deleted list','{}')"
    reach = f"{call};window.pwned=1"
    app.page.evaluate(
        """(reach) => {
          const host = document.createElement("div");
          host.innerHTML = `<img src="x" onerror="${reach}"><svg onload="${reach}"></svg>` +
            `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`;
          const seen = (tag, event) => new Promise((resolve) =>
            host.querySelector(tag).addEventListener(event, resolve, { once: true }));
          const tried = Promise.all([seen("img", "error"), seen("iframe", "load")]);
          document.body.append(host);
          const script = document.createElement("script");
          script.textContent = reach;
          document.body.append(script);
          const link = document.createElement("a");
          link.href = "javascript:" + reach;
          document.body.append(link);
          link.click();
          return tried.then(() => host.remove());
        }""",
        reach,
    )

    assert app.page.evaluate("window.pwned") is None
    assert ["deleted list", {}] not in calls_of(app)  # the page asks it rarely
    for token in ("''", "'guessed'", "null", "{}"):
        answer = app.page.evaluate(f"window.pywebview.api.call({token}, 'export list', '{{}}')")
        assert answer["error"]["code"] == "no-token"


def test_page_sees_only_one_function(app: Opened) -> None:
    """Nothing of the program but the one closure is callable from the page."""
    assert app.page.evaluate("Object.keys(window.pywebview.api)") == ["call"]
    for name in ("call.__globals__", "_window", "destroy", "__class__", "__class__.__base__"):
        settled = app.page.evaluate(
            """(name) => Promise.race([
              new Promise((resolve) => {
                window.pywebview._returnValuesCallbacks[name] = { 1: () => resolve("answered") };
                window.pywebview._jsApiCallback(name, [], "1");
              }),
              new Promise((resolve) => setTimeout(resolve, 200, "silence")),
            ])""",
            name,
        )
        assert settled == "silence"


def test_keys_of_the_menu_work(app: Opened) -> None:
    """The keys shown in the menu do what the menu says."""
    app.goto("/search")
    expect(app.page.locator("search-page")).to_be_visible()

    app.page.keyboard.press("Control+o")
    expect(app.page.locator("import-dialog dialog")).to_be_visible()
    app.page.keyboard.press("Escape")
    app.page.keyboard.press("Control+,")

    expect(app.page.locator("settings-page")).to_be_visible()


def test_menu_wears_what_the_page_wears(app: Opened, screen: Screen) -> None:
    """The theme chosen in the settings is the menu bar's too, and goes again."""
    app.goto("/settings")

    for theme, is_dark in (("Dark", True), ("Light", False)):
        app.page.get_by_label(theme, exact=True).check()
        until(lambda dark=is_dark: (lightness(screen) < 80) is dark, f"the menu in {theme}")


def lightness(screen: Screen) -> int:
    """Answer how light the menu bar is drawn, of 255."""
    words = ("getwindowgeometry", "--shell", screen.window(MAIN))
    facts = dict(line.split("=") for line in screen.hand(*words).splitlines())
    ran = subprocess.run(
        [
            *(sys.executable, ROOT / "tests" / "window" / "lightness.py"),
            *(str(int(facts["X"]) + int(facts["WIDTH"]) - 20), str(int(facts["Y"]) + 9)),
        ],
        env=screen.environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return int(ran.stdout)
