"""A file of conversations, one element at a time, however large it is or badly damaged.

The file is mapped, not read: splitting it copies nothing, so memory does not grow with
it. It must be a file of ours (a staged copy): one that shrinks while it is mapped ends
the process.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import msgspec

from app.core.loose import decoded, mapping
from app.files.json_scan import Buffer, Span, scanned, skip_space

_BOM = b"\xef\xbb\xbf"
_LIST_KEYS = ("conversations", "items", "data")  # objects met around the list, newest first
_PROBE = 1 << 16  # bytes by which a list within an object is found again in the file
_TAIL = 64  # bytes looked at for the bracket that ends the list
_UNFINISHED = "the file ends before it does"
_NODES = "mapping"  # the key of the messages
_PLAIN = re.compile(r"[A-Za-z0-9_-]+").fullmatch  # keys that JSON writes as they are

_to_raws = msgspec.json.Decoder(list[msgspec.Raw])
_to_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
_to_lines = msgspec.json.Decoder(msgspec.Raw)


class Element:
    """One element of the file: its bytes, where they begin, and what they mean.

    ``raw`` is a view of the mapped file. Decoding happens when ``broken`` or ``value``
    is first asked for, and only once.
    """

    __slots__ = ("_broken", "_value", "offset", "raw")

    def __init__(self, raw: memoryview, offset: int, broken: str | None = None) -> None:
        self.raw = raw
        self.offset = offset  # bytes from the start of the file
        self._broken = broken
        self._value: dict[str, object] = {}

    @property
    def broken(self) -> str:
        """Why the element can't be understood, as the end of a sentence; empty if it can."""
        if self._broken is None:
            self._value, self._broken = decoded(self.raw)
        return self._broken

    @property
    def value(self) -> dict[str, object]:
        """The decoded object; empty if the element is broken."""
        if self._broken is None:
            self._value, self._broken = decoded(self.raw)
        return self._value


def elements(path: Path) -> Iterator[Element]:
    """Yield the elements of a JSON file of conversations, in order.

    Taken as a list: an array, an object around one (``{"conversations": […]}``), a single
    conversation, JSON lines; with a byte order mark or without. Where the file is damaged,
    what can't be decoded is yielded as a broken element, and what follows it is found again.
    """
    with path.open("rb") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file can't be mapped
            return
    try:
        yield from elements_in(mapped)
    finally:
        with suppress(BufferError):  # an element is still in use: it goes when that does
            mapped.close()


def elements_in(buffer: Buffer) -> Iterator[Element]:
    """Yield the elements of JSON in memory; see `elements`."""
    start = len(_BOM) if buffer[: len(_BOM)] == _BOM else 0
    view = memoryview(buffer)
    spans = _split(view[start:], start, buffer)
    if spans is None:
        spans = _tolerant(buffer, start, view)
    yield from spans


def _split(view: memoryview, start: int, buffer: Buffer) -> Iterator[Element] | None:
    """Split undamaged JSON; None if it is damaged."""
    try:
        first = bytes(view[skip_space(buffer, start) - start :][:1])
        if first == b"[":
            return _placed(_to_raws.decode(view), buffer, start)
        if first == b"{":
            return _split_object(view, start, buffer)
    except (msgspec.DecodeError, RecursionError):
        pass
    return None


def _split_object(view: memoryview, start: int, buffer: Buffer) -> Iterator[Element]:
    try:
        fields = _to_fields.decode(view)
    except msgspec.DecodeError:
        return _placed(_to_lines.decode_lines(view), buffer, start)
    if not fields:
        return iter(())
    for key in () if "mapping" in fields else _LIST_KEYS:
        inner = fields.get(key)
        if inner is not None and bytes(memoryview(inner)[:1]) == b"[":
            found = buffer.find(bytes(memoryview(inner)[:_PROBE]), start)
            return _placed(_to_raws.decode(inner), buffer, max(found, start))
    whole = skip_space(buffer, start)
    return iter((Element(view[whole - start :], whole),))


def _placed(raws: list[msgspec.Raw], buffer: Buffer, position: int) -> Iterator[Element]:
    """Give every element of a list its offset: what stands between them is known."""
    for raw in raws:
        position = skip_space(buffer, position, separators=True)
        view = memoryview(raw)
        yield Element(view, position)
        position += len(view)


def _tolerant(buffer: Buffer, start: int, view: memoryview) -> Iterator[Element]:
    whole, end = True, start
    for span in scanned(buffer, start, _is_whole):
        yield Element(view[span.start : span.end], span.start, _reason(span, view))
        whole, end = span.whole, span.end
    first = skip_space(buffer, start)
    is_list = bytes(view[first : first + 1]) == b"["
    if whole and first < len(view) and (is_list or end == start) and not _closed(view):
        yield Element(view[end:], end, _UNFINISHED)


def _closed(view: memoryview) -> bool:
    return bytes(view[-_TAIL:]).rstrip().endswith(b"]")


def _reason(span: Span, view: memoryview) -> str | None:
    """Say why a span is broken; None leaves that to decoding, which found it whole."""
    if span.whole:
        return None
    if span.unclosed:
        return _UNFINISHED
    return decoded(view[span.start : span.end])[1] or "it is not an object"


def _is_whole(raw: memoryview) -> frozenset[str] | None:
    value, broken = decoded(raw)
    return None if broken else frozenset(value)


def readable(raw: bytes | memoryview, value: Mapping[str, object]) -> bytes:
    """Answer a conversation as JSON with a line for each key and each message.

    Nothing is lost: keys, their order, every digit. Laid out further it would take a fifth
    more room on the disk. ``value`` is what `decoded` made of ``raw``; it is used for what
    is no strict JSON, and then written in ASCII, so that half a surrogate pair survives.
    """
    try:
        compact = msgspec.json.format(raw, indent=-1)
    except (msgspec.DecodeError, RecursionError):
        compact = json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode()
    return _in_lines(compact, value)


def written(value: Mapping[str, object]) -> bytes:
    """Answer a decoded conversation laid out as `readable` does."""
    return readable(_dumped(value), value)


def indented(value: object) -> bytes:
    """Answer any decoded value as indented JSON; half a surrogate pair and NaN survive it."""
    try:
        return msgspec.json.format(_dumped(value), indent=2)
    except (msgspec.DecodeError, RecursionError):
        return json.dumps(value, indent=2, ensure_ascii=True).encode()


def _dumped(value: object) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True).encode()


def _in_lines(compact: bytes, value: Mapping[str, object]) -> bytes:
    """Break JSON without spaces into lines; where the keys stand is guessed, so that it is quick.

    A break is always before a key, wherever that is: ``"key":`` with a comma or a brace
    before it cannot be within a text, where its quotes would be escaped. A wrong guess
    costs beauty only.
    """
    names = list(value)
    nodes = value.get(_NODES)
    at = names.index(_NODES) if isinstance(nodes, dict) else len(names)
    breaks = _found(compact, 0, names[: at + 1])
    breaks += _found(compact, breaks[-1] if breaks else 0, list(mapping(nodes)))
    breaks += _found_from_end(compact, breaks[-1] if breaks else 0, names[at + 1 :])
    return b"\n".join(compact[start:end] for start, end in pairwise((0, *breaks, len(compact))))


def _found(compact: bytes, start: int, names: Iterable[str]) -> list[int]:
    """Answer where these keys stand, one after the other, up to the first that is not there."""
    places: list[int] = []
    for name in filter(_PLAIN, names):
        start = compact.find(f'"{name}":'.encode(), start) + 1
        if not start or compact[start - 2] not in b"{,":
            break
        places.append(start - 1)
    return places


def _found_from_end(compact: bytes, start: int, names: Sequence[str]) -> list[int]:
    """Answer where these keys stand, searched from the end, down to the first that is not there."""
    places: list[int] = []
    end = len(compact)
    for name in filter(_PLAIN, reversed(names)):
        end = compact.rfind(f',"{name}":'.encode(), start, end) + 1
        if not end:
            break
        places.append(end)
    return places[::-1]
