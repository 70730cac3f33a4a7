"""Writing archives: entries into a ZIP or a folder, JSON as exports have it, tiny media."""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.bench.material import MEBIBYTE
from tests.bench.material import conversations as invented

USER = {"id": "user-7Hq", "email": "sam@example.org", "chatgpt_plus_user": True}
USER_FOLDER = "user-7HqW9zPp3Lk2"

Files = Mapping[str, "bytes | str | object"]


def wire(value: object) -> bytes:
    """JSON as exports write it; half surrogates stay escapes."""
    return json.dumps(value, separators=(",", ":")).encode()


def encoded(value: object) -> bytes:
    """The bytes of a file given as bytes, text, or anything JSON can say."""
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else wire(value)


def write_zip(path: Path, files: Files, *, stored: bool = False) -> Path:
    """Write files into a ZIP, in the order given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, value in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 12, 0, 0)), encoded(value), method)
    return path


def write_folder(path: Path, files: Files) -> Path:
    """Write files below a folder."""
    for name, value in files.items():
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(encoded(value))
    return path


def classic_files(
    conversations: Iterable[Any],
    media: Mapping[str, bytes] | None = None,
    assets: Mapping[str, str] | None = None,
    *,
    account: Mapping[str, object] = USER,
) -> dict[str, object]:
    """The files of an export with one conversations.json, chat.html and the usual others."""
    listed = list(conversations)
    return {
        "conversations.json": listed,
        "user.json": account,
        "message_feedback.json": [],
        "shared_conversations.json": [],
        "model_comparisons.json": [],
        "chat.html": chat_html(listed, assets),
        **(media or {}),
    }


def chat_html(conversations: object, assets: Mapping[str, object] | None = None) -> bytes:
    """The page of an export; without assets as the first ones were."""
    lines = [
        b"<html><head><title>ChatGPT Data Export</title><style>body{}</style></head><body>",
        b'<div id="root"></div><script>',
        b"var jsonData = " + wire(conversations),
    ]
    if assets is not None:
        lines.append(b"var assetsJson = " + wire(assets))
    lines.append(b"document.title;</script></body></html>\n")
    return b"\n".join(lines)


def png(seed: int = 0, side: int = 8) -> bytes:
    """A small valid PNG, a different one for each seed."""
    row = b"\0" + bytes((seed * 37 % 256, seed * 91 % 256, seed // 256 % 256)) * side
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def wav(seed: int = 0, frames: int = 400) -> bytes:
    """A short valid WAV, a different one for each seed."""
    samples = b"".join(struct.pack("<h", (n * (seed + 3)) % 2_000) for n in range(frames))
    form = struct.pack("<HHIIHH", 1, 1, 8_000, 16_000, 2, 16)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(samples))
    return b"RIFF" + struct.pack("<I", len(body) + len(samples)) + body + samples


def pdf(words: str) -> bytes:
    """Enough of a PDF to be told as one."""
    return f"%PDF-1.4\n% {words}\n%%EOF\n".encode()


def mp4() -> bytes:
    """Enough of an MP4 to be told as one."""
    return struct.pack(">I", 24) + b"ftypisom\0\0\2\0isomiso2" + b"\0" * 40


def bulk(target: Path, *, conversations: int = 5_000, mebibytes: int = 150, seed: int = 1) -> Path:
    """Write a ZIP of so many conversations, or fewer if that many mebibytes come first.

    The texts are those of the benchmarks. Nothing but one conversation is held in memory.
    """
    left = mebibytes * MEBIBYTE
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("conversations.json", "w", force_zip64=True) as entry,
    ):
        entry.write(b"[")
        for number, encoded in enumerate(invented(seed, count=conversations)):
            left -= len(encoded) + 1
            if number and left < 0:
                break
            entry.write(b"," * (number > 0) + encoded)
        entry.write(b"]")
    return target
