"""Results, jobs and errors as JSON, the same in every skin, and the status an error means."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import PurePath

from msgspec import Struct

from app.errors import (
    AppError,
    Bug,
    Cancelled,
    Conflict,
    InvalidInput,
    NotAnExport,
    NotFound,
    StorageProblem,
)
from app.jobs import Job

_SURROGATE = re.compile("[\ud800-\udfff]")

# The first class an error is an instance of decides.
_STATUS: tuple[tuple[type[AppError], int], ...] = (
    (NotAnExport, 422),
    (InvalidInput, 400),
    (NotFound, 404),
    (Conflict, 409),
    (StorageProblem, 500),
    (Bug, 500),
    (AppError, 500),
)


@cache
def wire_name(name: str) -> str:
    """Turn a Python name into the one used in JSON: camelCase, no trailing underscore."""
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)


@cache
def _fields(kind: type[Struct]) -> tuple[tuple[str, str], ...]:
    return tuple((name, wire_name(name)) for name in kind.__struct_fields__)


def time_to_wire(moment: datetime) -> str:
    """Write an aware time as ISO 8601 in UTC, ending in Z."""
    text = moment.astimezone(UTC).isoformat(timespec="auto")
    return text.removesuffix("+00:00") + "Z"


def to_wire(value: object) -> object:
    """Turn a result into plain JSON values.

    Keys of mappings are data and stay as they are. What JSON cannot say is made
    sayable: NaN and infinities become null, lone surrogates U+FFFD.
    """
    match value:
        case None | bool() | int():
            return value
        case str():
            return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return time_to_wire(value)
        case Mapping():
            return {str(to_wire(str(key))): to_wire(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [to_wire(item) for item in value]
    return _object_to_wire(value)


def _object_to_wire(value: object) -> object:
    if isinstance(value, Job):
        return job_to_wire(value)
    if isinstance(value, AppError):
        return error_to_wire(value)
    if isinstance(value, Struct):
        return {wire: to_wire(getattr(value, name)) for name, wire in _fields(type(value))}
    if isinstance(value, PurePath):
        return to_wire(str(value))
    raise TypeError(f"{type(value).__name__} has no form on the wire")


def job_to_wire(job: Job) -> dict[str, object]:
    """Turn a job into the JSON that pages and scripts follow."""
    return {
        "id": job.id,
        "operation": job.operation,
        "state": job.state,
        "progress": {
            "stage": job.progress.stage,
            "done": job.progress.done,
            "total": job.progress.total,
            "item": to_wire(job.progress.item),
            "unit": job.progress.unit,
            "secondsLeft": to_wire(job.seconds_left),
            "rate": to_wire(job.rate),
        },
        "result": to_wire(job.result),
        "error": None if job.error is None else error_to_wire(job.error),
        "createdAt": time_to_wire(job.created_at),
        "values": to_wire(job.values),
    }


def error_to_wire(error: AppError) -> dict[str, object]:
    """Turn an error into its JSON body: code for programs, message and hint for people."""
    details = {wire_name(name): to_wire(item) for name, item in error.details.items()}
    return {
        "code": error.code,
        "message": to_wire(error.message),
        "hint": to_wire(error.hint),
        "details": details,
    }


def stopped_to_wire(_stopped: Cancelled) -> dict[str, object]:
    """Say in the same shape that the person stopped it."""
    hint = "Nothing half-done was kept."
    return {"code": "cancelled", "message": "Stopped.", "hint": hint, "details": {}}


def status_of(error: AppError) -> int:
    """Answer the HTTP status of an error; a full disk is 507, told by its ``needed`` detail."""
    if isinstance(error, StorageProblem) and "needed" in error.details:
        return 507
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def dump(value: object, *, indent: int | None = None) -> str:
    """Write wire values as JSON text, readable letters kept."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
