"""Files a browser sends: streamed to disk, whole or absent, removed when they were imported."""

from __future__ import annotations

import errno
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from app.errors import InvalidInput, NotFound, StorageProblem
from app.files.atomic import move_into_place
from app.files.paths import join_inside

CHUNK = 1024 * 1024  # bytes held in memory at a time
RESERVE = 64 * 1024 * 1024  # bytes an upload leaves free on the disk
KEPT_SECONDS = 24 * 3600  # an upload nobody imported is removed at the first start after this
_ID = re.compile(r"[0-9a-f]{16}")


class Readable(Protocol):
    """A stream of bytes, as ``wsgi.input`` is one."""

    def read(self, size: int, /) -> bytes:
        """Answer at most ``size`` bytes, none at the end."""


class Upload(Struct, frozen=True):
    """Files kept until their import: the id, and how many there are."""

    upload: str
    files: int


class Uploads:
    """The folder where uploads wait, one sub-folder each."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def receive(
        self,
        stream: Readable,
        length: int | None,
        filename: str,
        *,
        upload: str = "",
        most: int = 0,
    ) -> Upload:
        """Store one file, in a new upload or beside the files of an earlier one.

        ``filename`` may be a relative path; ``length`` is in bytes, None if the sender
        did not say, and ``most`` the largest allowed, 0 for any. Raises InvalidInput for a
        name that leads elsewhere, a file too large or a body that broke off, NotFound, and
        StorageProblem; then nothing of this file is left.
        """
        folder = self._folder(upload) if upload else self._root / secrets.token_hex(8)
        if not filename.strip(" ./\\"):
            raise InvalidInput("filename is missing.", hint="Say what the file is called.")
        target = join_inside(folder, filename)
        _check_size(length or 0, most)
        self._check_space(length)
        draft = folder / f".{secrets.token_hex(6)}.part"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _store(stream, length, draft, most)
            move_into_place(draft, target)
        except OSError as problem:
            raise _storage_problem(problem, length) from problem
        finally:
            draft.unlink(missing_ok=True)
            _remove_empty(folder)
        return Upload(folder.name, sum(1 for each in folder.rglob("*") if each.is_file()))

    def source(self, upload: str) -> Path:
        """Answer what to import: the one file or folder sent, or the folder of all. NotFound."""
        folder = self._folder(upload)
        inside = list(folder.iterdir())
        return inside[0] if len(inside) == 1 else folder

    def remove(self, upload: str) -> None:
        """Remove an upload; one that is gone already is no error."""
        if _ID.fullmatch(upload):
            shutil.rmtree(self._root / upload, ignore_errors=True)

    def remove_old(self) -> None:
        """Remove uploads nobody imported for a day."""
        with suppress(FileNotFoundError):
            for folder in self._root.iterdir():
                if time.time() - folder.stat().st_mtime > KEPT_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)

    def _folder(self, upload: str) -> Path:
        folder = self._root / upload
        if not _ID.fullmatch(upload) or not folder.is_dir():
            raise NotFound("There is no such upload.", hint="Send the files again.")
        return folder

    def _check_space(self, length: int | None) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self._root).free
        if (length or 0) + RESERVE > free:
            raise _full(length, free)


def drain(stream: Readable) -> None:
    """Read what is left and forget it, so that the sender gets to hear the answer."""
    with suppress(OSError, ValueError):
        while stream.read(CHUNK):
            pass


def _store(stream: Readable, length: int | None, draft: Path, most: int) -> None:
    received = 0
    with draft.open("wb") as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
            received += len(chunk)
            _check_size(received, most)
    if length is not None and received != length:
        raise InvalidInput("The upload broke off.", hint="Nothing of it was kept. Send it again.")


def _check_size(size: int, most: int) -> None:
    if 0 < most < size:
        raise InvalidInput(
            f"This file is larger than the {most:,} bytes allowed.",
            hint="The setting exports.maxFileBytes says how large a file may be; 0 means any.",
            most=most,
        )


def _remove_empty(folder: Path) -> None:
    """Remove a folder with nothing in it but empty folders; leave any other."""
    if folder.is_dir() and not any(each.is_file() for each in folder.rglob("*")):
        shutil.rmtree(folder, ignore_errors=True)


def _full(length: int | None, free: int) -> StorageProblem:
    return StorageProblem(
        "There is not enough free space on the disk for this file.",
        hint="Free some space, or choose a library folder on another disk.",
        needed=length or 0,
        free=free,
    )


def _storage_problem(problem: OSError, length: int | None) -> StorageProblem:
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(length, 0)
    return StorageProblem(
        f"The upload could not be stored: {problem.strerror or 'the connection was lost'}.",
        hint="Nothing of it was kept. Check the library folder and send it again.",
    )
