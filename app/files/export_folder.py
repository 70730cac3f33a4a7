"""An export's folder: its record, its conversations, its map of assets.

The layout is told in `docs/export-folder.md`; this is the only file that knows it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from app.core.loose import decoded
from app.core.naming import folder_name, is_folder_of, key
from app.errors import InvalidInput, NotFound, StorageProblem
from app.files.atomic import replaced
from app.files.paths import join_inside
from app.files.staging import placed

FORMAT_VERSION = 1
RECORD = "export.json"
CONVERSATIONS = "conversations"
ASSETS = "assets.json"
MEDIA = "media"
DAMAGED = "damaged"  # what could not be read, kept byte for byte
EARLIER = "earlier"  # sidecar files a newer source brought another version of
OWN_NAMES = frozenset({RECORD, CONVERSATIONS, ASSETS, MEDIA, DAMAGED, EARLIER})


class SourceRecord(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One source an export was made of, as `export.json` remembers it.

    ``session`` is the id of the legacy session it was part of, ``fingerprint`` what that
    session's files looked like then; both are empty for an archive.
    """

    name: str
    kind: str
    layout: str
    imported_at: datetime
    exported_at: datetime | None = None
    bytes: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    session: str = ""
    fingerprint: str = ""


class Counts(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """How much an export holds, so that a list needs no scan."""

    conversations: int = 0
    messages: int = 0
    media: int = 0
    missing_media: int = 0


class ExportRecord(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """`export.json`: what this export is; enough to make its catalog rows again.

    ``gone`` lists conversations the latest source no longer had; ``previous_titles``
    what conversations were called before. ``revision`` counts the imports that changed it.
    ``renaming`` is the name it has as soon as its folder has that name too (`renaming.py`).
    """

    format_version: int = FORMAT_VERSION
    id: str
    name: str
    renaming: str = ""
    created_at: datetime
    updated_at: datetime
    revision: int = 1
    account: str = ""
    account_label: str = ""
    sources: tuple[SourceRecord, ...] = ()
    counts: Counts = Counts()
    gone: tuple[str, ...] = ()
    previous_titles: dict[str, tuple[str, ...]] = {}
    not_understood: dict[str, int] = {}


class ExportFolder(Struct, frozen=True):
    """One export on the disk."""

    path: Path

    @property
    def name(self) -> str:
        """What the export is called: the folder's name where someone renamed the folder."""
        return display_name(self.path, self.seen_record())

    @property
    def media(self) -> Path:
        """Where its media are."""
        return self.path / MEDIA

    def record(self) -> ExportRecord:
        """Read `export.json`. Raises StorageProblem if it is missing or damaged."""
        try:
            raw = (self.path / RECORD).read_bytes()
            return msgspec.json.decode(raw, type=ExportRecord)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as problem:
            raise StorageProblem(
                f"The file {RECORD} of “{self.path.name}” is missing or damaged.",
                hint="Put it back from a backup, or import the archive again under a new name.",
                export=self.path.name,
            ) from problem

    def write_record(self, record: ExportRecord, staging: Path | None = None) -> None:
        """Write `export.json`, whole or not at all.

        ``staging`` is the library's, for an export that is not being staged itself.
        """
        target = self.path / RECORD
        with placed(staging, target) if staging else replaced(target) as draft:
            draft.write_bytes(msgspec.json.format(msgspec.json.encode(record), indent=2))

    def stamp(self) -> str:
        """Answer a word that changes with each import, and with each file added or taken away.

        Two looks at the disk, whatever the export holds.
        """
        return folder_stamp(str(self.path))

    def file_states(self) -> dict[str, tuple[int, int]]:
        """Answer the size and the time (in nanoseconds) of each conversation's file by its name."""
        found: dict[str, tuple[int, int]] = {}
        try:
            with os.scandir(self.path / CONVERSATIONS) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and entry.is_file(follow_symlinks=False):
                        state = entry.stat(follow_symlinks=False)
                        found[entry.name] = (state.st_size, state.st_mtime_ns)
        except OSError:
            return found
        return found

    def seen_record(self) -> ExportRecord:
        """Read `export.json`, or make up what it would say where it is missing or damaged."""
        try:
            return self.record()
        except StorageProblem:
            made = datetime.fromtimestamp(self.path.stat().st_mtime, UTC)
            return ExportRecord(id="", name=self.path.name, created_at=made, updated_at=made)

    def conversation_files(self) -> Iterator[Path]:
        """Yield the conversations' files in no particular order."""
        try:
            with os.scandir(self.path / CONVERSATIONS) as entries:
                for entry in entries:
                    if entry.name.endswith(".json") and entry.is_file(follow_symlinks=False):
                        yield Path(entry.path)
        except FileNotFoundError:
            return

    def conversation_path(self, file: str) -> Path:
        """Answer where a conversation's file is, by its name."""
        return join_inside(self.path / CONVERSATIONS, file)

    def read_conversation(self, file: str) -> Mapping[str, object]:
        """Read one conversation. Raises StorageProblem if it is gone or damaged."""
        return read_conversation(self.conversation_path(file))

    def read_lightly(self, file: str) -> Mapping[str, object]:
        """Read one conversation for a `Reading`, whose messages it decodes as it needs them.

        Raises StorageProblem if it is gone or damaged.
        """
        # Imported here: a look at the folder reads no conversation.
        from app.files.light_reading import lightly_read

        path = self.conversation_path(file)
        try:
            light = lightly_read(path)
        except OSError:
            light = None
        return light if light is not None else read_conversation(path)

    def assets(self) -> dict[str, str]:
        """Read pointer -> path below media/; empty if there is none."""
        try:
            found = msgspec.json.decode((self.path / ASSETS).read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {key: value for key, value in found.items() if isinstance(value, str)}


def folder_stamp(path: str) -> str:
    """Answer the `ExportFolder.stamp` of a folder: of five hundred in a row, so by its text."""
    return f"{_state(f'{path}/{RECORD}')} {_state(f'{path}/{CONVERSATIONS}')}"


def _state(path: str) -> str:
    try:
        state = os.stat(path)  # noqa: PTH116 - twice for each export at every look
    except OSError:
        return "none"
    return f"{state.st_mtime_ns}-{state.st_size}"


def read_conversation(path: Path) -> Mapping[str, object]:
    """Read one conversation's file. Raises StorageProblem if it is gone or damaged."""
    try:
        found, broken = decoded(path.read_bytes())
    except OSError as problem:
        raise StorageProblem(
            f"The conversation file {path.name} cannot be read.",
            hint="It may be gone; check the export, or import its archive again.",
            file=path.name,
        ) from problem
    if broken:
        raise StorageProblem(
            f"The conversation file {path.name} is damaged: {broken}.",
            hint="Put it back from a backup, or import its archive again.",
            file=path.name,
        )
    return found


def display_name(path: Path, record: ExportRecord) -> str:
    """Answer the name in the record, or the folder's where they no longer fit together."""
    for name in (record.name, record.renaming):
        if is_folder_of(name, path.name):
            return name
    return path.name


def is_export(path: Path) -> bool:
    """Tell whether a folder is an export, be it one whose `export.json` is lost."""
    return (path / RECORD).is_file() or (path / CONVERSATIONS).is_dir()


def export_folders(exports: Path) -> list[Path]:
    """Answer the folders of a library's exports, by name; hidden ones are not exports."""
    try:
        with os.scandir(exports) as entries:
            names = sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except FileNotFoundError:
        return []
    return [exports / name for name in names if is_export(exports / name)]


def find_export(exports: Path, name: str) -> ExportFolder:
    """Answer the export of this name, upper and lower case alike. Raises NotFound."""
    try:
        folder = folder_name(name)
    except InvalidInput:
        folder = ""
    if folder and folder == name and is_export(exports / folder):
        return ExportFolder(exports / folder)
    there = export_folders(exports)
    for called in (name, folder):  # a folder named by hand need not be called as we would
        for path in there:
            if path.name == called:
                return ExportFolder(path)
    for path in there:
        if folder and key(path.name) in (key(folder), key(name)):
            return ExportFolder(path)
    raise NotFound(
        f"There is no export called “{name}”.",
        hint="The list of exports shows what there is.",
        export=name,
    )
