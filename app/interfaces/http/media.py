"""Media of an export: pictures, sound, film and plain text shown, the rest only ever saved."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

from bottle import HTTPResponse

from app.core.archive.sniffing import HEAD_BYTES, sniff
from app.errors import NotFound
from app.files.export_folder import find_export
from app.files.paths import join_inside
from app.interfaces.http.files import Conditions, content_disposition, send_file
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
    kind = _shown_type(file)
    headers = {"Content-Type": kind or "application/octet-stream", "Cache-Control": "no-cache"}
    if download or not kind:
        headers["Content-Disposition"] = content_disposition("attachment", PurePosixPath(path).name)
    if download or not kind or kind == PLAIN:
        headers["Content-Security-Policy"] = SANDBOX
    try:
        return send_file(file, conditions, headers)
    except (OSError, ValueError) as problem:
        raise NotFound(
            "This file is not in the export.", hint="Check the export to see what is missing."
        ) from problem


def _shown_type(file: Path) -> str:
    """Answer the type a browser may show a file as, empty if it may only be saved.

    A name that says nothing is no reason to hide a picture: then the first bytes tell.
    """
    suffix = file.suffix.lower()
    if suffix in NAMELESS:
        with suppress(OSError, ValueError), file.open("rb") as opened:
            suffix = sniff(opened.read(HEAD_BYTES)).extension
    return PLAIN if file.suffix.lower() in READ else SHOWN.get(suffix, "")
