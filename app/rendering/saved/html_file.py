"""A conversation as one HTML file that needs nothing else but its larger media."""

from __future__ import annotations

from html import escape

from app.rendering.media import Resolve
from app.rendering.message import render_message
from app.rendering.saved.conversation import SavedConversation, SavedMessage, written_time
from app.rendering.saved.style import STYLE

# Nothing in a saved file may run or call home, whatever program opens it.
_POLICY = (
    "script-src 'none'; object-src 'none'; frame-src 'none'; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def html_file(conversation: SavedConversation, resolve: Resolve) -> str:
    """Return the file's text; ``resolve`` places media at paths relative to the file."""
    title = escape(conversation.title or "Untitled")
    messages = "\n".join(_message(message, resolve) for message in conversation.messages)
    note = f'<p class="note">{escape(conversation.note)}</p>' if conversation.note else ""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1><bdi>{title}</bdi></h1>\n<p class="about">{_about(conversation)}</p>\n'
        f"{messages}\n{note}</main>\n</body>\n</html>\n"
    )


def _about(conversation: SavedConversation) -> str:
    times = dict.fromkeys((written_time(conversation.created), written_time(conversation.updated)))
    facts = [" – ".join(time for time in times if time), ", ".join(conversation.models)]
    words = [escape(fact) for fact in facts if fact]
    url = escape(conversation.url)
    return " · ".join([*words, f'<a href="{url}" rel="noopener noreferrer">{url}</a>'])


def _message(message: SavedMessage, resolve: Resolve) -> str:
    body = render_message(message.content, resolve)
    name = f"<bdi>{escape(message.author or 'Unknown')}</bdi>"
    when = escape(written_time(message.created))
    if message.folded:
        what = escape(message.content.label or message.content.kind)
        return f"<details><summary>{what} ({name}, {when})</summary>\n{body}</details>"
    role = "user" if message.role == "user" else "answer"
    facts = " · ".join(fact for fact in (when, escape(message.model)) if fact)
    return f'<article class="{role}"><h2>{name} <small>{facts}</small></h2>\n{body}</article>'
