"""Bytes of a file over HTTP: ranges, validators, and a name that survives any alphabet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from bottle import HTTPResponse
from msgspec import Struct

CHUNK = 256 * 1024  # bytes handed to the socket at a time
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Conditions(Struct, frozen=True):
    """What a request asks about the file: the method and its conditional headers."""

    method: str
    range: str = ""
    if_range: str = ""
    if_none_match: str = ""

    @classmethod
    def of(cls, environ: Mapping[str, object]) -> Conditions:
        """Read them from a WSGI environment."""

        def get(name: str) -> str:
            return str(environ.get(name) or "")

        return cls(
            get("REQUEST_METHOD"),
            get("HTTP_RANGE"),
            get("HTTP_IF_RANGE"),
            get("HTTP_IF_NONE_MATCH"),
        )


def parse_range(text: str, size: int) -> tuple[int, int] | None:
    """Answer the half-open byte range asked for, or None if the whole file is to be sent.

    Several ranges or nonsense mean the whole file, as RFC 9110 allows. Raises
    ValueError if the range lies outside the file.
    """
    match = _RANGE.fullmatch(text.strip())
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, end = max(0, size - int(match[2])), size
    else:
        start = int(match[1])
        end = min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= size or start >= end:
        raise ValueError(text)
    return start, end


def send_file(path: Path, conditions: Conditions, headers: Mapping[str, str]) -> HTTPResponse:
    """Answer a file's bytes, or the part asked for, or that it has not changed.

    Raises OSError if it cannot be read.
    """
    file = path.open("rb")
    found = os.fstat(file.fileno())
    modified = {"Last-Modified": formatdate(found.st_mtime, usegmt=True)}
    return send_opened(file, found.st_size, _etag(found), conditions, {**headers, **modified})


def send_opened(
    file: BinaryIO, size: int, etag: str, conditions: Conditions, headers: Mapping[str, str]
) -> HTTPResponse:
    """Answer the bytes of an open file of this size, or the part asked for; closes it."""
    common = {**headers, "ETag": etag, "Accept-Ranges": "bytes"}
    if conditions.if_none_match in (etag, "*"):
        file.close()
        return HTTPResponse(status=304, headers=common)
    wanted = conditions.range if conditions.if_range in ("", etag) else ""
    try:
        part = parse_range(wanted, size)
    except ValueError:
        file.close()
        return HTTPResponse("", status=416, headers={**common, "Content-Range": f"bytes */{size}"})
    start, end = part or (0, size)
    if part:
        common["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    common["Content-Length"] = str(end - start)
    if conditions.method == "HEAD":
        file.close()
        return HTTPResponse("", status=206 if part else 200, headers=common)
    file.seek(start)
    return HTTPResponse(_Part(file, end - start), status=206 if part else 200, headers=common)


def content_disposition(kind: str, name: str) -> str:
    """Write the header that names a file, for any name (RFC 6266)."""
    plain = re.sub(r'[^ !#-\[\]-~]|["%\\]', "_", name)
    exact = quote(name.encode("utf-8", "replace"), safe="")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}"


def _etag(found: os.stat_result) -> str:
    facts = f"{found.st_dev}:{found.st_ino}:{found.st_mtime_ns}:{found.st_size}"
    return f'"{sha256(facts.encode()).hexdigest()[:32]}"'


class _Part:
    """The bytes of an open file from where it stands, ``length`` of them; closes it."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._left = length

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0:
            chunk = self._file.read(min(CHUNK, self._left))
            if not chunk:
                return
            self._left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Close the file, also when the other side hung up half-way."""
        self._file.close()
