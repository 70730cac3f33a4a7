"""All media of the library, or of one export, a page at a time."""

from __future__ import annotations

from typing import Annotated, Literal

from app.core.text import fold
from app.library import Library
from app.operations.media.results import MediaItem, MediaPage, MediaTotal
from app.operations.moments import moment
from app.operations.named import export_row
from app.operations.paging import read_cursor, write_cursor
from db import exports
from db import gallery as catalog
from db.gallery import Filter, MediaRow

MOST = 500


def list_media(
    library: Library,
    *,
    export: Annotated[str, "only of this export; of all if left out"] = "",
    kind: Annotated[Literal["image", "audio", "video", "file"] | None, "only of this kind"] = None,
    search: Annotated[str, "only files whose name or conversation's title holds this"] = "",
    sort: Annotated[Literal["newest", "oldest", "largest", "name"], "order"] = "newest",
    limit: Annotated[int, "files to answer"] = 100,
    after: Annotated[str, "the cursor of the page before"] = "",
) -> MediaPage:
    """List pictures, recordings, films and files."""
    row = export_row(library, export).row if export else None
    wanted = Filter(row, kind or "", fold(search))
    limit = max(1, min(limit, MOST))
    place = None
    if after:
        value, number = read_cursor(after, str if sort == "name" else (int, float), int)
        place = (value, number)
    found = catalog.page(wanted, sort, limit + 1, place)
    shown, more = found[:limit], len(found) > limit
    names = {each.folder: each.name for each in exports.every()}
    return MediaPage(
        items=tuple(_item(each, names.get(each.export, each.export)) for each in shown),
        totals=None if after else _totals(wanted),
        next=write_cursor(shown[-1].sorted_by, shown[-1].row) if more else None,
    )


def _totals(wanted: Filter) -> dict[str, MediaTotal]:
    found = catalog.totals(wanted)
    return {kind: MediaTotal(*found.get(kind, (0, 0))) for kind in catalog.KINDS}


def _item(row: MediaRow, export: str) -> MediaItem:
    return MediaItem(
        export=export,
        path=f"media/{row.path}",
        name=row.path.rpartition("/")[2],
        kind=row.kind,
        size_bytes=row.size_bytes,
        created_at=moment(row.created_at),
        conversation_id=row.conversation_id,
        conversation_title=row.conversation_title,
        message_id=row.message_id,
        width=row.width,
        height=row.height,
    )
