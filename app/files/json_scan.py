"""Finding the whole elements of a damaged JSON array; used where a strict parser gives up."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator

import msgspec
from msgspec import Struct

Buffer = bytes | mmap.mmap

# What stands between two brackets that count: anything but brackets, whole strings.
_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_RUN = re.compile(rb'[^"\[\]{}]*+(?:' + _STRING + rb'[^"\[\]{}]*+)*+', re.DOTALL)
_BRACKETS = re.compile(rb"[\[\]{}]+")
_SPACE = re.compile(rb"[ \t\r\n]*+")
_SEPARATORS = re.compile(rb"[ \t\r\n,\[]*+")
_BETWEEN = re.compile(rb"[ \t\r\n,\[\]}]*+")
_SCALAR = re.compile(
    rb"(?:null|true|false|-?\d[\d.eE+-]*+|" + _STRING + rb")(?=[\s,\]]|\Z)", re.DOTALL
)
_OUTER = re.compile(rb'\s*\{[^{]{0,4096}?"(?:conversations|items|data)"\s*:\s*(?=\[)', re.DOTALL)
_FIRST_KEY = re.compile(rb'\{\s*"([^"\\]{1,200})"\s*:')
_TRAILING = re.compile(r"trailing characters \(byte (\d+)\)")
_COUNTED_FROM = 1  # the number it gives for the first byte
_raw = msgspec.json.Decoder(msgspec.Raw)

# The keys a conversation begins with in the exports seen; those of whole elements are added.
_USUAL_KEYS = (b"title", b"id", b"conversation_id", b"create_time", b"mapping")
_MAX_KEYS = 32

# How far an element that does not close is followed, by how much was followed in vain so far.
_REACH = ((4 << 30, 64 << 20), (16 << 30, 1 << 20))
_LAST_REACH = 1 << 16

Keys = Callable[[memoryview], frozenset[str] | None]


class Span(Struct, frozen=True):
    """A stretch of the file: an element (``whole``), or what could not be understood.

    ``unclosed``: the file ends before what begins here does.
    """

    start: int
    end: int
    whole: bool
    unclosed: bool = False


def skip_space(buffer: Buffer, position: int, *, separators: bool = False) -> int:
    """Answer where white space (with ``separators``: also ``,`` and ``[``) ends."""
    found = (_SEPARATORS if separators else _SPACE).match(buffer, position)
    return found.end() if found else position


def scanned(buffer: Buffer, start: int, keys: Keys) -> Iterator[Span]:
    """Yield every whole object at the top level, and what stands between them, in order.

    ``keys`` answers the keys of an object, or None if its bytes can't be decoded. After
    damage, the next element is where an object decodes that has a ``mapping``, or at least
    half of the keys the last whole element had.
    """
    yield from _Scan(buffer, keys).spans(start)


class _Scan:
    def __init__(self, buffer: Buffer, keys: Keys) -> None:
        self._buffer = buffer
        self._view = memoryview(buffer)
        self._keys = keys
        self._last: frozenset[str] = frozenset()
        self._first_keys = set(_USUAL_KEYS)
        self._start = _start_pattern(self._first_keys)
        self._in_vain = 0

    def spans(self, position: int) -> Iterator[Span]:
        outer = _OUTER.match(self._buffer, position)
        position = outer.end() if outer else position
        while (position := self._between(position)) < len(self._buffer):
            span = self._object(position) or self._scalar(position)
            if span is not None:
                yield span
                position = span.end
                continue
            found = self._next(position)
            if found is None or found.start - position >= self._reach():
                far = self._object(position, far=True)
                if far is not None:
                    yield far
                    position = far.end
                    continue
            end = self._trimmed(position, found.start if found else len(self._buffer))
            if found is None:
                unclosed = closing(self._buffer, position, len(self._buffer)) is None
                yield Span(position, end, whole=False, unclosed=unclosed)
                return
            yield Span(position, end, whole=False)
            yield found
            position = found.end

    def _between(self, position: int) -> int:
        found = _BETWEEN.match(self._buffer, position)
        return found.end() if found else position

    def _trimmed(self, start: int, end: int) -> int:
        """Leave the comma before the next element to neither."""
        while end > start + 1 and self._buffer[end - 1] in b", \t\r\n":
            end -= 1
        return end

    def _object(self, position: int, *, far: bool = False) -> Span | None:
        """Answer the whole object that starts here, if one does."""
        if self._buffer[position] != ord("{"):
            return None
        reach = len(self._buffer) if far else min(len(self._buffer), position + self._reach())
        end = closing(self._buffer, position, reach)
        if end is None:
            self._in_vain += reach - position
            return None
        keys = self._keys(self._view[position:end])
        if keys is None:
            return None
        self._learn(position, keys)
        return Span(position, end, whole=True)

    def _scalar(self, position: int) -> Span | None:
        found = _SCALAR.match(self._buffer, position)
        return Span(position, found.end(), whole=False) if found else None

    def _reach(self) -> int:
        return next((reach for limit, reach in _REACH if self._in_vain < limit), _LAST_REACH)

    def _learn(self, position: int, keys: frozenset[str]) -> None:
        self._last = keys
        found = _FIRST_KEY.match(self._buffer, position)
        if found and found[1] not in self._first_keys and len(self._first_keys) < _MAX_KEYS:
            self._first_keys.add(found[1])
            self._start = _start_pattern(self._first_keys)

    def _next(self, position: int) -> Span | None:
        """Find the next whole element after damage at ``position``."""
        for found in self._start.finditer(self._buffer, position + 1):
            end = closing(self._buffer, found.start(), found.start() + self._reach())
            if end is None:
                self._in_vain += min(len(self._buffer) - found.start(), self._reach())
                continue
            keys = self._keys(self._view[found.start() : end])
            if keys and self._is_element(keys):
                return Span(found.start(), end, whole=True)
        return None

    def _is_element(self, keys: frozenset[str]) -> bool:
        if "mapping" in keys:
            return True
        return bool(self._last) and 2 * len(keys & self._last) >= len(self._last)


def closing(buffer: Buffer, position: int, limit: int) -> int | None:
    """Answer the end of the object that starts at ``position``; None if it ends after ``limit``.

    Brackets within strings don't count. A bracket that closes another kind is let pass:
    decoding will tell.
    """
    quick = _strict_end(buffer, position)
    if quick is not None:
        return quick if quick <= limit else None
    depth = 0
    while position < limit:
        found = _BRACKETS.match(buffer, position)
        if found is None:
            run = _RUN.match(buffer, position, limit)
            if run is None or run.end() == position:
                return None  # a string that does not end
            position = run.end()
            continue
        brackets = found.group()
        after = depth + 2 * (brackets.count(b"{") + brackets.count(b"[")) - len(brackets)
        if after <= 0 or len(brackets) > 2:
            stop = _closes_within(brackets, depth)
            if stop is not None:
                return position + stop
        depth = after
        position = found.end()
    return None


def _strict_end(buffer: Buffer, position: int) -> int | None:
    """Ask the strict parser where the object ends: it is some twenty times as fast.

    It tells only by complaining of what follows. Any other answer leaves it to scanning.
    """
    try:
        _raw.decode(memoryview(buffer)[position:])
    except msgspec.DecodeError as complaint:
        what_follows = _complained_of(complaint)
        if what_follows is None:
            return None
        end = position + what_follows
        while end > position and buffer[end - 1] in b" \t\r\n":
            end -= 1
        return end
    except RecursionError:
        return None
    return len(buffer)


def _complained_of(complaint: msgspec.DecodeError) -> int | None:
    """Answer the place of what follows a whole value, if that is what the complaint is about."""
    found = _TRAILING.search(str(complaint))
    return int(found[1]) - _COUNTED_FROM if found else None


def _closes_within(brackets: bytes, depth: int) -> int | None:
    for index, bracket in enumerate(brackets):
        depth += 1 if bracket in b"{[" else -1
        if depth == 0:
            return index + 1
    return None


def _start_pattern(first_keys: set[bytes]) -> re.Pattern[bytes]:
    choice = b"|".join(re.escape(key) for key in sorted(first_keys))
    return re.compile(rb'\{\s*"(?:' + choice + rb')"\s*:')
