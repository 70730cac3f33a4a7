"""One export in full, told by the catalog and its record."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal, TypedDict

from app.files.export_folder import ExportFolder, ExportRecord
from app.library import Library
from app.operations.indexing.health import recalled
from app.operations.managing.results import (
    DiskUse,
    ExportDetails,
    LargeConversation,
    MediaKind,
    ProjectUse,
)
from app.operations.moments import moment
from app.operations.results import ConversationCounts, SourceSummary
from db import assets, backups, conversations
from db.models import Export

LARGEST = 10  # conversations named as the largest


class Figures(TypedDict):
    """What a list tells of an export, and its details tell first."""

    id: str
    name: str
    path: str
    created_at: datetime
    updated_at: datetime
    conversation_count: int
    message_count: int
    media_count: int
    missing_media: int
    size_bytes: int
    first_message_at: datetime | None
    last_message_at: datetime | None
    months: dict[str, int]
    last_backup_at: datetime | None
    health: Literal["good", "problems"]


def figures(library: Library, row: Export, backed_up: float | None) -> Figures:
    """Answer what the catalog knows of an export; ``backed_up`` is when it last was."""
    return Figures(
        id=row.key,
        name=row.name,
        path=str(library.exports / row.folder),
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        updated_at=datetime.fromtimestamp(row.updated_at, UTC),
        conversation_count=row.conversation_count,
        message_count=row.message_count,
        media_count=row.media_count,
        missing_media=row.missing_count,
        size_bytes=row.size_bytes,
        first_message_at=moment(row.first_message_at),
        last_message_at=moment(row.last_message_at),
        months=json.loads(row.months),
        last_backup_at=moment(backed_up),
        health="problems" if row.problem_count else "good",
    )


def details(library: Library, row: Export) -> ExportDetails:
    """Tell all there is to tell about an export without reading its conversations."""
    record = ExportFolder(library.exports / row.folder).seen_record()
    kinds = tuple(MediaKind(*each) for each in assets.kinds(row.row))
    media = sum(each.bytes for each in kinds)
    return ExportDetails(
        **figures(library, row, backups.last_times().get(row.key)),
        account=record.account_label,
        sources=_sources(record),
        models=json.loads(row.models),
        media_bytes=json.loads(row.media_bytes),
        media=kinds,
        largest=tuple(
            LargeConversation(each.id, each.title, each.message_count, each.size_bytes)
            for each in conversations.largest(row.row, LARGEST)
        ),
        projects=tuple(
            ProjectUse(id_, "project" if id_.startswith("g-p-") else "gpt", count)
            for id_, count in conversations.projects(row.row)
        ),
        disk=DiskUse(
            row.conversation_bytes, media, max(0, row.size_bytes - row.conversation_bytes - media)
        ),
        problem_count=row.problem_count,
        problems=recalled(row.problems),
        checked_at=moment(row.checked_at),
    )


def _sources(record: ExportRecord) -> tuple[SourceSummary, ...]:
    return tuple(
        SourceSummary(
            name=source.name,
            kind=source.kind,
            layout=source.layout,
            imported_at=source.imported_at,
            exported_at=source.exported_at,
            conversations=ConversationCounts(
                source.added, source.updated, source.unchanged, source.failed
            ),
            bytes=source.bytes,
        )
        for source in record.sources
    )
