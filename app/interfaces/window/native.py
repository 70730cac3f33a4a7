"""What pywebview leaves undone on macOS and Windows: the place, drops, staying at home.

The counterpart of `qt.py`, which does it for Linux.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app.interfaces.window.home import is_home
from app.interfaces.window.place import MAXIMIZED, NORMAL, Place, followed

VEIL = ".drop-veil"  # what the page shows while something is dragged over it


class Mended:
    """The system's own window, put right before it is shown.

    ``home`` is our origin, ``place`` where the window goes; ``dropped`` is told the paths of
    files let fall on it.
    """

    def __init__(
        self, window: Any, home: str, place: Place, dropped: Callable[[Sequence[Path]], None]
    ) -> None:
        self._window = window  # pywebview's own, told apart from the system's by ``native``
        self._home = home
        self._place = place
        self._dropped = dropped
        window.events.moved += self._moved
        window.events.resized += self._resized
        window.events.loaded += self._hear_drops
        if sys.platform == "win32":
            window.native.webview.NavigationStarting += self._stay_home

    def come_forward(self) -> None:
        """Bring the window before the others, also if it was folded away."""
        if self._state() != MAXIMIZED:  # restoring that would make it small
            self._window.restore()
        self._window.show()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""
        self._window.toggle_fullscreen()

    def wear(self, theme: str) -> None:
        """Do nothing: menus and dialogs are the system's, and wear what it does."""

    def place(self) -> Place:
        """Answer where the window is, or would be if it did not fill the screen."""
        return self._place

    def _moved(self, x: float, y: float) -> None:
        self._place = followed(self._place, self._state(), {"x": int(x), "y": int(y)})

    def _resized(self, width: float, height: float) -> None:
        size = {"width": int(width), "height": int(height)}
        self._place = followed(self._place, self._state(), size)

    def _state(self) -> str:
        """Answer how the window stands, in Windows' own words; macOS has none for it."""
        return str(getattr(self._window.native, "WindowState", NORMAL))

    def _stay_home(self, sender: object, navigation: Any) -> None:
        """Show nothing but our own page: whatever is shown is given the bridge."""
        del sender
        if not is_home(str(navigation.Uri), self._home):
            navigation.Cancel = True

    def _hear_drops(self) -> None:
        """Hear of drops where pywebview knows the paths: on the veil the page shows meanwhile.

        On the veil and not on the whole page: pywebview writes down whatever was dropped on.
        """
        veil = self._window.dom.get_element(VEIL)
        if veil is not None:
            veil.on("drop", self._fell)

    def _fell(self, event: dict[str, Any]) -> None:
        files = event.get("dataTransfer", {}).get("files", [])
        paths = [Path(each["pywebviewFullPath"]) for each in files if "pywebviewFullPath" in each]
        if paths:
            self._dropped(paths)
