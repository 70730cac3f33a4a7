"""macOS and Windows: what is done about their windows, told by pywebview's own events."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from webview.event import Event

from app.interfaces.window import native
from app.interfaces.window.home import is_home
from app.interfaces.window.native import Mended
from app.interfaces.window.place import MAXIMIZED, MINIMIZED, NORMAL, Place
from tests.window.conftest import until

HOME = "http://127.0.0.1:4711/enter?k=1"


class DotNetEvent:
    """As pythonnet hands them out: functions are added by +=."""

    def __init__(self) -> None:
        self.told: list[Callable[[object, Any], None]] = []

    def __iadd__(self, heard: Callable[[object, Any], None]) -> DotNetEvent:
        self.told.append(heard)
        return self


class SystemWindow:
    """Stands for a window on Windows: pywebview's events are real, the system's are not."""

    def __init__(self) -> None:
        self.events = SimpleNamespace(
            **{name: Event(self) for name in ("moved", "resized", "loaded")}
        )
        webview = SimpleNamespace(NavigationStarting=DotNetEvent())
        self.native = SimpleNamespace(WindowState=NORMAL, webview=webview)
        self.done: list[str] = []

    def restore(self) -> None:
        self.done.append("restore")
        self.native.WindowState = NORMAL

    def show(self) -> None:
        self.done.append("show")

    def navigate(self, address: str) -> bool:
        """Try to show an address; answer whether it was."""
        asked = SimpleNamespace(Uri=address, Cancel=False)
        for heard in self.native.webview.NavigationStarting.told:
            heard(self, asked)
        return not asked.Cancel


@pytest.fixture
def window(monkeypatch: pytest.MonkeyPatch) -> SystemWindow:
    monkeypatch.setattr(native.sys, "platform", "win32")
    return SystemWindow()


def mend(window: SystemWindow) -> Mended:
    def dropped(paths: object) -> None:
        raise AssertionError(f"nothing was dropped: {paths}")

    return Mended(window, HOME, Place(40, 30, 900, 640), dropped)


def test_place_is_followed(window: SystemWindow) -> None:
    """What is moved and made larger is followed, what is folded away or fills the screen is not."""
    mended = mend(window)

    window.events.moved.set(50.0, 60.0)
    until(lambda: mended.place() == Place(50, 60, 900, 640), "the place")
    window.events.resized.set(1000, 700)
    until(lambda: mended.place() == Place(50, 60, 1000, 700), "the size")
    window.native.WindowState = MAXIMIZED
    window.events.resized.set(1920, 1040)
    until(lambda: mended.place() == Place(50, 60, 1000, 700, maximized=True), "it maximized")
    window.native.WindowState = MINIMIZED
    window.events.moved.set(-32000, -32000)
    time.sleep(0.1)  # for what would be followed to be

    assert mended.place() == Place(50, 60, 1000, 700, maximized=True)


@pytest.mark.parametrize(
    ("state", "done"),
    [(NORMAL, ["restore", "show"]), (MINIMIZED, ["restore", "show"]), (MAXIMIZED, ["show"])],
)
def test_it_comes_forward_as_large_as_it_was(
    window: SystemWindow, state: str, done: list[str]
) -> None:
    """Restoring unfolds a window, and makes small one that fills the screen."""
    mended = mend(window)
    window.native.WindowState = state

    mended.come_forward()

    assert window.done == done


def test_it_never_leaves_its_page(window: SystemWindow) -> None:
    """Only our own origin is shown, whatever way leads elsewhere."""
    mend(window)

    assert window.navigate("http://127.0.0.1:4711/exports/Mine?x=1#y")
    for address in ("https://example.org/", "http://127.0.0.1:4712/", "file:///C:/x.html", ""):
        assert not window.navigate(address), address


def test_drops_are_heard_by_their_full_paths() -> None:
    """What pywebview knows the path of is told; what was dropped from a web page is not."""
    heard: list[object] = []
    mended = Mended(SystemWindow(), HOME, Place(), heard.append)
    files = [{"name": "a.zip", "pywebviewFullPath": "/data/a b.zip"}, {"name": "web"}]

    mended._fell({"dataTransfer": {"files": files}})
    mended._fell({"dataTransfer": {}})
    mended._fell({})

    assert heard == [[Path("/data/a b.zip")]]


@pytest.mark.parametrize(
    "address",
    [
        *("https://127.0.0.1:4711/", "http://127.0.0.1/", "http://127.0.0.1:47110/"),
        *("http://localhost:4711/", "http://127.0.0.1:4711@example.org/", "//127.0.0.1:4711/"),
        *("http://sam@127.0.0.1:4711/", "http://127.0.0.1.example.org:4711/", "http://[", ""),
        *("about:blank", "data:text/html,x", "blob:http://127.0.0.1:4711/1"),
    ],
)
def test_no_other_origin_is_home(address: str) -> None:
    """Another scheme, host or port, or an address that only looks like ours."""
    assert is_home("http://127.0.0.1:4711/anything", HOME)
    assert not is_home(address, HOME)
