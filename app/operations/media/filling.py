"""Copying missing files in from other exports: beside the export, then in its place at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from app.errors import StorageProblem
from app.files.export_folder import ASSETS, ExportFolder
from app.files.staging import (
    exchange,
    link_tree,
    require_still_there,
    staged,
    take_back,
    told_as_problems,
)
from app.library import Library
from app.operations.importing.media import MediaStore
from app.operations.importing.tally import Tally
from app.operations.indexing.figures import media_files, write_row
from app.operations.indexing.writer import CatalogWriter
from app.operations.media.finding import Elsewhere, Place
from app.operations.media.results import FilledMedia, FilledPointer
from app.progress import Task
from db import assets
from db.assets import MissingUse
from db.models import Export


def fill(
    library: Library, task: Task, row: Export, chosen: Sequence[MissingUse], elsewhere: Elsewhere
) -> FilledMedia:
    """Copy what is found and let `assets.json`, the record and the catalog follow.

    Until the last rename the export is as it was. Raises StorageProblem, Conflict.
    """
    found = {use.pointer: next(elsewhere.places(use.pointer), None) for use in chosen}
    places = {pointer: place for pointer, place in found.items() if place is not None}
    filled: dict[str, str] = {}
    if places:
        with told_as_problems(library.root), staged(library.staging) as draft:
            base = ExportFolder(library.exports / row.folder)
            filled = _copy(task, row, base, draft, places)
            _publish(library, task, row, base, ExportFolder(draft), filled)
    items = tuple(_item(use, filled, found) for use in chosen)
    return FilledMedia(row.name, len(filled), items)


def _copy(
    task: Task, row: Export, base: ExportFolder, draft: Path, places: Mapping[str, Place]
) -> dict[str, str]:
    """Copy each file once; answer pointer -> path below media/."""
    total = sum(place.file.stat().st_size for place in places.values())
    store = MediaStore(draft, base, assets.hashes(row.row), Tally(), task, total)
    copied: dict[Path, str] = {}
    for place in places.values():
        if place.file not in copied:
            copied[place.file] = store.add_copy(place.file, place.path)
    return {pointer: copied[place.file] for pointer, place in places.items()}


def _publish(
    library: Library,
    task: Task,
    row: Export,
    base: ExportFolder,
    draft: ExportFolder,
    filled: Mapping[str, str],
) -> None:
    task.step("finishing")
    require_still_there(base.path)
    known = dict(sorted({**base.assets(), **filled}.items()))
    (draft.path / ASSETS).write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=2))
    record = base.record()
    counts = msgspec.structs.replace(
        record.counts,
        media=len(media_files(base.path)) + len(set(filled.values())),
        missing_media=max(0, assets.missing_count(row.row) - len(filled)),
    )
    record = msgspec.structs.replace(
        record, updated_at=library.clock(), revision=record.revision + 1, counts=counts
    )
    draft.write_record(record)
    link_tree(base.path, draft.path)
    task.step("finishing")  # the last moment to stop it
    with CatalogWriter() as writer:
        hashes = writer.ask(partial(assets.hashes, row.row))
        writer.do(partial(assets.place, row.row, filled))
        writer.do(partial(write_row, row.row, draft, record, row.name, hashes))
        writer.wait()
        exchange(draft.path, base.path)
        try:
            writer.commit()
        except StorageProblem:
            take_back(draft.path, base.path)
            raise


def _item(
    use: MissingUse, filled: Mapping[str, str], found: Mapping[str, Place | None]
) -> FilledPointer:
    pointer = use.pointer.removeprefix(f"{use.conversation_id}/")
    place = found[use.pointer]
    if place is None:
        return FilledPointer(pointer, "not-found", "", "")
    return FilledPointer(pointer, "filled", f"media/{filled[use.pointer]}", place.export)
