"""Which export is meant by a name."""

from __future__ import annotations

from app.errors import NotFound
from app.files.export_folder import find_export
from app.library import Library
from db import exports as catalog
from db.models import Export


def export_row(library: Library, name: str) -> Export:
    """Answer the catalog's row of an export. Raises NotFound."""
    row = catalog.by_name(name) or catalog.by_folder(find_export(library.exports, name).path.name)
    if row is None:
        raise NotFound(
            f"“{name}” is in the folder but not in the catalog yet.",
            hint="Wait a moment, or run “catalog rebuild”.",
            export=name,
        )
    return row
