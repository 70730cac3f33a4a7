"""The window itself: the one door to pywebview."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import webview
from webview.menu import Menu, MenuAction, MenuSeparator

from app.interfaces.bridge import Call
from app.interfaces.window.closing import Closing
from app.interfaces.window.lacking import has_graphics_card
from app.interfaces.window.place import LEAST, Area, Place, fitted

TITLE = "Data Dumpster Diver"
PAPER, NIGHT = "#faf6ee", "#1a1816"  # until the page is there, the ground it will have
ON_LINUX = sys.platform.startswith("linux")
NEVER_SHOWN = ("PySide6.QtDataVisualization", "PySide6.QtOpenGL")  # qtpy loads them if it can
CHROMIUM = "QTWEBENGINE_CHROMIUM_FLAGS"
BY_PROCESSOR = {"QT_QUICK_BACKEND": "software", "QT_XCB_GL_INTEGRATION": "none"}
Entry = tuple[str, str, str]  # words, the keys shown beside them, what the page is told
MENU: tuple[tuple[str, tuple[Entry | None, ...]], ...] = (
    (
        "File",
        (
            ("Import…", "Ctrl+O", "import"),
            None,
            ("Settings", "Ctrl+,", "settings"),
            None,
            ("Quit", "Ctrl+Q", "quit"),
        ),
    ),
    (
        "View",
        (
            ("Library", "G, L", "library"),
            ("Search", "Ctrl+K", "search"),
            None,
            ("Full screen", "F11", "full screen"),
        ),
    ),
    ("Help", (("Keys", "?", "keys"),)),
)

log = logging.getLogger("app.window")


@dataclass(frozen=True)
class Happenings:
    """Who is told what happens in the window."""

    chosen: Callable[[str], None]  # an entry of the menu
    dropped: Callable[[Sequence[Path]], None]
    saved: Callable[[Path], None]
    left: Callable[[Place], None]  # it closes, and stood there


class Mended(Protocol):
    """The window put right where pywebview does not, on each system in its own way."""

    def come_forward(self) -> None:
        """Bring the window before the others, also if it was folded away."""

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""

    def wear(self, theme: str) -> None:
        """Wear a theme, "light", "dark" or "system", with menus and dialogs."""

    def place(self) -> Place:
        """Answer where the window is, or would be if it did not fill the screen."""


class CannotOpen(Exception):
    """There can be no window after all; the text says why."""


class _Sealed:
    """What the page can reach beside the bridge: nothing.

    pywebview looks any dotted name up on this object; without one it would do so on None,
    whose attributes lead to every class there is.
    """

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        """Have nothing."""
        raise AttributeError(name)

    def __dir__(self) -> list[str]:
        """Offer nothing."""
        return []


class Frame:
    """One window showing one page, and the dialogs that belong to it."""

    def __init__(self, theme: str = "system") -> None:
        self._theme = theme
        self._window: webview.Window | None = None
        self._mended: Mended | None = None
        self._place = Place()

    def show(
        self,
        address: str,
        call: Call,
        place: Place,
        closing: Closing,
        happenings: Happenings,
    ) -> None:
        """Show the page until the window is closed; on the main thread. Raises CannotOpen."""
        _prepare_platform()
        if ON_LINUX:
            _load_qt()
        try:
            self._place = place = fitted(place, _screens())
        except webview.WebViewException as problem:
            raise CannotOpen(str(problem)) from problem
        window = webview.create_window(
            TITLE,
            address,
            width=place.width,
            height=place.height,
            x=None if ON_LINUX else place.x,
            y=None if ON_LINUX else place.y,
            maximized=place.maximized,
            min_size=LEAST,
            text_select=True,
            zoomable=True,
            background_color=NIGHT if self._theme == "dark" else PAPER,
            menu=_menu(happenings.chosen),
            js_api=_Sealed(),
        )
        if window is None:
            raise CannotOpen("The window could not be made.")
        self._window = window
        window.expose(call)
        self._listen(window, address, closing, happenings)
        try:
            webview.start(gui="qt" if ON_LINUX else None, icon=_icon())
        except webview.WebViewException as problem:
            raise CannotOpen(str(problem)) from problem

    def run(self, script: str) -> None:
        """Run a line of JavaScript in the page; may wait for the page.

        Lost where there is no page yet: it asks for all there is when it comes.
        """
        if self._window is not None:
            with suppress(webview.WebViewException):
                self._window.run_js(script)

    def close(self) -> None:
        """Ask the window to close, as the person does with its button."""
        if self._window is not None:
            self._window.destroy()

    def come_forward(self) -> None:
        """Bring the window before the others, as large as it was; from any thread."""
        if self._mended is not None:
            self._mended.come_forward()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so; from any thread."""
        if self._mended is not None:
            self._mended.toggle_full_screen()

    def wear(self, theme: str) -> None:
        """Wear what the page wears, "light", "dark" or "system"; from any thread."""
        self._theme = theme
        if self._mended is not None:
            self._mended.wear(theme)

    def files(self, kind: str, patterns: str) -> Sequence[str]:
        """Ask for files; none if the person thinks better of it."""
        kinds = (f"{kind} ({patterns})", "All files (*.*)")
        return self._ask(
            webview.FileDialog.OPEN,
            allow_multiple=True,
            file_types=kinds,
            directory=str(Path.home() / "Downloads"),  # where an archive most likely is
        )

    def folder(self, start: str) -> str:
        """Ask for a folder; empty if the person thinks better of it."""
        return next(iter(self._ask(webview.FileDialog.FOLDER, directory=start)), "")

    def place_to_save(self, name: str) -> str:
        """Ask where to save a file; empty if the person thinks better of it."""
        return next(iter(self._ask(webview.FileDialog.SAVE, save_filename=name)), "")

    def _ask(self, kind: webview.FileDialog, **asked: Any) -> Sequence[str]:
        if self._window is None:
            return ()
        found = self._window.create_file_dialog(kind, **asked)
        return (found,) if isinstance(found, str) else tuple(found or ())

    def _listen(
        self, window: webview.Window, home: str, closing: Closing, happenings: Happenings
    ) -> None:
        """Say who is told what; the window is there once it is about to be shown."""

        def mend() -> None:
            self._mended = _mended(window, home, self._place, happenings)
            self._mended.wear(self._theme)

        def may_close() -> bool:
            if not closing.may_close():
                return False
            happenings.left(self._mended.place() if self._mended else self._place)
            return True

        window.events.before_show += mend
        window.events.closing += may_close


def _prepare_platform() -> None:
    """Set what the web view reads before it starts."""
    logging.getLogger("pywebview").setLevel(logging.CRITICAL)  # it logs what calls answered
    webview.settings["ALLOW_DOWNLOADS"] = not ON_LINUX  # on Qt ours does it
    webview.settings["ALLOW_FILE_URLS"] = False
    webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = True
    if ON_LINUX:
        os.environ["PYWEBVIEW_GUI"] = "qt"  # else it looks for GTK first
        os.environ.setdefault("QT_LOGGING_RULES", "*=false")
        if not has_graphics_card():
            os.environ[CHROMIUM] = f"{os.environ.get(CHROMIUM, '')} --disable-gpu".strip()
            for name, drawn_by in BY_PROCESSOR.items():
                os.environ.setdefault(name, drawn_by)
        for name in NEVER_SHOWN:
            sys.modules.setdefault(name, None)  # type: ignore[arg-type] # Python's own "not here"
        if os.geteuid() == 0:
            # Chromium's sandbox refuses to work for root; for anybody else it stays on.
            os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"


def _load_qt() -> None:
    """Load Qt before pywebview does, which would not say what is missing. Raises CannotOpen."""
    try:
        importlib.import_module("webview.platforms.qt")
        from app.interfaces.window.qt import name_program
    except ImportError as problem:
        raise CannotOpen(f"Qt cannot be loaded: {problem}.") from problem
    name_program()


def _mended(window: webview.Window, home: str, place: Place, happenings: Happenings) -> Mended:
    """Put the window right; on the thread that draws, before it is shown."""
    if ON_LINUX:
        from app.interfaces.window.qt import Mended as OnQt

        return OnQt(window.native, home, place, dropped=happenings.dropped, saved=happenings.saved)
    from app.interfaces.window.native import Mended as OnSystem

    return OnSystem(window, home, place, happenings.dropped)


def _screens() -> list[Area]:
    return [
        Area(int(each.x), int(each.y), int(each.width), int(each.height))
        for each in webview.screens
    ]


def _menu(chosen: Callable[[str], None]) -> list[Menu]:
    return [Menu(title, [_item(entry, chosen) for entry in entries]) for title, entries in MENU]


def _item(entry: Entry | None, chosen: Callable[[str], None]) -> MenuAction | MenuSeparator:
    """Make an entry, its keys shown beside it; the page obeys the keys.

    What follows a tab is set apart, as the keys of other programs are; macOS has signs.
    """
    if entry is None:
        return MenuSeparator()
    words, keys, name = entry
    shown = f"  {keys.replace('Ctrl+', '⌘')}" if sys.platform == "darwin" else f"\t{keys}"
    return MenuAction(words + shown, partial(chosen, name))


def _icon() -> str | None:
    """Answer the icon's file, where the program has one for this system."""
    from app.interfaces.http.page import web_folder

    icon = web_folder() / "images" / "raccoon.svg"
    return str(icon) if ON_LINUX and icon.is_file() else None
