"""Libraries of many exports, written straight to the catalog with small folders to match."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

from app.files.export_folder import ExportFolder, ExportRecord
from app.library import Library
from db import conversations as catalog
from db.connection import connected
from db.models import Export

BEGAN = datetime(2023, 1, 1, tzinfo=UTC).timestamp()
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13)]
YEAR = 31_557_600.0  # seconds
NAMES = ("Everything", "Work", "Old phone", "Studies", "Family", "Garden")


def fill(library: Library, exports: int, conversations: int) -> None:
    """Put so many exports into a library, with so many conversations among them all."""
    luck = random.Random(exports)  # noqa: S311 - invented figures, nothing secret
    with connected():
        for number in range(exports):
            first = conversations * number // exports
            last = conversations * (number + 1) // exports
            _shelve(library, number, range(first, last), luck)


def _shelve(library: Library, number: int, conversations: range, luck: random.Random) -> None:
    name = f"{NAMES[number % len(NAMES)]} {number:03d}"
    folder = ExportFolder(library.exports / name)
    folder.path.mkdir()
    created = datetime.fromtimestamp(BEGAN + number * 86_400, UTC)
    record = ExportRecord(id=f"shelf-{number}", name=name, created_at=created, updated_at=created)
    folder.write_record(record)
    months = {month: luck.randrange(1, 60) for month in MONTHS[: luck.randrange(3, len(MONTHS))]}
    row = Export.create(
        key=record.id,
        name=name,
        folder=name,
        stamp=folder.stamp(),
        created_at=created.timestamp(),
        updated_at=created.timestamp(),
        conversation_count=len(conversations),
        message_count=len(conversations) * luck.randrange(4, 40),
        media_count=luck.randrange(900),
        size_bytes=int(10 ** luck.uniform(6, 9.7)),
        first_message_at=BEGAN,
        last_message_at=BEGAN + YEAR * luck.uniform(0.2, 3),
        months=json.dumps(months),
        media_bytes=json.dumps({"image": luck.randrange(10**9), "audio": luck.randrange(10**8)}),
    )
    catalog.add(row.row, [_conversation(each) for each in conversations])


def _conversation(number: int) -> catalog.NewConversation:
    title = f"Conversation {number:06d} about a garden"
    return catalog.NewConversation(
        id=f"c-{number}",
        file=f"{number}.json",
        title=title,
        title_key=title.casefold(),
        created_at=BEGAN + number * 400,
        updated_at=BEGAN + number * 450,
        message_count=number % 97,
        models='{"gpt-4o": 3}',
        starred=False,
        archived=False,
        gone=False,
        has_media=False,
        branches=0,
        project="",
        messages=(),
    )
