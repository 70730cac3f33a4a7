"""The archive a session was made of, where the predecessor was stopped before it removed it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from msgspec.structs import replace

from app.core.archive.entries import Entry
from app.core.archive.layout import Layout, read_layouts
from app.core.problems import Problem
from app.errors import AppError
from app.files.legacy.source import LegacySource
from app.files.sources.contract import DamagedEntry, ExportSource
from app.files.sources.opening import open_source
from app.operations.importing.parts import look
from app.operations.migrating.opening.opened import Looking, PartSource, holding

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
    path = source.original(entry)
    parts, whole = _upload(looking, path)
    if not whole:
        return replace(rest, others=(*rest.others, entry)), parts
    looking.found.through.add(path)
    return rest, parts


def _upload(looking: Looking, path: Path) -> tuple[list[PartSource], bool]:
    """Open the uploaded archive; answer its parts, and whether all of it can be read."""
    looking.task.step("looking", item=path.name)
    try:
        archive = looking.stack.enter_context(open_source(path, looking.scratch))
        layouts = read_layouts(archive.entries(), partial(look, archive))
    except AppError as refused:
        looking.found.problems.append(_damaged_upload(refused.message))
        return [], False
    whole = _look_through(looking, archive, layouts)
    if not whole or any(problem.loss for problem in archive.problems):
        looking.found.problems.append(_damaged_upload("not all of it can be read"))
        whole = False
    return [(archive, layout) for layout in layouts], whole


def _look_through(looking: Looking, archive: ExportSource, layouts: tuple[Layout, ...]) -> bool:
    """Note what the archive holds; answer whether every bit of it can be read."""
    whole = True
    read: set[Entry] = set()
    for layout in layouts:
        page = layout.chat_html
        for entry in (*layout.conversations, *([page] if page else [])):
            is_page = entry is page
            seen = (looking.into_page if is_page else looking.into)(archive, entry)
            looking.found.holdings.append(holding("upload", f"{UPLOAD}: {entry.name}", seen))
            whole = whole and not seen.damaged
            if not is_page or seen.kept or seen.hollow:
                read.add(entry)
    for entry in archive.entries():
        if entry not in read:
            whole = _expect(looking, archive, entry) and whole
    return whole


def _expect(looking: Looking, archive: ExportSource, entry: Entry) -> bool:
    """Note a file the export has to hold; False, and nothing noted, if it is damaged."""
    try:
        looking.expect(archive, [entry])
    except DamagedEntry:
        return False
    return True


def _damaged_upload(why: str) -> Problem:
    return Problem(
        "damaged-upload",
        f"The uploaded archive in the session is not whole: {why.rstrip('.')}.",
        UPLOAD,
        "It is kept as it is; what it lacks comes from the session's other files.",
    )
