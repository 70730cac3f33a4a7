"""What a session's files are, in one word each: to prove that nothing of them was changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from app.core.archive.entries import is_junk

THREADS = 2
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileFacts:
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


def listing(files: Iterable[FileFacts], base: Path) -> str:
    """Answer a word that changes with any name, size or time below ``base``."""
    digest = hashlib.sha256()
    for facts in files:
        name = os.path.relpath(facts.path, base).replace(os.sep, "/")
        digest.update(repr((name, facts.size, facts.modified)).encode())
    return digest.hexdigest()


def hashed(files: Iterable[FileFacts], on_bytes: Callable[[int], None]) -> dict[Path, str]:
    """Answer the SHA-256 of each file; one that cannot be read is left out.

    ``on_bytes`` is called on the caller's thread; an exception from it stops the work.
    """
    wanted = [facts for facts in files if not facts.is_link]
    found: dict[Path, str] = {}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="hash") as threads:
        futures = [(facts, threads.submit(sha256_of, facts.path)) for facts in wanted]
        try:
            for facts, future in futures:
                digest = future.result()
                on_bytes(facts.size)
                if digest:
                    found[facts.path] = digest
        except BaseException:
            for _, future in futures:
                future.cancel()
            raise
    return found


def contents(digests: Iterable[tuple[str, str]]) -> str:
    """Answer a word for what is in files: pairs of a name and a SHA-256."""
    digest = hashlib.sha256()
    for pair in sorted(digests):
        digest.update(repr(pair).encode())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """Answer a file's SHA-256; empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def is_someones(facts: FileFacts) -> bool:
    """Whether a file may hold something of a person's: neither a link nor a system's junk."""
    return not facts.is_link and not is_junk(facts.path.as_posix().lstrip("/"))


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
