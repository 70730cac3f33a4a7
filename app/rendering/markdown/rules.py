"""What we add to CommonMark: formulas, addresses, task lists, and limits that lose nothing."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from app.rendering.budget import Budget
from app.rendering.links import ADDRESS, trimmed
from app.rendering.markdown.citations import split_citations, without_citations
from app.rendering.markdown.maths import LONGEST

DEEPEST = 40  # nested lists and quotes; what is deeper is shown as it was written
_SCHEME = re.compile(r"(?:^|[^a-zA-Z0-9.+-])(https?)$", re.IGNORECASE)
_DOLLARS = re.compile(r"\$([^$\s](?:[^$\n\\]|\\.){0,1000}?)(?<!\s)\$(?![0-9A-Za-z])")
_DOUBLE_DOLLARS = re.compile(rf"\$\$([^$]{{1,{LONGEST}}}?)\$\$")
_MATHS_SIGN = re.compile(r"[A-Za-z\\^_]")
_BEGIN = re.compile(
    r"\\begin\{((?:align|alignat|gather|equation|multline|eqnarray|aligned|gathered|cases|split"
    r"|[bBpvV]?matrix)\*?)\}"
)
_TASK = re.compile(r"\[([ xX])\](?=\s|$)")


def add_rules(md: MarkdownIt) -> None:
    """Put our rules where they belong among CommonMark's."""
    block, inline, core = md.block.ruler, md.inline.ruler, md.core.ruler
    interrupting = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    block.at("table", whole_table, {"alt": ["paragraph", "reference"]})
    block.before("fence", "maths", maths_block, interrupting)  # type: ignore[arg-type]
    block.before("table", "limits", block_limits)
    inline.after("text", "patience", inline_patience)
    inline.before("escape", "maths", maths_inline)
    inline.after("patience", "address", address)
    md.inline.add_terminator_char("$")
    md.inline.add_terminator_char(":")
    core.after("inline", "citations", split_citations)
    core.after("inline", "tasks", task_lists)
    core.before("footnote_tail", "all_footnotes", all_footnotes)


def block_limits(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Show what is nested too deep as it was written; stop when the patience is over.

    The parser's own limit would drop the rest silently, and its stack would end first.
    """
    budget: Budget = state.env["budget"]
    budget.check()
    if silent or state.level < DEEPEST:
        return False
    last = start + 1
    while last < end and (state.isEmpty(last) or state.sCount[last] >= state.blkIndent):
        last += 1
    state.push("too_deep", "", 0).content = state.getLines(start, last, 0, False)
    state.line = last
    return True


def inline_patience(state: StateInline, silent: bool) -> bool:  # noqa: ARG001 - the parser's shape
    """Stop when the patience is over; never matches."""
    budget: Budget = state.env["budget"]
    budget.check()
    return False


def whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table; cells beyond the header's count are kept, where GFM drops them."""
    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent:
        state.tokens[first:] = _with_excess(state, state.tokens[first:])
    return True


def _with_excess(state: StateBlock, tokens: list[Token]) -> list[Token]:
    columns = sum(token.type == "th_open" for token in tokens)
    row, whole = tokens[0], []
    for previous, token in zip([tokens[0], *tokens], tokens, strict=False):
        if token.type == "tr_open":
            row = token
        if token.type == "tr_close" and previous.type == "td_close":
            whole += _excess_cells(state, row, columns)
        whole.append(token)
    return whole


def _excess_cells(state: StateBlock, row: Token, columns: int) -> list[Token]:
    line = row.map[0] if row.map else 0
    text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
    cells = escapedSplit(text)
    cells = cells[1:] if cells and not cells[0] else cells
    cells = cells[:-1] if cells and not cells[-1] else cells
    tokens: list[Token] = []
    for cell in cells[columns:]:
        tokens += [
            Token("td_open", "td", 1, level=row.level + 1, block=True),
            Token("inline", "", 0, content=cell.strip(), children=[], level=row.level + 2),
            Token("td_close", "td", -1, level=row.level + 1, block=True),
        ]
    return tokens


def maths_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    r"""Read ``\[ … \]``, ``$$ … $$`` and bare ``\begin{align}`` that begin a line."""
    state.env["budget"].check()  # here too: a paragraph asks at each of its lines
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    first = state.src[begin : state.eMarks[start]]
    closing = _closing(first)
    if not closing or state.src.find(closing, begin + 2, begin + LONGEST) < 0:
        return False
    found = _block_lines(state, start, end, first, closing)
    if found is None:
        return False
    if silent:
        return True
    content, state.line = found
    token = state.push("maths_display", "", 0)
    token.content = content if closing.startswith("\\end") else content[2 : -len(closing)]
    return True


def _closing(line: str) -> str:
    if line.startswith("\\["):
        return "\\]"
    if line.startswith("$$"):
        return "$$"
    begin = _BEGIN.match(line)
    return f"\\end{{{begin.group(1)}}}" if begin else ""


def _block_lines(
    state: StateBlock, start: int, end: int, first: str, closing: str
) -> tuple[str, int] | None:
    """Answer the formula with its marks and the line after it; None if it does not end its line.

    Like a paragraph it ends at an empty line at the latest.
    """
    text, line = first.rstrip(), start
    while not (text.endswith(closing) and len(text) >= len(closing) + 2):
        line += 1
        if closing in text[2:] or line >= end or len(text) > LONGEST or state.isEmpty(line):
            return None
        if state.sCount[line] < state.blkIndent:
            return None
        text += "\n" + state.getLines(line, line + 1, state.blkIndent, False).rstrip()
    if closing in text[2 : -len(closing)]:
        return None  # two formulas on a line: they belong to a paragraph
    return text, line + 1


def maths_inline(state: StateInline, silent: bool) -> bool:
    r"""Read ``\( … \)``, ``\[ … \]``, ``$$ … $$`` and ``$ … $`` inside a paragraph."""
    opening = state.src[state.pos : state.pos + 2]
    if opening in ("\\(", "\\["):
        return _backslash(state, opening, silent)
    if not opening.startswith("$"):
        return False
    found = _DOUBLE_DOLLARS.match(state.src, state.pos, state.posMax)
    if found:
        return _push(state, found.group(1), found.end(), "maths_display", silent)
    found = _DOLLARS.match(state.src, state.pos, state.posMax)
    if not found or not _MATHS_SIGN.search(found.group(1)) or _is_money(state):
        return False
    return _push(state, found.group(1), found.end(), "maths", silent)


def _is_money(state: StateInline) -> bool:
    """Whether a letter, digit or dollar stands before: "US$20", "$$"."""
    before = state.src[state.pos - 1] if state.pos else " "
    return before.isalnum() or before == "$"


def _backslash(state: StateInline, opening: str, silent: bool) -> bool:
    closing = "\\)" if opening == "\\(" else "\\]"
    limit = min(state.posMax, state.pos + LONGEST)
    end = state.src.find(closing, state.pos + 2, limit)
    if end < 0 or not (content := state.src[state.pos + 2 : end]).strip():
        return False
    kind = "maths" if opening == "\\(" else "maths_display"
    return _push(state, content, end + 2, kind, silent)


def _push(state: StateInline, content: str, end: int, kind: str, silent: bool) -> bool:
    if not silent:
        state.push(kind, "", 0).content = content
    state.pos = end
    return True


def address(state: StateInline, silent: bool) -> bool:
    """Make a bare http or https address a link."""
    if state.linkLevel > 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    if not scheme:
        return False
    begin = state.pos - len(scheme.group(1))
    found = ADDRESS.match(state.src, begin, state.posMax)
    url = trimmed(found.group()) if found else ""
    href = state.md.normalizeLink(url)
    if len(url) < len("https://a") - 1 or not state.md.validateLink(href):
        return False
    if not silent:
        state.pending = state.pending[: -len(scheme.group(1))]
        state.push("link_open", "a", 1).attrs = {"href": href}
        state.push("text", "", 0).content = without_citations(url)
        state.push("link_close", "a", -1)
    state.pos = begin + len(url)
    return True


def task_lists(state: StateCore) -> None:
    """Turn ``[ ]`` and ``[x]`` at the start of a list item into a box of its own."""
    for index, token in enumerate(state.tokens[:-2]):
        if token.type != "list_item_open" or state.tokens[index + 1].type != "paragraph_open":
            continue
        children = state.tokens[index + 2].children
        if not children or children[0].type != "text":
            continue
        if mark := _TASK.match(children[0].content):
            token.attrs["class"] = "task"
            children[0].content = children[0].content[mark.end() :].lstrip()
            children.insert(0, Token("task_box", "", 0, info=mark.group(1).strip().lower()))


def all_footnotes(state: StateCore) -> None:
    """List footnotes nothing refers to as well, and both of two with the same name."""
    notes = state.env.get("footnotes")
    if not notes:
        return
    seen: set[str] = set()
    for token in state.tokens:
        if token.type != "footnote_reference_open":
            continue
        label = token.meta["label"]
        while label in seen:
            label += "\0"
        seen.add(label)
        token.meta["label"] = label
        if notes["refs"].get(":" + label, -1) < 0:
            number = len(notes["list"])
            notes["list"][number] = {"label": label, "count": 0}
            notes["refs"][":" + label] = number
