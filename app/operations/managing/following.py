"""Following what people do with the folders: renamed, moved in, copied, edited, trashed.

A look compares two things of each export with what the catalog remembers, and reads
nothing. Only where they differ is more looked at, and only files that changed are read.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import msgspec

from app.core.problems import Problem
from app.errors import Conflict
from app.files.export_folder import (
    ExportFolder,
    ExportRecord,
    display_name,
    folder_stamp,
    is_export,
)
from app.files.staging import recover
from app.library import Library
from app.operations.indexing.writer import CatalogWriter
from app.operations.managing.followed import Followed
from app.progress import Task
from db import conversations, exports
from db.connection import connected
from db.models import Export

NO_FOLDER = "none none"  # the stamp of what is nothing of an export


@dataclass(slots=True)
class Differences:
    """Where the folders and the catalog differ: new and changed folders, names gone."""

    new: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.vanished)


def follow_folders(library: Library, task: Task, *, contents: bool = True) -> list[Problem]:
    """Do what every start does: `follow`, or `follow_names` for who wants no ``contents``.

    Answers what a person should know.
    """
    return list((follow if contents else follow_names)(library, task).problems)


def follow(library: Library, task: Task, *, thorough: bool = False) -> Followed:
    """Bring the catalog up to date with what happened to the folders meanwhile.

    ``thorough``: also look at the time of each conversation's file, for what was edited in
    place. Where another process is writing, it is left to that process.
    """
    with connected():
        if not _look(library, thorough=thorough) and not library.staging.exists():
            return Followed()
        try:
            with library.writing("exports follow"):
                recover(library.staging, library.exports)
                return _Following(library, task).follow(_look(library, thorough=thorough))
        except Conflict:
            return Followed(busy=True)


def follow_names(library: Library, task: Task) -> Followed:
    """Make sure only which exports there are, and what they are called.

    What changed inside an export, or is gone with it, is left to the next `follow`: a backup
    needs the files, not their index, and must not wait for it.
    """
    with connected():
        found = _look(library, thorough=False)
        sure = not found.new and all(map(_is_itself, found.changed))
        if sure and not library.staging.exists():
            return Followed()
    return follow(library, task)


def _is_itself(path: Path) -> bool:
    """Tell whether a folder that changed is still the export the catalog takes it for."""
    row, record = exports.by_folder(path.name), ExportFolder(path).seen_record()
    if row is None:
        return False
    return (row.key, row.name) == (record.id, display_name(path, record))


def _look(library: Library, *, thorough: bool) -> Differences:
    known = exports.stamps()
    found = Differences()
    present = set()
    for name, path in _folders(library.exports):
        stamp = folder_stamp(path)
        if name not in known:
            if stamp != NO_FOLDER and is_export(Path(path)):
                found.new.append(Path(path))
            continue
        present.add(name)
        if stamp != known[name]:
            found.changed.append(Path(path))
    found.vanished = sorted(known.keys() - present)
    if thorough:
        _look_at_files(library, found)
    return found


def _folders(folder: Path) -> list[tuple[str, str]]:
    """List the folders among the exports, by name; hidden ones are ours."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry.name, entry.path)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir()
            )
    except FileNotFoundError:
        return []


def _look_at_files(library: Library, found: Differences) -> None:
    """Add the exports of which a file was edited where it stands."""
    seen = {path.name for path in found.changed} | set(found.vanished)
    for row in exports.every():
        if row.folder not in seen:
            folder = ExportFolder(library.exports / row.folder)
            states = folder.file_states()
            known = conversations.states(row.row)
            if any(states.get(name) != state[1:] for name, state in known.items()):
                found.changed.append(folder.path)


class _Following:
    """One bringing up to date, in one transaction on the catalog."""

    def __init__(self, library: Library, task: Task) -> None:
        self._library = library
        self._task = task
        self._rows = {row.folder: row for row in exports.every()}
        self._added: list[str] = []
        self._copied: list[str] = []
        self._renamed: dict[str, str] = {}
        self._problems: list[Problem] = []

    def follow(self, found: Differences) -> Followed:
        gone = {name: self._rows[name] for name in found.vanished}
        keys = self._keys(found)
        changed = list(found.changed)
        with CatalogWriter() as writer:
            for path, record in _originals_first(found.new):
                row = _moved(path, record, gone)
                if row is not None:
                    del gone[row.folder]
                    self._rename(writer, row, path, record)
                    changed += [path] if folder_stamp(str(path)) != row.stamp else []
                    self._rows[path.name] = row
                else:
                    self._take_in(writer, path, record, keys)
                keys.add(record.id)
            for path in changed:
                self._update(writer, path)
            for name in gone:
                writer.do(partial(exports.remove, name))
            writer.commit()
        return Followed(
            added=tuple(self._added),
            renamed=self._renamed,
            copied=tuple(self._copied),
            changed=tuple(ExportFolder(path).name for path in found.changed),
            removed=tuple(row.name for row in gone.values()),
            problems=tuple(self._problems),
        )

    def _keys(self, found: Differences) -> set[str]:
        """Answer the keys of all that is there; give those put in another's place their own."""
        unsure = {path.name for path in found.changed} | set(found.vanished)
        keys = {row.key for row in self._rows.values() if row.folder not in unsure}
        told = [(path, ExportFolder(path).seen_record()) for path in found.changed]
        told.sort(key=lambda each: each[1].id != self._rows[each[0].name].key)
        for path, record in told:
            if record.id and record.id in keys:
                make_its_own(self._library, path, record)
            keys.add(record.id)
        return keys

    def _rename(self, writer: CatalogWriter, row: Export, path: Path, record: ExportRecord) -> None:
        name = display_name(path, record)
        self._renamed[row.name] = name
        writer.do(partial(exports.change, row.row, {"folder": path.name, "name": name}))

    def _take_in(
        self, writer: CatalogWriter, path: Path, record: ExportRecord, keys: set[str]
    ) -> None:
        """Index a new folder; a copy of an export that is there becomes one of its own."""
        # Imported here: most looks find nothing new, and index nothing.
        from app.operations.indexing.from_folder import index_folder

        told = self._added
        if record.id and record.id in keys:
            make_its_own(self._library, path, record)
            told = self._copied
        self._problems += index_folder(writer, ExportFolder(path), self._task)
        told.append(ExportFolder(path).name)

    def _update(self, writer: CatalogWriter, path: Path) -> None:
        from app.operations.indexing.updating import update_folder

        row = self._rows[path.name]
        folder = ExportFolder(path)
        if row.folder != path.name:  # renamed above: the row's number is the same
            row.folder = path.name
        self._problems += update_folder(writer, folder, row, self._task)


def _moved(path: Path, record: ExportRecord, gone: dict[str, Export]) -> Export | None:
    """Answer which of the exports that are gone stands here under another name."""
    stamp = folder_stamp(str(path))
    for row in gone.values():
        if row.key == record.id if record.id else row.stamp == stamp:
            return row
    return None


def _originals_first(paths: list[Path]) -> list[tuple[Path, ExportRecord]]:
    """Of folders with one key, put the one called as its record says before its copies."""
    found = [(path, ExportFolder(path).seen_record()) for path in paths]
    return sorted(found, key=lambda each: (each[1].name != display_name(*each), each[0].name))


def make_its_own(library: Library, path: Path, record: ExportRecord) -> None:
    """Give a copied folder a key and a name of its own, written whole or not at all."""
    name = display_name(path, record)
    own = msgspec.structs.replace(record, id=str(uuid.uuid4()), name=name, renaming="")
    ExportFolder(path).write_record(own, library.staging)


def separate_copies(library: Library, paths: list[Path]) -> None:
    """Make sure that no two of these exports have one key."""
    seen: set[str] = set()
    for path, record in _originals_first(paths):
        if record.id in seen:
            make_its_own(library, path, record)
        elif record.id:
            seen.add(record.id)
