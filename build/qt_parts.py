"""What of Qt the window needs: the web engine and little else, a third of what is collected.

Kept are the modules that are imported, the plugins named here, and every library something
kept needs, told by the libraries themselves (`objdump -p`). Qt's wheels bring a great deal
more: QML, 3D, charts, translations, developer tools.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MODULES = (
    *("QtCore", "QtGui", "QtWidgets", "QtNetwork"),
    *("QtWebChannel", "QtWebEngineCore", "QtWebEngineWidgets", "QtPrintSupport"),
)
PLUGINS = (
    "platforms/libqxcb",
    "platforms/libqwayland",
    "platforms/libqoffscreen",
    "xcbglintegrations/",
    "egldeviceintegrations/libqeglfs-x11",
    "wayland-shell-integration/libxdg-shell",
    "wayland-graphics-integration-client/libqt-plugin-wayland-egl",
    "platforminputcontexts/libcompose",
    "platforminputcontexts/libibus",
    "platformthemes/libqxdgdesktopportal",
    "imageformats/libqjpeg",
    "imageformats/libqico",
    "tls/libqopenssl",
)
LOCALES = ("en-US.pak",)
OPENED_BY_NAME = re.compile(  # by the starter, NSS, the web engine: nobody states the need
    r"lib(python3\.|softokn3|freebl3|freeblpriv3|nssckbi|nssdbm3|nss3|nssutil3|smime3|ssl3|plc4|plds4|nspr4)"
)
DROPPED_DATA = re.compile(
    r"PySide6/(Qt/)?(qml|translations/(?!qtwebengine_locales))|devtools_resources|\.debug\.|\.pyi$"
)

Entry = tuple[str, str, str]


def slim(analysis: Any) -> None:
    """Take out of a PyInstaller analysis what of Qt the window does not need."""
    analysis.datas = [each for each in analysis.datas if _wanted_data(each)]
    kept = [each for each in analysis.binaries if _wanted_binary(each)]
    analysis.binaries = _needed(kept)
    there = {each[0] for each in (*analysis.binaries, *analysis.datas)}
    for entries in (analysis.binaries, analysis.datas):
        entries[:] = [each for each in entries if each[2] != "SYMLINK" or each[1] in there]


def _wanted_data(entry: Entry) -> bool:
    place = Path(entry[0]).as_posix()
    if place.endswith(".pak") and "qtwebengine_locales" in place:
        return place.endswith(LOCALES)
    return not DROPPED_DATA.search(place)


def _wanted_binary(entry: Entry) -> bool:
    place = Path(entry[0]).as_posix()
    if "/qml/" in place or "libqgtk3" in place:
        return False
    if "/plugins/" in place:
        return place.partition("/plugins/")[2].startswith(PLUGINS)
    module = re.search(r"PySide6/(Qt\w+)\.abi3\.so", place)
    return module is None or module.group(1) in MODULES


def _needed(binaries: list[Entry]) -> list[Entry]:
    """Drop libraries nothing kept needs, until there is none to drop."""
    needs = {entry[0]: _stated_needs(entry[1]) for entry in binaries}
    while True:
        wanted = {name for entry in binaries for name in needs[entry[0]]}
        kept = [entry for entry in binaries if _is_root(entry[0]) or Path(entry[0]).name in wanted]
        if len(kept) == len(binaries):
            return kept
        binaries = kept


def _is_root(place: str) -> bool:
    """Tell what is loaded by name: extension modules, plugins, programs."""
    name = Path(place).name
    shared = re.match(r"lib.+\.so(\.|$)", name) is not None
    return not shared or "/plugins/" in place or OPENED_BY_NAME.match(name) is not None


def _stated_needs(path: str) -> Iterable[str]:
    shown = subprocess.run(
        ["objdump", "-p", path], capture_output=True, text=True, check=False
    ).stdout
    return re.findall(r"NEEDED\s+(\S+)", shown)
