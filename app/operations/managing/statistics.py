"""The library in numbers, from the catalog alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from app.operations.managing.results import MonthOfGrowth, Statistics, Storage
from app.operations.moments import moment
from app.operations.results import ExportSummary
from db.models import Export

NAMED = 100  # exports without a backup named one by one; the rest is counted


def statistics(rows: Sequence[Export], listed: Sequence[ExportSummary]) -> Statistics:
    """Add up the exports; ``listed`` is what the list tells of the same ones."""
    unsafe = sorted(
        (each for each in listed if each.last_backup_at is None),
        key=lambda each: (-each.size_bytes, each.name),
    )
    return Statistics(
        exports=len(rows),
        conversations=sum(row.conversation_count for row in rows),
        messages=sum(row.message_count for row in rows),
        media=sum(row.media_count for row in rows),
        missing_media=sum(row.missing_count for row in rows),
        bytes=sum(row.size_bytes for row in rows),
        first_message_at=moment(min(_times(row.first_message_at for row in rows), default=None)),
        last_message_at=moment(max(_times(row.last_message_at for row in rows), default=None)),
        with_problems=sum(bool(row.problem_count) for row in rows),
        storage=_storage(rows),
        growth=_growth(rows),
        without_backup=tuple(each.name for each in unsafe[:NAMED]),
        without_backup_count=len(unsafe),
    )


def _times(times: Iterable[float | None]) -> list[float]:
    return [time for time in times if time is not None]


def _storage(rows: Sequence[Export]) -> Storage:
    media: Counter[str] = Counter()
    for row in rows:
        media.update(json.loads(row.media_bytes))
    talks = sum(row.conversation_bytes for row in rows)
    other = sum(row.size_bytes for row in rows) - talks - sum(media.values())
    return Storage(
        conversations=talks,
        image=media["image"],
        audio=media["audio"],
        video=media["video"],
        file=media["file"],
        other=max(0, other),
    )


def _growth(rows: Sequence[Export]) -> tuple[MonthOfGrowth, ...]:
    talks: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for row in rows:
        for month, (conversations, size) in json.loads(row.imports).items():
            talks[month] += conversations
            sizes[month] += size
    found, all_talks, all_bytes = [], 0, 0
    for month in sorted(talks):
        all_talks += talks[month]
        all_bytes += sizes[month]
        found.append(MonthOfGrowth(month, talks[month], sizes[month], all_talks, all_bytes))
    return tuple(found)
