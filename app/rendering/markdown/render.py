"""An answer's Markdown as HTML: GitHub's flavour, formulas, code, citations.

Raw HTML in it stays text, as in ChatGPT. Nothing here is trusted: the whole message
passes `wall.py` afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from app.core.blocks import Source
from app.rendering.budget import Budget, OutOfPatience
from app.rendering.links import link, linked
from app.rendering.markdown.citations import guarded, without_citations
from app.rendering.markdown.rules import add_rules
from app.rendering.markdown.writer import Headings, MarkdownHtml
from app.rendering.media import Resolve

_FORBIDDEN = re.compile(r"(?!https?:|mailto:|sandbox:|canmore:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def render_markdown(
    text: str,
    *,
    sources: Mapping[int, Source],
    resolve: Resolve,
    budget: Budget,
    headings: Headings,
) -> str:
    """Return Markdown as HTML; beyond the budget, the rest as plain text that opens."""
    rich, rest = budget.take(text)
    definitions = _Definitions()
    env: dict[str, Any] = {
        "budget": budget,
        "sources": sources,
        "resolve": resolve,
        "headings": headings,
        "references": definitions,
        "duplicate_refs": [],
    }
    try:
        parser = _parser()
        tokens = parser.parse(guarded(rich), env)
        html = str(parser.renderer.render(tokens, parser.options, env))
    except (OutOfPatience, RecursionError):
        html = f'<div class="plain">{linked(without_citations(rich))}</div>'
    return html + definitions.unused(env["duplicate_refs"]) + rest_as_text(rest)


def rest_as_text(rest: str) -> str:
    """Return what was too long to render richly: all of it, as text that opens."""
    if not rest:
        return ""
    return (
        f'<details class="rest"><summary>The rest of this message: {len(rest):,} characters, '
        f'as plain text</summary><div class="plain">{escape(without_citations(rest))}</div>'
        "</details>"
    )


class _Definitions(dict[str, Any]):
    """Link definitions (``[1]: https://…``); those no text refers to are shown, not lost."""

    def __init__(self) -> None:
        super().__init__()
        self._used: set[str] = set()

    def get(self, label: str, default: Any = None) -> Any:
        """Answer a definition to the parser, and remember that it was wanted."""
        self._used.add(label)
        return super().get(label, default)

    def unused(self, doubles: list[dict[str, Any]]) -> str:
        """Return the definitions nothing referred to, as a list of links."""
        left = [entry | {"label": label} for label, entry in self.items()]
        left = [entry for entry in left if entry["label"] not in self._used] + doubles
        items = "".join(
            f"<li>[{escape(entry['label'])}] {link(entry['href'], escape(entry['href']))} "
            f"{escape(entry['title'])}</li>"
            for entry in left
        )
        return f'<ul class="definitions">{items}</ul>' if items else ""


@cache
def _parser() -> MarkdownIt:
    """Build the parser once; parsing keeps its state elsewhere, so threads may share it."""
    md = MarkdownIt("default", renderer_cls=MarkdownHtml)
    md.use(footnote_plugin, inline=False)
    md.renderer = MarkdownHtml(md)  # the plugin has put its own writers over ours
    add_rules(md)
    normalize = md.normalizeLink
    md.normalizeLink = lambda url: normalize(without_citations(url))  # type: ignore[method-assign]
    md.validateLink = _may_stand  # type: ignore[method-assign]
    return md


def _may_stand(url: str) -> bool:
    """Whether Markdown pointing at ``url`` is read as a link; else it stays as written."""
    return not _FORBIDDEN.match(url.strip())
