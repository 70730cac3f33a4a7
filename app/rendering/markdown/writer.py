"""How each piece of Markdown is written as HTML."""

# ruff: noqa: ARG002 - each method has the shape the parser calls it with

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from app.core.blocks import AssetReference
from app.rendering.code import code_figure
from app.rendering.links import link, outside
from app.rendering.markdown.citations import superscript, without_citations
from app.rendering.markdown.maths import maths

_FIRST_HEADING = 3  # the page's own headings are above
Tokens = Sequence[Token]


class Headings:
    """Levels of the headings in one message, moved below the page's own and without gaps."""

    def __init__(self) -> None:
        self._open: list[int] = []

    def place(self, level: int) -> int:
        """Return the level to show a heading of ``level`` at."""
        while self._open and self._open[-1] >= level:
            self._open.pop()
        self._open.append(level)
        return min(_FIRST_HEADING - 1 + len(self._open), 6)


class MarkdownHtml(RendererHTML):
    """Writes tokens as HTML. Each method is named after the token it writes.

    ``env`` carries the message's budget, sources, resolve and headings. Only
    attributes named here are written, and never an id.
    """

    def heading_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Place the heading below the page's own; its closing tag is two tokens on."""
        level = env["headings"].place(int(tokens[idx].tag[1]))
        tokens[idx + 2].tag = f"h{level}"
        return f"<h{level}>"

    def fence(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write a code block; what follows the language's name becomes its title."""
        language, _, title = without_citations(tokens[idx].info).strip().partition(" ")
        text = without_citations(tokens[idx].content)
        return code_figure(text, language=language, title=title.strip(), budget=env["budget"])

    def code_block(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write an indented code block."""
        return code_figure(without_citations(tokens[idx].content), budget=env["budget"])

    def code_inline(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write a code span."""
        return f"<code>{escape(without_citations(tokens[idx].content))}</code>"

    def too_deep(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write what was nested too deep to read, as it stood."""
        return f'<div class="plain">{escape(without_citations(tokens[idx].content))}</div>'

    def maths(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write a formula in the line."""
        return self._formula(tokens[idx], env, display=False)

    def maths_display(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write a formula of its own."""
        return self._formula(tokens[idx], env, display=True)

    def _formula(self, token: Token, env: EnvType, *, display: bool) -> str:
        env["budget"].check()
        return maths(without_citations(token.content), display=display)

    def citation(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write the superscript of a citation; inside a link it cannot be one itself."""
        sources = {} if env.get("in_link") else env["sources"]
        return superscript(tokens[idx].content, sources)

    def link_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a link to the outside or to a file of the export; anything else is only named."""
        href, title = (str(tokens[idx].attrs.get(name, "")) for name in ("href", "title"))
        opening, closing = self._link(without_citations(href), without_citations(title), env)
        tokens[_closing_of(tokens, idx)].meta["html"] = closing
        env["in_link"] = True
        return opening

    def link_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Close what `link_open` opened."""
        env["in_link"] = False
        return str(tokens[idx].meta.get("html", ""))

    def _link(self, href: str, title: str, env: EnvType) -> tuple[str, str]:
        named = f' title="{escape(title)}"' if title else ""
        if outside(href):
            return f'<a href="{escape(href)}" target="_blank"{named}>', "</a>"
        if not href.lower().startswith("sandbox:"):
            about = f"{href} {title}".strip()
            return f'<span class="dead-link" title="{escape(about)}">', "</span>"
        pointer = unquote(href)
        reference = AssetReference(pointer, "file", name=pointer.rpartition("/")[2])
        placed = env["resolve"](reference)
        if placed.url is not None:
            return f'<a class="media-file" href="{escape(placed.url)}" target="_blank">', "</a>"
        why = escape(placed.missing or pointer)
        return f'<span class="dead-link" title="{why}">', "</span> (file not in the export)"

    def image(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write a picture from elsewhere as a link: nothing is loaded from outside."""
        token = tokens[idx]
        href, title = (
            without_citations(str(token.attrs.get(name, ""))) for name in ("src", "title")
        )
        words = self.renderInlineAsText(token.children, options, env) or title or "Picture"
        name = escape(without_citations(words))
        about = escape(" ".join(each for each in (href, title) if each))
        if env.get("in_link") or not outside(href):
            return f'<span class="outside-image" title="{about}">{name}</span>'
        return link(href, name, attributes=f' class="outside-image" title="{about}"')

    def task_box(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write the box of a task: a picture, since nothing can be ticked here."""
        state, label = ("done", "Done") if tokens[idx].info else ("open", "To do")
        return (
            f'<span class="task-box" data-state="{state}" role="img" aria-label="{label}"></span>'
        )

    def table_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a table in a frame that scrolls, so that the keyboard can scroll it too."""
        return '<div class="table" tabindex="0"><table>\n'

    def table_close(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Close the table and its frame."""
        return "</table></div>\n"

    def th_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a heading cell; an empty one heads nothing and is an ordinary cell."""
        if not tokens[idx + 1].content:
            tokens[idx].tag = tokens[idx + 2].tag = "td"
        return self.td_open(tokens, idx, options, env)

    def td_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open a cell; its alignment is a class, since inline style is forbidden."""
        env["budget"].check()
        side = str(tokens[idx].attrs.get("style", "")).removeprefix("text-align:")
        return f"<{tokens[idx].tag}" + (f' class="align-{side}">' if side else ">")

    def footnote_ref(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Write the mark of a footnote."""
        return f'<sup class="note-mark">{_note(tokens[idx])}</sup>'

    def footnote_block_open(self, *_: Any) -> str:
        """Open the list of footnotes."""
        return '<section class="notes"><ol>\n'

    def footnote_block_close(self, *_: Any) -> str:
        """Close the list of footnotes."""
        return "</ol></section>\n"

    def footnote_open(self, tokens: Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        """Open one footnote."""
        return f'<li value="{_note(tokens[idx])}">'

    def footnote_close(self, *_: Any) -> str:
        """Close one footnote."""
        return "</li>\n"

    def footnote_anchor(self, *_: Any) -> str:
        """Write nothing: ids of two messages on a page would collide."""
        return ""


def _note(token: Token) -> int:
    return int(token.meta["id"]) + 1


def _closing_of(tokens: Tokens, idx: int) -> int:
    """Answer where the link opened at ``idx`` ends; links do not nest."""
    return next(
        place for place in range(idx + 1, len(tokens)) if tokens[place].type == "link_close"
    )
