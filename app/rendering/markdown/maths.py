"""LaTeX to MathML, with the source kept for copying.

latex2mathml builds the tree; it is written out here, because the library's own
writer undoes the escaping of ``<`` and ``&``. What it cannot convert is shown as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

LONGEST = 4_000  # characters of one formula; longer ones are shown as code
_DEEPEST = 60  # braces, and elements
# Environments latex2mathml does not know (it prints their "&"), and what does the same.
_SAME_AS = {
    "aligned": "split",
    "alignedat": "split",
    "align": "align*",
    "alignat": "split",
    "eqnarray": "align*",
    "gathered": "matrix",
    "gather": "matrix",
    "multline": "matrix",
    "multlined": "matrix",
    "dcases": "cases",
    "rcases": "cases",
    "equation": "split",
}
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{(\w+)\*?\}(?:\s*(?:\[[tbc]\]|\{\d{1,3}\}))?")
# As the library writes these, they stretch where they should not, and sink below the line.
_BARS = re.compile(r"\\[lr]?([Vv])ert(?![A-Za-z])")
# Definitions can double themselves into billions of symbols.
_DEFINES = re.compile(r"\\(?:(?:re)?newcommand|providecommand|[gex]?def|let|newenvironment)\b")
# What the library's parser lets slip as well, on formulas that are not formulas.
_SLIPS = (LookupError, ValueError, TypeError, AttributeError, AssertionError, RuntimeError)

_ROWS = {"columnalign", "rowspacing", "columnspacing", "columnlines", "rowlines", "frame"}
MATHML: dict[str, set[str]] = {
    "math": {"display"},
    "mrow": set(),
    "mi": {"mathvariant"},
    "mn": {"mathvariant"},
    "mo": {
        *("stretchy", "fence", "form", "separator", "largeop", "movablelimits", "symmetric"),
        *("lspace", "rspace", "minsize", "maxsize", "mathvariant", "accent"),
    },
    "mtext": {"mathvariant"},
    "mspace": {"width", "height", "depth"},
    "ms": set(),
    "msup": set(),
    "msub": set(),
    "msubsup": set(),
    "mfrac": {"linethickness"},
    "msqrt": set(),
    "mroot": set(),
    "mover": {"accent"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
    "mtable": _ROWS,
    "mtr": set(),
    "mtd": {"columnalign", "columnspan"},
    "mstyle": {"displaystyle", "scriptlevel", "mathsize", "mathvariant"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mphantom": set(),
    "menclose": {"notation"},
    "mmultiscripts": set(),
    "mprescripts": set(),
    "none": set(),
}


def maths(tex: str, *, display: bool) -> str:
    """Return a formula as MathML inside an element that keeps its source in ``data-tex``.

    A formula latex2mathml cannot read is shown as code, whole.
    """
    tex = tex.strip()
    inner = _mathml(tex, display) or f'<code class="tex">{escape(tex)}</code>'
    shape = ' class="math display" tabindex="0"' if display else ' class="math"'
    return f'<span{shape} data-tex="{escape(tex)}">{inner}</span>'


@lru_cache(maxsize=4096)
def _mathml(tex: str, display: bool) -> str:
    """Return the MathML, or an empty string if there is none to be had."""
    if not tex or len(tex) > LONGEST or _depth(tex) > _DEEPEST or _DEFINES.search(tex):
        return ""
    from latex2mathml.converter import Converter  # here: half of what starting up would cost

    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(
            _BARS.sub(_plain_bar, _ENVIRONMENT.sub(_renamed, tex))
        )
    except _refusals():
        return ""
    parts = list(_written(tree, 0))
    return "" if "" in parts else "".join(parts)


def _plain_bar(found: re.Match[str]) -> str:
    return r"\|" if found[1] == "V" else "|"


@cache
def _refusals() -> tuple[type[Exception], ...]:
    """List what the library raises: its own exceptions have no common base, and some slip."""
    from latex2mathml import exceptions

    own = [each for each in vars(exceptions).values() if isinstance(each, type)]
    return (*(each for each in own if issubclass(each, Exception)), *_SLIPS)


def _depth(tex: str) -> int:
    deepest = depth = 0
    for character in tex:
        if character == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif character == "}":
            depth -= 1
    return deepest


def _renamed(match: re.Match[str]) -> str:
    word, name = match.groups()
    if name not in _SAME_AS:
        return match.group()
    return f"\\{word}{{{_SAME_AS[name]}}}"


def _written(element: Element, depth: int) -> Iterator[str]:
    """Write an element as HTML; yield an empty string if a command leaked through or it is deep.

    The library keeps its symbols as character references: they are read once,
    so that what the formula itself says stays text.
    """
    text = unescape(element.text or "")
    if depth > _DEEPEST or _leaked(element.tag, element.text or ""):
        yield ""
        return
    allowed = MATHML.get(element.tag)
    if allowed is not None:
        attributes = "".join(
            f' {name}="{escape(unescape(value))}"'
            for name, value in element.attrib.items()
            if name in allowed
        )
        yield f"<{element.tag}{attributes}>{escape(text)}"
    for child in element:
        yield from _written(child, depth + 1)
    if allowed is not None:
        yield f"</{element.tag}>"


def _leaked(tag: str, text: str) -> bool:
    if tag not in ("mi", "mo", "mn"):
        return False
    return text == "&" or (len(text) > 1 and text.startswith("\\"))
