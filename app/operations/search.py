"""Finding messages by their words."""

from __future__ import annotations

import html
import time
from typing import Annotated

from app.core.search_text import match_expression, unsegment
from app.files.export_folder import find_export
from app.library import Library
from app.operations.moments import moment
from app.operations.paging import read_cursor, write_cursor
from app.operations.results import SearchHit, SearchPage
from db import exports
from db import search as index

MOST = 200


def search_messages(
    library: Library,
    *,
    q: Annotated[str, "the words to find; in quotes, words that stand together"],
    export: Annotated[str, "only in this export"] = "",
    role: Annotated[str, "only messages of this role: user, assistant, tool"] = "",
    limit: Annotated[int, "hits to answer"] = 20,
    after: Annotated[str, "the cursor of the page before"] = "",
) -> SearchPage:
    """Find messages that hold all the words."""
    began = time.perf_counter()
    limit = max(1, min(limit, MOST))
    expression = match_expression(q)
    folder = find_export(library.exports, export).path.name if export else ""
    offset = read_cursor(after, int)[0] if after else 0
    hits: tuple[SearchHit, ...] = ()
    total = 0
    if expression:
        total = index.count(expression, export=folder, role=role)
        names = {row.folder: row.name for row in exports.every()}
        found = index.find(expression, export=folder, role=role, limit=limit, offset=offset)
        hits = tuple(_hit(names.get(hit.export, hit.export), hit) for hit in found)
    ahead = offset + len(hits)
    return SearchPage(
        hits=hits,
        total=total,
        next=write_cursor(ahead) if hits and ahead < total else None,
        milliseconds=round((time.perf_counter() - began) * 1000, 1),
    )


def _hit(export: str, hit: index.Hit) -> SearchHit:
    return SearchHit(
        export=export,
        conversation_id=hit.conversation_id,
        message_id=hit.message_id,
        title=hit.title,
        role=hit.role,
        created_at=moment(hit.created_at),
        snippet=_marked(unsegment(hit.snippet)),
        score=round(hit.score, 4),
    )


def _marked(snippet: str) -> str:
    """Make a snippet HTML: everything escaped, then the places found marked."""
    close_open = f"{index.CLOSE}{index.OPEN}"  # neighbouring letters found are one place
    escaped = html.escape(snippet.replace(close_open, ""))
    return escaped.replace(index.OPEN, "<mark>").replace(index.CLOSE, "</mark>")
