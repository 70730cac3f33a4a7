"""Media of an export: pictures, sound, film and plain text shown, the rest only ever saved."""

from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath

from bottle import HTTPResponse

from app.core.archive.sniffing import HEAD_BYTES, sniff
from app.errors import NotFound
from app.files.export_folder import find_export
from app.files.paths import join_inside
from app.interfaces.http.files import (
    Conditions,
    content_disposition,
    send_file,
    send_opened,
)
from app.library import Library

# What a browser may show inside the page. SVG and HTML can hold scripts: never here.
SHOWN = {
    ".aac": "audio/aac",
    ".avif": "image/avif",
    ".bmp": "image/bmp",
    ".flac": "audio/flac",
    ".gif": "image/gif",
    ".heic": "image/heic",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".m4a": "audio/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".ogv": "video/ogg",
    ".opus": "audio/ogg",
    ".png": "image/png",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
# Read as it stands: as plain text nothing in it is a page or a script to any browser.
READ = frozenset(
    {".csv", ".json", ".log", ".md", ".py", ".srt"}
    | {".toml", ".tsv", ".txt", ".vtt", ".yaml", ".yml"}
)
NAMELESS = frozenset({"", ".dat", ".bin"})
PLAIN = "text/plain; charset=utf-8"
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def show_media(
    library: Library, export: str, path: str, conditions: Conditions, *, download: bool
) -> HTTPResponse:
    """Answer a file below an export's folder, whole or the part asked for. Raises NotFound."""
    file = join_inside(find_export(library.exports, export).path, path)
    head = b""
    with suppress(OSError, ValueError), file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    try:
        return send_file(file, conditions, _headers(path, head, download=download))
    except (OSError, ValueError) as problem:
        raise NotFound(
            "This file is not in the export.", hint="Check the export to see what is missing."
        ) from problem


def show_backed_up(
    library: Library,
    export: str,
    backup: str,
    path: str,
    conditions: Conditions,
    *,
    download: bool,
) -> HTTPResponse:
    """Answer a file inside a backup as one of an export is answered. Raises NotFound."""
    # Imported here: few who look at a picture look into a backup.
    from app.operations.backups.browsing import open_backed_up_file

    found = open_backed_up_file(library, export, backup, path)
    head = found.file.read(HEAD_BYTES)
    headers = _headers(path, head, download=download)
    return send_opened(found.file, found.size, f'"{found.sha256[:32]}"', conditions, headers)


def _headers(path: str, head: bytes, *, download: bool) -> dict[str, str]:
    kind = _shown_type(PurePosixPath(path), head)
    headers = {"Content-Type": kind or "application/octet-stream", "Cache-Control": "no-cache"}
    if download or not kind:
        headers["Content-Disposition"] = content_disposition("attachment", PurePosixPath(path).name)
    if download or not kind or kind == PLAIN:
        headers["Content-Security-Policy"] = SANDBOX
    return headers


def _shown_type(name: PurePosixPath, head: bytes) -> str:
    """Answer the type a browser may show a file as, empty if it may only be saved.

    A name that says nothing is no reason to hide a picture: then the first bytes tell.
    """
    suffix = name.suffix.lower()
    if suffix in NAMELESS and head:
        suffix = sniff(head).extension
    return PLAIN if name.suffix.lower() in READ else SHOWN.get(suffix, "")
