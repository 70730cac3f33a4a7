"""What an operation takes: read from its signature, checked before anything is done."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal, Union, get_args, get_origin

from msgspec import Struct

from app.errors import InvalidInput

ASKED_FOR = "asked for"  # behind a parameter's help: never on a command line, never shown again
MOST = 2**53 - 1  # JSON's readers agree on whole numbers up to here


class Parameter(Struct, frozen=True):
    """One value an operation takes, read from its signature.

    ``kind`` is "text", "number", "flag", "list" (of texts) or "value" (any of the first
    three, as the value of a setting is); ``choices`` closes it. What is ``secret`` is asked
    for, not given on a command line, and is not shown with a job's values.
    """

    name: str
    kind: Literal["text", "number", "flag", "list", "value"]
    help: str
    required: bool
    default: object = None
    choices: tuple[str, ...] = ()
    secret: bool = False

    @property
    def wire_name(self) -> str:
        """The name in JSON and in addresses: camelCase."""
        first, *rest = self.name.rstrip("_").split("_")
        return first + "".join(word.capitalize() for word in rest)

    def read(self, value: object) -> object:
        """Check and convert one value from outside. Raises InvalidInput."""
        try:
            found = _READERS[self.kind](value)
        except ValueError:
            found = None
        if found is None or (self.choices and found not in self.choices):
            expected = " or ".join(self.choices) if self.choices else f"a {self.kind}"
            raise InvalidInput(
                f"{self.wire_name} must be {expected}.",
                hint="Nothing was changed.",
                name=self.wire_name,
            )
        return found


def _as_text(value: object) -> object:
    return value if isinstance(value, str) and "\0" not in value else None


def _as_number(value: object) -> object:
    if isinstance(value, str) and len(value) < 19:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MOST:
        return value
    return None


def _as_flag(value: object) -> object:
    if isinstance(value, str):
        return {"true": True, "1": True, "": True, "false": False, "0": False}.get(value)
    return value if isinstance(value, bool) else None


def _as_list(value: object) -> object:
    items = [value] if isinstance(value, str) else value
    if isinstance(items, list | tuple) and all(_as_text(item) is not None for item in items):
        return list(items)
    return None


def _as_value(value: object) -> object:
    return _as_text(value) if isinstance(value, str) else value if isinstance(value, int) else None


_READERS: Mapping[str, Callable[[object], object]] = {
    "text": _as_text,
    "number": _as_number,
    "flag": _as_flag,
    "list": _as_list,
    "value": _as_value,
}


def read_parameter(name: str, annotation: object, default: object) -> Parameter:
    """Read a parameter from a signature: its annotation, its help, its default."""
    help_text = ""
    secret = False
    if get_origin(annotation) is Annotated:
        annotation, help_text, *marks = get_args(annotation)
        secret = ASKED_FOR in marks
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(kind for kind in get_args(annotation) if kind is not type(None))
    required = default is inspect.Parameter.empty
    default = None if required else default
    if get_origin(annotation) is Literal:
        return Parameter(name, "text", help_text, required, default, get_args(annotation))
    if annotation is bool:
        return Parameter(name, "flag", help_text, required, default)
    if annotation is int:
        return Parameter(name, "number", help_text, required, default)
    if get_origin(annotation) in (list, Sequence) or annotation in (list, Sequence):
        return Parameter(name, "list", help_text, required, default)
    kind: Literal["text", "value"] = "value" if annotation is object else "text"
    return Parameter(name, kind, help_text, required, default, secret=secret)
