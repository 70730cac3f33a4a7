"""The file manager is opened for a folder, by the first way there is, or its lack is told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.errors import NotFound
from app.files.desktop.reveal import reveal


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A display, and a folder for the programs there are; each writes down what it was told."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("DISPLAY", ":7")
    return programs


def program(folder: Path, name: str, code: int) -> Path:
    """Make a program; answer the file in which it writes what it was told."""
    told = folder / f"{name}.told"
    script = f'#!/bin/sh\nprintf "%s\\n" "$@" > "{told}"\nexit {code}\n'
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)
    return told


def test_file_manager_is_asked_to_choose_the_folder(desktop: Path, tmp_path: Path) -> None:
    """Over D-Bus first: that shows the folder among its neighbours."""
    told = program(desktop, "dbus-send", 0)
    other = program(desktop, "xdg-open", 0)

    reveal(tmp_path / "Ä, b")

    assert told.read_text().splitlines()[-2:] == [
        f"array:string:{tmp_path.as_uri()}/%C3%84%2C%20b",
        "string:",
    ]
    assert not other.exists()


def test_folder_is_opened_where_nobody_answers(desktop: Path, tmp_path: Path) -> None:
    """Without a file manager on the bus, xdg-open opens the folder itself."""
    program(desktop, "dbus-send", 1)
    told = program(desktop, "xdg-open", 0)

    reveal(tmp_path)

    assert told.read_text() == f"{tmp_path}\n"


@pytest.mark.parametrize("lack", ["programs", "display", "luck"])
def test_lack_of_a_file_manager_is_told(
    desktop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lack: str
) -> None:
    """One sentence, and where the folder is."""
    if lack == "display":
        program(desktop, "xdg-open", 0)
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    if lack == "luck":
        program(desktop, "xdg-open", 4)

    with pytest.raises(NotFound) as refused:
        reveal(tmp_path)

    assert str(tmp_path) in refused.value.hint


@pytest.mark.parametrize(("before", "expected"), [("/theirs", "/theirs\n"), (None, "\n")])
def test_programs_find_none_of_an_executables_libraries(
    desktop: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    before: str | None,
    expected: str,
) -> None:
    """What a packaged program starts is given the library path there was before it."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/ours")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if before:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    told = desktop / "told"
    (desktop / "dbus-send").write_text(f'#!/bin/sh\necho "$LD_LIBRARY_PATH" > "{told}"\n')
    (desktop / "dbus-send").chmod(0o755)

    reveal(tmp_path)

    assert told.read_text() == expected
