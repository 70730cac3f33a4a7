"""Giving an export another name: its folder's and the one it remembers, as one step.

The record is told the new name first; it counts once the folder is called so. Whatever
interrupts it, the export has either the old name or the new one, both written right.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from app.core.naming import export_name, folder_name, key
from app.errors import Conflict, StorageProblem
from app.files.export_folder import RECORD, ExportFolder, ExportRecord, display_name
from app.files.staging import move_folder, told_as_problems
from app.library import Library
from app.operations.managing.results import RenamedExport
from db import exports
from db.models import Export


def rename(library: Library, row: Export, typed: str) -> RenamedExport:
    """Rename an export.

    Raises InvalidInput if that can be no name, Conflict if it is taken or the export is in
    use, StorageProblem if the disk refuses.
    """
    name = export_name(typed)
    path = library.exports / row.folder
    target = library.exports / folder_name(name)
    size = _record_size(path)
    with told_as_problems(library.root), library.taking(row.name, row.folder):
        _require_free(library.exports, target.name, but=path.name)
        name = name if _move(path, target, name, library.staging) else target.name
    exports.change(
        row.row,
        {
            "name": name,
            "folder": target.name,
            "stamp": ExportFolder(target).stamp(),
            "size_bytes": row.size_bytes + _record_size(target) - size,
        },
    )
    return RenamedExport(row.key, name, str(target), row.name)


def _move(path: Path, target: Path, name: str, staging: Path) -> bool:
    """Rename the folder; answer whether the name itself could be written down too."""
    record = _record(path)
    if record is not None and path.name != target.name:
        known = msgspec.structs.replace(record, name=display_name(path, record), renaming=name)
        ExportFolder(path).write_record(known, staging)
    if path.name != target.name:
        move_folder(path, target)
    if record is not None:
        settled = msgspec.structs.replace(record, name=name, renaming="")
        ExportFolder(target).write_record(settled, staging)
    return record is not None


def _record_size(path: Path) -> int:
    file = path / RECORD
    return file.stat().st_size if file.is_file() else 0


def _record(path: Path) -> ExportRecord | None:
    """Read the record; None where it is lost: such an export is called as its folder is."""
    try:
        return ExportFolder(path).record()
    except StorageProblem:
        return None


def _require_free(exports_folder: Path, wanted: str, *, but: str) -> None:
    for path in exports_folder.iterdir():
        if path.name != but and key(path.name) == key(wanted):
            raise Conflict(
                f"There is already an export called “{ExportFolder(path).name}”.",
                hint="Choose another name; upper and lower case are one. Nothing was changed.",
                export=ExportFolder(path).name,
            )
