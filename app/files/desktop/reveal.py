"""Showing a folder in the system's file manager.

Linux: org.freedesktop.FileManager1 (https://www.freedesktop.org/wiki/Specifications/file-manager-interface/),
else xdg-open; macOS: open -R; Windows: explorer /select.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from app.errors import NotFound
from app.files.desktop.environment import clean_environment

PATIENCE = 5.0  # seconds; a file manager that runs on by then has opened


def reveal(path: Path) -> None:
    """Open the file manager with ``path`` chosen. Raises NotFound if there is none."""
    for command in _commands(path):
        if _succeeds(command):
            return
    raise NotFound(
        "No file manager could be opened here.",
        hint=f"The folder is {path}",
        path=str(path),
    )


def _commands(path: Path) -> list[list[str]]:
    if sys.platform == "win32":
        return [["explorer", f"/select,{path}"]]
    if sys.platform == "darwin":
        return [["open", "-R", str(path)]]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return []
    show = "org.freedesktop.FileManager1.ShowItems"
    call = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.FileManager1"]
    uri = path.as_uri().replace(",", "%2C")  # a comma would begin another item
    return [
        [*call, "/org/freedesktop/FileManager1", show, f"array:string:{uri}", "string:"],
        ["xdg-open", str(path)],
    ]


def _succeeds(command: list[str]) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    none = subprocess.DEVNULL
    words = [program, *command[1:]]
    process = subprocess.Popen(  # noqa: S603 - a program of the system, without a shell
        words, env=clean_environment(), stdin=none, stdout=none, stderr=none
    )
    try:
        code = process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        return True
    return code == 0 or sys.platform == "win32"  # explorer says 1 whatever it did
