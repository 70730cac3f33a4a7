"""One save, from what was chosen to the last rename."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from app.core.naming import key
from app.core.problems import Problem
from app.core.saved_places import saved_place
from app.errors import StorageProblem
from app.files.desktop.printing import find_browser, print_page
from app.files.export_folder import MEDIA, ExportFolder
from app.files.saved_folder import SavedFile, SavedFolder, Staged, digest, saving_to
from app.library import Library
from app.operations.moments import moment
from app.operations.saving.chosen import Chosen, Wanted
from app.operations.saving.crew import write_all
from app.operations.saving.media import marked, media_paths, names_beside
from app.operations.saving.options import Options
from app.operations.saving.results import SavedConversations, SavedItem
from app.operations.saving.writing import Order, Written
from app.progress import Task
from app.rendering.saved.html_file import INDEX_FILE, STYLE_FILE, Around
from app.rendering.saved.index_page import IndexEntry, index_page
from app.rendering.saved.style import STYLE
from app.settings import read_settings

_BLOCK = 1 << 20
_WITHOUT_MEDIA = ("text", "json")


def save(
    library: Library, task: Task, chosen: Sequence[Chosen], options: Options, folder: Path
) -> SavedConversations:
    """Write everything out of sight, then rename it in. Raises StorageProblem, NotFound."""
    browser = None
    if options.format == "pdf":
        browser = find_browser(read_settings(library.settings_file).text("saving.browser"))
    total = sum(len(each.wanted) for each in chosen)
    with _told(folder), saving_to(folder) as target:
        work = _Save(target, task, options, total, browser)
        for each in chosen:
            work.take(each)
        if options.format == "html-pages":
            work.take_index(", ".join(each.export for each in chosen))
        task.step("finishing")
        return work.finish()


class _Planned(Struct, frozen=True):
    """One conversation, and where its file goes."""

    export: str
    origin: str
    wanted: Wanted
    place: str


@dataclass(slots=True)
class _Save:
    """What one save has done so far."""

    target: SavedFolder
    task: Task
    options: Options
    total: int
    browser: Path | None
    planned: list[_Planned] = field(default_factory=list)
    failed: dict[int, Problem] = field(default_factory=dict)  # by place in ``planned``
    media: int = 0
    missing: int = 0

    def take(self, chosen: Chosen) -> None:
        """Write the conversations of one export, and copy the media they show."""
        first = len(self.planned)
        self.planned += [self._plan(chosen, wanted) for wanted in chosen.wanted]
        names = self._media_names(chosen)
        orders = [self._order(number, chosen) for number in range(first, len(self.planned))]
        used: set[str] = set()
        with closing(write_all(chosen.path, names, self.options, orders)) as written:
            for done, each in enumerate(written, start=first):
                title = self.planned[each.number].wanted.title
                self.task.step("saving", done, self.total, title, "conversations")
                self._settle(each)
                used |= each.media
        self.task.step("saving", len(self.planned), self.total, unit="conversations")
        self._copy(chosen, {path: names[path] for path in sorted(used) if path in names})

    def take_index(self, title: str) -> None:
        """Write the first page of a folder of pages, and the style they share."""
        pages = {place: file for place, file in self.target.files.items() if _is_page(file)}
        pages = {
            place: file for place, file in pages.items() if (self.target.path / place).is_file()
        }
        pages |= {each.place: each.file for each in self.target.staged if _is_page(each.file)}
        entries = [
            IndexEntry(place, each.title, moment(each.date)) for place, each in pages.items()
        ]
        self._stage_text(INDEX_FILE, index_page(title, entries))
        self._stage_text(STYLE_FILE, STYLE)

    def finish(self) -> SavedConversations:
        """Rename everything in and tell of it."""
        done = self.target.commit()
        items = []
        for number, each in enumerate(self.planned):
            item = SavedItem(each.export, each.wanted.id, each.wanted.title, "", "failed")
            if number not in self.failed:
                place, outcome = done[each.origin]
                item = replace(item, file=str(self.target.path / place), outcome=outcome)
            items.append(item)
        files = tuple(item.file for item in items if item.file)
        first = self.target.path
        if self.options.format == "html-pages":
            first /= done["index"][0]
        elif len(files) == 1:
            first = Path(files[0])
        problems = [*self.failed.values(), *self._remarks()]
        return SavedConversations(
            str(self.target.path), str(first), files, tuple(items), self.media, tuple(problems)
        )

    def _plan(self, chosen: Chosen, wanted: Wanted) -> _Planned:
        origin = f"{chosen.key}/{wanted.id}/{self.options.word}"
        below = f"{chosen.below}/" if chosen.below else ""
        place = below + saved_place(
            Path(wanted.file).stem,
            wanted.title,
            wanted.id,
            wanted.seconds,
            wanted.project,
            names=self.options.naming,
            layout=self.options.layout,
        )
        place = self.target.choose(place + self.options.extension, origin, tag=wanted.id[:8])
        return _Planned(chosen.export, origin, wanted, place)

    def _order(self, number: int, chosen: Chosen) -> Order:
        each = self.planned[number]
        inside = each.place.removeprefix(f"{chosen.below}/") if chosen.below else each.place
        around = None
        if self.options.format == "html-pages":
            root = "../" * each.place.count("/")
            before = self.planned[number - 1].place if number else ""
            after = self.planned[number + 1].place if number + 1 < len(self.planned) else ""
            around = Around(root, *(root + quote(way) if way else "" for way in (before, after)))
        draft = str(self._draft(number))
        root = "../" * inside.count("/")
        return Order(number, each.wanted.id, each.wanted.file, draft, root, around)

    def _draft(self, number: int) -> Path:
        return self.target.staging / (f"{number}.html" if self.browser else str(number))

    def _settle(self, written: Written) -> None:
        """Take in a file that was written, or remember why it was not."""
        each, draft, sha256 = self.planned[written.number], self._draft(written.number), ""
        self.missing += written.missing
        problem, hint = written.problem, written.hint
        if self.browser is not None and not problem:
            page, draft = draft, draft.with_suffix(".pdf")
            keep_on = partial(self.task.step, "saving", len(self.target.staged), self.total)
            try:
                print_page(self.browser, page, draft, self.target.staging, keep_on)
                sha256 = digest(draft)
            except StorageProblem as failed:
                problem, hint = failed.message, failed.hint
        if problem:
            self.failed[written.number] = Problem(
                "not-saved", problem, item=each.wanted.file, hint=hint, loss=True
            )
            return
        file = SavedFile(
            each.origin, (sha256 or written.sha256,), each.wanted.title, each.wanted.seconds
        )
        self.target.stage(Staged(each.place, draft, file))

    def _media_names(self, chosen: Chosen) -> Mapping[str, str]:
        """Name the media of an export in the folder beside its conversations."""
        if self.options.format in _WITHOUT_MEDIA:
            return {}
        folder = _media_folder(chosen)
        names = names_beside(media_paths(ExportFolder(chosen.path)))
        taken = self.target.names(folder)
        for path, name in names.items():
            known = self.target.place_of(_media_origin(chosen, path))
            if known is not None:
                names[path] = known.rpartition("/")[2]
            elif key(name) in taken:
                names[path] = marked(name, f"{chosen.key}/{path}")
        return names

    def _copy(self, chosen: Chosen, names: Mapping[str, str]) -> None:
        """Copy media that are not in the folder yet."""
        self.media += len(names)
        for number, (path, name) in enumerate(names.items()):
            source, place = chosen.path / MEDIA / path, f"{_media_folder(chosen)}/{name}"
            there = self.target.path / place
            if there.is_file() and there.stat().st_size == source.stat().st_size:
                continue
            draft, hashed = self.target.staging / f"media-{self.media}-{number}", hashlib.sha256()
            with source.open("rb") as reading, draft.open("wb") as writing:
                while block := reading.read(_BLOCK):
                    self.task.step("copying media", number, len(names), name, "files")
                    hashed.update(block)
                    writing.write(block)
            file = SavedFile(_media_origin(chosen, path), (hashed.hexdigest(),))
            self.target.stage(Staged(place, draft, file))

    def _stage_text(self, name: str, text: str) -> None:
        origin = name.partition(".")[0]
        draft, content = self.target.staging / f"page-{name}", text.encode()
        draft.write_bytes(content)
        file = SavedFile(origin, (hashlib.sha256(content).hexdigest(),))
        self.target.stage(Staged(self.target.choose(name, origin), draft, file))

    def _remarks(self) -> Iterator[Problem]:
        if self.missing:
            files = "1 file is" if self.missing == 1 else f"{self.missing:,} files are"
            yield Problem(
                "missing-media",
                f"{files} not in the export; the places they belong to are marked.",
                hint="The list of missing media shows which, and whether another export has them.",
            )
        if self.media and self.options.format == "html":
            files = "1 file is" if self.media == 1 else f"{self.media:,} files are"
            yield Problem(
                "media-beside",
                f"{files} too large to be within a page, and so in “{MEDIA}” beside it.",
                hint="Keep that folder with the pages.",
            )
        for theirs, ours in self.target.edited:
            yield Problem(
                "kept-edited",
                "A file was changed since it was saved, so it was left as it is.",
                item=theirs,
                hint=f"What is in the library now stands beside it: {ours}",
            )


def _is_page(file: SavedFile) -> bool:
    return "/html-pages/" in file.of


def _media_folder(chosen: Chosen) -> str:
    return f"{chosen.below}/{MEDIA}" if chosen.below else MEDIA


def _media_origin(chosen: Chosen, path: str) -> str:
    return f"{chosen.key}/{MEDIA}/{path}"


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn what the disk answers into a StorageProblem."""
    try:
        yield
    except OSError as problem:
        raise StorageProblem(
            f"The conversations could not be saved to {folder}: {problem.strerror or problem}.",
            hint="Check the free space and that the folder can be written to. Nothing was kept.",
        ) from problem
