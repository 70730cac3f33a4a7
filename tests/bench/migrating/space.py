"""The room exports take beside the sessions they were made of, in every layout there was."""

from __future__ import annotations

import json
import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

import msgspec

from app.files.legacy.finding import LegacySession, find_sessions
from app.files.legacy.fingerprint import FileFacts, files_below, sha256_of
from app.library import open_library
from app.operations.migration import migrate_sessions
from app.progress import Task
from db.connection import close_catalog
from tests.archives import writing
from tests.archives.messages import Json, simple
from tests.bench.material import Writer
from tests.bench.measure import Verdict
from tests.legacy import damages, versions
from tests.legacy.old_program import Old

Build = Callable[[Path], Old]
Facts = list[tuple[int, str]]  # size and SHA-256 of files
LAYOUTS: tuple[Build, ...] = (*versions.VERSIONS, *damages.DAMAGES)
# Layouts that hold media twice, or chat.html beside the conversations that are in it; not
# where all that is damaged is the list, which is kept as it is.
TWICE = frozenset(
    {
        "only_upload", "until_december", "december", "last_sessions", "top_folder",
        "other_top_folder", "half_written", "page_cut", "versions_of_one", "read_only",
    }
)  # fmt: skip
CONVERSATIONS = 60  # besides the few that make a layout what it is; about 31 KiB each
MEDIA_BYTES = 1 << 20  # of each file; together about as much as the conversations


@lru_cache(maxsize=1)
def _writer() -> Writer:
    return Writer(7)


@lru_cache(maxsize=200)
def _long(number: int) -> bytes:
    """Answer a conversation of some length, with the ids of a short one, encoded."""
    talk = simple(number)
    more = _writer().conversation(120)
    (root,) = (key for key, node in more["mapping"].items() if node["parent"] is None)
    first = more["mapping"].pop(root)["children"][0]
    talk["mapping"][talk["current_node"]]["children"].append(first)
    more["mapping"][first]["parent"] = talk["current_node"]
    talk["mapping"] |= more["mapping"]
    return msgspec.json.encode(talk)


def _simple(number: int, **more: object) -> Json:
    talk: Json = msgspec.json.decode(_long(number))
    return talk | more


@lru_cache(maxsize=1)
def _crowd() -> bytes:
    return msgspec.json.encode([_writer().conversation(13 + n % 8) for n in range(CONVERSATIONS)])


def _wire(value: object) -> bytes:
    """Encode as ChatGPT does: on one line, with a space after every comma and colon."""
    return json.dumps(value).encode()


@contextmanager
def of_real_size() -> Iterator[None]:
    """Let the layouts be made with conversations and media as large as people's are."""
    few = versions.talks

    def many() -> list[Json]:
        return [*few(), *msgspec.json.decode(_crowd())]

    media = {name: raw + _writer().bytes(MEDIA_BYTES) for name, raw in versions.MEDIA.items()}
    made = {"talks": many, "simple": _simple, "wire": _wire}
    with (
        patch.dict(versions.MEDIA, media),
        patch.object(writing, "wire", _wire),
        patch.multiple(versions, **made),
        patch.multiple(damages, **made),
    ):
        yield


def space(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Migrate a session in every layout of the old program; what its export takes, to the session.

    Packed sessions count as what is in them. An archive or backup that is kept, since part of
    it is damaged, counts on both sides, for what it holds is in the export besides.
    """
    for build in LAYOUTS:
        name = build.__name__
        folder = scratch / name
        folder.mkdir()
        with of_real_size():
            old = build(folder / "old")
        exported = migrated(old.base, folder / "library")
        before = sum(room_of(each, exported) for each in find_sessions(old.base))
        after = sum(size for size, _ in exported)
        _writable(folder)
        detail = f"{after / 1e6:.2f} MB of {before / 1e6:.2f}"
        if any(held.talks for held in old.sessions.values()):  # else there are only links
            bar = 0.8 if name in TWICE else 1.0
            yield Verdict(name.replace("_", " "), after / before, bar, "x", detail)


def migrated(source: Path, root: Path) -> Facts:
    """Migrate everything; answer what there is in the exports."""
    library = open_library(root)
    report = migrate_sessions(library, Task(), source=str(source))
    close_catalog()
    if any(not each.verified for each in report.sessions if each.status == "migrated"):
        raise SystemExit(f"a migration was not proven: {report}")
    return facts_of(library.exports)


def facts_of(folder: Path) -> Facts:
    """Answer size and SHA-256 of every file below a folder."""
    return [(facts.size, sha256_of(facts.path)) for facts in files_below([folder])]


def room_of(session: LegacySession, exported: Facts) -> int:
    """Answer the bytes of a session, what is packed in it unpacked; its backups if that is all."""
    folders = [each for each in (session.folder, session.media) if each is not None]
    files = files_below([*(folders or session.backups), *session.archives])
    return sum(_unpacked(facts, exported) for facts in files if not facts.is_link)


def _unpacked(facts: FileFacts, exported: Facts) -> int:
    path, size = facts.path, facts.size
    is_backup = path.parent.name == "backups"
    if path.suffix not in (".zip", ".gz") and not is_backup:
        return size
    kept = size if (size, sha256_of(path)) in exported else 0
    inside = size if is_backup else sum(_inside(path))
    return inside + kept


def _inside(path: Path) -> Iterator[int]:
    """Yield the sizes of the files in an archive, as far as it can be read."""
    try:
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                yield from (each.file_size for each in archive.infolist())
        else:
            with tarfile.open(path) as packed:
                yield from (member.size for member in packed)
    except (zipfile.BadZipFile, tarfile.ReadError, EOFError):
        return


def _writable(folder: Path) -> None:
    for parent, _, _ in os.walk(folder):
        Path(parent).chmod(0o755)
