"""How hard backups are packed: five levels by name, ten by number, and what is media."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from app.errors import InvalidInput

MIB = 1 << 20
BIG = 4 * MIB  # files above this have a block of their own and are streamed
MEDIA_BLOCK = 4 * MIB  # bytes of media packed together: they are not compressed
TRIAL = 64 << 10  # bytes of an unknown file that are compressed to see whether it pays
WORTH = 0.9  # compressed to more than this share, it does not


class Level(Struct, frozen=True):
    """One way to pack text: the method, its effort, and how many bytes make one block."""

    name: str
    method: Literal["copy", "deflate", "lzma2"]
    effort: int
    block: int


LEVELS: Mapping[str, Level] = {
    level.name: level
    for level in (
        Level("store", "copy", 0, MIB),
        Level("fast", "deflate", 1, MIB),
        Level("balanced", "deflate", 6, MIB),
        Level("small", "lzma2", 1, 4 * MIB),
        Level("smallest", "lzma2", 6, 16 * MIB),
    )
}
_BY_NUMBER = (
    "store",
    "fast",
    "fast",
    "balanced",
    "balanced",
    "balanced",
    "balanced",
    "small",
    "small",
    "smallest",
)

# Extensions of what is packed already; anything else unknown is tried.
_MEDIA = frozenset(
    [
        "jpg",
        "jpeg",
        "png",
        "gif",
        "webp",
        "heic",
        "heif",
        "avif",
        "jxl",
        "mp3",
        "m4a",
        "aac",
        "ogg",
        "opus",
        "flac",
        "wma",
        "mp4",
        "m4v",
        "mov",
        "webm",
        "mkv",
        "avi",
        "zip",
        "7z",
        "gz",
        "bz2",
        "xz",
        "zst",
        "rar",
        "docx",
        "xlsx",
        "pptx",
        "odt",
        "ods",
        "odp",
        "epub",
        "apk",
        "jar",
    ]
)
_TEXT = frozenset(
    [
        "json",
        "jsonl",
        "ndjson",
        "html",
        "htm",
        "txt",
        "md",
        "csv",
        "tsv",
        "xml",
        "svg",
        "log",
        "py",
        "js",
        "ts",
        "css",
        "c",
        "h",
        "cpp",
        "java",
        "rs",
        "go",
        "sh",
        "yaml",
        "yml",
        "toml",
        "ini",
        "tex",
        "sql",
        "srt",
        "vtt",
        "bmp",
        "wav",
    ]
)


def level_named(name: str) -> Level:
    """Answer a level by its name or a number from 0 to 9. Raises InvalidInput."""
    if name.isascii() and name.isdigit() and int(name) < len(_BY_NUMBER):
        name = _BY_NUMBER[int(name)]
    if name not in LEVELS:
        raise InvalidInput(
            f"There is no level called “{name[:40]}”.",
            hint=f"Levels are {', '.join(LEVELS)}, or numbers from 0 to 9.",
        )
    return LEVELS[name]


def compressible(path: str) -> bool | None:
    """Tell by a file's name whether compressing it pays; None: its bytes must tell."""
    extension = path.rpartition("/")[2].rpartition(".")[2].lower()
    if extension in _TEXT:
        return True
    return False if extension in _MEDIA else None
