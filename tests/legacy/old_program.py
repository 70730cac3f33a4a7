"""Writing as the predecessor wrote: its file names, its registry, its backups."""

from __future__ import annotations

import io
import json
import re
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from tests.archives.messages import Json

A = "3f0e6c5a-9d1b-4c27-8e44-6b7a2f10c9d3"
B = "b1c7d2e8-0a36-4f95-9b5e-2d84e7f6a1c0"
C = "0d9f1a77-51c4-4a0e-b3f2-7c1e5d2a9b48"
UPLOADED = "2025-12-08T10:00:00.000Z"


@dataclass
class Held:
    """What must be in the export of one session.

    ``kept`` are the bytes of files that stay as they are; ``codes`` what its report names;
    ``failed`` counts damaged pieces that nothing makes good.
    """

    talks: list[Json] = field(default_factory=list)
    kept: list[bytes] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)
    recovered: int | None = None
    shares: int = 0
    failed: int = 0
    title: str = ""


@dataclass
class Old:
    """A folder of the predecessor and what its sessions hold, by id."""

    base: Path
    sessions: dict[str, Held]


def pretty(value: object) -> bytes:
    """JSON as the predecessor wrote it: two spaces, letters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass")


def name_of(talk: Mapping[str, Any], *, cut: bool = False) -> str:
    """The name a conversation's file got; ``cut``: by the last version, which cut it."""
    when = talk.get("update_time")
    when = talk.get("create_time") if when is None else when
    seconds = float(when) if isinstance(when, (int, float)) else 0.0
    title = talk.get("title") or "untitled"
    cleaned = "_".join(re.sub(r"[^A-Za-z0-9_\s-]", "", title).split())
    if cut:
        cleaned = cleaned[:100] or "untitled"
    return f"{datetime.fromtimestamp(seconds, UTC):%Y.%m.%d}_{cleaned}.json"


def single_files(talks: Iterable[Json], *, newest_wins: bool = False) -> dict[str, bytes]:
    """The files of single conversations, written newest first; of one name one survives."""
    files: dict[str, bytes] = {}
    for talk in sorted(talks, key=lambda talk: -float(talk.get("update_time") or 0)):
        name = f"conversations/{name_of(talk, cut=newest_wins)}"
        if not (newest_wins and name in files):
            files[name] = pretty(talk)
    return files


def registry(ids: Iterable[str], **facts: object) -> bytes:
    """`data/sessions.json`: an array of pairs."""
    row = {"uploadedAt": UPLOADED, "size": 0, "status": "completed", **facts}
    return pretty([[id_, row] for id_ in ids])


def backup(session: str, files: Mapping[str, bytes], **odd: object) -> bytes:
    """A JSON backup: the text files at the top of a session."""
    rows: dict[str, object] = {}
    for name, raw in files.items():
        text = raw.decode("utf-8", "replace")
        rows[name] = {"content": text, "lastModified": UPLOADED, "size": len(text.encode())}
    rows |= odd
    return pretty({"sessionId": session, "timestamp": UPLOADED, "files": rows})


def backup_name(session: str, hour: int = 10) -> str:
    """The name of a backup's file."""
    return f"backups/{session}_2025-12-08T{hour:02d}-00-00-000Z.json"


def archive(files: Mapping[str, bytes], top: str = "") -> bytes:
    """An archive of an export; ``top``: what a full one puts before every name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as made:
        for name, raw in files.items():
            member = tarfile.TarInfo(f"{top}{name}")
            member.size = len(raw)
            made.addfile(member, io.BytesIO(raw))
    return packed.getvalue()


def archive_name(day: int) -> str:
    """The name of an archive's file; the letters at its end are by chance."""
    return f"backups-exports/backup-2025-12-{day:02d}T10-00-00-000Z-0a1b2c{day:02d}.tar.gz"


def archive_index(owners: Mapping[str, Iterable[str]]) -> bytes:
    """`backup-index.json`: which archives are of which export."""
    rows = {
        name: {"backups": [{"id": PurePath(n).name[: -len(".tar.gz")], "type": "full"} for n in of]}
        for name, of in owners.items()
    }
    return pretty({"version": "1.0.0", "created": UPLOADED, "exports": rows})


def stub(talk: Mapping[str, Any]) -> Json:
    """A row of the list of shared links."""
    share = f"share-{talk['conversation_id']}"
    return {
        "id": share,
        "conversation_id": talk["conversation_id"],
        "title": talk["title"],
        "is_anonymous": True,
    }


def below(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files below a folder."""
    return {f"{folder}/{name}": raw for name, raw in files.items()}


def session(id_: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files in a session's own folder."""
    return below(f"data/sessions/{id_}", files)


def media(id_: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Files among the media the predecessor served."""
    return below(f"public/media/sessions/{id_}", files)
