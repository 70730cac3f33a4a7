"""What ChatGPT looked at: pages, quotations, screens, connected services, and errors met."""

from __future__ import annotations

from app.core.blocks import Card, Links, Output
from app.core.loose import Json, items, mapping, string
from app.core.messages.citations.links import web_url
from app.core.messages.citations.rewriting import without_private
from app.core.messages.citations.sources import listed_results
from app.core.messages.draft import Draft, words
from app.core.messages.kinds.tools import plain_output
from app.core.messages.parts import add_asset
from app.core.text import first_line, lines, one_line


def add_browsing(draft: Draft, content: Json) -> None:
    """Append the pages a browsing tool found, and what it read of them."""
    add_links(draft, listed_results(draft.message))
    for key in ("result", "summary"):
        text = plain_output(words(content.get(key)))
        if text.strip():
            draft.add(Output(text))


def add_quote(draft: Draft, content: Json) -> None:
    """Append a quotation or a page looked at, as a card."""
    url = web_url(content.get("url"))
    title = one_line(words(content.get("title")))
    site = one_line(words(content.get("domain")))
    text = plain_output(words(content.get("text")) or words(content.get("snippet"))).strip()
    if title or url or text or site:
        draft.add(Card(title or site or url or "Quotation", url, site, text))


def card_label(content: Json) -> str:
    """Return whose page or quotation this is."""
    title = words(content.get("title")) or words(content.get("domain"))
    return f"Read: {first_line(title, 100)}" if title.strip() else "Read a page"


def add_error(draft: Draft, content: Json) -> None:
    """Append an error the system met."""
    text = plain_output(words(content.get("text")))
    name = one_line(words(content.get("name")))
    if text.strip() or name:
        draft.add(Output(text, title=name, failed=True))


def add_computer(draft: Draft, content: Json) -> None:
    """Append the screen of the computer ChatGPT used, and the page it was at."""
    screenshot = content.get("screenshot")
    if isinstance(screenshot, dict):
        add_asset(draft, screenshot, "image", note="screenshot")
    state = mapping(content.get("state"))
    url, title = web_url(state.get("url")), one_line(words(state.get("title")))
    text = lines(words(state.get("dom"))).strip()
    if url or title or text:
        draft.add(Card(title or url or "Screen", url, text=text))


def computer_label(content: Json) -> str:
    """Return what was on the screen."""
    title = first_line(words(mapping(content.get("state")).get("title")), 100)
    return f"Looked at the screen: {title}" if title else "Looked at the screen"


def add_widget(draft: Draft, content: Json) -> None:
    """Append a widget's links; other kinds of widgets are not understood."""
    widgets = mapping(content.get("widgets"))
    add_links(draft, items(widgets.get("navlinks")))
    for name, widget in widgets.items():
        if name != "navlinks" and words(widget):
            draft.not_understood(f"super_widget.{name}", widget)


def add_links(draft: Draft, entries: list[object]) -> None:
    """Append a list of links to those entries that have an address; the others by title."""
    links: dict[tuple[str, str], None] = {}
    for entry in entries[:1000]:
        each = mapping(entry)
        url, title = web_url(each.get("url")), one_line(string(each.get("title")))
        if url or title:
            links[(title or url, url)] = None
    if links:
        draft.add(Links(tuple(links)))


def add_connector_output(draft: Draft, content: Json) -> None:
    """Append what a connected service answered."""
    about = mapping(content.get("metadata"))
    title, url = one_line(words(about.get("display_title"))), web_url(about.get("display_url"))
    text = lines(without_private(words(content.get("output_str"))))
    if text.strip():
        draft.add(Output(text, title=title))
    if url:
        draft.add(Links(((title or url, url),)))
