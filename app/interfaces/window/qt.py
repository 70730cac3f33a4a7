"""What pywebview leaves undone on Qt: permissions, downloads, drops, colours, staying at home.

The only importer of PySide6, and only on Linux. All of it runs on the thread that draws.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QColor, QDropEvent, QGuiApplication, QPalette
from PySide6.QtWebEngineCore import (
    QWebEngineDownloadRequest,
    QWebEngineNavigationRequest,
    QWebEngineNewWindowRequest,
    QWebEnginePage,
    QWebEnginePermission,
    QWebEngineSettings,
)
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from app.errors import AppError
from app.interfaces.window.home import is_home
from app.interfaces.window.outside import open_outside
from app.interfaces.window.place import Place

PROGRAM = "data-dumpster-diver"  # as its entry in a desktop's menu is called
NATIVE = ("about", "blob", "data")  # schemes that are no origin of their own
SCRIPTS_OPEN_WINDOWS = QWebEngineSettings.WebAttribute.JavascriptCanOpenWindows
CLIPBOARD = QWebEnginePermission.PermissionType.ClipboardReadWrite
SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
GROUNDS = {  # of buttons and of windows, the page's own
    "system": ("#f4eee2", "#faf6ee"),
    "light": ("#f4eee2", "#faf6ee"),
    "dark": ("#2c2722", "#1a1816"),
}


def name_program() -> None:
    """Tell the desktop who we are, so that it shows our icon and finds our window again.

    Before there is any window: else they are those of whatever file Python was started with.
    """
    QCoreApplication.setApplicationName(PROGRAM)
    QGuiApplication.setDesktopFileName(PROGRAM)


class Mended(QObject):
    """pywebview's Qt window, put right before it is shown.

    ``home`` is our origin, ``place`` where the window goes; ``dropped`` is told the paths of
    files let fall on it, ``saved`` where a download went.
    """

    # Told from any thread, obeyed on the one that draws.
    _worn = Signal(str)
    _wanted = Signal()
    _filled = Signal()

    def __init__(
        self,
        window: Any,
        home: str,
        place: Place,
        *,
        dropped: Callable[[Sequence[Path]], None],
        saved: Callable[[Path], None],
    ) -> None:
        super().__init__(window)
        self._worn.connect(self._wear)
        self._wanted.connect(self._come_forward)
        self._filled.connect(self._toggle_full_screen)
        self._window = window  # pywebview's BrowserView, a QMainWindow
        self._view = window.webview
        self._home = home
        self._saved = saved
        page = self._view.page()
        page.featurePermissionRequested.disconnect()  # it passes a number where Qt wants a name
        page.permissionRequested.connect(self._permit)
        page.navigationRequested.connect(self._stay_home)
        page.profile().downloadRequested.connect(self._save)
        # The page follows its links by itself; windows a script opens would get the bridge too.
        page.settings().setAttribute(SCRIPTS_OPEN_WINDOWS, False)
        page.nav_handler = None  # pywebview's page for new windows; without it Qt asks us
        page.newWindowRequested.connect(self._open_outside)
        self._drops = _Drops(dropped, self._view)
        self._view.installEventFilter(self._drops)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._offer_copying)
        if place.x is not None and place.y is not None:
            # pywebview counts from the first screen, Qt from all. The frame is not counted: it
            # is not known before the window is shown, nor while it fills the screen.
            window.setGeometry(place.x, place.y, place.width, place.height)

    def come_forward(self) -> None:
        """Bring the window before the others, as large as it was."""
        self._wanted.emit()

    def toggle_full_screen(self) -> None:
        """Fill the screen, or stop doing so."""
        self._filled.emit()

    def wear(self, theme: str) -> None:
        """Colour menus and dialogs, which are Qt's, as the page is."""
        self._worn.emit(theme)

    def place(self) -> Place:
        """Answer where the window is, or would be if it did not fill the screen."""
        there = self._window.normalGeometry()
        is_maximized = bool(self._window.windowState() & Qt.WindowState.WindowMaximized)
        return Place(there.x(), there.y(), there.width(), there.height(), is_maximized)

    def _wear(self, theme: str) -> None:
        """Colour menus and dialogs as the page is, which follows the desktop if told to."""
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(SCHEMES.get(theme, Qt.ColorScheme.Unknown))
        follows_dark = theme == "system" and hints.colorScheme() == Qt.ColorScheme.Dark
        palette = QPalette(*map(QColor, GROUNDS["dark" if follows_dark else theme]))
        QApplication.setPalette(palette)
        self._window.setPalette(palette)  # pywebview gave it one of its own

    def _come_forward(self) -> None:
        # pywebview's own way would make small what fills the screen.
        state = self._window.windowState()
        self._window.setWindowState(state & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _is_home(self, url: QUrl) -> bool:
        return is_home(url.toString(), self._home)

    def _permit(self, permission: QWebEnginePermission) -> None:
        """Let our own page copy; nobody gets the camera, the microphone or anything else."""
        if permission.permissionType() == CLIPBOARD and self._is_home(permission.origin()):
            permission.grant()
        else:
            permission.deny()

    def _stay_home(self, request: QWebEngineNavigationRequest) -> None:
        """Show nothing but our own page: whatever is shown is given the bridge."""
        url = request.url()
        if self._is_home(url) or (url.scheme() in NATIVE and not request.isMainFrame()):
            request.accept()
        else:
            request.reject()

    def _open_outside(self, request: QWebEngineNewWindowRequest) -> None:
        """Let the person's browser open what wants a window of its own."""
        with suppress(AppError):  # nobody's business, or no browser: nothing opens
            open_outside(request.requestedUrl().toString())

    def _save(self, download: QWebEngineDownloadRequest) -> None:
        """Ask where a download goes; ours only, and no further than asked."""
        if not (self._is_home(download.url()) or download.url().scheme() == "blob"):
            download.cancel()
            return
        name = Path(download.downloadDirectory()) / download.downloadFileName()
        chosen, _filter = QFileDialog.getSaveFileName(self._window, "Save", str(name))
        if not chosen:
            download.cancel()
            return
        target = Path(chosen)
        download.setDownloadDirectory(str(target.parent))
        download.setDownloadFileName(target.name)
        download.isFinishedChanged.connect(lambda: self._tell_saved(download, target))
        download.accept()

    def _tell_saved(self, download: QWebEngineDownloadRequest, target: Path) -> None:
        if download.state() == QWebEngineDownloadRequest.DownloadState.DownloadCompleted:
            self._saved(target)

    def _offer_copying(self, where: Any) -> None:
        """Show what one expects behind the right button: copying, and pasting in a field."""
        request = self._view.lastContextMenuRequest()
        actions = [QWebEnginePage.WebAction.Copy, QWebEnginePage.WebAction.SelectAll]
        if request is not None and request.isContentEditable():
            actions = [QWebEnginePage.WebAction.Cut, actions[0]]
            actions += [QWebEnginePage.WebAction.Paste, QWebEnginePage.WebAction.SelectAll]
        elif request is not None and request.linkUrl().isValid():
            actions.append(QWebEnginePage.WebAction.CopyLinkToClipboard)
        menu = QMenu(self._view)
        for each in actions:
            action: QAction = self._view.pageAction(each)
            menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.mapToGlobal(where))


class _Drops(QObject):
    """Sees files let fall on the view, with their full paths; the page sees the drop too."""

    def __init__(self, dropped: Callable[[Sequence[Path]], None], view: QObject) -> None:
        super().__init__(view)
        self._dropped = dropped

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take note of a drop, and let it pass."""
        del watched
        if event.type() == QEvent.Type.Drop and isinstance(event, QDropEvent):
            urls = event.mimeData().urls()
            if paths := [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]:
                self._dropped(paths)
        return False
