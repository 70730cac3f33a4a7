"""A folder conversations are saved to: put together out of sight, then renamed in.

A record in the folder remembers which files are ours. A later save brings those up to
date; a file a person has changed since, or that was never ours, is left alone and ours
takes another name.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from app.core.naming import key, safe_path, unique
from app.files.atomic import move_into_place
from app.files.staging import remove_tree

RECORD = ".data-dumpster-diver.json"
_STAGING = ".saving-"
_FORGOTTEN = 24 * 3600.0  # seconds after which a staging folder is a killed save's

Outcome = Literal["written", "updated", "unchanged"]


class SavedFile(msgspec.Struct, frozen=True, rename="camel"):
    """One file of ours: what it was made of, and the states of it we wrote."""

    of: str
    sha256: tuple[str, ...]
    title: str = ""
    date: float | None = None


class SavedRecord(msgspec.Struct, frozen=True, rename="camel"):
    """What the record holds: path below the folder, ``/`` between its parts -> file."""

    files: dict[str, SavedFile] = {}
    format_version: int = 1


@dataclass(slots=True)
class Staged:
    """One file written out of sight, and where it shall go."""

    place: str
    draft: Path
    file: SavedFile


@dataclass(slots=True)
class SavedFolder:
    """One save to one folder. Nothing is seen of it before `commit`."""

    path: Path
    staging: Path
    files: dict[str, SavedFile]
    edited: list[tuple[str, str]] = field(default_factory=list)  # theirs, and ours beside it
    staged: list[Staged] = field(default_factory=list)
    _by_origin: dict[str, str] = field(default_factory=dict)
    _taken: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_origin = {file.of: place for place, file in self.files.items()}

    def choose(self, wanted: str, origin: str, *, tag: str = "") -> str:
        """Answer the place for a file: the one it had before, else ``wanted`` or near it."""
        known = self._by_origin.get(origin)
        if known is not None:
            self.names(known.rpartition("/")[0]).add(key(known.rpartition("/")[2]))
            return known
        folder, _, leaf = wanted.rpartition("/")
        taken = self.names(folder)
        leaf = unique(leaf, taken, tag=tag)
        taken.add(key(leaf))
        place = f"{folder}/{leaf}" if folder else leaf
        self._by_origin[origin] = place
        return place

    def place_of(self, origin: str) -> str | None:
        """Answer where a file of this origin is from an earlier save, if it is."""
        return self._by_origin.get(origin)

    def stage(self, staged: Staged) -> None:
        """Take in a file written to a draft in `staging`."""
        self.staged.append(staged)

    def commit(self) -> dict[str, tuple[str, Outcome]]:
        """Rename everything in; answer origin -> where it is now, and what became of it.

        An OSError half-way leaves the folder as it was.
        """
        done: dict[str, tuple[str, Outcome]] = {}
        moves = [move for each in self.staged if (move := self._decide(each, done)) is not None]
        if not moves:
            return done
        theirs = {place for place, _ in self.edited}
        before = {place: file for place, file in self.files.items() if place not in theirs}
        self._write_record({**before, **{place: file for place, _, file in _both(moves, before)}})
        undo: list[tuple[Path, Path | None]] = []
        folders: list[Path] = []
        try:
            for folder in dict.fromkeys(place.rpartition("/")[0] for place, _, _ in moves):
                _make(self.path / folder, folders)
            for number, (place, draft, _) in enumerate(moves):
                target = self.path / place
                old = self.staging / f"old-{number}" if target.exists() else None
                if old is not None:
                    move_into_place(target, old)
                undo.append((target, old))
                move_into_place(draft, target)
            self._write_record({**before, **{place: file for place, _, file in moves}})
        except BaseException:
            _take_back(undo, folders)
            self._write_record(self.files)
            raise
        return done

    def _decide(
        self, staged: Staged, done: dict[str, tuple[str, Outcome]]
    ) -> tuple[str, Path, SavedFile] | None:
        """Answer where a staged file is moved to; None if the same stands there already."""
        place, target = staged.place, self.path / staged.place
        outcome: Outcome = "written"
        if target.exists():
            there, known = digest(target), self.files.get(place)
            if there == staged.file.sha256[0]:
                done[staged.file.of] = (place, "unchanged")
                return None
            if known is not None and there in known.sha256:
                outcome = "updated"
            else:
                folder, _, leaf = place.rpartition("/")
                leaf = unique(leaf, self.names(folder))
                self.names(folder).add(key(leaf))
                place = f"{folder}/{leaf}" if folder else leaf
                self.edited.append((staged.place, place))
        done[staged.file.of] = (place, outcome)
        return place, staged.draft, staged.file

    def names(self, folder: str) -> set[str]:
        """Answer the `key` of every name a folder of the save holds or will hold."""
        if folder not in self._taken:
            path = self.path / folder
            names = [each.name for each in path.iterdir()] if path.is_dir() else []
            self._taken[folder] = {key(name) for name in names}
        return self._taken[folder]

    def _write_record(self, files: dict[str, SavedFile]) -> None:
        if not files:
            (self.path / RECORD).unlink(missing_ok=True)
            return
        draft = self.staging / "record"
        draft.write_bytes(msgspec.json.encode(SavedRecord(dict(sorted(files.items())))))
        move_into_place(draft, self.path / RECORD)


def _both(
    moves: list[tuple[str, Path, SavedFile]], before: dict[str, SavedFile]
) -> Iterator[tuple[str, Path, SavedFile]]:
    """Yield moves with old and new states of each file: whatever stops us, it is ours."""
    for place, draft, file in moves:
        known = before.get(place)
        states = file.sha256 + (known.sha256 if known else ())
        yield place, draft, SavedFile(file.of, states, file.title, file.date)


@contextmanager
def saving_to(folder: Path) -> Iterator[SavedFolder]:
    """Yield a save to a folder, made if need be; what is not committed leaves no trace."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    _clear_forgotten(folder)
    staging = folder / f"{_STAGING}{secrets.token_hex(6)}"
    staging.mkdir()
    try:
        yield SavedFolder(folder, staging, _record_of(folder))
    finally:
        remove_tree(staging)
        for each in made:
            with suppress(OSError):  # something was saved there
                each.rmdir()


def _record_of(folder: Path) -> dict[str, SavedFile]:
    """Read the record; without one, or with a damaged one, no file is ours."""
    try:
        found = msgspec.json.decode((folder / RECORD).read_bytes(), type=SavedRecord).files
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return {place: file for place, file in found.items() if safe_path(place) == place}


def _clear_forgotten(folder: Path) -> None:
    for each in folder.glob(f"{_STAGING}*"):
        if each.is_dir() and time.time() - each.stat().st_mtime > _FORGOTTEN:
            remove_tree(each)


def _make(folder: Path, made: list[Path]) -> None:
    made += [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)


def _take_back(moves: list[tuple[Path, Path | None]], folders: list[Path]) -> None:
    for target, old in reversed(moves):
        with suppress(OSError):
            target.unlink(missing_ok=True)
            if old is not None:
                move_into_place(old, target)
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):
            folder.rmdir()


def digest(path: Path) -> str:
    """Answer the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
