"""Media an export's messages refer to and it does not have: told, and filled in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated

from app.errors import NotFound
from app.library import Library
from app.operations.media.filling import fill
from app.operations.media.finding import Elsewhere
from app.operations.media.results import (
    FilledMedia,
    FoundElsewhere,
    MissingMedia,
    MissingMediaList,
)
from app.operations.named import export_row
from app.operations.paging import read_cursor, write_cursor
from app.progress import Task
from app.rendering.media import NOT_IN_ARCHIVE
from db import assets
from db.assets import MissingUse

MOST = 1_000
_PLACES = 5  # exports named for one file


def list_missing_media(
    library: Library,
    *,
    export: Annotated[str, "the export's name"],
    limit: Annotated[int, "files to answer"] = 200,
    after: Annotated[str, "the cursor of the page before"] = "",
) -> MissingMediaList:
    """List the files messages refer to that an export does not have, and who has them."""
    row = export_row(library, export)
    missing = assets.missing_pointers(row.row)
    elsewhere = Elsewhere(library, row, [use.pointer for use in missing])
    last = read_cursor(after, int)[0] if after else 0
    limit = max(1, min(limit, MOST))
    rest = [use for use in missing if use.row > last]
    shown = rest[:limit]
    return MissingMediaList(
        export=row.name,
        items=tuple(_item(use, elsewhere) for use in shown),
        total=len(missing),
        fillable=sum(next(elsewhere.places(use.pointer), None) is not None for use in missing),
        next=write_cursor(shown[-1].row) if len(rest) > limit else None,
    )


def fill_missing_media(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name"],
    pointers: Annotated[list[str] | None, "only these; all that are found if left out"] = None,
) -> FilledMedia:
    """Copy missing files in from other exports of the library that have them."""
    row = export_row(library, export)
    missing = assets.missing_pointers(row.row)
    chosen = _chosen(missing, pointers or [], row.name)
    elsewhere = Elsewhere(library, row, [use.pointer for use in chosen])
    return fill(library, task, row, chosen, elsewhere)


def _chosen(
    missing: Sequence[MissingUse], pointers: Sequence[str], export: str
) -> list[MissingUse]:
    """Answer the uses meant by pointers as the list shows them. Raises NotFound."""
    if not pointers:
        return list(missing)
    known = {shown_pointer(use) for use in missing} | {use.pointer for use in missing}
    for pointer in pointers:
        if pointer not in known:
            raise NotFound(
                f"“{export}” is not missing a file called {pointer[:120]}.",
                hint="The list of missing media shows what is. Nothing was changed.",
                pointer=pointer[:200],
            )
    wanted = set(pointers)
    return [use for use in missing if {use.pointer, shown_pointer(use)} & wanted]


def shown_pointer(use: MissingUse) -> str:
    """Answer a pointer as its message has it, without the conversation it is kept under."""
    return use.pointer.removeprefix(f"{use.conversation_id}/")


def _item(use: MissingUse, elsewhere: Elsewhere) -> MissingMedia:
    places = islice(elsewhere.places(use.pointer), _PLACES)
    return MissingMedia(
        pointer=shown_pointer(use),
        name=use.name,
        kind=use.kind,
        conversation_id=use.conversation_id,
        conversation_title=use.conversation_title,
        message_id=use.message_id,
        reason=NOT_IN_ARCHIVE,
        found_in=tuple(FoundElsewhere(each.export, f"media/{each.path}") for each in places),
    )
