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
from typing import Any

import webview
from webview.dom import DOMEventHandler
from webview.menu import Menu, MenuAction, MenuSeparator

from app.interfaces.bridge import Call
from app.interfaces.window.closing import Closing
from app.interfaces.window.lacking import has_graphics_card
from app.interfaces.window.place import LEAST, MAXIMIZED, NORMAL, Area, Place, fitted, followed

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
        self._mended: Any = None
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
        """Bring the window before the others, also if it was folded away."""
        if self._mended is not None:
            self._mended.wanted.emit()
        elif self._window is not None:
            if _state_of(self._window) != MAXIMIZED:
                self._window.restore()  # else it may be folded away
            self._window.show()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""
        if self._mended is not None:
            self._mended.filled.emit()
        elif self._window is not None:
            self._window.toggle_fullscreen()

    def wear(self, theme: str) -> None:
        """Wear what the page wears, "light", "dark" or "system"; from any thread.

        Only Qt draws menus and dialogs of its own: elsewhere they are the system's.
        """
        self._theme = theme
        if self._mended is not None:
            self._mended.worn.emit(theme)

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
        """Say who is told what: before it is shown on Qt, where it does not tell by itself."""

        def before_show() -> None:
            from app.interfaces.window.qt import Mended

            self._mended = Mended(
                window.native,
                home,
                self._place,
                dropped=happenings.dropped,
                saved=happenings.saved,
            )
            self._mended.worn.emit(self._theme)

        def may_close() -> bool:
            if not closing.may_close():
                return False
            happenings.left(self._mended.place() if self._mended else self._place)
            return True

        window.events.closing += may_close
        if ON_LINUX:
            window.events.before_show += before_show
        else:
            window.events.moved += self._moved
            window.events.resized += self._resized
            window.events.loaded += lambda: _hear_drops(window, happenings.dropped)

    def _moved(self, x: float, y: float) -> None:
        self._follow(x=int(x), y=int(y))

    def _resized(self, width: float, height: float) -> None:
        self._follow(width=int(width), height=int(height))

    def _follow(self, **changed: int) -> None:
        if self._window is not None:
            self._place = followed(self._place, _state_of(self._window), changed)


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


def _state_of(window: webview.Window) -> str:
    """Answer how the window stands, in Windows' own words; macOS has none for it."""
    return str(getattr(window.native, "WindowState", NORMAL))


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


def _hear_drops(window: webview.Window, dropped: Callable[[Sequence[Path]], None]) -> None:
    """Hear of drops where pywebview knows the paths: on the veil the page shows while dragging.

    On the veil and not on the whole page: pywebview writes down whatever was dropped on.
    """

    def fell(event: dict[str, Any]) -> None:
        files = event.get("dataTransfer", {}).get("files", [])
        paths = [Path(each["pywebviewFullPath"]) for each in files if "pywebviewFullPath" in each]
        if paths:
            dropped(paths)

    veil = window.dom.get_element(".drop-veil")
    if veil is not None:
        veil.on("drop", DOMEventHandler(fell))


def _icon() -> str | None:
    """Answer the icon's file, where the program has one for this system."""
    from app.interfaces.http.page import web_folder

    icon = web_folder() / "images" / "raccoon.svg"
    return str(icon) if ON_LINUX and icon.is_file() else None
