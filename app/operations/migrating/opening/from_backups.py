"""The predecessor's backups as parts of an import: what they add, and what is damaged."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from app.core.archive.entries import Entry
from app.core.archive.layout import Layout, sorted_layout
from app.core.naming import safe_component
from app.files.legacy.archives import ArchivedExport
from app.files.legacy.backups import BackupSource
from app.files.legacy.contents import Look
from app.files.legacy.source import LegacySource
from app.files.sources.contract import ExportSource
from app.operations.importing.parts import look
from app.operations.migrating.opening.opened import (
    ASIDE,
    Looking,
    PartSource,
    called,
    holding,
    is_single,
    sha256_in,
)


class BackupParts:
    """The backups of one session; ``source`` is what is left of its folders."""

    def __init__(self, looking: Looking, source: LegacySource | None) -> None:
        self._looking = looking
        self._source = source
        self._digests: set[str] = set()  # of what is kept already, to tell copies of it
        self._sizes: set[int] = set()  # of which the session's own files are among them

    def parts(self) -> list[PartSource]:
        """Open every backup, the newest first."""
        parts: list[PartSource] = []
        known: set[str] = set()  # sidecars some part has under their own name
        if self._source is not None:
            known = {entry.name for entry in self._source.entries()}
        session = self._looking.found.session
        for path in (*session.archives, *session.backups):
            self._looking.task.step("looking", item=path.name)
            source = self._opened(path)
            parts.append((source, self._backup(source, known)))
            if source.whole:
                self._looking.found.through.add(path)
            else:
                parts.append(self._looking.kept(path, f"{ASIDE}/backups/{path.name}"))
        return parts

    def _opened(self, path: Path) -> BackupSource | ArchivedExport:
        stack = self._looking.stack
        if path in self._looking.found.session.archives:
            return stack.enter_context(ArchivedExport(path, self._looking.scratch))
        return stack.enter_context(BackupSource(path))

    def _backup(self, source: ExportSource, known: set[str]) -> Layout:
        """Lay out one backup: what a newer one or the folder has goes aside, if it differs."""
        layout = sorted_layout("", source.entries(), partial(look, source))
        others, kept = [], []
        stem = f"{ASIDE}/backups/{safe_component(source.path.stem)}"
        singles = [entry for entry in layout.others if is_single(entry)]
        for entry in (*layout.conversations, *singles):
            seen = self._looking.into(source, entry)
            if seen.what == "conversations":
                if seen.fresh or seen.damaged:
                    kept.append(entry)
                self._note(source, entry, seen)
            if seen.what != "conversations" or seen.damaged:
                others.append(called(entry, f"{stem}/{entry.name}"))
        page = layout.chat_html
        if page is not None:
            seen = self._looking.into_page(source, page)
            self._note(source, page, seen)
            if not seen.kept:
                others.append(called(page, f"{stem}/{page.name}"))
        fresh = {n: e for n, e in layout.sidecars.items() if e.name not in known}
        known |= {entry.name for entry in fresh.values()}
        rest = [e for n, e in layout.sidecars.items() if n not in fresh]
        aside = [*rest, *(entry for entry in layout.others if entry not in singles)]
        media = list(layout.media)
        if isinstance(source, BackupSource):  # read as text, so it can only be text
            aside, media = [*aside, *media], []
        media = [entry for entry in media if self._is_new(source, entry)]
        others += [called(entry, f"{stem}/{entry.name}") for entry in aside]
        others = [entry for entry in others if self._is_new(source, entry)]
        self._looking.found.media += len(media)
        self._looking.expect(source, [*others, *media, *fresh.values()])
        return Layout(
            "", "legacy", tuple(kept), chat_html=page, sidecars=fresh, media=tuple(media),
            others=tuple(others),
        )  # fmt: skip

    def _note(self, source: ExportSource, entry: Entry, seen: Look) -> None:
        told = holding("backup", f"{source.name}: {entry.name}", seen)
        self._looking.found.holdings.append(told)

    def _is_new(self, source: ExportSource, entry: Entry) -> bool:
        """Tell whether no file of the session, nor an earlier backup, has these bytes."""
        self._hash_own(entry.size_bytes)
        digest = sha256_in(source, entry)
        if digest in self._digests:
            return False
        self._digests.add(digest)
        return True

    def _hash_own(self, size: int) -> None:
        """Know the session's own files of a size, so that copies of them are told."""
        if self._source is None or size in self._sizes:
            return
        self._sizes.add(size)
        for own in self._source.entries():
            original = self._source.original(own)
            if own.size_bytes == size and original not in self._looking.found.through:
                self._digests.add(sha256_in(self._source, own))
