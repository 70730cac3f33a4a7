"""An invented session of the predecessor, of any size, and what copying it the safe way takes."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench import material
from tests.bench.measure import Timed
from tests.legacy.old_program import A, media, registry, session, single_files

SIZES = (180, 1_400, 90, 3_000, 700, 6_500, 40, 2_200)  # KiB, of ordinary pictures and recordings


def write_session(folder: Path, count: int, size: int) -> Path:
    """Write a session as the version of December left it: so many conversations, and media.

    ``size`` is of the media, in bytes; each is spoken of by a message.
    """
    writer, left = material.Writer(5), _sizes(size)
    talks = []
    for number in range(count):
        talk = writer.conversation(13 + number % 8)
        if (wanted := next(left, 0)) > 0:
            _write(folder, media(A, _illustrated(writer, talk, wanted)))
        talks.append(talk)
    raw = json.dumps(talks, separators=(",", ":")).encode()
    page = b"<html><body><script>var jsonData = " + raw + b"</script></body></html>"
    files = {"conversations.json": raw, "chat.html": page, "user.json": b'{"id":"user-bench"}'}
    _write(folder, session(A, {**files, **single_files(talks)}))
    _write(folder, {"data/sessions.json": registry([A])})
    return folder


def _sizes(total: int) -> Iterator[int]:
    """Yield sizes of media until they are so many bytes together."""
    for size in itertools.cycle(SIZES):
        if total <= 0:
            return
        yield size * 1024
        total -= size * 1024


def _illustrated(writer: material.Writer, talk: dict, size: int) -> dict[str, bytes]:
    """Make a picture and let the first message of a conversation show it."""
    key = f"file-{writer.id().replace('-', '')[:24]}"
    content = b"\x89PNG\r\n\x1a\n" + writer.bytes(size)
    picture = {
        "content_type": "image_asset_pointer",
        "asset_pointer": f"file-service://{key}",
        "size_bytes": len(content),
        "width": 640,
        "height": 480,
    }
    question = next(node for node in talk["mapping"].values() if node["message"])
    question["message"]["content"] = {"content_type": "multimodal_text", "parts": [picture]}
    return {f"{key}-picture.png": content}


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)


def copied_and_hashed(source: Path) -> Timed:
    """Answer a timing of `cp -a` of a folder and of the SHA-256 of every file of the copy."""
    cp, sha256sum = shutil.which("cp"), shutil.which("sha256sum")
    if cp is None or sha256sum is None:
        raise SystemExit("cp and sha256sum are not here; this bar cannot be measured without them")

    def run(folder: Path) -> float:
        began = time.perf_counter()
        subprocess.run([cp, "-a", source, folder / "copy"], check=True)
        files = sorted(str(path) for path in (folder / "copy").rglob("*") if path.is_file())
        subprocess.run([sha256sum, *files], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began

    return run
