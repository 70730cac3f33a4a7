"""Which addresses may be links, and addresses found in plain text.

Only http, https and mailto lead outside. Everything else an answer may point at
(``javascript:``, ``data:``, files of a machine long gone) is never a link.
"""

from __future__ import annotations

import re
from html import escape

_OUTSIDE = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x20\x7f<>\"]+\Z", re.IGNORECASE)
# Ends at what no address holds, at CJK punctuation and at marks the citations use.
ADDRESS = re.compile(
    r"https?://[^\s\x00-\x20\x7f<>\"`{}|\\^、。，；：？！（）【】《》「」『』«»“”‘’\ufdd0-\ufdef]+",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'*_~"
_BRACKETS = {")": "(", "]": "["}


def outside(url: str) -> str:
    """Return the address if it may be a link to the outside, else an empty string."""
    url = url.strip()
    return url if _OUTSIDE.match(url) else ""


def trimmed(address: str) -> str:
    """Cut from an address found in running text what belongs to the sentence around it."""
    balance = {close: address.count(close) - address.count(open_) for close, open_ in _PAIRS}
    end = len(address)
    while end:
        last = address[end - 1]
        if balance.get(last, 0) > 0:
            balance[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]


_PAIRS = tuple(_BRACKETS.items())


def link(url: str, inner: str, *, attributes: str = "") -> str:
    """Return ``inner`` (HTML) as a link to the outside, or as it is if ``url`` may not be one.

    The wall adds ``rel``.
    """
    if not (address := outside(url)):
        return inner
    return f'<a href="{escape(address)}" target="_blank"{attributes}>{inner}</a>'


def linked(text: str) -> str:
    """Escape plain text, turning the http and https addresses in it into links."""
    parts: list[str] = []
    done = 0
    for match in ADDRESS.finditer(text):
        address = trimmed(match.group())
        parts.append(escape(text[done : match.start()]))
        parts.append(link(address, escape(address)))
        done = match.start() + len(address)
    parts.append(escape(text[done:]))
    return "".join(parts)
