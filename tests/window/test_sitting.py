"""From opening to the end: files handed over, closing while something runs, no window at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Locator, expect

from app.interfaces.window.place import USUAL
from tests.conftest import require_program
from tests.window.conftest import (
    COMMAND,
    PATIENCE,
    ROOT,
    SIZE,
    Opened,
    Screen,
    members,
    until,
    x_server,
)

pytestmark = pytest.mark.window


def start_large(app: Opened, large: Path, name: str) -> None:
    """Start an import that takes a while."""
    expect(app.page.locator("library-page")).to_be_visible()
    chosen = {"place": str(large), "path": large.name, "size": 1}
    app.page.evaluate(
        "(place) => dispatchEvent(new CustomEvent('python:dropped', {detail: [place]}))", chosen
    )
    app.page.locator("#import-name").fill(name)
    app.page.get_by_role("button", name="Import", exact=True).click()
    stage = app.page.locator("job-progress[data-state=running] .stage")
    expect(stage).to_contain_text("onversations")


def question(app: Opened) -> Locator:
    return app.page.get_by_role("dialog", name="A job is still running")


def answer(app: Opened, words: str) -> None:
    question(app).get_by_role("button", name=words).click()


def test_second_start_hands_its_file_to_the_first(
    open_app: Any, sample: Path, screen: Screen, tmp_path: Path
) -> None:
    """The first was opened with a file; the second leaves its own there and goes, at once."""
    second = tmp_path / "second.zip"
    shutil.copy(sample, second)
    library = tmp_path / "library"
    with open_app(library, str(sample)) as app:
        expect(app.page.locator(".chosen")).to_contain_text(sample.name)
        seat = library / ".window" / "open.json"
        assert seat.stat().st_mode & 0o077 == 0

        app.start_again(str(second))

        expect(app.page.locator(".chosen")).to_contain_text(second.name)
        os.killpg(app.process.pid, signal.SIGKILL)  # a single file is two processes
        app.gone()
    with open_app(library) as again:  # a killed one holds nobody up
        expect(again.page.locator("library-page")).to_be_visible()


def test_closing_asks_and_stays(open_app: Any, large: Path, tmp_path: Path) -> None:
    """While a job runs closing asks; staying stays, stopping leaves the library as it was."""
    library = tmp_path / "library"
    with open_app(library) as app:
        start_large(app, large, "Never")
        app.quit_by_menu(question(app).is_visible)
        answer(app, "Keep it open")
        assert app.process.poll() is None
        app.page.keyboard.press("Control+q")
        answer(app, "Stop and close")

        assert app.gone() == 0
    assert [each.name for each in (library / "exports").iterdir() if each.name[0] != "."] == []
    assert list((library / "exports" / ".staging").glob("*")) == []


def test_closing_when_finished(
    open_app: Any, middling: Path, screen: Screen, tmp_path: Path
) -> None:
    """The job is finished first; the next window is where the last one was."""
    library = tmp_path / "library"
    with open_app(library) as app:
        number = screen.window("Data Dumpster Diver")
        screen.hand("windowsize", "--sync", number, "900", "640")
        screen.hand("windowmove", "--sync", number, "120", "70")
        start_large(app, middling, "Whole")
        app.page.keyboard.press("Control+q")
        answer(app, "Close when finished")
        expect(app.page.locator(".closing-note")).to_be_visible()

        assert app.process.wait(PATIENCE) == 0
    assert (library / "exports" / "Whole" / "export.json").is_file()
    with open_app(library) as app:
        number = screen.window("Data Dumpster Diver")
        there = ["Position: 120,70 (screen: 0)", "Geometry: 900x640"]
        until(lambda: facts_of(screen, number)[-2:] == there, "the window where it was")
        app.quit_by_menu(app.has_ended)
        assert app.gone() == 0


def facts_of(screen: Screen, window: str) -> list[str]:
    return [line.strip() for line in screen.hand("getwindowgeometry", window).splitlines()]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "There is no display here."),
        ({"DISPLAY": ":9999"}, "There is no display here."),
        ({"DUMPSTER_NO_WINDOW": "1"}, "DUMPSTER_NO_WINDOW is set."),
    ],
)
def test_without_a_window_the_browser_does(
    given: dict[str, str], reason: str, tmp_path: Path
) -> None:
    """No display, or no wish for one: one line says why, and the same app is served."""
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    plain = {name: value for name, value in os.environ.items() if name not in shown}
    process = subprocess.Popen(
        [*COMMAND, "--library", str(tmp_path / "library")],
        cwd=ROOT,
        env={**plain, **given, "BROWSER": "true", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stderr.readline()
        told = process.stdout.readline()
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)

    assert said == f"No window: {reason} The app opens in the browser instead.\n"
    assert "browser" in told
    assert process.returncode == 0


def test_desktop_is_told_whose_window_it_is(open_app: Any, screen: Screen, tmp_path: Path) -> None:
    """The window goes by the name its entry in the desktop's menu says, so it has its icon."""
    entry = (ROOT / "build" / "data-dumpster-diver.desktop").read_text()
    name = next(line for line in entry.splitlines() if line.startswith("StartupWMClass="))
    with open_app(tmp_path / "library"):
        named = screen.hand("search", "--onlyvisible", "--class", f"^{name.partition('=')[2]}$")

        assert screen.window("Data Dumpster Diver") in named.split()


def test_screen_without_a_graphics_card_does(open_app: Any, screen: Screen, tmp_path: Path) -> None:
    """An X server without GLX, as distant screens have, shows the window all the same."""
    with x_server(require_program("Xvfb"), "-extension", "GLX") as name:
        plain = replace(screen, name=name)
        with open_app(tmp_path / "library", on=plain) as app:
            expect(app.page.locator("library-page")).to_be_visible()


class WaylandScreen(Screen):
    """A screen without an X server, as most of today's desktops are; the hand cannot reach it."""

    def environment(self) -> dict[str, str]:
        """Answer what a program on this screen is started with."""
        plain = super().environment()
        del plain["DISPLAY"]
        where = str(Path(self.name).parent)
        return {**plain, "WAYLAND_DISPLAY": Path(self.name).name, "XDG_RUNTIME_DIR": where}


@pytest.fixture
def wayland(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """A Wayland compositor of the test's own, which draws for nobody."""
    place = tmp_path_factory.mktemp("wayland") / "screen"
    place.parent.chmod(0o700)  # else nobody speaks to it
    compositor = subprocess.Popen(
        [
            *(require_program("weston"), "--backend=headless-backend.so"),
            *(f"--socket={place.name}", f"--width={SIZE[0]}", f"--height={SIZE[1]}"),
        ],
        env={**os.environ, "XDG_RUNTIME_DIR": str(place.parent)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(place.exists, "the compositor")
        yield WaylandScreen(str(place), screen.outside, screen.shown)
    finally:
        compositor.terminate()
        compositor.wait(PATIENCE)


def test_wayland_shows_the_window(open_app: Any, wayland: Screen, tmp_path: Path) -> None:
    """Without any X server the window opens, comes forward when started again, and closes."""
    library = tmp_path / "library"
    with open_app(library, on=wayland) as app:
        expect(app.page.locator("library-page")).to_be_visible()
        app.start_again()

        app.page.keyboard.press("F11")
        until(lambda: app.page.evaluate("innerHeight") > USUAL[1], "the full screen")
        with suppress(Error):  # it is gone before the key is let go
            app.page.keyboard.press("Control+q")
        assert app.gone() == 0


def test_processor_never_plays_the_graphics_card(open_app: Any, tmp_path: Path) -> None:
    """Where no card draws, Mesa's stand-in for one, four times the work, is not asked either."""
    with open_app(tmp_path / "library") as app:
        expect(app.page.locator("library-page")).to_be_visible()
        names = {
            task.read_text().strip().partition("-")[0]
            for each in members(app.process.pid)
            for task in Path(f"/proc/{each}/task").glob("*/comm")
        }

    assert "Chrome_IOThread" in names
    assert "llvmpipe" not in names


def test_page_that_hangs_does_not_keep_the_window_open(open_app: Any, tmp_path: Path) -> None:
    """A page that answers nothing more cannot keep the program from ending."""
    with open_app(tmp_path / "library") as app:
        app.page.evaluate("setTimeout(() => { while (true) {} }, 50); 0")
        app.process.terminate()
        app.process.terminate()  # a single file's starter says it again

        assert app.gone() == 0
    until(lambda: not (tmp_path / "library" / ".window" / "open.json").exists(), "the seat free")
