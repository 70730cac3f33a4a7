"""Source code as HTML: highlighted by role, with its language and a Copy button.

Pygments' hundred token types become twelve roles, each a class of that name
(`web/styles/code.css`); its lexers are imported when first needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from app.rendering.budget import Budget

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

HIGHLIGHTED = 200_000  # characters; longer code is shown without colours
_LONGEST_LINE = 20_000  # lexers are slow on minified code
# From Pygments' token types, the nearest ancestor counting.
_ROLE_OF = {
    "Token.Comment": "comment",
    "Token.Comment.Preproc": "keyword",
    "Token.Keyword": "keyword",
    "Token.Keyword.Type": "type",
    "Token.Literal": "string",
    "Token.Literal.Number": "number",
    "Token.Name.Attribute": "function",
    "Token.Name.Builtin": "builtin",
    "Token.Name.Class": "type",
    "Token.Name.Decorator": "function",
    "Token.Name.Exception": "type",
    "Token.Name.Function": "function",
    "Token.Name.Tag": "keyword",
    "Token.Operator": "operator",
    "Token.Operator.Word": "keyword",
    "Token.Generic.Deleted": "removed",
    "Token.Generic.Error": "error",
    "Token.Generic.Heading": "heading",
    "Token.Generic.Inserted": "added",
    "Token.Generic.Output": "comment",
    "Token.Generic.Prompt": "comment",
    "Token.Generic.Subheading": "heading",
    "Token.Generic.Traceback": "error",
}
ROLES = frozenset(_ROLE_OF.values())
# Words ChatGPT writes after a fence that Pygments calls otherwise.
_ALSO = {"jsx": "javascript", "tsx": "typescript", "react": "javascript", "vue": "html"}
_NONE = frozenset({"", "text", "txt", "plaintext", "plain", "output", "none"})
# What a lexer may raise on code that is not of its language.
_LEXER_FAULTS = (LookupError, ValueError, TypeError, AttributeError, RuntimeError)


def code_figure(text: str, *, language: str = "", title: str = "", budget: Budget) -> str:
    """Return a figure with the code, a header naming it and a Copy button."""
    name = language.strip()  # whole, however long: nothing a message says is cut off
    label = f'<span class="code-language">{escape(name)}</span>' if name else ""
    heading = f'<span class="code-title">{escape(title)}</span>' if title else ""
    return (
        f'<figure class="code"><figcaption>{label}{heading}'
        '<button type="button" data-copy="">Copy</button></figcaption>'
        f'<pre tabindex="0"><code>{highlighted(text, language=name, budget=budget)}</code></pre>'
        "</figure>"
    )


def highlighted(text: str, *, language: str, budget: Budget) -> str:
    """Return code as HTML, its words in spans of a role; plain if it cannot be highlighted."""
    lexer_class = _lexer_class(language.lower())
    if lexer_class is None or len(text) > HIGHLIGHTED or budget.spent or _has_long_line(text):
        return escape(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lexer = lexer_class(stripnl=False, ensurenl=False)
    try:
        return "".join(_spans(lexer, text, budget))
    except _LEXER_FAULTS:
        return escape(text)


def _has_long_line(text: str) -> bool:
    return len(text) > _LONGEST_LINE and any(len(line) > _LONGEST_LINE for line in text.split("\n"))


def _spans(lexer: Lexer, text: str, budget: Budget) -> Iterator[str]:
    """Yield the code; once the patience is over, the rest of it without colours.

    Raises ValueError if the lexer gives back other text than it was given.
    """
    done = 0
    tokens = ((_role(kind), value) for _, kind, value in lexer.get_tokens_unprocessed(text))
    for role, run in groupby(tokens, key=itemgetter(0)):
        words = "".join(value for _, value in run)
        if not text.startswith(words, done):
            raise ValueError("the lexer changed the text")
        done += len(words)
        yield f'<span class="{role}">{escape(words)}</span>' if role else escape(words)
        if budget.spent:
            break
    yield escape(text[done:])


@lru_cache(maxsize=512)
def _role(kind: _TokenType) -> str:
    step: _TokenType | None = kind
    while step is not None:
        if role := _ROLE_OF.get(str(step)):
            return role
        step = step.parent
    return ""


@lru_cache(maxsize=512)
def _lexer_class(language: str) -> type[Lexer] | None:
    if language in _NONE:
        return None
    from pygments.lexers import find_lexer_class_by_name
    from pygments.util import ClassNotFound

    for name in (language, _ALSO.get(language, "")):
        try:
            return find_lexer_class_by_name(name) if name else None
        except ClassNotFound:
            continue
    return None
