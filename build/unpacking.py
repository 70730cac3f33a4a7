"""Unpacks Qt when it is first imported; the single file runs this before the program (Linux).

What `packing.py` packed lies beside the program's modules, in the folder the starter made for
this start alone and takes away after it.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

PACK, INDEX = "window.pack", "window.json"  # as packing.py calls them
OURS_ALONE = 0o700


class AtFirstImport(MetaPathFinder):
    """Finds no module itself; sees that Qt's are there before others look for them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> None:
        """Unpack if one of Qt's modules is asked for. Raises ImportError if that cannot be."""
        del path, target
        if name == "shiboken6" or name.startswith("PySide6."):
            with self._lock:
                if (self._folder / PACK).exists():
                    self._unpack()

    def _unpack(self) -> None:
        try:
            unpack(self._folder)
        except OSError as problem:
            raise ImportError(f"The window could not be unpacked: {problem}") from problem
        importlib.invalidate_caches()


def unpack(folder: Path) -> None:
    """Write the files of the pack in ``folder`` where they belong, and remove the pack."""
    from concurrent.futures import ThreadPoolExecutor

    from backports import zstd

    pieces = json.loads((folder / INDEX).read_bytes())
    for parent in {(folder / name).parent for name, *_numbers in pieces}:
        parent.mkdir(mode=OURS_ALONE, parents=True, exist_ok=True)

    def write(piece: tuple[str, int, int, int]) -> None:
        name, start, place, length = piece
        data = zstd.decompress(os.pread(pack.fileno(), length, place))
        file = os.open(folder / name, os.O_WRONLY | os.O_CREAT, OURS_ALONE)
        try:
            while data:
                written = os.pwrite(file, data, start)
                data, start = data[written:], start + written
        finally:
            os.close(file)

    with (folder / PACK).open("rb") as pack, ThreadPoolExecutor(os.cpu_count()) as cores:
        list(cores.map(write, pieces))  # a list, so that what went wrong is raised here
    (folder / PACK).unlink()


sys.meta_path.insert(0, AtFirstImport(Path(sys._MEIPASS)))  # type: ignore[attr-defined] # the starter's
