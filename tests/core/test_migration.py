"""The rules of migration: plain values in, decisions out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.migration import (
    Holding,
    Verdict,
    decide,
    is_saved,
    is_share_stub,
    judge,
    per_source,
    recovered,
    suggested_name,
    union,
)

IDS = st.sets(st.sampled_from("abcdef"))
KINDS = st.sampled_from(["upload", "conversations", "page", "files", "backup"])
HOLDINGS = st.lists(
    st.builds(
        lambda kind, ids: Holding(kind, kind, {id_: frozenset(f"{id_}{kind}") for id_ in ids}),
        KINDS,
        IDS,
    ),
    max_size=6,
)


def held(kind: str, *ids: str) -> Holding:
    return Holding(kind, kind, {id_: frozenset({f"{id_}-n0"}) for id_ in ids})  # type: ignore[arg-type]


def test_recovered_is_what_the_old_program_did_not_show() -> None:
    """Each conversation without a file of its own counts once, with the best source it is in."""
    holdings = [held("files", "a"), held("page", "a", "b", "c"), held("conversations", "b")]

    assert recovered(holdings) == {"conversations": 1, "page": 1}
    assert per_source(holdings) == {"conversations": 1, "page": 3, "files": 1}


@given(HOLDINGS)
def test_shown_and_recovered_are_everything(holdings: list[Holding]) -> None:
    """What was shown and what was recovered add up to the union of all sources."""
    shown = union(each for each in holdings if each.kind == "files")

    assert len(shown) + sum(recovered(holdings).values()) == len(union(holdings))


@pytest.mark.parametrize(
    ("title", "newest", "uploaded", "expected"),
    [
        (" Herbs ", 1.0, None, "Herbs"),
        ("", 1_735_700_000.0, datetime(2026, 1, 1, tzinfo=UTC), "ChatGPT 2025-01-01"),
        ("", None, datetime(2026, 1, 1, tzinfo=UTC), "ChatGPT 2026-01-01"),
        ("", 1e30, datetime(2026, 1, 1, tzinfo=UTC), "ChatGPT 2026-01-01"),
        ("", None, None, "ChatGPT"),
    ],
)
def test_names_come_from_inside(
    title: str, newest: float | None, uploaded: datetime | None, expected: str
) -> None:
    """The person's name for it, else the day of the newest thing inside, else of the upload."""
    assert suggested_name(title, newest, uploaded) == expected


@pytest.mark.parametrize(
    ("taken", "on_conflict", "expected"),
    [
        ([], "fail", ("create", "X")),
        (["X"], "rename", ("create", "X (2)")),
        (["X", "X (2)"], "rename", ("create", "X (3)")),
        (["X"], "skip", ("skip", "X")),
        (["X"], "merge", ("merge", "X")),
        (["X"], "fail", ("fail", "X")),
    ],
)
def test_a_taken_name_ends_as_the_person_said(
    taken: list[str], on_conflict: str, expected: tuple[str, str]
) -> None:
    """No decision ever takes something else's place."""
    decision = decide("X", taken.__contains__, on_conflict)  # type: ignore[arg-type]

    assert (decision.action, decision.name) == expected


def test_names_run_out() -> None:
    """Where every name is taken the answer is to fail, not to search for ever."""
    assert decide("X", lambda _: True, "rename", most=5).action == "fail"


def test_the_verdict_names_all_that_is_missing() -> None:
    """A conversation, a message and a file that are not there, each by name."""
    expected = {"a": frozenset("12"), "b": frozenset("3")}
    verdict = judge(expected, {"a": frozenset("1")}, {"x.pdf": "d1", "y": "d2"}, frozenset({"d2"}))

    assert verdict == Verdict(("b",), ("a/2",), ("x.pdf",))
    assert not verdict.verified
    assert all(name in verdict.problem().message for name in ("b", "a/2", "x.pdf"))
    assert verdict.problem().loss


@given(st.dictionaries(st.text(max_size=3), st.frozensets(st.text(max_size=3))))
def test_more_than_expected_is_verified(nodes: dict[str, frozenset[str]]) -> None:
    """An export may hold more than the session: it was merged with another."""
    more = {key: value | {"more"} for key, value in nodes.items()} | {"other": frozenset()}

    assert judge(nodes, more, {"a": "1"}, frozenset({"1", "2"})).verified


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"id": "s", "conversation_id": "c", "title": "T", "is_anonymous": True}, True),
        ({"id": "s", "conversation_id": "c"}, True),
        ({"id": "s", "conversation_id": "c", "mapping": {}}, False),
        ({"id": "s", "title": "T"}, False),
        ({}, False),
    ],
)
def test_rows_of_the_list_of_shares(value: dict[str, object], expected: bool) -> None:
    """A row of the list of shared links is told from a conversation by its keys alone."""
    assert is_share_stub(value) is expected


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (b'{"mapping":{"n1":{"id":"n1","message"', True),
        (b'{"mapping":{"n1":{"id":"n1"},"n9":{"id": "n9","mes', False),
        (b'..."conversation_id":"c1"}', True),
        (b'..."conversation_id":"c9"}', False),
        (b"", False),
        (b"\xff\xfe\x00", False),
    ],
)
def test_a_damaged_piece_is_saved_if_all_it_names_is_there(piece: bytes, expected: bool) -> None:
    """A piece cut off anywhere is made good by a whole copy with all its messages."""
    assert is_saved(piece, {"c1": frozenset({"n1", "n2"}), "c2": frozenset()}) is expected
