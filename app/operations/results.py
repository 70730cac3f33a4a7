"""What operations answer: frozen records, the vocabulary of every skin.

On the wire names become camelCase, times ISO 8601 UTC, sizes stay bytes, ids are
strings (`app/interfaces/wire.py`). Catalog rows never leave `app/operations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from app.core.problems import Problem as Problem  # part of this vocabulary


class Inspection(Struct, frozen=True):
    """What an import would do, nothing written."""

    kind: str  # zip, 7z, tar, folder, json
    layout: str  # classic, sharded, portal, legacy …, one word per archive
    conversations: int
    messages: int
    assets: int
    bytes: int
    account: str
    exported_at: datetime | None
    problems: tuple[Problem, ...]


class ConversationCounts(Struct, frozen=True):
    """How many conversations an import added, grew, found as they were, and could not read."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0


class AssetCounts(Struct, frozen=True):
    """How many files an import stored, and how many messages' files no source held."""

    stored: int = 0
    missing: int = 0


class ImportReport(Struct, frozen=True):
    """What an import did. ``export`` is the export's name; ``created`` tells new from merged."""

    export: str
    created: bool
    conversations: ConversationCounts
    messages: int
    assets: AssetCounts
    not_understood: Mapping[str, int]
    gone: int  # conversations kept though the newer archive no longer has them
    warnings: tuple[Problem, ...]
    seconds: float


class ExportSummary(Struct, frozen=True):
    """One export in a list.

    ``id`` is its own, for ever the same, empty where its `export.json` is lost. ``health``
    and the number of ``problems`` are what its last import, index or check has found.
    """

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
    months: Mapping[str, int]  # "2024-05" -> conversations begun in it; for the small chart
    sources: int = 0  # how many it was made of
    health: Literal["good", "problems"] = "good"
    problems: int = 0
    last_backup_at: datetime | None = None
    missing_media: int = 0  # files messages refer to that no source held


class SourceSummary(Struct, frozen=True):
    """One source an export was made of."""

    name: str
    kind: str
    layout: str
    imported_at: datetime
    exported_at: datetime | None
    conversations: ConversationCounts
    bytes: int


class ExportHealth(Struct, frozen=True):
    """Whether one export is whole. ``checked`` counts the files looked at."""

    export: str
    ok: bool
    checked: int
    problems: tuple[Problem, ...]


class Health(Struct, frozen=True):
    """Whether the exports that were checked are whole; ``problems`` are those of all."""

    ok: bool
    checked: int
    problems: tuple[Problem, ...]
    exports: tuple[ExportHealth, ...]


class ConversationSummary(Struct, frozen=True):
    """One conversation in a list."""

    id: str
    title: str
    created_at: datetime | None
    updated_at: datetime | None
    message_count: int
    models: tuple[str, ...]
    starred: bool
    archived: bool
    has_media: bool
    branches: int
    gone: bool  # no longer in the latest source
    project: str  # short id of the project or custom GPT, empty if none


class ConversationPage(Struct, frozen=True):
    """A page of the list; ``next`` is the cursor of the following one, None at the end.

    ``previous`` is the cursor of the page before it, and ``position`` how many stand before
    its first, where the list was not begun at its beginning.
    """

    items: tuple[ConversationSummary, ...]
    next: str | None
    total: int
    previous: str | None = None
    position: int = 0


class ShownAsset(Struct, frozen=True):
    """A file of a message: where to get it, or why it is not there.

    ``path`` is below the export's folder ("media/…", served at
    ``/api/media/<export>/<path>``); None if missing, and then ``missing`` says why.
    """

    pointer: str
    kind: str  # image, audio, video, file
    path: str | None
    name: str
    caption: str = ""
    size_bytes: int | None = None
    width: int | None = None
    height: int | None = None
    missing: str = ""


class Branch(Struct, frozen=True):
    """Which of its siblings a message is: ``index`` counts from 1; ``siblings`` in order."""

    index: int
    count: int
    siblings: tuple[str, ...]


class ShownMessage(Struct, frozen=True):
    """One message, ready to show. ``html`` is sanitised; ``text`` is what search indexes.

    ``display``: "show" as it stands; "fold" as one quiet line ``label`` that opens;
    "hide" and "meta" only when hidden messages are asked for (``hidden`` is then true).
    """

    id: str
    role: str
    author: str
    kind: str
    display: str
    label: str
    created_at: datetime | None
    model: str
    text: str
    html: str
    assets: tuple[ShownAsset, ...]
    branch: Branch | None
    hidden: bool
    status: str = ""
    feedback: str = ""  # "up" or "down", from message_feedback.json


class OutlineEntry(Struct, frozen=True):
    """One of the person's questions; its page is asked for with ``at=<message>``."""

    message: str
    text: str


class ConversationView(Struct, frozen=True):
    """A conversation and one page of its messages along one branch.

    ``next`` and ``previous`` are cursors, None at the ends.
    """

    id: str
    title: str
    created_at: datetime | None
    updated_at: datetime | None
    message_count: int
    models: tuple[str, ...]
    starred: bool
    archived: bool
    gone: bool
    project: str
    previous_titles: tuple[str, ...]
    share_links: tuple[str, ...]
    original_url: str
    messages: tuple[ShownMessage, ...]
    next: str | None
    previous: str | None


class ConversationOutline(Struct, frozen=True):
    """What takes a look at a whole branch: asked for once the first page is there.

    ``shown_count`` and ``hidden_count`` say how many messages are shown and how many the
    switch would reveal; ``instructions`` is HTML, empty if there are none.
    """

    questions: tuple[OutlineEntry, ...]
    instructions: str
    shown_count: int
    hidden_count: int
    warnings: tuple[str, ...]


class RawMessage(Struct, frozen=True):
    """One message exactly as exported: the node, as indented JSON text."""

    id: str
    json: str


class SearchHit(Struct, frozen=True):
    """A message found. ``snippet`` is HTML: escaped text with ``<mark>`` around the words."""

    export: str
    conversation_id: str
    message_id: str
    title: str
    role: str
    created_at: datetime | None
    snippet: str
    score: float


class SearchPage(Struct, frozen=True):
    """A page of hits, best first."""

    hits: tuple[SearchHit, ...]
    total: int
    next: str | None
    milliseconds: float


class RebuiltCatalog(Struct, frozen=True):
    """What the catalog holds after it was made again from the files."""

    exports: int
    conversations: int
    messages: int
    problems: tuple[Problem, ...]
    seconds: float


class SettingShown(Struct, frozen=True):
    """One setting: its value, its default, what it means, and whether it can be changed."""

    key: str
    value: object
    default: object
    meaning: str
    changeable: bool


class ServiceHealth(Struct, frozen=True):
    """Whether the program is well, and how much it looks after."""

    status: str
    version: str
    library: str
    counts: Mapping[str, int]
