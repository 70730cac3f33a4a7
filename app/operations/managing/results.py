"""What managing exports answers: as `results.py`, for these operations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from msgspec import Struct

from app.core.problems import Problem
from app.operations.results import AssetCounts, ConversationCounts, SourceSummary


class MediaKind(Struct, frozen=True):
    """One kind of files of an export: image, audio, video, file."""

    kind: str
    count: int
    bytes: int


class LargeConversation(Struct, frozen=True):
    """One of the largest conversations of an export; ``bytes`` of its file."""

    id: str
    title: str
    messages: int
    bytes: int


class ProjectUse(Struct, frozen=True):
    """A project or custom GPT, by its short id, and how many conversations are in it."""

    id: str
    kind: Literal["project", "gpt"]
    conversations: int


class DiskUse(Struct, frozen=True):
    """What takes how many bytes of an export's folder."""

    conversations: int
    media: int
    other: int


class ExportDetails(Struct, frozen=True):
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
    models: Mapping[str, int] = {}  # slug -> messages
    media_bytes: Mapping[str, int] = {}  # image, audio, video, file
    media: tuple[MediaKind, ...] = ()
    missing_media: int = 0
    largest: tuple[LargeConversation, ...] = ()
    projects: tuple[ProjectUse, ...] = ()
    disk: DiskUse = DiskUse(0, 0, 0)
    health: Literal["good", "problems"] = "good"
    problem_count: int = 0
    problems: tuple[Problem, ...] = ()  # the first of them, losses first, each with its remedy
    checked_at: datetime | None = None  # when every file was last looked at


class RenamedExport(Struct, frozen=True):
    """An export under its new name; ``id`` is as before."""

    id: str
    name: str
    path: str
    previous: str


class ItemError(Struct, frozen=True):
    """Why one of several exports was left as it was."""

    code: str
    message: str
    hint: str


class DeletedExport(Struct, frozen=True):
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


class DeletedExports(Struct, frozen=True):
    """What became of each; ``stopped``: those marked skipped were left because one said stop."""

    items: tuple[DeletedExport, ...]
    stopped: bool = False


class RecentlyDeleted(Struct, frozen=True):
    """An export that was deleted and is still in the trash."""

    id: str
    name: str
    deleted_at: datetime
    went: Literal["trash", "library-trash"]
    place: str
    conversation_count: int
    size_bytes: int


class RestoredExport(Struct, frozen=True):
    """An export back from the trash; ``renamed`` if its name was taken meanwhile."""

    id: str
    name: str
    path: str
    renamed: bool


class MonthOfGrowth(Struct, frozen=True):
    """What the imports of one month ("2024-05") brought, and what there was at its end."""

    month: str
    conversations: int
    bytes: int
    total_conversations: int
    total_bytes: int


class Storage(Struct, frozen=True):
    """What takes the space, in bytes."""

    conversations: int
    image: int
    audio: int
    video: int
    file: int
    other: int


class Statistics(Struct, frozen=True):
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


class DuplicatedExport(Struct, frozen=True):
    """The copy of an export: its own id, name and place."""

    id: str
    name: str
    path: str
    original: str
    bytes: int


class RevealedExport(Struct, frozen=True):
    """An export the file manager was opened for."""

    name: str
    path: str


class CheckedExport(Struct, frozen=True):
    """What checking one of several exports found; ``checked`` counts the files looked at."""

    name: str
    status: Literal["good", "problems", "failed", "skipped"]
    checked: int = 0
    problem_count: int = 0
    problems: tuple[Problem, ...] = ()
    error: ItemError | None = None


class CheckedExports(Struct, frozen=True):
    """What checking each found; ``stopped``: those marked skipped were not checked."""

    items: tuple[CheckedExport, ...]
    stopped: bool = False


class MergedExports(Struct, frozen=True):
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


class ComparedConversation(Struct, frozen=True):
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


class ComparedList(Struct, frozen=True):
    """The first of the conversations that something is true of, and how many there are."""

    total: int
    items: tuple[ComparedConversation, ...]


class ComparedMedium(Struct, frozen=True):
    """A file a message points to, that one side has and the other has not."""

    conversation_id: str
    title: str
    pointer: str
    kind: str


class ComparedMedia(Struct, frozen=True):
    """The first of such files, and how many there are."""

    total: int
    items: tuple[ComparedMedium, ...]


class Comparison(Struct, frozen=True):
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
