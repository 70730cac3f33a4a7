"""How the window stands among others: before them, as large as it was, where it was."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.conftest import require_program
from tests.window.conftest import (
    PATIENCE,
    SIZE,
    Opened,
    Screen,
    again_until,
    file_manager,
    until,
    x_server,
)

pytestmark = pytest.mark.window
TITLE = "Data Dumpster Diver"
FILLED = f"Geometry: {SIZE[0]}x{SIZE[1]}"
TITLE_BAR = 10  # pixels above the page; every frame's is higher


@pytest.fixture(scope="module")
def desk(screen: Screen) -> Iterator[Screen]:
    """A screen with a window manager: it gives windows frames and puts them above each other."""
    program = require_program("openbox")
    with x_server(require_program("Xvfb")) as name:
        desk = replace(screen, name=name)
        manager = subprocess.Popen(
            [program, "--sm-disable"], env=desk.environment(), stderr=subprocess.DEVNULL
        )
        try:
            until(lambda: desk.hand("get_num_desktops"), "the window manager")
            yield desk
        finally:
            manager.terminate()
            manager.wait(PATIENCE)


class Standing:
    """The window of an app, as its screen has it."""

    def __init__(self, app: Opened) -> None:
        expect(app.page.locator("library-page")).to_be_visible()
        self._hand = app.screen.hand
        self._number = app.screen.window(TITLE)
        until(self.is_in_front, "the window in front")

    def is_in_front(self) -> bool:
        """Tell whether what is typed goes to it."""
        return self._hand("getactivewindow") == self._number

    def facts(self) -> list[str]:
        """Answer where its page begins, and how large it is."""
        said = self._hand("getwindowgeometry", self._number)
        return [line.strip() for line in said.splitlines()[1:]]

    def settled(self) -> list[str]:
        """Answer the facts once they no longer change."""
        seen: list[list[str]] = [[]]

        def same() -> bool:
            seen.append(self.facts())
            return seen[-1] == seen[-2] != []

        until(same, "the window at rest")
        return seen[-1]

    def fill(self) -> list[str]:
        """Let it fill the screen but for its frame, by its title bar; answer the facts then."""
        before = self.facts()
        again_until(
            lambda: self.facts() != before,
            "the window maximized",
            lambda: self._click_title_bar("--repeat", "2", "--delay", "60"),
        )
        return self.settled()

    def press(self, key: str) -> None:
        """Press a key in it."""
        self._hand("key", key)

    def fold(self) -> None:
        """Fold it away."""
        self._hand("windowminimize", "--sync", self._number)
        until(lambda: not self.is_in_front(), "the window folded away")

    def _click_title_bar(self, *words: str) -> None:
        place, size = self._page()
        x, y = place[0] + size[0] // 2, place[1] - TITLE_BAR
        self._hand("mousemove", str(x), str(y), "click", *words, "1")

    def _page(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Answer where the page begins on the screen, and its size, in pixels."""
        facts = dict(
            line.split("=")
            for line in self._hand("getwindowgeometry", "--shell", self._number).splitlines()
        )
        # xdotool counts the frame twice; the mouse, put to the page's corner, does not.
        self._hand("mousemove", "--window", self._number, "0", "0")
        corner = dict(
            each.split("=") for each in self._hand("getmouselocation", "--shell").splitlines()
        )
        return (
            (int(corner["X"]), int(corner["Y"])),
            (int(facts["WIDTH"]), int(facts["HEIGHT"])),
        )


def folded(standing: Standing) -> None:
    standing.fold()


def left_alone(standing: Standing) -> None:
    del standing


@pytest.mark.parametrize("first", [left_alone, folded])
def test_second_start_brings_it_forward_as_large_as_it_was(
    open_app: Any,
    desk: Screen,
    tmp_path: Path,
    sample: Path,
    first: Callable[[Standing], None],
) -> None:
    """Behind another window or folded away, it comes to the front and still fills the screen."""
    with open_app(tmp_path / "library", on=desk) as app:
        standing = Standing(app)
        large = standing.fill()
        first(standing)
        with file_manager(desk, sample):
            until(lambda: not standing.is_in_front(), "another window in front")

            app.start_again()

            until(standing.is_in_front, "the window in front")
        assert standing.settled() == large


def test_full_screen_comes_and_goes(open_app: Any, desk: Screen, tmp_path: Path) -> None:
    """F11 fills the screen and gives the window back as it was; a second start changes nothing."""
    with open_app(tmp_path / "library", on=desk) as app:
        standing = Standing(app)
        usual = standing.settled()
        large = standing.fill()
        for before in (large, usual):
            if before == usual:
                standing.fill()  # once more: smaller again
                assert standing.settled() == usual

            standing.press("F11")
            until(lambda: FILLED in standing.facts(), "the full screen")
            app.start_again()
            until(standing.is_in_front, "the window in front")
            assert FILLED in standing.settled()

            standing.press("F11")
            until(lambda was=before: standing.facts() == was, "the window as it was")


def test_it_opens_where_it_was_left(open_app: Any, desk: Screen, tmp_path: Path) -> None:
    """Time after time, framed or filling the screen, and then as small as it was before."""
    library = tmp_path / "library"
    with open_app(library, on=desk) as app:
        standing = Standing(app)
        number = desk.window(TITLE)
        desk.hand("windowsize", "--sync", number, "900", "640")
        desk.hand("windowmove", "--sync", number, "120", "70")
        small = standing.settled()
    with open_app(library, on=desk) as app:
        standing = Standing(app)
        assert standing.settled() == small
        large = standing.fill()
    for _time in range(2):
        with open_app(library, on=desk) as app:
            standing = Standing(app)
            assert standing.settled() == large
    with open_app(library, on=desk) as app:
        standing = Standing(app)
        standing.fill()
        assert standing.settled() == small
