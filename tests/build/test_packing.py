"""Qt in the single file: packed by the recipe, unpacked when it is first imported."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"
PIECE = 1000  # bytes


@pytest.fixture
def packing(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The recipe's side, with small pieces."""
    monkeypatch.syspath_prepend(BUILD)
    module = importlib.import_module("packing")
    monkeypatch.setattr(module, "PIECE", PIECE)
    yield module
    del sys.modules["packing"]


@pytest.fixture
def unpacking(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ModuleType]:
    """The program's side, begun as the starter of a single file begins it."""
    monkeypatch.syspath_prepend(BUILD)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "program"), raising=False)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield importlib.import_module("unpacking")
    del sys.modules["unpacking"]


@pytest.fixture
def collected(tmp_path: Path) -> SimpleNamespace:
    """What PyInstaller collected: of Qt an empty file, one of a piece and one of many; and more."""
    here = tmp_path / "here"
    here.mkdir()
    for name, size in (("empty", 0), ("one", PIECE), ("many", 10 * PIECE + 1), ("ours", 7)):
        (here / name).write_bytes(bytes(number * number % 251 for number in range(size)))
    entries = [
        ("PySide6/QtCore.abi3.so", str(here / "one"), "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Core.so.6", str(here / "many"), "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libz.so.1", str(here / "ours"), "BINARY"),
    ]
    data = ("PySide6/Qt/resources/empty.pak", str(here / "empty"), "DATA")
    return SimpleNamespace(binaries=entries, datas=[data, ("web/a", str(here / "ours"), "DATA")])


def start(collected: SimpleNamespace, program: Path) -> None:
    """Do what the starter does: lay everything but Qt where it belongs."""
    for place, file, kind in collected.binaries + collected.datas:
        if kind != "SYMLINK":
            (program / place).parent.mkdir(parents=True, exist_ok=True)
            (program / place).write_bytes(Path(file).read_bytes())


def test_qt_is_unpacked_whole_when_it_is_imported(
    packing: ModuleType, unpacking: ModuleType, collected: SimpleNamespace, tmp_path: Path
) -> None:
    """Every file is there to the byte once Qt is looked for, not before, and the pack is gone."""
    of_qt = [each for each in collected.binaries + collected.datas if "PySide6/" in each[0]]
    packing.pack_window(collected, tmp_path / "work")
    assert [each[0] for each in collected.binaries] == ["libQt6Core.so.6", "libz.so.1"]
    assert [each[0] for each in collected.datas] == ["web/a", packing.PACK, packing.INDEX]

    program = tmp_path / "program"
    start(collected, program)
    finder = sys.meta_path[0]
    assert finder.find_spec("PySide6", None) is None  # whether it is installed: nothing is run
    assert not (program / "PySide6").exists()
    assert finder.find_spec("PySide6.QtCore", None) is None
    assert finder.find_spec("PySide6.QtGui", None) is None

    for place, file, kind in of_qt:
        if kind != "SYMLINK":
            assert (program / place).read_bytes() == Path(file).read_bytes(), place
            assert (program / place).stat().st_mode & 0o777 == unpacking.OURS_ALONE
    assert not (program / packing.PACK).exists()


def test_full_disk_leaves_no_half_window(
    packing: ModuleType,
    unpacking: ModuleType,
    collected: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it cannot be unpacked the import fails, as it does without the system's libraries."""
    packing.pack_window(collected, tmp_path / "work")
    start(collected, tmp_path / "program")

    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(unpacking.os, "pwrite", full)

    with pytest.raises(ImportError, match="No space left on device"):
        sys.meta_path[0].find_spec("shiboken6", None)
