"""Reading: the list of an export's conversations, and one conversation page by page."""

from __future__ import annotations

import json
from typing import Annotated, Literal
from urllib.parse import quote

from msgspec import Struct

from app.core.conversation.reading import Reading
from app.core.loose import mapping
from app.core.text import fold
from app.errors import NotFound
from app.files.export_folder import ExportFolder
from app.files.json_stream import indented
from app.library import Library
from app.operations.moments import moment
from app.operations.named import export_row
from app.operations.opened import OpenedConversation, open_conversation
from app.operations.paging import read_cursor, write_cursor
from app.operations.results import (
    ConversationOutline,
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
    before: Annotated[str, "the cursor of the page after"] = "",
    at: Annotated[str, "begin near the conversation with this id"] = "",
) -> ConversationPage:
    """List the conversations of an export, a page at a time."""
    row = export_row(library, export)
    asked = _Asked(row.row, sort, fold(search), max(1, min(limit, MOST_LISTED)))
    shown, more = asked.page(after, before, at)
    position = asked.position(shown[0]) if shown and (after or before or at) else 0
    return ConversationPage(
        items=tuple(_summary(each) for each in shown),
        next=asked.cursor(shown[-1]) if more else None,
        total=catalog.count(row.row, asked.search) if asked.search else row.conversation_count,
        previous=asked.cursor(shown[0]) if position else None,
        position=position,
    )


class _Asked(Struct, frozen=True):
    """A list as it was asked for: of which export, in which order, of how many at a time."""

    export: int
    sort: str
    search: str
    limit: int

    def page(self, after: str, before: str, at: str) -> tuple[list[Conversation], bool]:
        """Answer a page, and whether more follow. Raises InvalidInput for a strange cursor."""
        if before:
            return self._rows(self.limit, before=self._read(before)), True
        found = catalog.find(self.export, at) if at and not after else None
        if found is None:
            rows = self._rows(self.limit + 1, after=self._read(after) if after else None)
            return rows[: self.limit], len(rows) > self.limit
        ahead = self._rows(self.limit // 2, before=self._place(found))
        if len(ahead) < self.limit // 2:
            return self.page("", "", "")  # it stands on the first page
        rest = self.limit - len(ahead)
        rows = self._rows(rest + 1, after=self._place(ahead[-1]))
        return ahead + rows[:rest], len(rows) > rest

    def position(self, first: Conversation) -> int:
        """Answer how many stand before a conversation."""
        place = self._place(first)
        return catalog.position(self.export, sort=self.sort, search=self.search, place=place)

    def cursor(self, each: Conversation) -> str:
        """Answer what leads to the page behind a conversation, or before it."""
        return write_cursor(*self._place(each))

    def _rows(self, limit: int, **bounds: catalog.Place | None) -> list[Conversation]:
        return catalog.page(self.export, sort=self.sort, search=self.search, limit=limit, **bounds)

    def _place(self, each: Conversation) -> catalog.Place:
        column, _ = catalog.SORTS[self.sort]
        return getattr(each, column.name), each.row

    def _read(self, cursor: str) -> catalog.Place:
        value, row = read_cursor(cursor, str if self.sort == "title" else (int, float), int)
        return value, row


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
    return view_page(opened, found, Asked(leaf, at, limit, after, hidden))


class Asked(Struct, frozen=True):
    """Which page of a conversation is asked for, as `conversation show` names it."""

    leaf: str = ""
    at: str = ""
    limit: int = 40
    after: str = ""
    hidden: bool = False


def view_page(opened: OpenedConversation, found: Conversation, asked: Asked) -> ConversationView:
    """Answer one page of an opened conversation; ``found`` says what a list tells of it."""
    way = _way(opened.reading, asked.leaf, asked.at, hidden=asked.hidden)
    page = _page(way, asked.at, asked.after, max(1, min(asked.limit, MOST_SHOWN)))
    return _view(opened, found, way, page)


def outline_conversation(
    library: Library,
    *,
    export: Annotated[str, "the export's name"],
    id: Annotated[str, "the conversation's id"],
    leaf: Annotated[str, "the branch through this message"] = "",
) -> ConversationOutline:
    """Tell what a whole branch holds: its questions, its instructions, what is hidden."""
    row, found = _find(library, export, id)
    opened = open_conversation(row.name, library.exports / row.folder, found)
    reading = opened.reading
    return ConversationOutline(
        questions=tuple(OutlineEntry(*entry) for entry in reading.outline(leaf or None)),
        instructions=opened.instructions(leaf or None),
        shown_count=len(reading.path(leaf or None)),
        hidden_count=reading.hidden_count(leaf or None),
        warnings=tuple(reading.warnings),
    )


def show_message(
    library: Library,
    *,
    export: Annotated[str, "the export's name"],
    id: Annotated[str, "the conversation's id"],
    message: Annotated[str, "the message's id"],
) -> RawMessage:
    """Show one message exactly as it was exported."""
    row, found = _find(library, export, id)
    whole = ExportFolder(library.exports / row.folder).read_conversation(found.file)
    node = mapping(whole.get("mapping")).get(message)
    if node is None:
        raise NotFound(
            "This conversation has no message with this id.",
            hint="It may have been replaced by a newer archive.",
            id=message[:200],
        )
    return RawMessage(message, indented(node).decode())


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


class _Way(Struct, frozen=True):
    """The branch to read: its nodes, the message it was chosen by, and who may be seen."""

    reading: Reading
    line: list[str]
    leaf: str | None
    hidden: bool

    def sees(self, place: int) -> bool:
        """Tell whether the message at a place of the line is shown here."""
        return self.hidden or self.reading.is_shown(self.line[place])

    def forward(self, start: int, limit: int) -> int:
        """Answer where a page of ``limit`` messages that begins at ``start`` ends."""
        place = start
        while place < len(self.line) and limit:
            limit -= self.sees(place)
            place += 1
        return place

    def backward(self, end: int, limit: int) -> int:
        """Answer where a page of ``limit`` messages that ends at ``end`` begins."""
        place = end
        while place > 0 and limit:
            place -= 1
            limit -= self.sees(place)
        return place


class _Page(Struct, frozen=True):
    """A page's place on the line, and the cursors of its neighbours."""

    start: int
    end: int
    next: str | None
    previous: str | None


def _way(reading: Reading, leaf: str, at: str, *, hidden: bool) -> _Way:
    """Choose the branch: the active one unless a message on another is asked for."""
    line = reading.line(leaf or None, hidden=hidden)
    if at and at not in line and at in reading.tree.messages:
        return _Way(reading, reading.line(at, hidden=hidden), at, hidden)
    return _Way(reading, line, leaf or None, hidden)


def _page(way: _Way, at: str, after: str, limit: int) -> _Page:
    """Choose where on the line the page begins and ends."""
    start, end = 0, 0
    if after:
        start, end = read_cursor(after, int, int)
        start = max(0, min(start, len(way.line)))
        end = max(0, min(end, len(way.line)))
        if end - start > MOST_SHOWN:  # many hidden ones, or a cursor nobody gave
            end = min(end, way.forward(start, MOST_SHOWN))
    elif at in way.line:
        start = way.backward(way.line.index(at), limit // 4)
    if end <= start:
        end = way.forward(start, limit)
    more = any(way.sees(place) for place in range(end, len(way.line)))
    before = any(way.sees(place) for place in range(start - 1, -1, -1))
    return _Page(
        start,
        end,
        next=write_cursor(end, 0) if more else None,
        previous=write_cursor(way.backward(start, limit), start) if before else None,
    )


def _view(
    opened: OpenedConversation, found: Conversation, way: _Way, page: _Page
) -> ConversationView:
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
        messages=tuple(
            opened.show(way.line[place], leaf=way.leaf, hidden=way.hidden)
            for place in range(page.start, page.end)
            if way.sees(place)
        ),
        next=page.next,
        previous=page.previous,
    )
