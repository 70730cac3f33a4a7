"""What managing exports answers: as `results.py`, for these operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from app.core.problems import Problem
from app.operations.results import AssetCounts, ConversationCounts, SourceSummary


@dataclass(frozen=True, slots=True)
class MediaKind:
    """One kind of files of an export: image, audio, video, file."""

    kind: str
    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class LargeConversation:
    """One of the largest conversations of an export; ``bytes`` of its file."""

    id: str
    title: str
    messages: int
    bytes: int


@dataclass(frozen=True, slots=True)
class ProjectUse:
    """A project or custom GPT, by its short id, and how many conversations are in it."""

    id: str
    kind: Literal["project", "gpt"]
    conversations: int


@dataclass(frozen=True, slots=True)
class DiskUse:
    """What takes how many bytes of an export's folder."""

    conversations: int
    media: int
    other: int


@dataclass(frozen=True, slots=True)
class ExportDetails:
    """One export, whole. What it shares with a list is there under the same names."""

    only_shown: ClassVar[bool] = True  # its problems were there before: asking lost nothing
    id: str
    name: str
    path: str
    created_at: datetime
    updated_at: datetime
    conversation_count: int
    message_count: int
    media_count: int
    size_bytes: int
    first_message_at: datetime | None
    last_message_at: datetime | None
    months: Mapping[str, int]
    last_backup_at: datetime | None = None
    account: str = ""
    sources: tuple[SourceSummary, ...] = ()
    models: Mapping[str, int] = field(default_factory=dict)  # slug -> messages
    media_bytes: Mapping[str, int] = field(default_factory=dict)  # image, audio, video, file
    media: tuple[MediaKind, ...] = ()
    missing_media: int = 0
    largest: tuple[LargeConversation, ...] = ()
    projects: tuple[ProjectUse, ...] = ()
    disk: DiskUse = DiskUse(0, 0, 0)
    health: Literal["good", "problems"] = "good"
    problem_count: int = 0
    problems: tuple[Problem, ...] = ()  # the first of them, losses first, each with its remedy
    checked_at: datetime | None = None  # when every file was last looked at


@dataclass(frozen=True, slots=True)
class RenamedExport:
    """An export under its new name; ``id`` is as before."""

    id: str
    name: str
    path: str
    previous: str


@dataclass(frozen=True, slots=True)
class ItemError:
    """Why one of several exports was left as it was."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class DeletedExport:
    """What became of one export that was to be deleted.

    ``place`` is where it is now, empty where the system does not tell. ``id`` is for undoing
    it; empty where it cannot be undone from here, and then ``hint`` says what can be done.
    """

    name: str
    status: Literal["deleted", "failed", "skipped"]
    went: Literal["trash", "library-trash", "gone", ""] = ""
    place: str = ""
    id: str = ""
    hint: str = ""
    error: ItemError | None = None


@dataclass(frozen=True, slots=True)
class DeletedExports:
    """What became of each; ``stopped``: those marked skipped were left because one said stop."""

    items: tuple[DeletedExport, ...]
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class RecentlyDeleted:
    """An export that was deleted and is still in the trash."""

    id: str
    name: str
    deleted_at: datetime
    went: Literal["trash", "library-trash"]
    place: str
    conversation_count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class RestoredExport:
    """An export back from the trash; ``renamed`` if its name was taken meanwhile."""

    id: str
    name: str
    path: str
    renamed: bool


@dataclass(frozen=True, slots=True)
class MonthOfGrowth:
    """What the imports of one month ("2024-05") brought, and what there was at its end."""

    month: str
    conversations: int
    bytes: int
    total_conversations: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Storage:
    """What takes the space, in bytes."""

    conversations: int
    image: int
    audio: int
    video: int
    file: int
    other: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The library in numbers. ``growth`` is by month of import; of sources, so each counts once.

    ``without_backup`` names the exports that have none, the largest first.
    """

    exports: int
    conversations: int
    messages: int
    media: int
    missing_media: int
    bytes: int
    first_message_at: datetime | None
    last_message_at: datetime | None
    with_problems: int
    storage: Storage
    growth: tuple[MonthOfGrowth, ...]
    without_backup: tuple[str, ...]
    without_backup_count: int


@dataclass(frozen=True, slots=True)
class DuplicatedExport:
    """The copy of an export: its own id, name and place."""

    id: str
    name: str
    path: str
    original: str
    bytes: int


@dataclass(frozen=True, slots=True)
class RevealedExport:
    """An export the file manager was opened for."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class CheckedExport:
    """What checking one of several exports found; ``checked`` counts the files looked at."""

    name: str
    status: Literal["good", "problems", "failed", "skipped"]
    checked: int = 0
    problem_count: int = 0
    problems: tuple[Problem, ...] = ()
    error: ItemError | None = None


@dataclass(frozen=True, slots=True)
class CheckedExports:
    """What checking each found; ``stopped``: those marked skipped were not checked."""

    items: tuple[CheckedExport, ...]
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class MergedExports:
    """What became of exports made into one; ``deleted`` tells of those sent to the trash."""

    export: str
    created: bool
    merged: tuple[str, ...]
    conversations: ConversationCounts
    messages: int
    assets: AssetCounts
    gone: int
    warnings: tuple[Problem, ...]
    seconds: float
    deleted: tuple[DeletedExport, ...] = ()


@dataclass(frozen=True, slots=True)
class ComparedConversation:
    """One conversation of a comparison; counts are of messages.

    ``title`` is that of the later side, ``title_before`` the earlier one where it differs;
    ``archived`` is set where that changed.
    """

    id: str
    title: str
    updated_at: datetime | None
    messages: int
    added: int = 0
    lost: int = 0
    edited: int = 0
    title_before: str | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class ComparedList:
    """The first of the conversations that something is true of, and how many there are."""

    total: int
    items: tuple[ComparedConversation, ...]


@dataclass(frozen=True, slots=True)
class ComparedMedium:
    """A file a message points to, that one side has and the other has not."""

    conversation_id: str
    title: str
    pointer: str
    kind: str


@dataclass(frozen=True, slots=True)
class ComparedMedia:
    """The first of such files, and how many there are."""

    total: int
    items: tuple[ComparedMedium, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different in ``b``, an export or an archive, seen from the export ``a``.

    ``complete``: b says what it does not have; a single shard does not, so nothing is
    called gone then. ``gone_before`` counts what a knew to be gone already. ``same_account``
    is None where a side does not say whose it is. Media are those of conversations in both.
    """

    a: str
    b: str
    kind: Literal["export", "archive"]
    complete: bool
    same_account: bool | None
    unchanged: int
    new: ComparedList
    grown: ComparedList
    renamed: ComparedList
    edited: ComparedList
    archived: ComparedList
    gone: ComparedList
    gone_before: int
    media_lost: ComparedMedia
    media_found: ComparedMedia
    problems: tuple[Problem, ...]
    seconds: float
