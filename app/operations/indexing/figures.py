"""What an export's folder holds, counted from the disk, and the catalog row that says so."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from app.core.archive.sniffing import by_extension
from app.core.problems import Problem
from app.core.text import fold
from app.files.export_folder import CONVERSATIONS, MEDIA, ExportFolder, ExportRecord
from app.operations.indexing.health import lasting_problems, remembered
from db import assets, exports
from db.assets import NewFile


class MediaFile(Struct, frozen=True):
    """One file below media/; ``path`` has ``/`` between its parts."""

    path: str
    kind: str
    size_bytes: int


def media_files(folder: Path) -> list[MediaFile]:
    """List the files below an export's media/."""
    root = folder / MEDIA
    return [
        MediaFile(path.relative_to(root).as_posix(), by_extension(path.name).kind, size)
        for path, size in _files(root)
    ]


def _files(root: Path) -> Iterator[tuple[Path, int]]:
    for parent, _, names in os.walk(root):
        for name in names:
            path = Path(parent, name)
            yield path, path.lstat().st_size


def imports_by_month(record: ExportRecord) -> dict[str, tuple[int, int]]:
    """Add up what each month's imports brought: conversations, and the sources' bytes."""
    found: dict[str, tuple[int, int]] = {}
    for source in sorted(record.sources, key=lambda source: source.imported_at):
        month = f"{source.imported_at:%Y-%m}"
        conversations, size = found.get(month, (0, 0))
        found[month] = (conversations + source.added, size + source.bytes)
    return found


def _new_file(file: MediaFile, hashes: Mapping[str, str]) -> NewFile:
    name = fold(file.path.rpartition("/")[2])
    return NewFile(file.path, file.kind, file.size_bytes, hashes.get(file.path, ""), name)


def write_row(
    row: int,
    folder: ExportFolder,
    record: ExportRecord,
    name: str,
    hashes: Mapping[str, str],
    problems: Sequence[Problem] = (),
) -> None:
    """Bring an export's row and its files up to date with its folder.

    ``name`` is what the export is called; ``hashes`` holds path -> SHA-256 of the media
    whose hash is known; ``problems`` what reading its conversations ran into.
    """
    media = media_files(folder.path)
    assets.replace_files(row, [_new_file(each, hashes) for each in media])
    media_bytes: Counter[str] = Counter()
    for each in media:
        media_bytes[each.kind] += each.size_bytes
    figures = exports.figures(row)
    sizes = [(path, size) for path, size in _files(folder.path)]
    talks = folder.path / CONVERSATIONS
    exports.change(
        row,
        {
            "name": name,
            "key": record.id,
            "stamp": folder.stamp(),
            "account": record.account,
            "created_at": record.created_at.timestamp(),
            "updated_at": record.updated_at.timestamp(),
            "conversation_count": figures.conversations,
            "message_count": figures.messages,
            "media_count": len(media),
            "missing_count": assets.missing_count(row),
            "size_bytes": sum(size for _, size in sizes),
            "conversation_bytes": sum(size for path, size in sizes if path.parent == talks),
            "source_count": len(record.sources),
            "imports": json.dumps(imports_by_month(record)),
            "checked_at": None,
            **remembered([*lasting_problems(folder, record), *problems]),
            "first_message_at": figures.first_at,
            "last_message_at": figures.last_at,
            "months": json.dumps(figures.months),
            "models": json.dumps(figures.models),
            "media_bytes": json.dumps(media_bytes, sort_keys=True),
        },
    )
