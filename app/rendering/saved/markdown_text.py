"""Text made fit to stand in a Markdown file without changing what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from app.rendering.links import outside
from app.rendering.markdown.citations import PLACEHOLDER, without_citations

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_FENCE = re.compile(r" {0,3}(?:[-*+] +|\d{1,9}[.)] +|> ?)*(?P<fence>`{3,}(?=[^`]*$)|~{3,})")
_TICKS = re.compile("```|~~~")
# begins with a letter, not with a look behind it: letters are found many times as fast
_CODE_SPAN = re.compile(r"(`(?<!``)`*)(?!`)(?:(?!\1)[^\n]|\1`)*?[^`\n]?\1(?!`)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!(?:https?://|mailto:)[^\s<>]*>)")
_INLINE_MATHS = re.compile(r"\\\(\s*(.{1,4000}?)\s*\\\)", re.DOTALL)
_BLOCK_MATHS = re.compile(r"\\\[(.{1,4000}?)\\\]", re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")
_LINE_START = re.compile(
    r"#|>|[-+*=_](?:\s|$|[-=_*]{2})|`{3}|~{3}"
    r"|[|:-][-:| ]*$"  # the line under a table's head
    r"|\[[^\]]*\]:"  # a definition, which is not shown
)
_LITERAL = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?\w{1,40};)|\\(?=[!-/:-@\[-`{-~])")
_NUMBERED = re.compile(r"(\d{1,9})([.)](?:\s|$))")
_LINE_WANTS_CARE = re.compile(r" *(?:[#>+*=_|:\[-]|\d|   )")
_LINE_END = re.compile(r"(?<=\S)([^\S\n]*)\n(?=[^\S\n]*\S)")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~$!])")
_INDENT = re.compile(r"[ \t]+")
_NBSP = "\u00a0"


def fenced(text: str, language: str = "") -> str:
    """Return text as a code block whose fence is longer than any within."""
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    word = re.sub(r"[\s`]+", "-", language.strip())[:40]
    return f"{fence}{word}\n{text.removesuffix(chr(10))}\n{fence}"


def quoted(text: str) -> str:
    """Return Markdown as a quotation."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


@lru_cache(maxsize=4096)  # authors, models and kinds, over and over
def label(text: str) -> str:
    """Return one line of text such that no character of it is Markdown."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def linked(text: str, url: str) -> str:
    """Return a link to the outside, or only its text if there is nowhere to lead."""
    address = outside(url)
    if not address:
        return label(text)
    return f"[{label(text or url)}](<{address.replace(chr(92), '%5C')}>)"


def typed(text: str) -> str:
    """Return what a person typed: lines stay lines, and nothing becomes a heading or list.

    Code fences they closed themselves stay code.
    """
    text = without_citations(text)
    one_line = "\n" not in text
    if one_line and not _wants_care(text):
        return text
    lines = [text] if one_line else text.split("\n")
    if any(map(_wants_care, lines)):
        return "\n".join(_typed_lines(lines))
    return _LINE_END.sub(r"\1  \n", text)


def _wants_care(line: str) -> bool:
    """Tell whether a line may hold Markdown; asked so that the answer no is a quick one."""
    return (
        "<" in line
        or "&" in line
        or "\\" in line
        or "\t" in line
        or "`" in line
        or "~" in line
        or _LINE_WANTS_CARE.match(line) is not None
    )


def _typed_lines(lines: list[str]) -> Iterator[str]:
    fence = ""
    closers = _closing_fences(lines)
    for number, line in enumerate(lines):
        if fence:
            yield line
            fence = "" if number in closers else fence
        elif number in closers:
            fence = line
            yield line
        else:
            followed = number + 1 < len(lines) and lines[number + 1].strip()
            yield _typed_line(line) + ("  " if line.strip() and followed else "")


def _closing_fences(lines: list[str]) -> set[int]:
    """Answer the numbers of the lines that open or close a fence that has both."""
    found: set[int] = set()
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        bare = line.strip()
        match = _FENCE.match(line)
        if opened is None:
            if match and line.lstrip() == line:
                opened = (number, match["fence"])
        elif bare and set(bare) == {opened[1][0]} and len(bare) >= len(opened[1]):
            found |= {opened[0], number}
            opened = None
    return found


def _typed_line(line: str) -> str:
    indent = _INDENT.match(line)
    rest = line[indent.end() :] if indent else line
    space = indent.group().expandtabs(4) if indent else ""
    space = _NBSP * len(space) if len(space) > 3 else space
    rest = _LITERAL.sub(r"\\\g<0>", rest)
    rest = _NUMBERED.sub(r"\1\\\2", rest, count=1) if _NUMBERED.match(rest) else rest
    return space + ("\\" + rest if _LINE_START.match(rest) else rest)


def answer(text: str, footnote: str) -> str:
    r"""Return an answer's Markdown for other programs: ``$`` for formulas, notes for citations.

    ``footnote`` begins each note's name. Raw HTML stays text, as it is shown; a fence
    nobody closed is closed; code is left alone.
    """
    if not ("`" in text or "~" in text) or ("```" not in text and "~~~" not in text):
        return _prose(text, footnote)  # one letter is looked for ten times as fast as three
    parts: list[str] = []
    fence, place = "", 0  # what has been opened, and up to where the text is written
    for start, end in _lines_with_ticks(text):
        line = text[start:end]
        if fence:
            bare = line.strip(" >")
            if bare and set(bare) == {fence[0]} and len(bare) >= len(fence):
                parts.append(without_citations(text[place:end]))
                fence, place = "", end
        elif match := _FENCE.match(line):
            parts.append(_prose(text[place:start], footnote))
            fence, place = match["fence"], start
    if not fence:
        return "".join([*parts, _prose(text[place:], footnote)])
    return _closed("".join([*parts, without_citations(text[place:])]), fence)


def _lines_with_ticks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line begins and ends that may open or close a fence."""
    end = -1
    for at in _ticks(text):
        if at > end:
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            yield text.rfind("\n", 0, at) + 1, end


def _ticks(text: str) -> Iterator[int]:
    if "~~~" in text:
        yield from (found.start() for found in _TICKS.finditer(text))
        return
    at = text.find("```")  # as nearly always, and many times as fast as a pattern
    while at >= 0:
        yield at
        at = text.find("```", at + 3)


def _closed(text: str, fence: str) -> str:
    """Close a fence nobody closed, unless it ended with the list or quotation it stands in."""
    closed = f"{text}\n{fence}"
    after = _reader().parse(f"{closed}\n\n## End")[-3:]
    return closed if after[0].type == "heading_open" and after[0].level == 0 else text


@cache
def _reader() -> MarkdownIt:
    # Imported here: most texts close their fences.
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark")


def _prose(text: str, footnote: str) -> str:
    """Return what stands outside of fences; most of it holds no tag, formula or citation."""
    if "\\" not in text and "<" not in text and "\ufdd0" not in text:
        return text
    if "`" not in text:
        return _running(text, footnote)
    done, parts = 0, []
    for code in _CODE_SPAN.finditer(text):
        parts.append(_running(text[done : code.start()], footnote))
        parts.append(without_citations(code.group()))
        done = code.end()
    parts.append(_running(text[done:], footnote))
    return "".join(parts)


def _running(text: str, footnote: str) -> str:
    if "<" in text:
        text = _TAG.sub(r"\\<", text)
    if "\\(" in text:
        text = _INLINE_MATHS.sub(lambda found: f"${found.group(1)}$", text)
    if "\\[" in text:
        text = _BLOCK_MATHS.sub(
            lambda found: "$$" + _BLANK_LINES.sub("\n", found.group(1)) + "$$", text
        )
    if "\ufdd0" in text:
        text = PLACEHOLDER.sub(lambda found: _notes(found.group(1), footnote), text)
    return text


def _notes(numbers: str, footnote: str) -> str:
    return "".join(f"[^{footnote}-{number}]" for number in numbers.split(",") if number)
