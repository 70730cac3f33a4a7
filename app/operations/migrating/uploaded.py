"""The archive a session was made of, where the predecessor was stopped before it removed it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from app.core.archive.entries import Entry
from app.core.archive.layout import Layout, read_layouts
from app.core.migration import Holding
from app.core.problems import Problem
from app.errors import AppError
from app.files.legacy.source import LegacySource
from app.files.sources import DamagedEntry, ExportSource, open_source
from app.operations.importing.parts import look
from app.operations.migrating.opened import Looking, PartSource, holding, sha256_in

UPLOAD = "upload.zip"


def without_upload(
    looking: Looking, source: LegacySource, layout: Layout
) -> tuple[Layout, list[PartSource]]:
    """Take the archive from a session's files; answer the rest, and the archive's own parts."""
    entry = next((e for e in (*layout.media, *layout.others) if e.name.lower() == UPLOAD), None)
    if entry is None:
        return layout, []
    rest = replace(
        layout,
        media=tuple(e for e in layout.media if e is not entry),
        others=tuple(e for e in layout.others if e is not entry),
    )
    parts = _upload(looking, source.original(entry))
    if not parts or any(holding.broken for holding in looking.found.holdings):
        return replace(rest, others=(*rest.others, entry)), parts
    looking.found.through.add(source.original(entry))
    return rest, parts


def _upload(looking: Looking, path: Path) -> list[PartSource]:
    """Open the uploaded archive; nothing, and the problem told, if it is not whole."""
    looking.task.step("looking", item=path.name)
    try:
        archive = looking.stack.enter_context(open_source(path, looking.scratch))
        layouts = read_layouts(archive.entries(), partial(look, archive))
        holdings, digests = _inside(looking, archive, layouts)
    except (AppError, DamagedEntry) as refused:
        looking.found.problems.append(_damaged_upload(refused.message))
        return []
    if any(problem.loss for problem in archive.problems):
        looking.found.problems.append(_damaged_upload("files in it are damaged"))
        return []
    looking.found.holdings += holdings
    looking.found.within |= digests
    return [(archive, layout) for layout in layouts]


def _inside(
    looking: Looking, archive: ExportSource, layouts: tuple[Layout, ...]
) -> tuple[list[Holding], dict[str, str]]:
    holdings, digests = [], {}
    for layout in layouts:
        readable: set[Entry] = set()
        for entry in layout.conversations:
            seen = looking.into(archive, entry)
            holdings.append(holding("upload", f"{UPLOAD}: {entry.name}", seen))
            readable.add(entry)
        page = layout.chat_html
        if page is not None:
            seen = looking.into_page(archive, page)
            holdings.append(holding("upload", f"{UPLOAD}: {page.name}", seen))
            readable |= {page} if seen.kept else set()
    for entry in archive.entries():
        if entry not in readable:
            digests[f"{UPLOAD}: {entry.name}"] = sha256_in(archive, entry)
    return holdings, digests


def _damaged_upload(why: str) -> Problem:
    return Problem(
        "damaged-upload",
        f"The uploaded archive in the session is not whole: {why.rstrip('.')}.",
        UPLOAD,
        "It is kept as it is; conversations come from the session's other files.",
    )
