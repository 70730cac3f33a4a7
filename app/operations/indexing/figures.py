"""What an export's folder holds, counted from the disk, and the catalog row that says so."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.core.archive.sniffing import by_extension
from app.files.export_folder import MEDIA, ExportFolder, ExportRecord
from db import assets, exports


@dataclass(frozen=True, slots=True)
class MediaFile:
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


def write_row(
    row: int, folder: ExportFolder, record: ExportRecord, name: str, hashes: Mapping[str, str]
) -> None:
    """Bring an export's row and its files up to date with its folder.

    ``name`` is what the export is called; ``hashes`` holds path -> SHA-256 of the media
    whose hash is known.
    """
    media = media_files(folder.path)
    assets.replace_files(
        row, [(each.path, each.kind, each.size_bytes, hashes.get(each.path, "")) for each in media]
    )
    media_bytes: Counter[str] = Counter()
    for each in media:
        media_bytes[each.kind] += each.size_bytes
    figures = exports.figures(row)
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
            "size_bytes": sum(size for _, size in _files(folder.path)),
            "first_message_at": figures.first_at,
            "last_message_at": figures.last_at,
            "months": json.dumps(figures.months),
            "models": json.dumps(figures.models),
            "media_bytes": json.dumps(media_bytes, sort_keys=True),
        },
    )
