"""Opening whatever a person chose: what it is, is told by its bytes, never by its name."""

from __future__ import annotations

import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from app.core.archive.entries import normalised
from app.errors import AppError
from app.files.sources import refusals
from app.files.sources.contract import ExportSource
from app.files.sources.folder import FolderSource
from app.files.sources.portal import with_nested
from app.files.sources.single import PAGE_NAME, SingleFile, SinglePage, json_name
from app.files.sources.tarball import TarSource
from app.files.sources.zipped import ZipSource

_HEAD = 1 << 16
_TAR_MAGIC, _TAR_MAGIC_AT = b"ustar", 257
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_BOM = b"\xef\xbb\xbf"
_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|meta|style|script)\b", re.I | re.S
)
_UNPACK_FIRST = "Unpack it, then choose the folder it makes."
_ELSEWHERE: tuple[tuple[bytes, str], ...] = (
    (b"Rar!", _UNPACK_FIRST),
    (b"\x28\xb5\x2f\xfd", _UNPACK_FIRST),  # zstd
    (b"%PDF", ""),
)


def open_source(path: Path, scratch: Path) -> ExportSource:
    """Open an archive, folder or file a person chose; use it as a context manager.

    ``scratch`` is an existing folder of ours for what has to be unpacked first: archives
    within a privacy-portal archive, which become parts of the same source. Raises NotFound,
    NotAnExport, InvalidInput (a password) or StorageProblem, each saying what to do.
    """
    return with_nested(_opened(path), scratch, open_archive)


def open_archive(path: Path) -> ExportSource:
    """Open an archive, folder or file without looking for archives within it."""
    return _opened(path)


def _opened(path: Path) -> ExportSource:
    try:
        if path.is_dir():
            return _folder(path)
        if not path.exists():
            raise refusals.missing(path)
        if not path.is_file():
            raise refusals.unknown_kind(path)
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
        return _file(path, head)
    except OSError as error:
        raise refusals.reading_failed(path, error) from error


def _folder(path: Path) -> ExportSource:
    source = FolderSource(path)
    if not source.entries() and not source.problems:
        raise refusals.empty(path)
    return source


def _file(path: Path, head: bytes) -> ExportSource:
    if not head.strip(b"\0 \t\r\n"):
        raise refusals.empty(path)
    for test, opened in _KINDS:
        if test(path, head):
            return opened(path)
    for magic, hint in _ELSEWHERE:
        if head.startswith(magic):
            raise refusals.unknown_kind(path, hint=hint)
    raise _nothing_known(path, head)


def _nothing_known(path: Path, head: bytes) -> AppError:
    if path.suffix.lower() == ".zip" and b"<html" in head[:1024].lower():
        hint = (
            "It is a web page that was saved in its place: the link had expired. Ask for a new one."
        )
        return refusals.unknown_kind(path, hint=hint)
    return refusals.unknown_kind(path)


def _is_zip(path: Path, head: bytes) -> bool:
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")) or (
        head.startswith(b"MZ") and zipfile.is_zipfile(path)
    )


def _is_seven_zip(_path: Path, head: bytes) -> bool:
    return head.startswith(b"7z\xbc\xaf\x27\x1c")


def _is_tar(path: Path, head: bytes) -> bool:
    if head[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == _TAR_MAGIC:
        return True
    return head.startswith(_PACKED) and tarfile.is_tarfile(path)


def _is_json(_path: Path, head: bytes) -> bool:
    return head.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")


def _is_page(path: Path, head: bytes) -> bool:
    if path.suffix.lower() == ".zip" and b"jsonData" not in head:
        return False  # a page about signing in, saved in the place of an archive
    return _PAGE.match(head.removeprefix(_BOM)) is not None


def _zip(path: Path) -> ExportSource:
    source = ZipSource(path)
    if not source.entries() and not source.problems:
        raise refusals.empty(path)
    return source


def _seven_zip(path: Path) -> ExportSource:
    # Imported here: py7zr takes a while to load, and few archives are 7z.
    from app.files.sources.sevenzip import SevenZipSource

    return SevenZipSource(path)


def _json(path: Path) -> ExportSource:
    return SingleFile(path, json_name(path))


def _page(path: Path) -> ExportSource:
    leaf = normalised(path.name) or PAGE_NAME
    return SinglePage(path, leaf if leaf.lower() == PAGE_NAME else PAGE_NAME)


_KINDS: tuple[tuple[Callable[[Path, bytes], bool], Callable[[Path], ExportSource]], ...] = (
    (_is_zip, _zip),
    (_is_seven_zip, _seven_zip),
    (_is_tar, TarSource),
    (_is_json, _json),
    (_is_page, _page),
)
