"""JSON Schema of results, read from their records."""

from __future__ import annotations

import inspect
import types
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from app.interfaces.wire import wire_name

Schema = dict[str, Any]

_PLAIN: dict[object, Schema] = {
    str: {"type": "string"},
    Path: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": ["number", "null"]},  # NaN has no form in JSON
    datetime: {"type": "string", "format": "date-time"},
    type(None): {"type": "null"},
}


def schema_of(kind: object, named: dict[str, Schema]) -> Schema:
    """Answer the schema of a type; records are collected in ``named`` and referred to."""
    if kind in _PLAIN:
        return dict(_PLAIN[kind])
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _named(kind, named)
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return schema_of(inside[0], named)
    if origin is Literal:
        return {"enum": list(inside)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [schema_of(each, named) for each in inside]}
    if origin in (list, tuple, set, frozenset, Sequence):
        return {"type": "array", "items": schema_of(inside[0], named)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": schema_of(inside[1], named)}
    return {}  # anything: the value of a setting, say


def _named(kind: type[Struct], named: dict[str, Schema]) -> Schema:
    name = kind.__name__
    if name not in named:
        named[name] = {}  # stands while its own fields are read, so types may be recursive
        hints = get_type_hints(kind, include_extras=True)
        fields = kind.__struct_fields__
        named[name] = {
            "type": "object",
            "description": inspect.cleandoc(kind.__doc__ or ""),
            "properties": {wire_name(each): schema_of(hints[each], named) for each in fields},
            "required": [wire_name(each) for each in fields],
            "additionalProperties": False,
        }
    return {"$ref": f"#/components/schemas/{name}"}
