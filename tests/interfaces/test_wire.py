"""Results and errors as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from app.errors import (
    AppError,
    Bug,
    Conflict,
    InvalidInput,
    NotAnExport,
    NotFound,
    StorageProblem,
)
from app.interfaces.wire import dump, error_to_wire, status_of, to_wire, wire_name

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec=None)), inner),
    max_leaves=20,
)


@given(ANYTHING)
def test_anything_becomes_json(value: object) -> None:
    """Whatever a result holds, what goes out is valid JSON in valid UTF-8."""
    sent = dump(to_wire(value)).encode("utf-8")

    assert json.loads(sent, parse_constant=pytest.fail) is not Ellipsis


class Inner(Struct, frozen=True):
    from_: str


class Outer(Struct, frozen=True):
    created_at: datetime
    place: Path
    parts: tuple[Inner, ...]


def test_results_are_camel_case() -> None:
    """Names become camelCase, times UTC with a Z, tuples lists, paths texts."""
    noon = datetime(2024, 5, 12, 14, 5, tzinfo=timezone(timedelta(hours=2)))

    wire = to_wire(Outer(noon, Path("a/b"), (Inner("x"),)))

    assert wire == {
        "createdAt": "2024-05-12T12:05:00Z",
        "place": str(Path("a/b")),
        "parts": [{"from": "x"}],
    }


def test_fractions_of_a_second_stay() -> None:
    """A time is not rounded on its way out."""
    assert to_wire(datetime(2024, 1, 1, microsecond=5, tzinfo=UTC)) == "2024-01-01T00:00:00.000005Z"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a", "a"), ("created_at", "createdAt"), ("from_", "from"), ("a_b_c", "aBC")],
)
def test_wire_names(name: str, expected: str) -> None:
    """Python's names have one form on the wire."""
    assert wire_name(name) == expected


def test_what_has_no_form_is_a_fault_of_ours() -> None:
    """A result of a kind nobody thought of is not guessed at."""
    with pytest.raises(TypeError, match="object"):
        to_wire(object())


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("x"), 400),
        (NotAnExport("x"), 422),
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (StorageProblem("x"), 500),
        (StorageProblem("x", needed=5, free=1), 507),
        (Bug("x"), 500),
        (AppError("x"), 500),
    ],
)
def test_statuses(error: AppError, status: int) -> None:
    """Each kind of error means one status."""
    assert status_of(error) == status


def test_error_body() -> None:
    """An error says what happened, what to do, and details for programs."""
    assert error_to_wire(NotFound("Gone.", hint="Look again.", export_name="a\ud800")) == {
        "code": "not-found",
        "message": "Gone.",
        "hint": "Look again.",
        "details": {"exportName": "a\ufffd"},
    }
