"""A conversation as one HTML file that needs nothing else."""

from __future__ import annotations

from html import escape

from msgspec import Struct

from app.rendering.media import Resolve
from app.rendering.saved.conversation import SavedConversation, SavedMessage, written_time
from app.rendering.saved.style import STYLE

INDEX_FILE, STYLE_FILE = "index.html", "style.css"

# Nothing in a saved file may run or call home, whatever program opens it.
_POLICY = (
    "script-src 'none'; object-src 'none'; frame-src 'none'; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


class Around(Struct, frozen=True):
    """What stands around a page of a folder: the way to its root, its neighbours' addresses."""

    root: str = ""  # "../" for each folder the page is in
    earlier: str = ""
    later: str = ""


def html_file(
    conversation: SavedConversation,
    resolve: Resolve,
    *,
    around: Around | None = None,
    opened: bool = False,
) -> str:
    """Return the file's text; ``resolve`` places media at paths relative to the file.

    With ``around`` it is a page of a folder: it links its neighbours, and the style they
    share. With ``opened`` nothing is folded, as paper wants it.
    """
    title = escape(conversation.title or "Untitled")
    fold = f"<details{' open' if opened else ''}>"
    parts = [_message(message, resolve, fold) for message in conversation.messages]
    parts += _branches(conversation, resolve, fold)
    heading = f'<h1><bdi>{title}</bdi></h1>\n<p class="about">{_about(conversation)}</p>'
    body = "\n".join([*_ways(around), heading, *parts])
    return page(title, body, "" if around is None else around.root, linked=around is not None)


def page(title: str, body: str, root: str = "", *, linked: bool) -> str:
    """Return a whole page; ``title`` and ``body`` are HTML already.

    The style is within, or ``linked`` at the root of the folder.
    """
    style = f"<style>\n{STYLE}</style>"
    if linked:
        style = f'<link rel="stylesheet" href="{root}{STYLE_FILE}">'
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n{style}\n</head>\n<body>\n<main>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    )


def _ways(around: Around | None) -> list[str]:
    """Return the line of links above a page of a folder."""
    if around is None:
        return []
    ways = [(f"{around.root}{INDEX_FILE}", "All conversations")]
    ways += [(around.earlier, "Earlier"), (around.later, "Later")]
    links = [f'<a href="{escape(href)}">{name}</a>' for href, name in ways if href]
    return [f"<nav>{' · '.join(links)}</nav>"]


def _branches(conversation: SavedConversation, resolve: Resolve, fold: str) -> list[str]:
    """Return what is on other branches, folded away below the one last shown."""
    if not conversation.branches:
        return []
    count = sum(len(branch.messages) for branch in conversation.branches)
    parts = [f"{fold}<summary>Other branches ({count} messages)</summary>"]
    for branch in conversation.branches:
        parts.append(f'<p class="note">{escape(branch.place)}</p>')
        parts += [_message(message, resolve, fold) for message in branch.messages]
    return [*parts, "</details>"]


def _about(conversation: SavedConversation) -> str:
    times = dict.fromkeys((written_time(conversation.created), written_time(conversation.updated)))
    facts = [" – ".join(time for time in times if time), ", ".join(conversation.models)]
    words = [escape(fact) for fact in facts if fact]
    url = escape(conversation.url)
    return " · ".join([*words, f'<a href="{url}" rel="noopener noreferrer">{url}</a>'])


def _message(message: SavedMessage, resolve: Resolve, fold: str) -> str:
    # Imported here: who saves Markdown renders none.
    from app.rendering.message import render_message

    body = render_message(message.content, resolve)
    name = f"<bdi>{escape(message.author or 'Unknown')}</bdi>"
    when = escape(written_time(message.created))
    if message.folded:
        what = escape(message.content.label or message.content.kind)
        return f"{fold}<summary>{what} ({name}, {when})</summary>\n{body}</details>"
    role = "user" if message.role == "user" else "answer"
    facts = " · ".join(fact for fact in (when, escape(message.model)) if fact)
    return f'<article class="{role}"><h2>{name} <small>{facts}</small></h2>\n{body}</article>'
