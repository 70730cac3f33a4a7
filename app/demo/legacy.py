"""A folder as the predecessor left it, with two sessions to migrate, one of them damaged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from app.core.timestamps import read_seconds
from app.demo.account import conversations, told
from app.demo.side_files import chat_page, wire
from app.demo.talk import Json

_FIRST = "3f0e6c5a-9d1b-4c27-8e44-6b7a2f10c9d3"
_POISONED = "b1c7d2e8-0a36-4f95-9b5e-2d84e7f6a1c0"
_UPLOADED = {_FIRST: "2025-11-28T17:20:41.000Z", _POISONED: "2025-12-08T10:00:00.000Z"}
_LOST_CHARACTERS = re.compile(r"[^A-Za-z0-9_\s-]")


def build_legacy_session(target: Path, *, seed: int = 11) -> Path:
    """Write an invented folder of the predecessor below ``target``; return its path.

    It holds the registry, a whole session with media and a backup, and a session whose
    `conversations.json` its importer overwrote with the list of shared links: what that
    one lost is still in its `chat.html`.
    """
    maker = told(seed)
    listed = [
        talk for talk in conversations(maker) if read_seconds(talk["create_time"]) is not None
    ]
    half = len(listed) // 3
    whole, poisoned = listed[half : 2 * half], listed[2 * half :]
    sessions = target / "data" / "sessions"
    pointers = {asset.pointer: asset.path for asset in maker.assets}
    wanted = {name for name in pointers if name in wire(whole)}
    media = {asset.path: asset.data for asset in maker.assets if asset.pointer in wanted}
    _write(target / "public" / "media" / "sessions" / _FIRST, media)
    _write(sessions / _FIRST, _session(whole, {name: pointers[name] for name in wanted}))
    _write(sessions / _POISONED, _overwritten(poisoned, maker.shared))
    _write(target / "data", {"sessions.json": _registry(sessions)})
    _write(target / "backups", _backup(sessions / _FIRST))
    return target


def legacy_name(conversation: Mapping[str, object]) -> str:
    """Return the file name the predecessor gave a conversation."""
    when = conversation.get("update_time") or conversation.get("create_time") or 0
    seconds = float(when) if isinstance(when, (int, float)) else 0.0
    day = datetime.fromtimestamp(seconds if seconds < 1e11 else seconds / 1000, UTC)
    title = conversation.get("title")
    cleaned = _LOST_CHARACTERS.sub("", title if isinstance(title, str) and title else "untitled")
    return f"{day:%Y.%m.%d}_{'_'.join(cleaned.split())[:100]}.json"


def _session(listed: list[Json], pointers: Mapping[str, str]) -> dict[str, bytes]:
    files = {
        "conversations.json": wire(listed).encode(),
        "chat.html": chat_page(listed, dict(sorted(pointers.items()))).encode(),
        "user.json": b'{"id":"user-mira","email":"mira@example.org"}',
        "notes for myself.txt": b"Not from ChatGPT; the old app kept it anyway.\n",
    }
    for conversation in listed:  # newest first, so the oldest of a name survived
        files[f"conversations/{legacy_name(conversation)}"] = _pretty(conversation)
    return files


def _overwritten(listed: list[Json], shared: list[Json]) -> dict[str, bytes]:
    files = {
        "conversations.json": wire(shared).encode(),
        "chat.html": chat_page(listed, {}).encode(),
    }
    for stub in shared:
        files[f"conversations/{legacy_name(stub)}"] = _pretty(stub)
    return files


def _registry(sessions: Path) -> bytes:
    rows = []
    for name in (_FIRST, _POISONED):
        size = sum(file.stat().st_size for file in (sessions / name).rglob("*") if file.is_file())
        row = {"uploadedAt": _UPLOADED[name], "size": size, "status": "completed"}
        rows.append([name, row])
    return _pretty(rows)


def _backup(session: Path) -> dict[str, bytes]:
    """Return the predecessor's own backup: the text files of a session inside a JSON file."""
    files = {}
    for name in ("conversations.json", "user.json"):
        content = (session / name).read_text(encoding="utf-8")
        size = len(content.encode())
        files[name] = {"content": content, "lastModified": _UPLOADED[_FIRST], "size": size}
    stamp = _UPLOADED[_FIRST]
    backup = {"sessionId": _FIRST, "timestamp": stamp, "files": files}
    return {f"{_FIRST}_{stamp.replace(':', '-').replace('.', '-')}.json": _pretty(backup)}


def _pretty(value: object) -> bytes:
    return json.dumps(value, indent=2).encode()


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
