"""Writing one conversation's file, wherever that is done: here or in another process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from app.errors import StorageProblem
from app.files.export_folder import ExportFolder
from app.operations.saving.media import Inside, MediaBeside, Shown
from app.operations.saving.options import Options
from app.operations.saving.shape import shaped
from app.rendering.saved.html_file import Around, html_file
from app.rendering.saved.markdown_file import markdown_file
from app.rendering.saved.text_file import text_file

_WHOLE_PAGES = ("html", "pdf")  # one file each, with its media within


class Order(Struct, frozen=True):
    """One file to write: which conversation, from which file, to which draft.

    ``root`` leads from the file's place to the folder that holds media/; ``around`` is
    for pages that link each other.
    """

    number: int
    id: str
    file: str
    draft: str
    root: str
    around: Around | None = None


class Written(Struct, frozen=True):
    """A file written: its hash, the media beside it; or why it could not be written."""

    number: int
    sha256: str = ""
    media: frozenset[str] = frozenset()
    missing: int = 0  # files it refers to that are not there
    problem: str = ""
    hint: str = ""


class Writer:
    """Writes conversations of one export. Made once in each process that writes."""

    def __init__(self, export: Path, names: Mapping[str, str], options: Options) -> None:
        self._export = ExportFolder(export)
        self._media = MediaBeside(self._export, names)
        self._options = options

    def write(self, order: Order) -> Written:
        """Write one file to its draft. Raises OSError if the disk does not take it."""
        shown = Shown()
        try:
            content = self._content(order, shown)
        except StorageProblem as problem:
            return Written(order.number, problem=problem.message, hint=problem.hint)
        digest = hashlib.sha256()
        with open(order.draft, "wb") as file:  # noqa: PTH123 - thousands of them
            for piece in content:
                file.write(piece)
                digest.update(piece)
        return Written(
            order.number, digest.hexdigest(), frozenset(shown.beside), len(shown.missing)
        )

    def _content(self, order: Order, shown: Shown) -> Iterable[bytes]:
        """Answer the file, in pieces where it may be large. Raises StorageProblem."""
        if self._options.format in _WHOLE_PAGES:
            return self._page(order, shown)
        return (self._bytes(order, shown),)

    def _page(self, order: Order, shown: Shown) -> Iterable[bytes]:
        """Answer a page that holds its media. Paper plays nothing: it gets the pictures only."""
        paper = self._options.format == "pdf"
        conversation = shaped(order.id, self._export.read_conversation(order.file))
        inside = Inside(pictures_only=paper)
        resolve = self._media.resolver(order.id, order.root, shown, inside)
        return inside.put_into(html_file(conversation, resolve, opened=paper))

    def _bytes(self, order: Order, shown: Shown) -> bytes:
        if self._options.format == "json":
            return self._stored(order.file)
        conversation = shaped(order.id, self._export.read_conversation(order.file))
        if self._options.format == "text":
            return text_file(conversation).encode()
        resolve = self._media.resolver(order.id, order.root, shown)
        if self._options.format == "markdown":
            return markdown_file(conversation, resolve, self._options.links).encode()
        return html_file(conversation, resolve, around=order.around).encode()

    def _stored(self, file: str) -> bytes:
        path = self._export.conversation_path(file)
        try:
            return path.read_bytes()
        except OSError as problem:
            raise StorageProblem(
                f"The conversation file {path.name} is gone.",
                hint="Check the export, or import its archive again.",
            ) from problem
