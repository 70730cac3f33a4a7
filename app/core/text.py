"""Clean text that came from outside, make it comparable, and cut a first line from it."""

from __future__ import annotations

import re
import unicodedata

_CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_RESERVED_IN_UTF8 = b"\xef\xb7"  # how U+FDC0 to U+FDFF begin; the reserved ones are among them
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_JOINERS = "\u200d\ufe0e\ufe0f"


def fold(text: str) -> str:
    """Make a title, or what is searched for in it, comparable: case and width aside."""
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFKC", text).casefold().strip()


def clean(text: str) -> str:
    r"""Return ``text`` fit for the catalog, files and pages.

    Lone surrogates become U+FFFD. Removed: control characters but tab, newline and
    carriage return, and U+FDD0 to U+FDEF, which this program keeps for its own marks.
    Almost all text has none of these, so looking is made cheap: by bytes, not by pattern.
    """
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return _UNWANTED.sub("", _SURROGATE.sub("\ufffd", text))
    reserved = not text.isascii() and _RESERVED_IN_UTF8 in data
    if not reserved and len(data.translate(None, _CONTROLS)) == len(data):
        return text
    return _UNWANTED.sub("", text)


def lines(text: str) -> str:
    """Return ``text`` cleaned, with every line ending a single newline."""
    text = clean(text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def one_line(text: str) -> str:
    """Return ``text`` cleaned, as one line with single spaces."""
    return " ".join(clean(text).split())


def first_line(text: str, limit: int) -> str:
    """Return the first line of ``text`` that says something, at most ``limit`` code points long.

    A line that had to be cut ends in an ellipsis; it is never cut between a letter
    and its accent, or inside a joined emoji.
    """
    start = len(text) - len(text.lstrip()) if text[:1].isspace() else 0
    # cut before cleaning: a message may be megabytes, and this runs for every question
    head = text[start : start + limit + 64].split("\n", 1)[0]
    line = head.rstrip(" ") if head.isprintable() and "  " not in head else one_line(head)
    if len(line) <= limit:
        return line
    end = max(limit - 1, 0)
    while end > 0 and (_continues(line[end]) or line[end - 1] == "\u200d"):
        end -= 1
    return line[:end].rstrip() + "…" if limit > 0 else ""


def _continues(letter: str) -> bool:
    """Tell whether ``letter`` belongs to the one before it."""
    return letter in _JOINERS or unicodedata.combining(letter) != 0
