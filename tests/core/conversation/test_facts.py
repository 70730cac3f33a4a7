"""What a conversation says about itself is read from whatever types its keys hold."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.conversation.facts import conversation_id, facts
from tests.core.shapes import chain, message, node

FULL = {
    "title": "Herb garden",
    "create_time": 1735700000.25,
    "update_time": 1735700400.0,
    "current_node": "n4",
    "conversation_id": "c-1",
    "id": "c-1",
    "mapping": {},
    "is_archived": False,
    "is_starred": None,
    "gizmo_id": "g-p-6789abc",
    "gizmo_type": "snorlax",
    "conversation_template_id": "g-p-6789abc",
    "default_model_slug": "gpt-4o",
    "voice": None,
    "async_status": None,
    "memory_scope": "global_enabled",
    "plugin_ids": None,
    "safe_urls": [],
    "blocked_urls": [],
    "moderation_results": [],
    "disabled_tool_ids": [],
    "conversation_origin": None,
    "is_do_not_remember": False,
    "sugar_item_id": None,
}


def test_reference_sample():
    """The reference's conversation says what it says."""
    found = facts(FULL)

    assert (found.id, found.title) == ("c-1", "Herb garden")
    assert (found.created, found.updated) == (1735700000.25, 1735700400.0)
    assert (found.project, found.project_kind) == ("g-p-6789abc", "project")
    assert found.default_model == "gpt-4o"
    assert not (found.starred)
    assert not (found.archived)
    assert not (found.do_not_remember)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (None, ""),
        ("", ""),
        (5, ""),
        ("a\nb\x00\ud800", "a b\ufffd"),
        ("<script>", "<script>"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_case_16_titles(title, shown):
    """A title is one clean line, whatever it was; an absent one is empty."""
    assert facts({**FULL, "title": title}).title == shown


def test_case_17_ids():
    """Either id will do; with neither, time, title and first words make one that is stable."""
    bare = {"create_time": 5.0, "title": "T", "mapping": chain(message("hi", "user"))["mapping"]}

    assert conversation_id({"id": "b"}) == "b"
    assert conversation_id({"conversation_id": "a", "id": "b"}) == "a"
    assert conversation_id({"conversation_id": "", "id": None}) == conversation_id({})
    assert conversation_id(bare) == conversation_id({**bare, "update_time": 9.0, "new": 1})
    assert conversation_id(bare) != conversation_id({**bare, "title": "U"})
    assert len(conversation_id(bare)) == 64


@pytest.mark.parametrize("bad", [None, "x", True, float("nan"), 0, {}, "missing"])
def test_case_18_times_fall_back_to_the_messages(bad):
    """A conversation without times began with its first message and changed with its last."""
    obj = chain(message(create_time=10.0), message(create_time="30.0", update_time=40))
    obj["create_time"] = obj["update_time"] = bad
    if bad == "missing":
        del obj["create_time"], obj["update_time"]

    assert (facts(obj).created, facts(obj).updated) == (10.0, 40.0)


def test_undated_conversation():
    """Where nothing tells the time there is none."""
    found = facts({"mapping": {"a": node(None, said=message(create_time=None))}})

    assert (found.created, found.updated) == (None, None)


def test_flags():
    """Starred, pinned, archived and not remembered are told; a null or a word is no flag."""
    assert facts({"is_starred": True}).starred
    assert facts({"pinned_time": "2025-01-01T00:00:00Z"}).starred
    assert facts({"is_archived": True, "is_do_not_remember": True}).archived
    assert facts({"is_do_not_remember": True}).do_not_remember
    assert not facts({"is_starred": "yes", "pinned_time": None, "is_archived": 1}).archived


@pytest.mark.parametrize(
    ("gizmo", "kind", "project"),
    [
        ({"gizmo_id": "g-AbC123"}, "gpt", "g-AbC123"),
        ({"gizmo_id": "g-p-0123456789abcdef-garden"}, "project", "g-p-012345678"),
        ({"conversation_template_id": "g-p-1"}, "project", "g-p-1"),
        ({"gizmo_id": "g-1", "gizmo_type": "snorlax"}, "project", "g-1"),
        ({"gizmo_id": 5, "gizmo_type": []}, "", ""),
    ],
)
def test_projects_and_gpts(gizmo, kind, project):
    """A project is told from a custom GPT, and has a short id."""
    assert (facts(gizmo).project_kind, facts(gizmo).project) == (kind, project)


def test_case_26_and_27_odd_keys():
    """Unknown keys and keys of odd types stand in nobody's way."""
    odd = {"voice": {"name": "cove"}, "plugin_ids": ["p"], "safe_urls": [None, 5], "new_key": {}}

    assert facts({**FULL, **odd}).voice == "cove"


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*FULL, "pinned_time"]), json_values))
def test_facts_of_anything(obj):
    """Any value under any key gives facts that can be stored."""
    found = facts(obj)

    assert found.id
    (found.id + found.title + found.project + found.voice + found.default_model).encode()
