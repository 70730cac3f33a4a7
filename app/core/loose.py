"""Read values out of JSON that may hold anything: a wrong type is an absent value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

Json = Mapping[str, Any]

_NOTHING: Json = {}
_to_object = msgspec.json.Decoder(dict[str, object])
_MOST_STRINGS = 10_000
_MOST_DEPTH = 64


def mapping(value: object) -> Json:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: object) -> list[Any]:
    """Return ``value`` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def string(value: object) -> str:
    """Return ``value`` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """Return a count of zero or more, else None; a float such as 640.0 is a count too."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if isinstance(value, float) and not value.is_integer():
        return None
    return int(value) if 0 <= value < 2**63 else None


def number(value: object) -> float | None:
    """Return a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        real = float(value)
    except OverflowError:
        return None
    return real if real - real == 0 else None  # infinity and NaN are the two that fail this


def strings(value: object) -> Iterator[str]:
    """Yield every non-blank string below ``value``, in order, with a limit on depth and number.

    For content this program does not know: whatever it said is kept and found. Beyond the
    limits nothing more is yielded; the raw message still holds it.
    """
    stack: list[tuple[object, int]] = [(value, 0)]
    left = _MOST_STRINGS
    while stack and left:
        found, depth = stack.pop()
        if isinstance(found, str):
            if found.strip():
                left -= 1
                yield found
        elif depth < _MOST_DEPTH:
            below = found.values() if isinstance(found, dict) else items(found)
            stack.extend((each, depth + 1) for each in reversed(list(below)))


def decoded(raw: bytes | memoryview) -> tuple[dict[str, object], str]:
    """Decode one JSON object; answer it and "", or {} and why it can't be decoded.

    Falls back to the standard library for what is met in real exports and no JSON: half a
    surrogate pair, NaN, numbers out of range, line breaks within strings.
    """
    try:
        return _to_object.decode(raw), ""
    except RecursionError:
        return {}, "it is nested too deeply"
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return _decoded_slowly(bytes(raw), error)


def _decoded_slowly(raw: bytes, first: Exception) -> tuple[dict[str, object], str]:
    try:
        value = json.loads(raw.decode(), strict=False)
    except UnicodeDecodeError as error:
        return {}, f"its text is damaged at byte {error.start}"
    except RecursionError:
        return {}, "it is nested too deeply"
    except ValueError:
        return {}, f"its JSON is damaged: {str(first).removeprefix('JSON is malformed: ')}"
    if not isinstance(value, dict):
        return {}, "it is not an object"
    return value, ""
