"""Reading: the list of an export's conversations, and one conversation page by page."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Literal
from urllib.parse import quote

from app.errors import NotFound
from app.files.json_stream import written
from app.library import Library
from app.operations.exports import export_row
from app.operations.indexing.entries import fold
from app.operations.moments import moment
from app.operations.opened import OpenedConversation, open_conversation
from app.operations.paging import read_cursor, write_cursor
from app.operations.results import (
    ConversationPage,
    ConversationSummary,
    ConversationView,
    OutlineEntry,
    RawMessage,
)
from db import conversations as catalog
from db.models import Conversation, Export

MOST_LISTED = 500
MOST_SHOWN = 100


def list_conversations(
    library: Library,
    *,
    export: Annotated[str, "the export's name"],
    search: Annotated[str, "only conversations whose title holds this"] = "",
    sort: Annotated[
        Literal["updated", "created", "title", "messages"], "order; newest or longest first"
    ] = "updated",
    limit: Annotated[int, "conversations to answer"] = 100,
    after: Annotated[str, "the cursor of the page before"] = "",
) -> ConversationPage:
    """List the conversations of an export, a page at a time."""
    row = export_row(library, export)
    limit = max(1, min(limit, MOST_LISTED))
    wanted = fold(search)
    place = None
    if after:
        value, number = read_cursor(after, str if sort == "title" else (int, float), int)
        place = (value, number)
    found = catalog.page(row.row, sort=sort, search=wanted, limit=limit + 1, after=place)
    shown, more = found[:limit], len(found) > limit
    return ConversationPage(
        items=tuple(_summary(each) for each in shown),
        next=_cursor(shown[-1], sort) if more else None,
        total=catalog.count(row.row, wanted) if wanted else row.conversation_count,
    )


def show_conversation(
    library: Library,
    *,
    export: Annotated[str, "the export's name"],
    id: Annotated[str, "the conversation's id"],
    leaf: Annotated[str, "show the branch through this message"] = "",
    at: Annotated[str, "begin with the page that holds this message"] = "",
    limit: Annotated[int, "messages to answer"] = 40,
    after: Annotated[str, "the cursor of another page"] = "",
    hidden: Annotated[bool, "show hidden messages too"] = False,
) -> ConversationView:
    """Show a conversation, a page of messages at a time, along one branch."""
    row, found = _find(library, export, id)
    opened = open_conversation(row.name, library.exports / row.folder, found)
    way = _way(opened, leaf, at, hidden=hidden)
    span = _span(way.path, at, after, max(1, min(limit, MOST_SHOWN)))
    return _view(opened, found, way, span, first=not after, hidden=hidden)


def show_message(
    library: Library,
    *,
    export: Annotated[str, "the export's name"],
    id: Annotated[str, "the conversation's id"],
    message: Annotated[str, "the message's id"],
) -> RawMessage:
    """Show one message exactly as it was exported."""
    row, found = _find(library, export, id)
    node = open_conversation(row.name, library.exports / row.folder, found).raw(message)
    return RawMessage(message, written(node).decode())


def _find(library: Library, export: str, id_: str) -> tuple[Export, Conversation]:
    row = export_row(library, export)
    found = catalog.find(row.row, id_)
    if found is None:
        raise NotFound(
            f"“{row.name}” has no conversation with this id.",
            hint="The list of conversations shows what there is.",
            id=id_[:200],
        )
    return row, found


def _cursor(last: Conversation, sort: str) -> str:
    column, _ = catalog.SORTS[sort]
    return write_cursor(getattr(last, column.name), last.row)


def _summary(each: Conversation) -> ConversationSummary:
    return ConversationSummary(
        id=each.id,
        title=each.title,
        created_at=moment(each.created_at),
        updated_at=moment(each.updated_at),
        message_count=each.message_count,
        models=tuple(json.loads(each.models)),
        starred=each.starred,
        archived=each.archived,
        has_media=each.has_media,
        branches=each.branches,
        gone=each.gone,
        project=each.project,
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """The branch to show: the messages on it, and the one it leads through, if asked for."""

    path: list[str]
    leaf: str | None


def _way(opened: OpenedConversation, leaf: str, at: str, *, hidden: bool) -> _Way:
    """Choose the branch: the active one unless a message on another is asked for."""
    way = _Way(opened.reading.path(leaf or None, hidden=hidden), leaf or None)
    if at and at not in way.path:
        return _Way(opened.reading.path(at, hidden=hidden), at)
    return way


def _span(path: list[str], at: str, after: str, limit: int) -> tuple[int, int]:
    """Answer where on the path the page begins and ends."""
    start = 0
    if after:
        start, end = read_cursor(after, int, int)
        start = max(0, min(start, len(path)))
        return start, max(start, min(end, start + MOST_SHOWN, len(path)))
    if at and at in path:
        start = max(0, path.index(at) - limit // 4)
    return start, min(start + limit, len(path))


def _view(
    opened: OpenedConversation,
    found: Conversation,
    way: _Way,
    span: tuple[int, int],
    *,
    first: bool,
    hidden: bool,
) -> ConversationView:
    reading, (start, end) = opened.reading, span
    path, page = way.path, max(1, end - start)
    summary = _summary(found)
    return ConversationView(
        id=found.id,
        title=found.title,
        created_at=summary.created_at,
        updated_at=summary.updated_at,
        message_count=found.message_count,
        models=summary.models,
        starred=found.starred,
        archived=found.archived,
        gone=found.gone,
        project=found.project,
        previous_titles=opened.previous_titles,
        share_links=opened.share_links,
        original_url=f"https://chatgpt.com/c/{quote(found.id, safe='')}",
        messages=tuple(opened.show(each, leaf=way.leaf, hidden=hidden) for each in path[start:end]),
        next=write_cursor(end, end + page) if end < len(path) else None,
        previous=write_cursor(max(0, start - page), start) if start else None,
        position=start,
        length=len(path),
        hidden_count=0 if hidden else reading.hidden_count(way.leaf),
        outline=tuple(OutlineEntry(*each) for each in reading.outline(way.leaf)) if first else (),
        instructions=opened.instructions if first else "",
        warnings=tuple(reading.warnings) if first else (),
    )
