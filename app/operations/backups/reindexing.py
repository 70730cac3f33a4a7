"""Making the index of backups again from the archives alone."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from app.core.problems import Problem
from app.library import Library
from app.operations.backups.known.folder import open_store
from app.operations.backups.known.index import (
    apply_listing,
    follow_journal,
    indexed,
    locked_archives,
)
from app.operations.backups.known.passphrase import Passphrase, known_passphrase
from app.operations.backups.results import Reindexed
from app.progress import Task
from db import backups as index

CHUNK = 4 << 20  # bytes read at a time


def reindex_backups(library: Library, task: Task, *, passphrase: Passphrase = "") -> Reindexed:
    """Make the index of backups again from the archives alone, and note their checksums."""
    began = time.monotonic()
    store = open_store(library)
    task.step("looking")
    removed = store.tidy()
    listing = store.look({}, passphrase=known_passphrase(library, passphrase))
    index.empty()
    apply_listing(listing)
    for archive, digest in _digests(store.folder, task).items():
        index.note_digest(archive, digest)
    follow_journal(library)
    problems = [*locked_archives(), *(_tidied(name) for name in removed)]
    stamps = [each.stamp for each in listing.found]
    stamps += [each.stamp for each in listing.unopened]
    return Reindexed(
        backups=len(indexed(library)),
        archives=len(stamps),
        bytes=sum(each.size for each in stamps),
        problems=tuple(problems),
        seconds=round(time.monotonic() - began, 3),
    )


def _digests(folder: Path, task: Task) -> dict[str, str]:
    """Read every archive whole; answer its SHA-256 by its name."""
    files = sorted(folder.glob("*.7z"))
    total, done = sum(each.stat().st_size for each in files), 0
    found: dict[str, str] = {}
    for file in files:
        digest = hashlib.sha256()
        with file.open("rb") as opened:
            while chunk := opened.read(CHUNK):
                done += len(chunk)
                task.step("reading archives", done, total, file.name, "bytes")
                digest.update(chunk)
        found[file.name] = digest.hexdigest()
    return found


def _tidied(name: str) -> Problem:
    message = "A file that a stopped program left unfinished was removed."
    return Problem("tidied", message, name)
