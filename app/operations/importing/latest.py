"""Which conversations the latest archive no longer had: kept, and marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from app.files.export_folder import ExportRecord
from app.operations.importing.conversations import ConversationStore
from app.operations.importing.parts import Part

APART = timedelta(hours=12)  # pieces of one download are made within minutes of each other


def gone_conversations(
    parts: Sequence[Part],
    store: ConversationStore,
    record: ExportRecord | None,
    *,
    newest: bool,
) -> frozenset[str]:
    """Answer the ids that the latest whole archive does not hold.

    What is no whole archive (a single shard, one conversation, a damaged file) says
    nothing about what is gone; nor does a piece of the download the export has already.
    An archive older than the export adds what only it has.
    """
    if any(part.record is not None for part in parts):
        return _gone_of_exports(parts, store, record)
    before = frozenset(record.gone if record else ())
    whole = all(is_whole(part) for part in parts) and not store.tally.failed
    if not whole or _of_one_download(parts, record):
        return before - _seen(store)
    if not newest:
        added = {id_ for id_, end in store.tally.outcome.items() if end == "added"}
        return before | added
    latest = _seen_in_latest(parts, store)
    return (frozenset(store.known) | _seen(store)) - latest


def _gone_of_exports(
    parts: Sequence[Part], store: ConversationStore, record: ExportRecord | None
) -> frozenset[str]:
    """Answer what is gone of exports made into one: of each id, the newest that has it says."""
    undated = datetime.min.replace(tzinfo=UTC)
    said: list[tuple[datetime, frozenset[str], frozenset[str]]] = []
    if record is not None:
        dated = [each.exported_at for each in record.sources if each.exported_at is not None]
        newest = max(dated, default=undated)
        said.append((newest, frozenset(store.known), frozenset(record.gone)))
    for part in parts:
        told = frozenset(part.record.gone if part.record else ())
        seen = frozenset(store.seen.get(part.number, ()))
        said.append((part.exported_at or undated, seen, told))
    gone: set[str] = set()
    for _, held, told in sorted(said, key=lambda each: each[0]):
        gone = (gone - held) | (held & told)
    return frozenset(gone)


def _of_one_download(parts: Sequence[Part], record: ExportRecord | None) -> bool:
    """Tell whether the newest part was made at about the time of the export's newest source."""
    newest = parts[-1].exported_at
    known = [source.exported_at for source in (record.sources if record else ())]
    dated = [moment for moment in known if moment is not None]
    return newest is not None and bool(dated) and abs(newest - max(dated)) < APART


def is_whole(part: Part) -> bool:
    """Tell whether a part says what it does not have: a single shard does not."""
    layout = part.layout
    if layout.missing_shards or layout.era in ("separate", "page", "legacy"):
        return False
    return not (part.source.kind == "json" and layout.era == "sharded")


def _seen(store: ConversationStore) -> frozenset[str]:
    return frozenset(id_ for ids in store.seen.values() for id_ in ids)


def _seen_in_latest(parts: Sequence[Part], store: ConversationStore) -> frozenset[str]:
    """Answer what the newest archive held, all its pieces together."""
    newest = parts[-1].exported_at
    latest = [
        part
        for part in parts
        if newest is None or part.exported_at is None or newest - part.exported_at < APART
    ]
    return frozenset(id_ for part in latest for id_ in store.seen.get(part.number, ()))
