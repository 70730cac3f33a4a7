"""Small exports on a real disk, made and changed by hand, and backups of them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.files.export_folder import ExportFolder, ExportRecord, SourceRecord
from app.library import Library
from app.operations.backups.creating import create_backup
from app.operations.backups.results import BackupSummary
from app.operations.managing.following import follow_folders
from app.progress import Task

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def conversation(id_: str, title: str, *words: str) -> dict[str, Any]:
    """A conversation as ChatGPT exports it: one question, one answer a word."""
    nodes: dict[str, Any] = {
        "root": {"id": "root", "parent": None, "children": [], "message": None}
    }
    parent = "root"
    for number, text in enumerate(words):
        key = f"{id_}-{number}"
        nodes[parent]["children"].append(key)
        nodes[key] = {
            "id": key,
            "parent": parent,
            "children": [],
            "message": {
                "id": key,
                "author": {"role": "user" if number % 2 == 0 else "assistant"},
                "create_time": 1_700_000_000.0 + number,
                "content": {"content_type": "text", "parts": [text]},
                "metadata": {},
            },
        }
        parent = key
    return {
        "id": id_,
        "conversation_id": id_,
        "title": title,
        "create_time": 1_700_000_000.0,
        "update_time": 1_700_000_100.0,
        "mapping": nodes,
        "current_node": parent,
    }


def make_export(library: Library, name: str = "Garden", *, session: str = "") -> Path:
    """Put an export into the library, with three conversations, a picture and empty things."""
    path = library.exports / name
    (path / "conversations").mkdir(parents=True)
    (path / "media" / "audio").mkdir(parents=True)
    for number in range(3):
        write_conversation(path, number, "How do I grow mint?", "In the shade. " * 200)
    (path / "media" / "mint.png").write_bytes(PICTURE)
    (path / "assets.json").write_text("{}")
    (path / "empty.json").write_bytes(b"")
    now = library.clock()
    source = SourceRecord(name="a.zip", kind="zip", layout="classic", imported_at=now)
    if session:
        source = SourceRecord(
            name="s", kind="folder", layout="legacy", imported_at=now, session=session
        )
    record = ExportRecord(
        id=f"key of {name}", name=name, created_at=now, updated_at=now, sources=(source,)
    )
    ExportFolder(path).write_record(record)
    age(path)
    follow_folders(library, Task())
    return path


def write_conversation(path: Path, number: int, *words: str) -> Path:
    """Write one conversation into an export, in the place of an earlier version."""
    file = path / "conversations" / f"2026.01.0{number + 1}_Mint_{number}.json"
    file.write_text(json.dumps(conversation(f"c{number}", f"Mint {number}", *words)))
    return file


def age(path: Path) -> None:
    """Set the times of every file back: what was just written is read again in any case."""
    then = datetime(2025, 12, 1, tzinfo=UTC).timestamp()
    for each in path.rglob("*"):
        if each.is_file():
            os.utime(each, (then, then))


def back_up(library: Library, name: str = "Garden", **values: Any) -> BackupSummary:
    """Make a backup."""
    return create_backup(library, Task(), export=name, **values)


def damage(archive: Path, *, at: float = 0.3) -> None:
    """Turn some bytes of an archive around, in place."""
    raw = bytearray(archive.read_bytes())
    start = int(len(raw) * at)
    for place in range(start, min(len(raw), start + 16)):
        raw[place] ^= 0xFF
    archive.write_bytes(raw)
