"""A small matcher for the regular expressions of canvas edits, which ends when told to.

The expressions come out of the export and may be built to run for ever. Python's own
matcher cannot be stopped, so the common part of its language is compiled here to a few
instructions, which run with a budget of steps. What is not supported is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

_LONGEST_PATTERN = 50_000
_MOST_INSTRUCTIONS = 60_000
_DEEPEST = 40
_REPEAT = re.compile(r"\{(\d{1,4})(?:(,)(\d{0,4}))?\}")
_GROUP_NAME = re.compile(r"\?P<([A-Za-z_]\w{0,60})>")
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_PLACES = {"b": "edge", "B": "inside", "A": "begin", "Z": "end"}
_UNSURE_IN_CLASS = re.compile(r"--|&&|~~|\|\||\[")

_MOST_GROUPS = 60
_JUMPS = frozenset({"fork", "jump"})
Spans = dict[int, int]  # 2n is where group n began, 2n+1 where it ended


class Unsupported(Exception):
    """The expression uses what this matcher does not know, or is too large."""


class OutOfSteps(Exception):
    """Matching took more steps than it was given."""


class Instruction(NamedTuple):
    """One instruction; which of the fields mean something depends on the name."""

    name: str
    first: int = 0
    second: int = 0
    text: str = ""
    one: re.Pattern[str] | None = None


@dataclass
class Budget:
    """How many steps may still be taken."""

    left: int

    def spend(self, steps: int) -> None:
        """Take steps; raise OutOfSteps when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise OutOfSteps


@dataclass
class Pattern:
    """A compiled expression; `search` finds it with "." matching newlines too."""

    program: list[Instruction]
    groups: int
    names: dict[str, int]

    def search(self, text: str, start: int, budget: Budget) -> Spans | None:
        """Return the spans of the first match at or after ``start``.

        Raises OutOfSteps when the budget is used up.
        """
        literal = self.program[1].text
        place = start
        while place <= len(text):
            if literal:
                place = text.find(literal, place)
                if place < 0:
                    return None
            spans = _run(self.program, text, place, budget)
            if spans is not None:
                return spans
            place += 1
        return None


def compile_pattern(source: str) -> Pattern:
    """Compile an expression; raise Unsupported where it cannot be done."""
    if len(source) > _LONGEST_PATTERN:
        raise Unsupported
    parser = _Parser(source)
    body = parser.alternatives(0)
    if parser.place < len(source):
        raise Unsupported
    if parser.groups > _MOST_GROUPS:
        raise Unsupported
    save, end = Instruction("save", 0), Instruction("save", 1)
    program = [save, *body, end, Instruction("done")]
    return Pattern(program, parser.groups, parser.names)


@dataclass
class _Parser:
    """Reads an expression from left to right; jumps in its code are relative."""

    source: str
    place: int = 0
    groups: int = 0
    names: dict[str, int] = field(default_factory=dict)

    def alternatives(self, depth: int) -> list[Instruction]:
        """Read ``a|b|c`` up to the end or a closing bracket."""
        if depth > _DEEPEST:
            raise Unsupported
        code = self._sequence(depth)
        while self._take("|"):
            other = self._sequence(depth)
            fork, jump = Instruction("fork", 1, len(code) + 2), Instruction("jump", len(other) + 1)
            code = [fork, *code, jump, *other]
        return code

    def _sequence(self, depth: int) -> list[Instruction]:
        code: list[Instruction] = []
        plain = False  # whether the last instruction is a text that nothing jumps to or over
        while self.place < len(self.source) and self.source[self.place] not in "|)":
            atom = self._repeated(self._atom(depth))
            was_plain, plain = plain, len(atom) == 1 and bool(atom[0].text)
            if was_plain and plain:
                code[-1] = _text(code[-1].text + atom[0].text)
            else:
                code += atom
            if len(code) > _MOST_INSTRUCTIONS:
                raise Unsupported
        return code

    def _atom(self, depth: int) -> list[Instruction]:
        letter = self.source[self.place]
        self.place += 1
        if letter == "(":
            return self._group(depth)
        if letter == "[":
            return self._class()
        if letter == "\\":
            return self._escaped()
        if letter in "*+?":
            raise Unsupported
        if letter in ".^$":
            return [Instruction({".": "any", "^": "begin", "$": "end"}[letter])]
        return [_text(letter)]

    def _group(self, depth: int) -> list[Instruction]:
        number = 0
        if self._take("?:"):
            pass
        elif named := _GROUP_NAME.match(self.source, self.place):
            self.groups += 1
            number = self.names[named.group(1)] = self.groups
            self.place = named.end()
        elif self.source.startswith("?", self.place):
            if self.place == 1 and (self._take("?s)") or self._take("?ms)")):
                return []
            raise Unsupported
        else:
            self.groups += 1
            number = self.groups
        body = self.alternatives(depth + 1)
        if not self._take(")"):
            raise Unsupported
        if not number:
            return body
        return [Instruction("save", 2 * number), *body, Instruction("save", 2 * number + 1)]

    def _class(self) -> list[Instruction]:
        end = self.place + (2 if self.source.startswith("^", self.place) else 1)
        while end < len(self.source) and self.source[end] != "]":
            end += 2 if self.source[end] == "\\" else 1
        written = self.source[self.place : end]
        self.place = end + 1
        if end >= len(self.source) or _UNSURE_IN_CLASS.search(written):
            raise Unsupported
        return [_one_of(f"[{written}]")]

    def _escaped(self) -> list[Instruction]:
        if self.place >= len(self.source):
            raise Unsupported
        letter = self.source[self.place]
        self.place += 1
        if letter in "sSdDwW":
            return [_one_of(f"\\{letter}")]
        if letter in "bBAZ":
            return [Instruction(_PLACES[letter])]
        if letter in "123456789":
            return [Instruction("again", int(letter))]
        if letter in _CONTROLS:
            return [_text(_CONTROLS[letter])]
        if letter.isalnum():
            raise Unsupported
        return [_text(letter)]

    def _repeated(self, atom: list[Instruction]) -> list[Instruction]:
        """Read what follows an atom: ``*``, ``+``, ``?`` or ``{2,5}``, each perhaps lazy."""
        least, most = 1, 1
        if counted := _REPEAT.match(self.source, self.place):
            self.place = counted.end()
            least = int(counted.group(1))
            most = least if not counted.group(2) else int(counted.group(3) or -1)
        elif self._take("*"):
            least, most = 0, -1
        elif self._take("+"):
            least, most = 1, -1
        elif self._take("?"):
            least, most = 0, 1
        else:
            return atom
        lazy = self._take("?")
        if self._take("+") or len(atom) * (max(least, most) + 2) > _MOST_INSTRUCTIONS:
            raise Unsupported
        return atom * least + _optional(atom, most - least if most >= 0 else -1, lazy=lazy)

    def _take(self, expected: str) -> bool:
        if self.source.startswith(expected, self.place):
            self.place += len(expected)
            return True
        return False


def _optional(atom: list[Instruction], times: int, *, lazy: bool) -> list[Instruction]:
    """Return code for up to ``times`` more of an atom; any number if that is negative."""
    size = len(atom)
    if times < 0:
        return [_fork(size + 2, lazy=lazy), *atom, Instruction("jump", -size - 1)]
    code: list[Instruction] = []
    for left in range(times, 0, -1):
        code += [_fork(left * (size + 1), lazy=lazy), *atom]
    return code


def _fork(past: int, *, lazy: bool) -> Instruction:
    """Return a choice: go on, or past what follows; the lazy one tries that first."""
    return Instruction("fork", past, 1) if lazy else Instruction("fork", 1, past)


def _text(text: str) -> Instruction:
    return Instruction("text", text=text)


def _one_of(written: str) -> Instruction:
    try:
        return Instruction("one", one=re.compile(written))
    except re.error:
        raise Unsupported from None


def _run(program: list[Instruction], text: str, start: int, budget: Budget) -> Spans | None:
    """Run the program at one place, backtracking; return the spans of a match."""
    stack: list[tuple[int, int, Spans]] = [(0, start, {})]
    while stack:
        at, place, spans = stack.pop()
        width = 0
        while width >= 0:
            budget.spend(1)
            code = program[at]
            if code.name == "done":
                return spans
            if code.name == "fork":
                stack.append((at + code.second, place, spans))
            if code.name in _JUMPS:
                at += code.first
                continue
            if code.name == "save":
                spans = {**spans, code.first: place}
                width = 0
            else:
                width = _advance(code, text, place, spans, budget)
            place += width
            at += 1
    return None


def _advance(code: Instruction, text: str, place: int, spans: Spans, budget: Budget) -> int:
    """Return how many characters an instruction matches at a place, -1 if it does not."""
    if code.name == "text":
        return len(code.text) if text.startswith(code.text, place) else -1
    if code.name == "any":
        return 1 if place < len(text) else -1
    if code.one is not None:
        return 1 if code.one.match(text, place) else -1
    if code.name == "again":
        begin, end = spans.get(2 * code.first, -1), spans.get(2 * code.first + 1, -1)
        budget.spend(max(0, end - begin) // 64)
        return end - begin if 0 <= begin <= end and text.startswith(text[begin:end], place) else -1
    return 0 if _holds(code.name, text, place) else -1


def _holds(name: str, text: str, place: int) -> bool:
    """Tell whether a place is where the instruction says: begin, end, edge of a word, inside."""
    if name == "begin":
        return place == 0
    if name == "end":
        return place == len(text) or (place == len(text) - 1 and text[place] == "\n")
    before = place > 0 and (text[place - 1].isalnum() or text[place - 1] == "_")
    after = place < len(text) and (text[place].isalnum() or text[place] == "_")
    return (before != after) == (name == "edge")
