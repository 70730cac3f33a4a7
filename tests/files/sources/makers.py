"""Archives of every kind, made from a mapping of names to bytes by whoever makes them in life."""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import py7zr

from tests.conftest import require_program

Files = Mapping[str, bytes]
Maker = Callable[[Path, Files], Path]


def folder(place: Path, files: Files) -> Path:
    """Unpack the files into a folder."""
    root = place / "unpacked"
    root.mkdir()
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


def zipped(method: int) -> Maker:
    """Pack with Python's own module and one method."""

    def make(place: Path, files: Files) -> Path:
        path = place / "export.bin"  # the name must tell nothing
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return path

    return make


def streamed_zip(place: Path, files: Files) -> Path:
    """Pack to a pipe: sizes follow the data, in data descriptors."""

    class Pipe(io.RawIOBase):
        def __init__(self, path: Path) -> None:
            self._file = path.open("wb")

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            return self._file.write(data)  # type: ignore[arg-type]

        def close(self) -> None:
            self._file.close()
            super().close()

    path = place / "export.zip"
    with Pipe(path) as pipe, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def zip64(place: Path, files: Files) -> Path:
    """Pack with 64-bit fields, as archives over 4 GB have."""
    path = place / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    return path


def tarred(mode: str) -> Maker:
    """Pack with Python's tarfile; ``mode`` is how it packs: "w", "w:gz" …"""

    def make(place: Path, files: Files) -> Path:
        path = place / "export.bin"
        with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        return path

    return make


def seven_zipped(*filters: Mapping[str, int]) -> Maker:
    """Pack with py7zr and one chain of filters."""

    def make(place: Path, files: Files) -> Path:
        path = place / "export.bin"
        with py7zr.SevenZipFile(path, "w", filters=[dict(one) for one in filters]) as archive:
            for name, data in files.items():
                archive.writestr(data, name)
        return path

    return make


def by_7zz(*options: str) -> Maker:
    """Pack with the 7-Zip program."""

    def make(place: Path, files: Files) -> Path:
        root, path = folder(place, files), place / "export.bin"
        program = require_program("7zz")
        command = [program, "a", "-bso0", "-bsp0", *options, str(path), "."]
        subprocess.run(command, cwd=root, check=True)
        return path

    return make


def by_bsdtar(*options: str) -> Maker:
    """Pack with libarchive's program."""

    def make(place: Path, files: Files) -> Path:
        root, path = folder(place, files), place / "export.bin"
        program = require_program("bsdtar")
        subprocess.run([program, "-c", *options, "-f", str(path), "-C", str(root), "."], check=True)
        return path

    return make


MAKERS: dict[str, Maker] = {
    "folder": folder,
    "zip stored": zipped(zipfile.ZIP_STORED),
    "zip deflated": zipped(zipfile.ZIP_DEFLATED),
    "zip bzip2": zipped(zipfile.ZIP_BZIP2),
    "zip lzma": zipped(zipfile.ZIP_LZMA),
    "zip streamed": streamed_zip,
    "zip 64": zip64,
    "zip by 7zz": by_7zz("-tzip"),
    "zip by bsdtar": by_bsdtar("--format=zip"),
    "tar": tarred("w"),
    "tar.gz": tarred("w:gz"),
    "tar.bz2": tarred("w:bz2"),
    "tar.xz": tarred("w:xz"),
    "tar.gz by bsdtar": by_bsdtar("-z"),
    "tar by 7zz": by_7zz("-ttar"),
    "7z lzma2": seven_zipped({"id": py7zr.FILTER_LZMA2, "preset": 1}),
    "7z copy": seven_zipped({"id": py7zr.FILTER_COPY}),
    "7z zstd": seven_zipped({"id": py7zr.FILTER_ZSTD, "level": 1}),
    "7z deflate": seven_zipped({"id": py7zr.FILTER_DEFLATE}),
    "7z by 7zz": by_7zz("-t7z"),
    "7z by 7zz, not solid": by_7zz("-t7z", "-ms=off"),
    "7z by 7zz, stored": by_7zz("-t7z", "-mx=0"),
    "7z by bsdtar": by_bsdtar("--format=7zip"),
}
