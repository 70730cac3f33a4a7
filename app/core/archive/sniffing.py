"""What a file is by its first bytes, and the name it should have."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO

from msgspec import Struct

from app.core import naming
from app.core.blocks import AssetKind

HEAD_BYTES = 4096  # bytes a look needs


class Sniffed(Struct, frozen=True):
    """A file's extension (with its dot, empty if unknown), MIME type and kind."""

    extension: str
    mime_type: str
    kind: AssetKind


_UNKNOWN = Sniffed("", "application/octet-stream", "file")
_TEXT = Sniffed(".txt", "text/plain", "file")
_JSON = Sniffed(".json", "application/json", "file")
_ZIP = Sniffed(".zip", "application/zip", "file")

# extension -> MIME type, kind; what `by_extension` knows
_TYPES: dict[str, tuple[str, AssetKind]] = {
    ".png": ("image/png", "image"),
    ".jpg": ("image/jpeg", "image"),
    ".jpeg": ("image/jpeg", "image"),
    ".gif": ("image/gif", "image"),
    ".webp": ("image/webp", "image"),
    ".avif": ("image/avif", "image"),
    ".heic": ("image/heic", "image"),
    ".heif": ("image/heif", "image"),
    ".bmp": ("image/bmp", "image"),
    ".tif": ("image/tiff", "image"),
    ".tiff": ("image/tiff", "image"),
    ".wav": ("audio/wav", "audio"),
    ".mp3": ("audio/mpeg", "audio"),
    ".m4a": ("audio/mp4", "audio"),
    ".aac": ("audio/aac", "audio"),
    ".flac": ("audio/flac", "audio"),
    ".ogg": ("audio/ogg", "audio"),
    ".oga": ("audio/ogg", "audio"),
    ".opus": ("audio/ogg", "audio"),
    ".mp4": ("video/mp4", "video"),
    ".m4v": ("video/mp4", "video"),
    ".mov": ("video/quicktime", "video"),
    ".webm": ("video/webm", "video"),
    ".mkv": ("video/x-matroska", "video"),
    ".pdf": ("application/pdf", "file"),
    ".zip": ("application/zip", "file"),
    ".json": ("application/json", "file"),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "file"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file"),
    ".pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "file"),
    ".odt": ("application/vnd.oasis.opendocument.text", "file"),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", "file"),
    ".odp": ("application/vnd.oasis.opendocument.presentation", "file"),
    ".epub": ("application/epub+zip", "file"),
}
# Text in a browser's eyes too, whatever it is called: HTML and SVG can hold scripts.
_TEXT_EXTENSIONS = frozenset(
    {".txt", ".md", ".csv", ".tsv", ".html", ".htm", ".svg", ".xml", ".css", ".js", ".py"}
    | {".log", ".yaml", ".yml", ".toml", ".srt", ".vtt"}
)
# Several extensions for one kind of bytes: a name with any of them is right.
_SAME = (
    frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    frozenset({".mp4", ".m4v", ".m4a", ".m4b", ".mov", ".3gp", ".heic", ".heif", ".avif"}),
    frozenset({".webm", ".mkv", ".mka"}),
    frozenset({".ogg", ".oga", ".ogv", ".opus"}),
    frozenset({".mp3", ".mpga", ".aac", ".mp2"}),
    frozenset({".tif", ".tiff", ".dng"}),
    frozenset({".pdf", ".ai"}),
)
_FIXED: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"GIF8", ".gif"),
    (b"\x1aE\xdf\xa3", ".webm"),
    (b"OggS", ".ogg"),
    (b"fLaC", ".flac"),
    (b"ID3", ".mp3"),
    (b"%PDF", ".pdf"),
    (b"II*\x00", ".tiff"),
    (b"MM\x00*", ".tiff"),
)
_BRANDS = {
    b"heic": ".heic", b"heix": ".heic", b"mif1": ".heic", b"hevc": ".heic", b"msf1": ".heic",
    b"avif": ".avif", b"avis": ".avif", b"qt  ": ".mov", b"M4A ": ".m4a", b"M4B ": ".m4a",
}  # fmt: skip
_CONTAINERS = {b"WEBP": ".webp", b"WAVE": ".wav", b"AVI ": ".avi"}
_OFFICE = (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx"))
_MIMETYPES = {mime: extension for extension, (mime, _) in _TYPES.items()}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_GENERIC = frozenset({"", ".dat", ".bin", ".file", ".tmp"})


def sniff(head: bytes, names: Iterable[str] = ()) -> Sniffed:
    """Tell what a file is by its first bytes.

    ``names`` are the names within it, if it is a ZIP and they are known: without them an
    office document is told only by what stands in the first bytes.
    """
    for magic, extension in _FIXED:
        if head.startswith(magic):
            return by_extension(extension)
    if head[4:8] == b"ftyp":
        return by_extension(_BRANDS.get(head[8:12], ".mp4"))
    if head[:4] == b"RIFF" and head[8:12] in _CONTAINERS:
        return by_extension(_CONTAINERS[head[8:12]])
    if head.startswith(b"PK\x03\x04"):
        return _sniff_zip(head, names)
    if _is_mpeg_audio(head):
        return by_extension(".mp3")
    return _sniff_text(head)


def sniff_stream(stream: BinaryIO) -> Sniffed:
    """Tell what an open, seekable file is, looking into a ZIP for an office document."""
    head = stream.read(HEAD_BYTES)
    found = sniff(head)
    if found is not _ZIP:
        return found
    try:
        with zipfile.ZipFile(stream) as archive:
            return sniff(head, archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, zlib.error):
        return found


def by_extension(name: str) -> Sniffed:
    """Tell what a file is by the extension of its name (or by the extension alone)."""
    extension = ("." + name.rpartition(".")[2]).lower() if "." in name else ""
    if extension in _TEXT_EXTENSIONS:
        return Sniffed(extension, "text/plain", "file")
    if extension not in _TYPES:
        return Sniffed(extension, "application/octet-stream", "file")
    mime_type, kind = _TYPES[extension]
    return _ZIP if extension == ".zip" else Sniffed(extension, mime_type, kind)


def better_name(leaf: str, head: bytes, known_name: str = "") -> str:
    """Answer the name a file should have: its own, with the extension its bytes call for.

    ``known_name`` is what a list in the export calls it, perhaps with a path. A file that
    is named by its id alone (``file-AbC.dat``) gets that after the id, so that it is still
    found by it. Extensions that fit the bytes, or of which nothing is known, are kept.
    """
    known = known_name.replace("\\", "/").rpartition("/")[2].strip()
    stem, own = naming.split_extension(leaf)
    if own.lower() in _GENERIC and known:
        known_stem, known_extension = naming.split_extension(known)
        extension = _fitting(known_extension, sniff(head))
        joined = known_stem if known_stem.startswith(stem) else f"{stem}-{known_stem}"
        return naming.safe_component(joined + extension)
    return naming.safe_component(stem + _fitting(own, sniff(head)))


def _fitting(extension: str, found: Sniffed) -> str:
    """Answer ``extension`` if bytes found to be ``found`` may carry it, else theirs."""
    given = extension.lower()
    if given in _GENERIC:
        return found.extension or extension
    if found in (_UNKNOWN, _TEXT, _JSON, _ZIP) or given == found.extension:
        return extension
    if any(given in same and found.extension in same for same in _SAME):
        return extension
    return found.extension


def _sniff_zip(head: bytes, names: Iterable[str]) -> Sniffed:
    if head[30:38] == b"mimetype":  # OpenDocument and EPUB put their type first, unpacked
        for mime_type, extension in _MIMETYPES.items():
            if head.startswith(mime_type.encode(), 38):
                return by_extension(extension)
    listed = tuple(names)
    for folder, extension in _OFFICE:
        if any(name.startswith(folder) for name in listed):
            return by_extension(extension)
        if not listed and _names_first(head, folder.encode()):
            return by_extension(extension)
    return _ZIP


def _names_first(head: bytes, folder: bytes) -> bool:
    """Whether an office document's list comes first, and a file of ``folder`` is in sight."""
    return (
        b"[Content_Types].xml" in head[:256]
        and re.search(rb"PK\x03\x04.{26}" + re.escape(folder), head, re.DOTALL) is not None
    )


def _is_mpeg_audio(head: bytes) -> bool:
    """Whether the bytes begin with an MPEG audio frame: sync, a version, a layer, a rate."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return False
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    return version != 1 and layer != 0 and head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3


def _sniff_text(head: bytes) -> Sniffed:
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # its last letter may be cut
    except UnicodeDecodeError:
        return _UNKNOWN
    text = text.removeprefix("\ufeff").lstrip()
    if not text or _CONTROL.search(text):
        return _UNKNOWN
    return _JSON if text[0] in "{[" else _TEXT
