"""A legacy session opened as the parts of an import, in the order in which they are trusted.

The archive as it was uploaded, if it is still there; `conversations.json` if the importer
did not overwrite it; the data in `chat.html`; the files of single conversations; backups.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from app.core.archive.entries import Entry
from app.core.archive.known_files import PAGE, is_conversation_file
from app.core.archive.layout import Layout, sorted_layout
from app.core.migration import Kind
from app.files.legacy.contents import Look
from app.files.legacy.finding import LegacySession
from app.files.legacy.generated import GeneratedSource
from app.files.legacy.source import LegacySource
from app.operations.importing.parts import Part, look
from app.operations.migrating.opening.from_backups import BackupParts
from app.operations.migrating.opening.opened import (
    ASIDE,
    Looking,
    OpenedSession,
    PartSource,
    called,
    holding,
    is_single,
)
from app.operations.migrating.opening.uploaded import without_upload
from app.progress import Task

SHARES = "shared_conversations.json"
BINS = "bins.json"


@contextmanager
def opened_session(session: LegacySession, scratch: Path, task: Task) -> Iterator[OpenedSession]:
    """Open a session and look into every file of it; nothing of it is written."""
    with ExitStack() as stack:
        opening = _Opening(session, scratch, task, stack)
        opening.run()
        yield opening.found


class _Opening:
    """The steps of `opened_session`."""

    def __init__(self, session: LegacySession, scratch: Path, task: Task, stack: ExitStack) -> None:
        self._looking = Looking(OpenedSession(session), scratch, task, stack)
        self._source: LegacySource | None = None
        self._stubs: list[object] = []  # rows of the list of shares, met as single files

    @property
    def found(self) -> OpenedSession:
        """What was found so far."""
        return self._looking.found

    def run(self) -> None:
        """Look into the session's files, and put the parts into their order."""
        session = self.found.session
        main: list[PartSource] = []
        if session.folder is not None or session.media is not None:
            main = self._folders(session)
        backups = BackupParts(self._looking, self._source).parts()
        for number, (source, layout) in enumerate([*main, *backups]):
            source.session = session.id
            self.found.parts.append(Part(source, layout, number))

    def _folders(self, session: LegacySession) -> list[PartSource]:
        source = self._looking.stack.enter_context(LegacySource(session))
        self._source = source
        layout = sorted_layout("", source.entries(), partial(look, source))
        layout, upload = without_upload(self._looking, source, layout)
        layout, files, pages = self._without_nested(layout)
        layout = self._with_conversations(source, layout)
        layout = self._with_page(source, layout)
        files_layout, layout = self._files(source, files, layout)
        self.found.media = len(layout.media)
        parts: list[PartSource] = [*upload, (source, layout)]
        if files_layout.conversations:
            parts.append((source, files_layout))
        parts += self._nested_pages(source, pages)
        return [*parts, *self._stub_list(layout), *self._bins(session)]

    # -- the session's own files ------------------------------------------------------

    def _without_nested(self, layout: Layout) -> tuple[Layout, list[Entry], list[Entry]]:
        """Take the files of single conversations, and copies of the page, from the others."""
        files, pages, rest = [], [], []
        for entry in layout.others:
            if is_single(entry) or is_conversation_file(entry.leaf):
                files.append(entry)
            elif entry.leaf.lower() == PAGE:
                pages.append(entry)
            else:
                rest.append(entry)
        return replace(layout, era="legacy", others=tuple(rest)), files, pages

    def _with_conversations(self, source: LegacySource, layout: Layout) -> Layout:
        """Look into `conversations.json` and its shards: they may be the list of shares."""
        kept, others, sidecars = [], list(layout.others), dict(layout.sidecars)
        for entry in layout.conversations:
            self._looking.task.step("looking", item=entry.leaf)
            seen = self._looking.into(source, entry)
            if seen.what == "shares":
                self.found.poisoned = True
                self.found.shares += len(seen.stubs)
                if "shared_conversations" in sidecars:
                    others.append(_aside(entry))
                else:
                    sidecars["shared_conversations"] = called(entry, SHARES)
            elif seen.what == "other":
                others.append(_aside(entry))
            else:
                kept.append(entry)
                others += self._held("conversations", source, entry, seen)
        return replace(layout, conversations=tuple(kept), others=tuple(others), sidecars=sidecars)

    def _with_page(self, source: LegacySource, layout: Layout) -> Layout:
        page = layout.chat_html
        if page is None:
            return layout
        self._looking.task.step("looking", item=page.leaf)
        seen = self._looking.into_page(source, page)
        self.found.holdings.append(holding("page", page.name, seen))
        if seen.kept:
            self.found.through.add(source.original(page))
        if seen.hollow:  # what reads pages finds nothing wrong with it, nor anything in it
            return replace(layout, others=(*layout.others, _aside(page)))
        return layout

    def _files(
        self, source: LegacySource, files: list[Entry], layout: Layout
    ) -> tuple[Layout, Layout]:
        """Look into every file of a single conversation."""
        kept, others = [], list(layout.others)
        for number, entry in enumerate(files):
            self._looking.task.step("looking", number, len(files), entry.leaf, "conversations")
            seen = self._looking.into(source, entry)
            if seen.what != "conversations":
                others.append(entry if entry.name.startswith("conversations/") else _aside(entry))
                self._stubs += seen.stubs if seen.what == "shares" else []
                continue
            if seen.fresh or seen.damaged:
                kept.append(entry)  # the others are word for word in a file read before
            others += self._held("files", source, entry, seen)
        found = Layout(root="conversations", era="legacy", conversations=tuple(kept))
        return found, replace(layout, others=tuple(others))

    def _held(self, kind: Kind, source: LegacySource, entry: Entry, seen: Look) -> list[Entry]:
        """Note what a file holds; answer it if it has to be kept as it is as well."""
        self.found.holdings.append(holding(kind, entry.name, seen))
        if seen.damaged:
            return [_aside(entry)]
        self.found.through.add(source.original(entry))
        return []

    def _nested_pages(self, source: LegacySource, pages: list[Entry]) -> list[PartSource]:
        parts: list[PartSource] = []
        for page in pages:
            seen = self._looking.into_page(source, page)
            self.found.holdings.append(holding("page", page.name, seen))
            if seen.kept:
                self.found.through.add(source.original(page))
            root = page.name.rpartition("/")[0]
            others = (_aside(page),) if seen.hollow else ()
            parts.append((source, Layout(root, "legacy", (), chat_html=page, others=others)))
        return parts

    def _stub_list(self, layout: Layout) -> list[PartSource]:
        """Make the list of shared links again where only its rows are left as files."""
        if not self._stubs:
            return []
        self.found.poisoned = self.found.poisoned or not layout.conversations
        if "shared_conversations" in layout.sidecars:
            return []
        self.found.shares = len(self._stubs)
        raw = json.dumps(self._stubs, indent=2).encode()
        source = self._looking.stack.enter_context(GeneratedSource(SHARES, raw))
        (entry,) = source.entries()
        shares = {"shared_conversations": entry}
        return [(source, Layout("", "legacy", (), sidecars=shares))]

    def _bins(self, session: LegacySession) -> list[PartSource]:
        """Keep the list of bins with each export of the later command line: it sorts them."""
        path = session.base / "data" / BINS
        if session.era != "dumpster" or path.is_symlink() or not path.is_file():
            return []
        return [self._looking.kept(path, f"{ASIDE}/{BINS}")]


def _aside(entry: Entry) -> Entry:
    """Answer an entry to be kept as it is, beside what was understood of it."""
    return replace(entry, name=f"{ASIDE}/{entry.name}", safe_name=f"{ASIDE}/{entry.safe_name}")
