"""A legacy session opened as the parts of an import, in the order in which they are trusted.

The archive as it was uploaded, if it is still there; `conversations.json` if the importer
did not overwrite it; the data in `chat.html`; the files of single conversations; backups.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from app.core.archive.entries import Entry
from app.core.archive.known_files import PAGE, is_conversation_file
from app.core.archive.layout import Layout, read_layouts, sorted_layout
from app.core.migration import Holding, Kind, is_saved, union
from app.core.naming import safe_component
from app.core.problems import Problem
from app.errors import AppError, StorageProblem
from app.files.legacy.backups import BackupSource
from app.files.legacy.contents import Look, look_into, look_into_page
from app.files.legacy.finding import LegacySession
from app.files.legacy.generated import GeneratedSource
from app.files.legacy.source import LegacySource
from app.files.sources import DamagedEntry, ExportSource, open_source
from app.operations.importing.parts import Part, look
from app.progress import Task

UPLOAD = "upload.zip"
SHARES = "shared_conversations.json"
BINS = "bins.json"
ASIDE = "other"  # where an original goes that was understood only in part


@dataclass
class OpenedSession:
    """What is in a session: parts to import, and what a migration has to prove.

    ``through`` are files on the disk whose content is proven by its conversations, not by
    its bytes; ``within`` maps files inside archives and backups to their SHA-256.
    """

    session: LegacySession
    parts: list[Part] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    through: set[Path] = field(default_factory=set)
    within: dict[str, str] = field(default_factory=dict)
    media: int = 0
    shares: int = 0
    poisoned: bool = False

    @property
    def newest(self) -> float | None:
        """The latest time any conversation tells of."""
        return max((each.newest for each in self.holdings if each.newest), default=None)

    def all_problems(self) -> list[Problem]:
        """Everything wrong with the session, damage that other sources make good included."""
        told = [*self.session.problems, *self._poisoning(), *self.problems]
        for part in self.parts:
            told += part.source.problems
        nodes = union(self.holdings)
        for holding in self.holdings:
            told += [_damaged(holding, is_saved(piece, nodes)) for piece in holding.broken]
        return list(dict.fromkeys(told))

    def _poisoning(self) -> list[Problem]:
        if not self.poisoned:
            return []
        saved = len(union(self.holdings))
        left = f"{saved:,} of them are found" if saved else "None of them is left"
        return [
            Problem(
                "overwritten-conversations",
                "The old program overwrote this session's conversations with the list of "
                f"shared links. {left} in what else is there; the links are kept.",
                self.session.id,
                "" if saved else "If you still have the archive ChatGPT sent, import it too.",
                loss=saved == 0,
            )
        ]


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
        self.found = OpenedSession(session)
        self._scratch = scratch
        self._task = task
        self._stack = stack
        self._source: LegacySource | None = None
        self._digests: set[str] = set()  # of small files, to tell backups' copies of them
        self._read: set[bytes] = set()  # digests of conversations read so far
        self._stubs: list[object] = []  # rows of the list of shares, met as single files

    def run(self) -> None:
        """Look into the session's files, and put the parts into their order."""
        session = self.found.session
        main: list[tuple[ExportSource, Layout]] = []
        if session.folder is not None or session.media is not None:
            main = self._folders(session)
        backups = self._backups()
        for number, (source, layout) in enumerate([*main, *backups]):
            source.session = session.id
            self.found.parts.append(Part(source, layout, number))

    def _folders(self, session: LegacySession) -> list[tuple[ExportSource, Layout]]:
        source = self._stack.enter_context(LegacySource(session))
        self._source = source
        layout = sorted_layout("", source.entries(), partial(look, source))
        layout, upload = self._without_upload(source, layout)
        layout, files, pages = self._without_nested(layout)
        layout = self._with_conversations(source, layout)
        layout = self._with_page(source, layout)
        files_layout, layout = self._files(source, files, layout)
        self.found.media = len(layout.media)
        parts: list[tuple[ExportSource, Layout]] = [*upload, (source, layout)]
        if files_layout.conversations:
            parts.append((source, files_layout))
        parts += self._nested_pages(source, pages)
        return [*parts, *self._stub_list(layout), *self._bins(session)]

    # -- the archive as it was uploaded -----------------------------------------------

    def _without_upload(
        self, source: LegacySource, layout: Layout
    ) -> tuple[Layout, list[tuple[ExportSource, Layout]]]:
        entry = next((e for e in (*layout.media, *layout.others) if e.name.lower() == UPLOAD), None)
        if entry is None:
            return layout, []
        rest = replace(
            layout,
            media=tuple(e for e in layout.media if e is not entry),
            others=tuple(e for e in layout.others if e is not entry),
        )
        parts = self._upload(source.original(entry))
        if not parts or any(holding.broken for holding in self.found.holdings):
            return replace(rest, others=(*rest.others, entry)), parts
        self.found.through.add(source.original(entry))
        return rest, parts

    def _upload(self, path: Path) -> list[tuple[ExportSource, Layout]]:
        """Open the uploaded archive; nothing, and the problem told, if it is not whole."""
        self._task.step("looking", item=path.name)
        try:
            archive = self._stack.enter_context(open_source(path, self._scratch))
            layouts = read_layouts(archive.entries(), partial(look, archive))
            holdings, digests = self._inside(archive, layouts)
        except (AppError, DamagedEntry) as refused:
            self.found.problems.append(_damaged_upload(refused.message))
            return []
        if any(problem.loss for problem in archive.problems):
            self.found.problems.append(_damaged_upload("files in it are damaged"))
            return []
        self.found.holdings += holdings
        self.found.within |= digests
        return [(archive, layout) for layout in layouts]

    def _inside(
        self, archive: ExportSource, layouts: tuple[Layout, ...]
    ) -> tuple[list[Holding], dict[str, str]]:
        holdings, digests = [], {}
        for layout in layouts:
            readable: set[Entry] = set()
            for entry in layout.conversations:
                seen = look_into(archive, entry, self._scratch, self._read)
                holdings.append(_holding("upload", f"{UPLOAD}: {entry.name}", seen))
                readable.add(entry)
            page = layout.chat_html
            if page is not None:
                seen = look_into_page(archive, page, self._scratch, self._read)
                holdings.append(_holding("upload", f"{UPLOAD}: {page.name}", seen))
                readable |= {page} if seen.kept else set()
        for entry in archive.entries():
            if entry not in readable:
                digests[f"{UPLOAD}: {entry.name}"] = _sha256(archive, entry)
        return holdings, digests

    # -- the session's own files ------------------------------------------------------

    def _without_nested(self, layout: Layout) -> tuple[Layout, list[Entry], list[Entry]]:
        """Take the files of single conversations, and copies of the page, from the others."""
        files, pages, rest = [], [], []
        for entry in layout.others:
            if _is_single(entry) or is_conversation_file(entry.leaf):
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
            self._task.step("looking", item=entry.leaf)
            seen = look_into(source, entry, self._scratch, self._read)
            if seen.what == "shares":
                self.found.poisoned = True
                self.found.shares += len(seen.stubs)
                if "shared_conversations" in sidecars:
                    others.append(_aside(entry))
                else:
                    sidecars["shared_conversations"] = _called(entry, SHARES)
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
        self._task.step("looking", item=page.leaf)
        seen = look_into_page(source, page, self._scratch, self._read)
        self.found.holdings.append(_holding("page", page.name, seen))
        if seen.kept:
            self.found.through.add(source.original(page))
        return layout

    def _files(
        self, source: LegacySource, files: list[Entry], layout: Layout
    ) -> tuple[Layout, Layout]:
        """Look into every file of a single conversation."""
        kept, others = [], list(layout.others)
        for number, entry in enumerate(files):
            self._task.step("looking", number, len(files), entry.leaf, "conversations")
            seen = look_into(source, entry, self._scratch, self._read)
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
        self.found.holdings.append(_holding(kind, entry.name, seen))
        if seen.damaged:
            return [_aside(entry)]
        self.found.through.add(source.original(entry))
        return []

    def _nested_pages(
        self, source: LegacySource, pages: list[Entry]
    ) -> list[tuple[ExportSource, Layout]]:
        parts: list[tuple[ExportSource, Layout]] = []
        for page in pages:
            seen = look_into_page(source, page, self._scratch, self._read)
            self.found.holdings.append(_holding("page", page.name, seen))
            if seen.kept:
                self.found.through.add(source.original(page))
            root = page.name.rpartition("/")[0]
            parts.append((source, Layout(root, "legacy", (), chat_html=page)))
        return parts

    def _stub_list(self, layout: Layout) -> list[tuple[ExportSource, Layout]]:
        """Make the list of shared links again where only its rows are left as files."""
        if not self._stubs:
            return []
        self.found.poisoned = self.found.poisoned or not layout.conversations
        if "shared_conversations" in layout.sidecars:
            return []
        self.found.shares = len(self._stubs)
        raw = json.dumps(self._stubs, indent=2).encode()
        source = self._stack.enter_context(GeneratedSource(SHARES, raw))
        (entry,) = source.entries()
        shares = {"shared_conversations": entry}
        return [(source, Layout("", "legacy", (), sidecars=shares))]

    def _bins(self, session: LegacySession) -> list[tuple[ExportSource, Layout]]:
        """Keep the list of bins with each export of the later command line: it sorts them."""
        path = session.base / "data" / BINS
        if session.era != "dumpster" or path.is_symlink() or not path.is_file():
            return []
        return [self._kept(path, f"{ASIDE}/{BINS}")]

    # -- backups ---------------------------------------------------------------------

    def _backups(self) -> list[tuple[ExportSource, Layout]]:
        parts: list[tuple[ExportSource, Layout]] = []
        known: set[str] = set()  # sidecars some part has under their own name
        if self._source is not None:
            known = {entry.name for entry in self._source.entries()}
        for path in self.found.session.backups:
            self._task.step("looking", item=path.name)
            source = self._stack.enter_context(BackupSource(path))
            parts.append((source, self._backup(source, known)))
            if source.whole:
                self.found.through.add(path)
            else:
                parts.append(self._kept(path, f"{ASIDE}/backups/{path.name}"))
        return parts

    def _backup(self, source: BackupSource, known: set[str]) -> Layout:
        """Lay out one backup: what a newer one or the folder has goes aside, if it differs."""
        layout = sorted_layout("", source.entries(), partial(look, source))
        others, kept = [], []
        stem = f"{ASIDE}/backups/{safe_component(source.path.stem)}"
        sidecars: dict[str, Entry] = {}
        for entry in layout.conversations:
            seen = look_into(source, entry, self._scratch, self._read)
            if seen.what == "conversations":
                if seen.fresh or seen.damaged:
                    kept.append(entry)
                self.found.holdings.append(_holding("backup", f"{source.name}: {entry.name}", seen))
            if seen.what != "conversations" or seen.damaged:
                others.append(_called(entry, f"{stem}/{entry.name}"))
        page = layout.chat_html
        if page is not None:
            seen = look_into_page(source, page, self._scratch, self._read)
            self.found.holdings.append(_holding("backup", f"{source.name}: {page.name}", seen))
        for name, entry in layout.sidecars.items():
            if entry.name in known:
                others.append(_called(entry, f"{stem}/{entry.name}"))
            else:
                sidecars[name] = entry
                known.add(entry.name)
        others += [_called(entry, f"{stem}/{entry.name}") for entry in layout.others]
        others += [_called(entry, f"{stem}/{entry.name}") for entry in layout.media]
        others = [entry for entry in others if self._is_new(source, entry)]
        self._expect(source, [*others, *sidecars.values()])
        return Layout(
            "", "legacy", tuple(kept), chat_html=page, sidecars=sidecars, others=tuple(others)
        )

    def _is_new(self, source: ExportSource, entry: Entry) -> bool:
        """Tell whether no file of the session, nor an earlier backup, has these bytes."""
        if not self._digests and self._source is not None:
            for own in self._source.entries():
                if self._source.original(own) not in self.found.through:
                    self._digests.add(_sha256(self._source, own))
        digest = _sha256(source, entry)
        if digest in self._digests:
            return False
        self._digests.add(digest)
        return True

    def _expect(self, source: ExportSource, entries: list[Entry]) -> None:
        for entry in entries:
            self.found.within[f"{source.name}: {entry.name}"] = _sha256(source, entry)

    def _kept(self, path: Path, name: str) -> tuple[ExportSource, Layout]:
        """Keep a file from outside the session's folders as it is."""
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise StorageProblem(
                f"{path.name} cannot be read: {error.strerror}.",
                hint="Check that you may read it, then try again. Nothing was changed.",
            ) from error
        source = self._stack.enter_context(GeneratedSource(name, raw))
        self._expect(source, list(source.entries()))
        return source, Layout("", "legacy", (), others=tuple(source.entries()))


def _is_single(entry: Entry) -> bool:
    """Whether an entry is where the predecessor kept one conversation."""
    return entry.name.startswith("conversations/") and entry.leaf.lower().endswith(".json")


def _holding(kind: Kind, name: str, seen: Look) -> Holding:
    return Holding(kind, name, seen.nodes, tuple(seen.broken), seen.newest)


def _called(entry: Entry, name: str) -> Entry:
    return replace(entry, name=name, safe_name=name)


def _aside(entry: Entry) -> Entry:
    """Answer an entry to be kept as it is, beside what was understood of it."""
    return replace(entry, name=f"{ASIDE}/{entry.name}", safe_name=f"{ASIDE}/{entry.safe_name}")


def _sha256(source: ExportSource, entry: Entry) -> str:
    try:
        with source.open(entry) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    except OSError as error:
        raise DamagedEntry(entry, error.strerror or "it cannot be read") from error


def _damaged(holding: Holding, saved: bool) -> Problem:
    hint = (
        "All of it was found whole in another file of the session."
        if saved
        else "Its bytes are kept; no other file of the session has it whole."
    )
    return Problem(
        "damaged-conversation",
        f"A conversation in {holding.name} cannot be read.",
        holding.name,
        hint,
        loss=not saved,
    )


def _damaged_upload(why: str) -> Problem:
    return Problem(
        "damaged-upload",
        f"The uploaded archive in the session is not whole: {why.rstrip('.')}.",
        UPLOAD,
        "It is kept as it is; conversations come from the session's other files.",
    )
