"""Storing media: every file once, under a name that says what it is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.core.archive.entries import Entry
from app.core.archive.pointers import AssetIndex, asset_id
from app.core.archive.sniffing import HEAD_BYTES, better_name, by_extension
from app.core.naming import Places, safe_path
from app.core.problems import Problem
from app.files.export_folder import MEDIA, ExportFolder
from app.operations.importing.parts import Part
from app.operations.importing.tally import Tally
from app.operations.indexing.figures import media_files
from app.progress import Task


@dataclass
class MediaStore:
    """Writes media below a staged folder's media/, each distinct file once.

    ``base`` is the export being added to; files it has are not stored again. ``hashes``
    holds path -> SHA-256 of every file stored, or of the base's where it had to be known.
    """

    folder: Path
    base: ExportFolder | None
    hashes: dict[str, str]
    tally: Tally
    task: Task
    total: int
    places: dict[int, dict[str, str]] = field(default_factory=dict)  # part -> name -> path
    _done: int = 0
    _by_hash: dict[str, str] = field(default_factory=dict)
    _base_by_size: dict[int, list[str]] = field(default_factory=dict)
    _paths: Places = field(default_factory=Places)

    def __post_init__(self) -> None:
        if self.base is not None:
            for file in media_files(self.base.path):
                self._base_by_size.setdefault(file.size_bytes, []).append(file.path)
                self._paths.take(file.path)

    def take(self, part: Part, index: AssetIndex, attached: Mapping[str, str]) -> None:
        """Store a part's media. ``attached`` maps asset ids to names that messages give."""
        places = self.places.setdefault(part.number, {})
        drafts = {
            entry: self.folder / MEDIA / self._paths.take(_wanted_path(part, entry))
            for entry in part.layout.media
        }
        with closing(part.source.extract_all(drafts.items(), self._count)) as extracted:
            for entry, outcome in extracted:
                if isinstance(outcome, Problem):
                    self.tally.add([outcome])
                    continue
                name = index.known_name(entry.leaf) or attached.get(asset_id(entry.leaf), "")
                relative = part.layout.relative(entry)
                places[relative] = self._settle(drafts[entry], outcome, entry.size_bytes, name)

    def add_copy(self, source: Path, wanted: str) -> str:
        """Copy a file another export of the library has; answer its path below media/."""
        path = self._paths.take(wanted)
        target = self.folder / MEDIA / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as reading, target.open("wb") as writing:
            while block := reading.read(1 << 20):
                self.task.step("media", self._done, self.total, path, "bytes")
                writing.write(block)
        self.tally.stored += 1
        return path

    def _count(self, moved: int) -> None:
        self._done += moved
        self.task.step("media", min(self._done, self.total), self.total, "", "bytes")

    def _settle(self, draft: Path, digest: str, size: int, name: str) -> str:
        """Keep a file just written under its final name, or drop it if it is there already."""
        known = self._by_hash.get(digest) or self._in_base(digest, size)
        path = draft.relative_to(self.folder / MEDIA).as_posix()
        if known is not None:
            draft.unlink()
            return known
        if by_extension(draft.name).kind == "file" and draft.suffix.lower() in ("", ".dat"):
            path = self._renamed(draft, path, name)
        self._by_hash[digest] = path
        self.hashes[path] = digest
        self.tally.stored += 1
        return path

    def _renamed(self, draft: Path, path: str, name: str) -> str:
        """Give a file without a telling name one from its content and what is known of it."""
        with draft.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
        parent = path.rpartition("/")[0]
        better = safe_path(better_name(draft.name, head, name))
        if better == draft.name:
            return path
        path = self._paths.take(f"{parent}/{better}" if parent else better)
        draft.rename(self.folder / MEDIA / path)
        return path

    def _in_base(self, digest: str, size: int) -> str | None:
        """Answer where the base has the same bytes; hashes only files of the same size."""
        if self.base is None:
            return None
        for path in self._base_by_size.get(size, ()):
            if path not in self.hashes:
                with (self.base.media / path).open("rb") as stream:
                    self.hashes[path] = hashlib.file_digest(stream, "sha256").hexdigest()
            if self.hashes[path] == digest:
                return path
        return None


def media_total(parts: list[Part]) -> int:
    """Answer the bytes of all parts' media."""
    return sum(entry.size_bytes for part in parts for entry in part.layout.media)


def _wanted_path(part: Part, entry: Entry) -> str:
    return part.layout.safe_relative(entry).removeprefix(f"{MEDIA}/")
