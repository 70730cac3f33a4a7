"""Writing down what an export is made of, for its `export.json`."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from app.core.sidecars import Account
from app.files.export_folder import Counts, ExportFolder, ExportRecord, SourceRecord
from app.operations.importing.conversations import ConversationStore
from app.operations.importing.parts import Part
from app.operations.importing.target import Target
from app.operations.indexing.figures import media_files
from db.exports import Figures


def new_record(
    *,
    now: datetime,
    target: Target,
    account: Account,
    parts: Sequence[Part],
    store: ConversationStore,
    gone: frozenset[str],
    figures: Figures,
    missing: int,
    folder: ExportFolder,
) -> ExportRecord:
    """Make the record of a new export, or the next one of an export that grew."""
    before = target.record
    merged = [part.record for part in parts if part.record is not None]
    known = [*([before] if before else []), *merged]
    not_understood = Counter(before.not_understood if before else {})
    not_understood.update(store.tally.not_understood)
    return ExportRecord(
        id=before.id if before else str(uuid.uuid4()),
        name=target.name,
        created_at=min(each.created_at for each in known) if known else now,
        updated_at=now,
        revision=before.revision + 1 if before else 1,
        account=account.id or (before.account if before else ""),
        account_label=account.label or (before.account_label if before else ""),
        sources=tuple(
            dict.fromkeys(
                (*(s for each in known for s in each.sources), *_sources(parts, store, now))
            )
        ),
        counts=Counts(
            conversations=figures.conversations,
            messages=figures.messages,
            media=len(media_files(folder.path)),
            missing_media=missing,
        ),
        gone=tuple(sorted(gone)),
        previous_titles=_titles(known, store),
        not_understood=dict(not_understood.most_common()),
    )


def _sources(
    parts: Sequence[Part], store: ConversationStore, now: datetime
) -> tuple[SourceRecord, ...]:
    ends: dict[int, Counter[str]] = {part.number: Counter() for part in parts}
    for id_, end in store.tally.outcome.items():
        ends[store.credited[id_]][end] += 1
    return tuple(
        SourceRecord(
            name=part.name,
            kind=part.source.kind,
            layout=part.layout.era,
            imported_at=now,
            exported_at=part.exported_at,
            bytes=part.total_bytes,
            added=ends[part.number]["added"],
            updated=ends[part.number]["updated"],
            unchanged=ends[part.number]["unchanged"],
            failed=store.failed.get(part.number, 0),
            session=part.source.session,
            fingerprint=part.source.fingerprint,
        )
        for part in parts
        if part.record is None or not part.record.sources
    )


def _titles(known: Sequence[ExportRecord], store: ConversationStore) -> dict[str, tuple[str, ...]]:
    titles: dict[str, tuple[str, ...]] = {}
    for record in known:
        for id_, before in record.previous_titles.items():
            titles[id_] = tuple(dict.fromkeys((*titles.get(id_, ()), *before)))
    for id_, fresh in store.previous_titles.items():
        titles[id_] = tuple(dict.fromkeys((*titles.get(id_, ()), *fresh)))
    return titles
