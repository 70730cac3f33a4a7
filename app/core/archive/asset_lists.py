"""The lists in an export that say which file is what, read from JSON of any shape."""

from __future__ import annotations

import re

from msgspec import Struct

_ID = re.compile(r"file[-_][A-Za-z0-9]+")
_PATH_KEYS = ("file_path", "path", "name", "download_url")
_POINTER_KEYS = ("asset_pointer", "pointer", "key", "id", "file_id")


class LibraryFile(Struct, frozen=True):
    """One row of library_files.json; what it lacks is empty."""

    file_id: str
    name: str
    mime_type: str = ""
    size_bytes: int | None = None
    sha256: str = ""
    message_id: str = ""
    conversation_id: str = ""
    artifact: str = ""  # "image" generated, "report" written by the assistant, "" uploaded


def read_assets_json(value: object) -> dict[str, str]:
    """Read the map from pointers to paths of chat.html; rows that make no sense are skipped.

    A path may be an object with a name; the predecessor also took a list of pairs, of
    such objects, or of paths alone, whose names begin with the id.
    """
    if isinstance(value, list):
        value = dict(_row(row) for row in value)
    if not isinstance(value, dict):
        return {}
    paths = {str(pointer): _path(place) for pointer, place in value.items()}
    return {pointer: path for pointer, path in paths.items() if path}


def _row(row: object) -> tuple[str, object]:
    """Read one row of a list of assets as a pointer and where its file is."""
    if isinstance(row, list) and len(row) == 2:
        return str(row[0]), row[1]
    path = _path(row)
    facts = row if isinstance(row, dict) else {}
    for key in _POINTER_KEYS:
        if isinstance(found := facts.get(key), str) and found:
            return found, path
    return path.rpartition("/")[2], path


def _path(place: object) -> str:
    if isinstance(place, str):
        return place
    if isinstance(place, dict):
        return next((p for key in _PATH_KEYS if isinstance(p := place.get(key), str) and p), "")
    return ""


def read_asset_names(value: object) -> dict[str, str]:
    """Read conversation_asset_file_names.json as asset id -> name, perhaps with a path."""
    if not isinstance(value, dict):
        return {}
    names: dict[str, str] = {}
    for key, name in value.items():
        found = _ID.match(key) if isinstance(key, str) else None
        if found and isinstance(name, str) and name.strip():
            names.setdefault(found.group(), name.strip())
    return names


def read_library_files(value: object) -> tuple[LibraryFile, ...]:
    """Read library_files.json; rows without a file are skipped."""
    rows = value if isinstance(value, list) else []
    files = (_library_file(row) for row in rows if isinstance(row, dict))
    return tuple(file for file in files if file.file_id)


def _library_file(row: dict[object, object]) -> LibraryFile:
    size = row.get("file_size_bytes")
    found = _ID.match(_text(row, "file_id"))
    return LibraryFile(
        file_id=found.group() if found else "",
        name=_text(row, "file_name"),
        mime_type=_text(row, "mime_type"),
        size_bytes=size if isinstance(size, int) and not isinstance(size, bool) else None,
        sha256=_text(row, "sha256_digest").lower(),
        message_id=_text(row, "origination_message_id"),
        conversation_id=_text(row, "origination_thread_id"),
        artifact=_text(row, "library_artifact_type"),
    )


def _text(row: dict[object, object], key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""
