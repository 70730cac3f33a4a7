"""What a person gives us to import: archives, folders and bare files behind one contract."""

from app.core.archive.entries import Entry
from app.files.sources.contract import DamagedEntry, ExportSource, Extracted, Pair
from app.files.sources.opening import open_source
from app.files.sources.refusals import require_room

__all__ = [
    "DamagedEntry",
    "Entry",
    "ExportSource",
    "Extracted",
    "Pair",
    "open_source",
    "require_room",
]
