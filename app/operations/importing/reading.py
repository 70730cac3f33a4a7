"""Reading a part's conversations: its files one after another, then its page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from app.core.archive.entries import Entry
from app.core.problems import Problem
from app.files.chat_html import read_page
from app.files.json_stream import Element, elements
from app.operations.importing.parts import Part
from app.operations.importing.tally import Tally
from app.progress import Task

READ_IN_ONE_PASS = ("7z", "tar")  # kinds in which a later file means reading all before it


class Taker(Protocol):
    """Whoever takes the conversations that are read: what stores them, or compares them.

    ``broken`` counts pieces that could not be read, ``failed`` by part what that cost.
    """

    tally: Tally
    found: bool
    broken: int
    failed: dict[int, int]

    def take(self, element: Element, source_name: str, part: int) -> None:
        """Take one conversation as a source has it."""

    def fail(self, part: int) -> None:
        """Count something of a part that could not be read."""


class ConversationReader:
    """Feeds the conversations of every part to the store, and says how far it is.

    Each file is unpacked to ``scratch`` first: a mapped file is split without being read
    into memory. Progress counts bytes of all parts' conversation files together.
    """

    def __init__(self, store: Taker, scratch: Path, task: Task, total: int) -> None:
        self._store = store
        self._scratch = scratch
        self._task = task
        self._total = total
        self._done = 0
        self._unpacked: dict[Entry, Path | None] = {}
        self._met: set[bytes] = set()  # what was read, so that the page need not be again
        self.asset_maps: dict[int, dict[str, object]] = {}  # part -> the page's assetsJson
        self.kept_pages: list[tuple[Part, Entry]] = []  # pages that say more than we could read

    def read(self, part: Part) -> None:
        """Read one part: its conversation files, then what only its page has."""
        self._met.clear()
        page = part.layout.chat_html
        failed = self._store.tally.failed
        for entry in part.layout.conversations:
            self._read_file(part, entry, remember=page is not None)
        if page is not None:
            self._read_page(part, page, self._store.tally.failed - failed)

    def _read_file(self, part: Part, entry: Entry, *, remember: bool) -> None:
        copy = self._unpack(part, entry)
        if copy is None:
            self._store.fail(part.number)
            return
        for element in self._reported(copy, entry):
            if remember:
                self._met.add(_digest(element))
            self._store.take(element, entry.leaf, part.number)
        if copy.stat().st_size == 0:
            self._store.tally.add([_empty(entry)])
        elif is_empty_list(copy):
            self._store.found = True
        copy.unlink()

    def _read_page(self, part: Part, entry: Entry, failed: int) -> None:
        """Take from `chat.html` its map of assets, and conversations no file held.

        The page repeats every conversation; it is kept only where it could not be read.
        ``failed`` counts what the part's files could not give.
        """
        copy = self._unpack(part, entry)
        if copy is None:
            return
        with copy.open("rb") as stream:
            page = read_page(stream, self._scratch)
        self._store.tally.add(page.problems)
        self.asset_maps[part.number] = page.assets
        if page.conversations is None:
            self.kept_pages.append((part, entry))
        else:
            self._read_repeated(part, entry, page.conversations, failed)
        copy.unlink()

    def _read_repeated(self, part: Part, entry: Entry, file: Path, failed: int) -> None:
        """Take the conversations of a page that no file held as they stand there."""
        tally = self._store.tally
        self._store.found = self._store.found or is_empty_list(file)
        before, taken = self._store.broken, 0
        for element in self._reported(file, entry):
            if _digest(element) not in self._met:
                self._store.take(element, entry.leaf, part.number)
                taken += 1
        file.unlink()
        if self._store.broken > before:
            self.kept_pages.append((part, entry))
        elif 0 < failed <= taken:
            self._store.failed[part.number] -= failed
            tally.recover(failed, [each.leaf for each in part.layout.conversations])

    def _reported(self, file: Path, entry: Entry) -> Iterator[Element]:
        """Yield a file's elements, telling before each how far the reading is."""
        half, size = entry.size_bytes // 2, max(1, file.stat().st_size)
        for element in elements(file):
            self._tell(half + min(half, element.offset * half // size), entry.leaf)
            yield element
        self._done += entry.size_bytes

    def _unpack(self, part: Part, entry: Entry) -> Path | None:
        """Write one entry to the scratch folder; None, and a problem told, if it is damaged."""
        if part.source.kind in READ_IN_ONE_PASS and entry not in self._unpacked:
            self._unpack_all(part)
        if entry in self._unpacked:
            return self._unpacked.pop(entry)
        return self._extracted(part, {entry: self._scratch / "unpacked"})[entry]

    def _unpack_all(self, part: Part) -> None:
        layout = part.layout
        page = (layout.chat_html,) if layout.chat_html else ()
        entries = (*layout.conversations, *page)
        drafts = {entry: self._scratch / f"unpacked-{n}" for n, entry in enumerate(entries)}
        self._unpacked.update(self._extracted(part, drafts))

    def _extracted(self, part: Part, drafts: dict[Entry, Path]) -> dict[Entry, Path | None]:
        found: dict[Entry, Path | None] = dict(drafts)
        unpacked = 0

        def count(moved: int) -> None:
            nonlocal unpacked
            unpacked += moved
            self._tell(unpacked // 2, part.name)

        for entry, outcome in part.source.extract_all(drafts.items(), count):
            if isinstance(outcome, Problem):
                self._store.tally.add([outcome])
                self._done += entry.size_bytes
                found[entry] = None
        return found

    def _tell(self, within: int, item: str) -> None:
        """Report: unpacking a file is half of its way, reading it the other half."""
        done = min(self._done + within, self._total)
        self._task.step("conversations", done, self._total, item, "bytes")


def is_empty_list(file: Path) -> bool:
    """Tell whether a file says that there are no conversations: an account may have none."""
    with file.open("rb") as stream:
        head = stream.read(64)
    return head.removeprefix(b"\xef\xbb\xbf").split() in ([b"[]"], [b"[", b"]"])


def _empty(entry: Entry) -> Problem:
    return Problem(
        "empty-file",
        f"{entry.leaf} is empty: the conversations it should hold are missing.",
        entry.leaf,
        "Download the archive again and import it too; what is here already stays.",
        loss=True,
    )


def reading_total(parts: list[Part]) -> int:
    """Answer the bytes of conversation files and pages of all parts."""
    return sum(
        entry.size_bytes
        for part in parts
        for entry in (*part.layout.conversations, part.layout.chat_html)
        if entry is not None
    )


def _digest(element: Element) -> bytes:
    return hashlib.sha256(element.raw).digest()
