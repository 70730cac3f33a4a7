"""The page: files of web/, and index.html for every address the page itself routes."""

from __future__ import annotations

import re
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from bottle import HTTPResponse

from app.errors import AppError, NotFound
from app.files.paths import join_inside
from app.interfaces.http.files import Conditions, send_file, send_opened
from app.interfaces.http.joining import FirstLook

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_IMPORT = re.compile(rb'^@import "([^"]+)";$', re.MULTILINE)


def web_folder() -> Path:
    """Answer where the page's files are: frozen, installed from a wheel, or in a checkout."""
    package = Path(__file__).resolve().parents[2]
    places = [package / "web", package.parent / "web"]
    if frozen := getattr(sys, "_MEIPASS", None):
        places.insert(0, Path(frozen) / "web")
    return next((place for place in places if (place / "index.html").is_file()), places[-1])


class Page:
    """The files of the page; what it is made of is sent in as few answers as can be."""

    def __init__(self, web: Path) -> None:
        self._web = web
        self._first = FirstLook(web)

    def show(self, path: str, conditions: Conditions) -> HTTPResponse:
        """Answer the file at ``path``, or index.html where the page routes. Raises NotFound."""
        try:
            file = join_inside(self._web, path) if path else self._web
        except AppError:
            file = None
        if file is None or not file.is_file() or file.suffix.lower() not in TYPES:
            if not _is_page_route(self._web, path):
                raise NotFound("There is nothing at this address.")
            file = self._web / "index.html"
        kind = file.suffix.lower()
        headers = {"Content-Type": TYPES[kind], "Cache-Control": "no-cache"}
        try:
            made = _stylesheet(file) if kind == ".css" else self._first.find(path)
            if made is None:
                return send_file(file, conditions, headers)
        except OSError as problem:
            raise NotFound(
                "The page's files are missing.", hint="Install the program again."
            ) from problem
        etag = f'"{sha256(made).hexdigest()[:32]}"'
        return send_opened(BytesIO(made), len(made), etag, conditions, headers)


def _stylesheet(file: Path) -> bytes:
    """Answer a stylesheet with those it imports in it: one answer instead of twenty."""
    return _IMPORT.sub(
        lambda found: join_inside(file.parent, found[1].decode()).read_bytes(), file.read_bytes()
    )


def _is_page_route(web: Path, path: str) -> bool:
    """Tell an address of the page from a file that is not there: names may hold dots too."""
    first, *rest = path.split("/")
    return "." not in first and not (rest and (web / first).is_dir())
