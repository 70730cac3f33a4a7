"""Replay one edit of a canvas document."""

from __future__ import annotations

import re

from app.core.messages.canvas.patterns import (
    Budget,
    OutOfSteps,
    Pattern,
    Spans,
    Unsupported,
    compile_pattern,
)

_EVERYTHING = frozenset(
    {
        ".*",
        ".+",
        "^.*$",
        "(?s).*",
        "(?s)^.*$",
        "[\\s\\S]*",
        "^[\\s\\S]*$",
        "[\\s\\S]+",
        ".*$",
        "^.*",
    }
)
_REFERENCE = re.compile(r"\\(?:g<([A-Za-z_]\w{0,60}|\d)>|([1-9]))")
_LONGEST_TEXT = 5_000_000
_MOST_MATCHES = 20_000


def apply_edit(
    text: str, pattern: str, replacement: str, *, every: bool, budget: Budget
) -> str | None:
    """Return ``text`` after an edit, or None if the edit cannot be replayed.

    ``pattern`` is an expression in Python's language, from outside and hostile: it is
    matched within the budget. ``.*`` stands for the whole text. An expression
    that does not match, or is none, is tried as plain words.
    """
    if pattern in _EVERYTHING:
        return replacement
    if not pattern or len(text) > _LONGEST_TEXT:
        return None
    try:
        budget.spend(len(pattern) + len(text) // 64)
        edited = _substitute(compile_pattern(pattern), text, replacement, every, budget)
    except (Unsupported, OutOfSteps):
        edited = None
    if edited is None and pattern in text:
        edited = text.replace(pattern, replacement, -1 if every else 1)
    return edited if edited is None or len(edited) <= 4 * _LONGEST_TEXT else None


def _substitute(
    pattern: Pattern, text: str, replacement: str, every: bool, budget: Budget
) -> str | None:
    """Return ``text`` with the first match, or every match, replaced; None if there is none."""
    pieces: list[str] = []
    copied = place = 0
    for _ in range(_MOST_MATCHES if every else 1):
        spans = pattern.search(text, place, budget)
        if spans is None:
            break
        begin, end = spans[0], spans[1]
        pieces += [text[copied:begin], _filled(replacement, pattern, text, spans)]
        copied = end
        place = end if end > begin else end + 1
        if place > len(text):
            break
    return "".join([*pieces, text[copied:]]) if pieces else None


def _filled(replacement: str, pattern: Pattern, text: str, spans: Spans) -> str:
    """Return the replacement with its groups filled in; other backslashes stay as they are."""

    def group(found: re.Match[str]) -> str:
        name = found.group(1) or found.group(2)
        number = int(name) if name.isdigit() else pattern.names.get(name, -1)
        if not 0 <= number <= pattern.groups:
            return found.group()
        return text[spans.get(2 * number, 0) : spans.get(2 * number + 1, 0)]

    return _REFERENCE.sub(group, replacement) if "\\" in replacement else replacement
