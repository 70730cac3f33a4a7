"""Reading files that may change under our hands: looked at before and after, tried again."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator

import msgspec

from app.core.backup.manifest import CHANGED_WHILE_READ, Entry
from app.files.backup.sevenzip.codecs import PIECE

TRIES = 3
PAUSE = 0.05  # seconds before the second try, doubled before the third
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe that took the file's place must not hang us
    | getattr(os, "O_CLOEXEC", 0)
)


class CannotRead(Exception):
    """A file could not be read; ``gone`` if it is not there any more."""

    def __init__(self, problem: OSError) -> None:
        super().__init__(problem.strerror or str(problem))
        self.gone = isinstance(problem, FileNotFoundError)


def read_small(path: str, entry: Entry) -> tuple[bytes, Entry]:
    """Read a file at once; answer its bytes and its entry as of then, with the hash.

    A file that kept changing is flagged. Raises CannotRead.
    """
    for attempt in range(1, TRIES + 1):
        try:
            data, before, steady = _read_once(path)
        except OSError as problem:
            raise CannotRead(problem) from problem
        if steady or attempt == TRIES:
            break
        time.sleep(PAUSE * attempt)
    digest = hashlib.sha256(data).hexdigest()
    return data, _as_read(entry, before, len(data), digest, steady=steady)


def _read_once(path: str) -> tuple[bytes, os.stat_result, bool]:
    """Read a file; tell what it was before, and whether it was the same afterwards."""
    descriptor = _opened(path)
    try:
        before = os.fstat(descriptor)
        data = _all_of(descriptor, before.st_size)
        steady = _same(before, os.fstat(descriptor)) and len(data) == before.st_size
    finally:
        os.close(descriptor)
    return data, before, steady


class LongFile:
    """A file that is read piece by piece; after the last piece ``entry`` tells what it was.

    Whoever takes the pieces is writing: so that a fault of reading is never mistaken for
    one of writing, it ends the pieces and is told by ``problem``.
    """

    def __init__(self, path: str, entry: Entry, on_bytes: Callable[[int], None]) -> None:
        self._path = path
        self._on_bytes = on_bytes
        self.entry = entry
        self.steady = False
        self.problem: OSError | None = None

    def pieces(self) -> Iterator[bytes]:
        """Read it once from the beginning."""
        digest, length = hashlib.sha256(), 0
        try:
            descriptor = _opened(self._path)
        except OSError as problem:
            self.problem = problem
            return
        try:
            before = os.fstat(descriptor)
            while length < before.st_size:  # what grows meanwhile is not followed
                piece = self._piece(descriptor, min(PIECE, before.st_size - length))
                if not piece:
                    break
                length += len(piece)
                digest.update(piece)
                self._on_bytes(len(piece))
                yield piece
            self.steady = _same(before, os.fstat(descriptor)) and length == before.st_size
        finally:
            os.close(descriptor)
        self.entry = _as_read(self.entry, before, length, digest.hexdigest(), steady=self.steady)

    def _piece(self, descriptor: int, count: int) -> bytes:
        try:
            return os.read(descriptor, count)
        except OSError as problem:
            self.problem = problem
            return b""

    def start(self, count: int) -> bytes:
        """Read the first bytes only. Raises CannotRead."""
        try:
            descriptor = _opened(self._path)
            try:
                return os.read(descriptor, count)
            finally:
                os.close(descriptor)
        except OSError as problem:
            raise CannotRead(problem) from problem


def _opened(path: str) -> int:
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(0, "it is no file any more")
    return descriptor


def _all_of(descriptor: int, size: int) -> bytes:
    data = os.read(descriptor, size + 1)
    while len(data) < size and (more := os.read(descriptor, size + 1 - len(data))):
        data += more
    return data


def _same(before: os.stat_result, after: os.stat_result) -> bool:
    return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def _as_read(entry: Entry, facts: os.stat_result, size: int, sha256: str, *, steady: bool) -> Entry:
    return msgspec.structs.replace(
        entry,
        size=size,
        mtime_ns=facts.st_mtime_ns,
        mode=stat.S_IMODE(facts.st_mode),
        ctime_ns=facts.st_ctime_ns if entry.ctime_ns else 0,
        sha256=sha256,
        flags=() if steady else (CHANGED_WHILE_READ,),
    )
