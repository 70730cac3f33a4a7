"""Which sessions the library has already, told by the exports themselves."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from app.errors import StorageProblem
from app.files.export_folder import ExportFolder, display_name, export_folders


class KnownSession(Struct, frozen=True):
    """An export made of a session, and what the session's files were then."""

    name: str
    path: Path
    fingerprint: str


def known_sessions(exports: Path) -> dict[str, KnownSession]:
    """Answer the export each session is in, by the session's key; the newest one of several."""
    found: dict[str, KnownSession] = {}
    times: dict[str, float] = {}
    for path in export_folders(exports):
        try:
            record = ExportFolder(path).record()
        except StorageProblem:
            continue
        for source in record.sources:
            when = source.imported_at.timestamp()
            if source.session and when >= times.get(source.session, when):
                times[source.session] = when
                name = display_name(path, record)
                found[source.session] = KnownSession(name, path, source.fingerprint)
    return found
