"""The data within an export's chat.html: all conversations once more, and the list of assets.

The page is one script whose first lines are ``var jsonData = […]`` and, since 2024,
``var assetsJson = {…}``, each on a line of its own that may be hundreds of megabytes long.
It is read in pieces; memory does not grow with it.
"""

from __future__ import annotations

import codecs
import html
import json
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from app.core.problems import Problem
from app.files.json_scan import Buffer, closing, skip_space

_PIECE = 1 << 20
_HEAD = 1 << 12
_NAME = rb"(?:var|let|const)\s+(jsonData|assetsJson)\s*=\s*"
_AT_LINE_START = re.compile(rb"\s*" + _NAME)
_AFTER_TAG = re.compile(rb"<script[^>]{0,200}>\s*" + _NAME, re.IGNORECASE)
_AFTER_VALUE = re.compile(rb"\s*;?\s*" + _NAME)
_NEXT_STATEMENT = re.compile(rb"\s*(?:var|let|const|function|window|document|\$|</script)")
_ENTITY_REACH = 16  # bytes the longest entity met here can have

_STRING = r'"(?:[^"\\]|\\.)*+"'
_LENIENT = re.compile(
    rf"{_STRING}|'(?P<single>(?:[^'\\]|\\.)*+)'|(?P<note>//[^\n]*|/\*.*?\*/)|,(?P<end>\s*[\]}}])",
    re.DOTALL,
)


class Page(Struct, frozen=True):
    """What a chat.html holds: a JSON file of conversations in our scratch space, and assets.

    ``conversations`` is None if there are none; ``assets`` is ``assetsJson`` as it stands.
    """

    conversations: Path | None = None
    assets: dict[str, object] = {}
    problems: tuple[Problem, ...] = ()


def read_page(stream: BinaryIO, scratch: Path) -> Page:
    """Take the data out of a chat.html. ``scratch`` is an existing folder of ours to write to."""
    files: dict[str, Path] = {}
    _copy_values(stream, scratch, files)
    for name in list(files):
        if (other := _finish(files[name], scratch, files)) is not None:
            _finish(other, scratch, files)
    assets, problems = _assets(files.get("assetsJson"))
    return Page(files.get("jsonData"), assets, tuple(problems))


def _pieces(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield the page in pieces that end with a line or a block; tell which begin a line."""
    at_start, held = True, b""
    while block := stream.read(_PIECE):
        block = held + block
        held = b""
        lines = block.splitlines(keepends=True) if block.count(b"\n") else [block]
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            if last and at_start and len(line) < _HEAD and not line.endswith(b"\n"):
                held = line  # too short to tell what it begins
                break
            yield line, at_start
            at_start = line.endswith(b"\n")
    if held:
        yield held, at_start


def _copy_values(stream: BinaryIO, scratch: Path, files: dict[str, Path]) -> None:
    """Copy each value, from after its ``=`` to the next statement, to a file of its own."""
    out: BinaryIO | None = None
    try:
        for piece, at_start in _pieces(stream):
            found = (_AT_LINE_START.match(piece) or _AFTER_TAG.search(piece)) if at_start else None
            if found is not None and found[1].decode() not in files:
                if out is not None:
                    out.close()
                name = found[1].decode()
                files[name] = scratch / f"{name}.json"
                out = files[name].open("wb")
                out.write(piece[found.end() :])
            elif out is not None and at_start and _NEXT_STATEMENT.match(piece):
                out.close()
                out = None
            elif out is not None:
                out.write(piece)
    finally:
        if out is not None:
            out.close()


def _finish(path: Path, scratch: Path, files: dict[str, Path]) -> Path | None:
    """Cut a copied value where it ends; answer the file of the other, if that follows it."""
    _unescape(path)
    with path.open("r+b") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # nothing was copied
            return None
        with mapped:
            end = _value_end(mapped)
            if end is None:
                return None
            other = _copy_following(mapped, end, scratch, files)
        file.truncate(end)
    return other


def _copy_following(
    buffer: mmap.mmap, end: int, scratch: Path, files: dict[str, Path]
) -> Path | None:
    found = _AFTER_VALUE.match(buffer, end)
    if found is None or (name := found[1].decode()) in files:
        return None
    files[name] = scratch / f"{name}.json"
    files[name].write_bytes(buffer[found.end() :])
    return files[name]


def _value_end(buffer: Buffer) -> int | None:
    start = skip_space(buffer, 0)
    if buffer[start : start + 1] not in (b"[", b"{"):
        return None
    return closing(buffer, start, len(buffer))


def _unescape(path: Path) -> None:
    """Turn HTML entities back, if the whole value was written with them."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if b"&quot;" not in head or b'"' in head:
        return
    plain = path.with_suffix(".plain")
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    with path.open("rb") as file, plain.open("w", encoding="utf-8", newline="") as out:
        held = ""
        while block := file.read(_PIECE):
            text = held + decoder.decode(block)
            cut = text.rfind("&", len(text) - _ENTITY_REACH)
            text, held = (text[:cut], text[cut:]) if cut >= 0 else (text, "")
            out.write(html.unescape(text))
        out.write(html.unescape(held))
    plain.replace(path)


def _assets(path: Path | None) -> tuple[dict[str, object], list[Problem]]:
    if path is None:
        return {}, []
    text = path.read_bytes().decode("utf-8", "replace")
    for attempt in (text, _strict(text)):
        try:
            value = json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value, []
    problem = Problem(
        "odd-asset-list",
        "The list of media in chat.html can't be read; media were matched by their names.",
        item="chat.html",
    )
    return {}, [problem]


def _strict(text: str) -> str:
    """Make JSON of what JavaScript also takes: comments, trailing commas, single quotes."""

    def replaced(found: re.Match[str]) -> str:
        if found["note"] is not None:
            return ""
        if found["end"] is not None:
            return found["end"]
        if found["single"] is not None:
            return '"' + found["single"].replace("\\'", "'").replace('"', '\\"') + '"'
        return found.group()

    return _LENIENT.sub(replaced, text)
