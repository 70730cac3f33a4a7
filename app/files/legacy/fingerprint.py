"""What a session's files are, in one word each: to prove that nothing of them was changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Self

from msgspec import Struct

THREADS = 2
_TEXTS = frozenset({".json", ".html", ".zip", ".gz"})


class FileFacts(Struct, frozen=True):
    """One file: where it is, and what the system says of it. A link is a file of its own."""

    path: Path
    size: int
    modified: int  # nanoseconds
    changed: int  # nanoseconds; nobody can set this back
    is_link: bool = False


def files_below(roots: Iterable[Path]) -> list[FileFacts]:
    """List everything below folders (and files named themselves), following no link."""
    found: list[FileFacts] = []
    for root in roots:
        found += sorted(_walk(root), key=lambda facts: str(facts.path))
    return found


def room_needed(files: Sequence[FileFacts]) -> int:
    """Estimate the bytes an export of these files takes while it is made.

    Every file once; of the texts, the largest twice more, as it is unpacked and indexed.
    """
    texts = (facts.size for facts in files if facts.path.suffix.lower() in _TEXTS)
    return sum(facts.size for facts in files) + 2 * max(texts, default=0)


def listing(files: Iterable[FileFacts], base: Path) -> str:
    """Answer a word that changes with any name, size or time below ``base``."""
    digest = hashlib.sha256()
    for facts in files:
        name = os.path.relpath(facts.path, base).replace(os.sep, "/")
        digest.update(repr((name, facts.size, facts.modified)).encode())
    return digest.hexdigest()


class Hashing:
    """Files being hashed by threads of its own, from the moment it is entered as a context.

    A file that cannot be read is left out. Leaving the context drops what is not begun yet.
    """

    def __init__(self, files: Iterable[FileFacts], *, threads: int = THREADS) -> None:
        self._wanted = [facts for facts in files if not facts.is_link]
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="hash")
        self._futures: list[Future[str]] = []

    def __enter__(self) -> Self:
        self._futures = [self._pool.submit(sha256_of, facts.path) for facts in self._wanted]
        return self

    def __exit__(self, *_error: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def digests(self, on_bytes: Callable[[int], None]) -> dict[Path, str]:
        """Wait for the SHA-256 of each file.

        ``on_bytes`` is called on the caller's thread; an exception from it stops the waiting.
        """
        found: dict[Path, str] = {}
        for facts, future in zip(self._wanted, self._futures, strict=True):
            digest = future.result()
            on_bytes(facts.size)
            if digest:
                found[facts.path] = digest
        return found


def sha256_of(path: Path) -> str:
    """Answer a file's SHA-256; empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _walk(root: Path) -> Iterator[FileFacts]:
    try:
        facts = root.lstat()
    except OSError:
        return
    if not stat.S_ISDIR(facts.st_mode):
        yield _facts(root, facts)
        return
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        yield _facts(Path(entry.path), entry.stat(follow_symlinks=False))
        except OSError:
            continue


def _facts(path: Path, facts: os.stat_result) -> FileFacts:
    link = not stat.S_ISREG(facts.st_mode)
    return FileFacts(path, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns, link)
