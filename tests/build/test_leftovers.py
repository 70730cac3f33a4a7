"""What a killed single file left is cleared away by the next; what is in use never is."""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.files.lock import hold

BUILD = Path(__file__).resolve().parents[2] / "build"


@pytest.fixture
def leftovers(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(BUILD)
    yield importlib.import_module("leftovers")
    del sys.modules["leftovers"]


def unpacked(place: Path, name: str, mark: str, age: float = 3600.0) -> Path:
    """Make a folder as a start leaves it, so many seconds ago."""
    folder = place / name
    (folder / "web" / "images").mkdir(parents=True)
    (folder / "web" / "images" / "raccoon.svg").write_text("<svg/>")
    (folder / "window.pack").write_bytes(b"0" * 1000)
    if mark:
        (folder / mark).touch()
        then = time.time() - age
        os.utime(folder / mark, (then, then))
    return folder


def test_only_what_nobody_uses_is_removed(leftovers: ModuleType, tmp_path: Path) -> None:
    """Left over: marked, some time ago, by a program that lives no more. Nothing else goes."""
    left = unpacked(tmp_path, "_MEIleft", leftovers.MARK)
    kept = [
        unpacked(tmp_path, "_MEIown", leftovers.MARK),
        unpacked(tmp_path, "_MEIused", leftovers.MARK),
        unpacked(tmp_path, "_MEInew", leftovers.MARK, age=5),
        unpacked(tmp_path, "_MEIother", ""),  # another program's
        unpacked(tmp_path, "downloads", leftovers.MARK),
    ]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious.txt").write_text("keep me")
    (left / "link").symlink_to(elsewhere)
    let_go = hold(kept[1] / leftovers.MARK)
    assert let_go is not None
    os.utime(kept[1] / leftovers.MARK, (0, 0))

    leftovers.clear(kept[0])
    let_go()

    assert not left.exists()
    assert all((each / "window.pack").exists() for each in kept)
    assert (elsewhere / "precious.txt").read_text() == "keep me"


def test_clearing_cut_short_is_finished_by_the_next(
    leftovers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark goes last, so that a folder half removed is still known as one left over."""
    own = unpacked(tmp_path, "_MEIown", leftovers.MARK)
    left = unpacked(tmp_path, "_MEIleft", leftovers.MARK)

    def fail(place: Path) -> None:
        raise PermissionError(13, "in use", str(place))

    with monkeypatch.context() as denied:
        denied.setattr(leftovers.shutil, "rmtree", fail)
        leftovers.clear(own)
    assert (left / leftovers.MARK).exists()

    os.utime(left / leftovers.MARK, (0, 0))
    leftovers.clear(own)

    assert not left.exists()
    assert own.exists()


def test_folder_that_was_installed_is_left_alone(leftovers: ModuleType, tmp_path: Path) -> None:
    """A program that does not unpack itself marks nothing and clears nothing away."""
    installed = unpacked(tmp_path, "_internal", "")
    left = unpacked(tmp_path, "_MEIleft", leftovers.MARK)

    leftovers.mark_and_clear(installed)

    assert not (installed / leftovers.MARK).exists()
    assert left.exists()
