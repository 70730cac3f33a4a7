"""Packs Qt into one part of the single file, which `unpacking.py` unpacks for a window.

The starter of a single file inflates all it holds, on one core, before anything runs, and Qt is
four fifths of that. Packed here in pieces by Zstandard it is smaller, is unpacked by all cores
at once, and a command that opens no window does not wait for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from backports import zstd

PACK, INDEX = "window.pack", "window.json"
ROOMS = ("PySide6/", "shiboken6/")
PIECE = 8 << 20  # bytes; what one core unpacks at a time
LEVEL = 12  # more takes ten times as long for a twentieth less
OPTIONS: dict[int, int] = {
    zstd.CompressionParameter.compression_level: LEVEL,
    zstd.CompressionParameter.checksum_flag: 1,
}

Entry = tuple[str, str, str]  # place in the program, place here, PyInstaller's kind


def pack_window(analysis: Any, folder: Path) -> None:
    """Take Qt out of a PyInstaller analysis and put it back packed; ``folder`` is ours."""
    packed = [each for each in (*analysis.binaries, *analysis.datas) if _is_packed(each)]
    analysis.binaries = [each for each in analysis.binaries if not _is_packed(each)]
    analysis.datas = [each for each in analysis.datas if not _is_packed(each)]
    folder.mkdir(parents=True, exist_ok=True)
    index = _write(packed, folder / PACK)
    (folder / INDEX).write_text(json.dumps(index), encoding="utf-8")
    analysis.datas += [(name, str(folder / name), "DATA") for name in (PACK, INDEX)]


def _is_packed(entry: Entry) -> bool:
    return entry[0].startswith(ROOMS) and entry[2] != "SYMLINK"


def _write(entries: list[Entry], pack: Path) -> list[list[str | int]]:
    """Write the pack; answer for each piece its file, its place there, and its span here."""
    index: list[list[str | int]] = []
    with pack.open("wb") as stream, ThreadPoolExecutor(os.cpu_count()) as cores:
        places = list(_pieces(entries))
        packed = cores.map(lambda piece: zstd.compress(_read(*piece[1:]), options=OPTIONS), places)
        for (name, _file, start), data in zip(places, packed, strict=True):
            index.append([name, start, stream.tell(), len(data)])
            stream.write(data)
    return index


def _pieces(entries: list[Entry]) -> Iterator[tuple[str, str, int]]:
    for name, file, _kind in sorted(entries):
        for start in range(0, max(1, Path(file).stat().st_size), PIECE):
            yield name, file, start


def _read(file: str, start: int) -> bytes:
    with Path(file).open("rb") as stream:
        stream.seek(start)
        return stream.read(PIECE)
