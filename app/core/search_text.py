"""Text made searchable: scripts without spaces cut into letters, and queries made safe.

SQLite's FTS5 splits words at spaces and punctuation (`unicode61`), so a Chinese
sentence would be one word. `segment` puts U+200B, which FTS5 takes for a separator,
around each letter of such scripts; `match_expression` asks for the same letters as a
phrase. The same is done to Korean: it has spaces, but a particle is glued to each
noun, and two of its letters must find their text.

Marks such as Thai vowel signs are no part of a word for `unicode61`: they are passed
over when indexing and when searching, so both sides still agree.
"""

from __future__ import annotations

import re
import unicodedata

ZERO_WIDTH_SPACE = "\u200b"

# What a query may cost at most: a page pasted into the search box is cut, not refused.
_MOST_PHRASES = 64
_MOST_LETTERS = 4_000

_LETTERS = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f40-\u0fbc"  # Tibetan
    "\u1000-\u109f"  # Myanmar
    "\u1100-\u11ff"  # Hangul Jamo
    "\u1780-\u17d3"  # Khmer
    "\u1950-\u19df"  # Tai Le, New Tai Lue
    "\u1a20-\u1aad"  # Tai Tham
    "\u1b00-\u1b4c"  # Balinese
    "\u2e80-\u2fd5"  # CJK radicals
    "\u3005-\u3007"  # iteration mark, closing mark, zero
    "\u3021-\u3029\u3031-\u3035\u3038-\u303c"
    "\u3041-\u30fa\u30fc-\u30ff"  # Hiragana, Katakana (not the middle dot)
    "\u3105-\u318e\u31a0-\u31bf\u31f0-\u31ff"  # Bopomofo, Jamo, Katakana extensions
    "\u3400-\u4dbf\u4e00-\u9fff"  # Han
    "\ua000-\ua48c\ua960-\ua97c\ua980-\ua9c0\ua9e0-\ua9ef\uaa60-\uaadf"
    "\uac00-\ud7a3\ud7b0-\ud7fb"  # Hangul
    "\uf900-\ufad9\uff66-\uffdc"  # compatibility and half-width forms
    "\U0001aff0-\U0001b2fb\U00020000-\U000323af"  # Kana supplements, Han B to H
)
_ONE = re.compile(f"[{_LETTERS}]")
_RUN = re.compile(f"[{_LETTERS}]+")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
# NUL would end the query inside SQLite; half a surrogate pair cannot be sent to it.
_UNSENDABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def segment(text: str) -> str:
    """Return the text with U+200B around each letter of a script without spaces.

    Text without such letters is returned as it is, the very same object. Text with
    them is composed (NFC) first, so that a letter counts once however it was typed.
    """
    if text.isascii() or _ONE.search(text) is None:
        return text
    return _RUN.sub(_spread, unicodedata.normalize("NFC", text))


def unsegment(text: str) -> str:
    """Take out every U+200B, for showing what `segment` made."""
    return text.replace(ZERO_WIDTH_SPACE, "")


def match_expression(query: str) -> str:
    """Turn anything typed into an FTS5 MATCH expression, or "" if nothing is searchable.

    All words must occur; words in double quotes must stand together; letters of a
    script without spaces must stand together; the last word may go on ("herb" finds
    "herbs") if it has two letters. Nothing typed is an operator.
    """
    sendable = _UNSENDABLE.sub(" ", query[:_MOST_LETTERS]).translate(_QUOTES)
    pieces = unicodedata.normalize("NFC", sendable).split('"')
    phrases: list[tuple[str, bool]] = []
    for number, piece in enumerate(pieces):
        quoted = number % 2 == 1
        closed = quoted and number + 1 < len(pieces)
        words = [piece] if quoted else piece.split()
        phrases += [(word, closed) for word in words if _searchable(word)]
    phrases = phrases[:_MOST_PHRASES]
    expressions = [f'"{segment(phrase).strip()}"' for phrase, _ in phrases]
    if phrases and _may_go_on(*phrases[-1]):
        expressions[-1] += "*"
    return " ".join(dict.fromkeys(expressions))


def _spread(run: re.Match[str]) -> str:
    return f"{ZERO_WIDTH_SPACE}{ZERO_WIDTH_SPACE.join(run[0])}{ZERO_WIDTH_SPACE}"


def _searchable(phrase: str) -> bool:
    """Tell whether `unicode61` finds a word in it: a letter, number or private character.

    An expression without one would match nothing and take the other words with it.
    """
    return any(_of_a_word(character) for character in phrase)


def _of_a_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LN" or category == "Co"


def _may_go_on(phrase: str, closed: bool) -> bool:
    """Tell whether a phrase ends in at least two letters of a word still being typed."""
    ending = phrase.rstrip()[-2:]
    return (
        not closed
        and len(ending) == 2
        and all(_of_a_word(character) for character in ending)
        and _ONE.search(ending) is None
    )
