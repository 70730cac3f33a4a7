"""Whether a window can be opened here, and if not, why, in one line.

Standard library only: `run.py` asks before anything is installed. Asked first because Qt
does not fail, it aborts the process, where there is no display or a library is missing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

SWITCH = "DUMPSTER_NO_WINDOW"
# What Qt's web view loads that a bare Debian or Ubuntu does not have, and who brings it.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libgbm.so.1": "libgbm1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libnss3.so": "libnss3",
    "libasound.so.2": "libasound2",
    "libXcomposite.so.1": "libxcomposite1",
    "libXdamage.so.1": "libxdamage1",
    "libXrandr.so.2": "libxrandr2",
    "libXtst.so.6": "libxtst6",
    "libxkbfile.so.1": "libxkbfile1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
# What an executable does not bring along: the graphics driver's, which must fit the machine.
NOT_BUNDLED = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdrm.so.2": "libdrm2",
    "libwayland-server.so.0": "libwayland-server0",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
}
# Debian 13 and Ubuntu 24.04 renamed these when time became 64 bits wide.
RENAMED = {"libglib2.0-0": "libglib2.0-0t64", "libasound2": "libasound2t64"}
RENAMED_SINCE = {"debian": (13,), "ubuntu": (24, 4)}
WITHOUT_DISPLAY = ("offscreen", "minimal", "vnc")  # Qt's platforms that need none
# A card that draws: Linux's own drivers', NVIDIA's where only that is let in, Windows' below WSL.
CARDS = ("dri/renderD*", "nvidiactl", "dxg")
WEBVIEW2 = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"

NO_VERSION = ("", "0.0.0.0")  # noqa: S104 - what is left of one that was removed


def find_reason() -> str:
    """Answer why there can be no window here, as one sentence; empty if there can be one."""
    if os.environ.get(SWITCH):
        return f"{SWITCH} is set."
    wanted = ("webview", "PySide6") if sys.platform.startswith("linux") else ("webview",)
    if not all(importlib.util.find_spec(each) for each in wanted):
        return "The program was installed without its window."
    return _CHECKS.get(sys.platform, _nothing)()


def missing_libraries() -> list[str]:
    """Answer the libraries a window on Linux needs and this system does not have."""
    wanted: Iterable[str] = NOT_BUNDLED if getattr(sys, "frozen", False) else LIBRARIES
    return [name for name in wanted if not _loads(name)]


def packages_of(libraries: Iterable[str], release: Path = Path("/etc/os-release")) -> list[str]:
    """Answer the packages of Debian or Ubuntu that bring these libraries, as here named."""
    packages = [(LIBRARIES | NOT_BUNDLED)[name] for name in libraries]
    try:
        facts = dict(re.findall(r'^(\w+)="?([^"\n]*)"?$', release.read_text("utf-8"), re.M))
    except OSError:
        return packages
    version = [int(part) for part in facts.get("VERSION_ID", "").split(".") if part.isdigit()]
    since = RENAMED_SINCE.get(facts.get("ID", ""))
    if since is None or tuple(version) < since:
        return packages
    return [RENAMED.get(package, package) for package in packages]


def apt_line(packages: Iterable[str]) -> str:
    """Answer the line that installs packages on Debian and Ubuntu."""
    return "apt-get install -y --no-install-recommends " + " ".join(packages)


def has_graphics_card(devices: Path = Path("/dev")) -> bool:
    """Tell whether a graphics card can draw the window; else the processor should do so directly.

    Without one OpenGL is played by the processor, at four times the work; and where an X
    server has no GLX, as servers for distant screens often have none, the web view would
    abort the process.
    """
    return any(any(devices.glob(each)) for each in CARDS) and _answers_glx()


def _without_libraries() -> str:
    missing = missing_libraries()
    if not missing:
        return ""
    line = apt_line(packages_of(missing))
    return f"Libraries are missing; on Debian and Ubuntu install them with: sudo {line}"


def _without_display() -> str:
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in WITHOUT_DISPLAY:
        return ""
    if _answers_wayland() or _answers_x():
        return ""
    return "There is no display here."


def _answers_wayland() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY", "")
    return bool(name) and (Path(os.environ.get("XDG_RUNTIME_DIR", "/")) / name).exists()


def _answers_x() -> bool:
    """Ask the X server itself: DISPLAY may name one that is gone."""
    with _x_server() as opened:
        return opened is not None


@contextmanager
def _x_server() -> Iterator[tuple[ctypes.CDLL, int] | None]:
    """Speak to the X server: Xlib and its display, or None where there is none."""
    x11 = _xlib() if os.environ.get("DISPLAY") else None
    if x11 is None:
        yield None
        return
    x11.XOpenDisplay.restype = ctypes.c_void_p
    opened = x11.XOpenDisplay(None)
    if not opened:
        yield None
        return
    try:
        yield x11, opened
    finally:
        x11.XCloseDisplay(ctypes.c_void_p(opened))


def _xlib() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libX11.so.6")
    except OSError:
        return None


def _answers_glx() -> bool:
    with _x_server() as opened:
        if opened is None:
            return True  # no X: Wayland, or a platform without a screen
        x11, display = opened
        numbers = [ctypes.byref(ctypes.c_int()) for _number in range(3)]
        return bool(x11.XQueryExtension(ctypes.c_void_p(display), b"GLX", *numbers))


def _without_webview2() -> str:
    """Look for WebView2 as Microsoft says to: without it pywebview shows Internet Explorer."""
    if sys.platform == "win32":
        import winreg

        for root, folder in (
            (winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\WOW6432Node"),
            (winreg.HKEY_LOCAL_MACHINE, "SOFTWARE"),
            (winreg.HKEY_CURRENT_USER, "Software"),
        ):
            try:
                with winreg.OpenKey(root, rf"{folder}\{WEBVIEW2}") as key:
                    if str(winreg.QueryValueEx(key, "pv")[0]) not in NO_VERSION:
                        return ""
            except OSError:
                continue
    return "WebView2 is missing; Microsoft offers it as the Evergreen runtime."


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _nothing() -> str:
    return ""


def _on_linux() -> str:
    return _without_libraries() or _without_display()


_CHECKS = {"linux": _on_linux, "win32": _without_webview2}  # macOS always has its own
