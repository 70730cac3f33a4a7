"""The tree of a conversation comes out whole, whatever its mapping says."""

from __future__ import annotations

import json
import time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.conversation.nodes import Node
from app.core.conversation.tree import Tree
from tests.core.anything import agreeing
from tests.core.shapes import chain, message, node


def tree(current=None, **nodes):
    return Tree.of({"mapping": nodes, "current_node": current})


def at(when, **fields):
    return message("words", create_time=when, **fields)


@pytest.mark.parametrize("mapping", [{}, None, [], "text", 5, {"a": None}, {"a": "x", "b": 3}])
def test_case_19_mapping_of_any_type(mapping):
    """An empty, null or wrong mapping is an empty tree."""
    found = Tree.of({"mapping": mapping, "current_node": "a"})

    assert found.active_path() == []
    assert found.order == []


def test_case_19_mapping_as_a_list():
    """A list of nodes is read by the ids they have, and nameless ones are kept."""
    found = Tree.of({"mapping": [{"id": "a", "message": {}}, {"message": {}, "parent": "a"}]})

    assert found.active_path() == ["a", "node-1"]


@pytest.mark.parametrize("current", [None, "gone", 5, ["b"], {}])
def test_case_20_current_node_missing(current):
    """Without a usable current node the path leads to the newest leaf."""
    found = tree(
        current,
        r=node(None, "a", "b"),
        a=node("r", said=at(20.0)),
        b=node("r", said=at(10.0)),
    )

    assert found.active_path() == ["r", "a"]


def test_case_20_current_node_is_inner():
    """From an inner node the path continues to the newest leaf below it."""
    found = tree(
        "r",
        r=node(None, "a", "b"),
        a=node("r", "c", said=at(1.0)),
        b=node("r", said=at(2.0)),
        c=node("a", said=at(9.0)),
    )

    assert found.active_path() == ["r", "a", "c"]
    assert found.active_path("b") == ["r", "b"]
    assert found.active_path("a") == ["r", "a", "c"]
    assert found.active_path("unknown") == ["r", "a", "c"]


def test_newest_leaf_must_have_something_to_read():
    """A hidden or empty leaf is not where a conversation ends; ties go to the longer chain."""
    found = tree(
        None,
        r=node(None, "a", "b", "c", "e"),
        a=node("r", said=at(5.0)),
        b=node("r", said=at(9.0, metadata={"is_visually_hidden_from_conversation": True})),
        c=node("r", "d", said=at(4.0)),
        d=node("c", said=at(5.0)),
        e=node("r"),
    )

    assert found.active_path() == ["r", "c", "d"]


def test_leaf_without_time_has_its_ancestors():
    """A tool's node without a time counts as old as what it follows."""
    found = tree(
        None,
        r=node(None, "a", "b"),
        a=node("r", said=at(3.0)),
        b=node("r", "c", said=at(7.0)),
        c=node("b", said=at(None)),
    )

    assert found.active_path() == ["r", "b", "c"]


def test_case_21_loop_is_detached_and_told():
    """A loop belongs to no root; it is cut once, so that all of it can be walked."""
    found = tree("a", a=node("c", "b"), b=node("a", "c"), c=node("b", "a"), x=node(None, said="x"))

    assert found.roots == ("x",)
    assert sorted(found.detached) == ["a", "b", "c"]
    assert found.path_to("a") == ["b", "c", "a"]
    assert len(found.warnings) == 1


def test_case_21_own_parent():
    """A node that is its own parent is a root."""
    found = tree("a", a=node("a", "a", "b"), b=node("a"))

    assert found.active_path() == ["a", "b"]
    assert found.detached == ()


def test_case_22_several_roots_and_orphans():
    """Empty, null, missing and dangling parents all make roots."""
    found = tree("d", a=node(None), b=node(""), c=node("gone"), d={"message": {}})

    assert found.roots == ("a", "b", "c", "d")
    assert found.active_path() == ["d"]


def test_case_23_children_missing():
    """Without children lists the parents alone make the tree, by time and then by place."""
    found = tree(
        "z",
        a={"parent": None, "message": {}},
        x={"parent": "a", "message": at(9.0)},
        y={"parent": "a", "message": at(3.0)},
        z={"parent": "a", "message": at(3.0)},
    )

    assert found.children["a"] == ["y", "z", "x"]


def test_case_23_children_stale():
    """Unknown, duplicate and disputed children are sorted out: the parent wins."""
    found = tree(
        "c",
        a=node(None, "b", "b", "gone", "c"),
        b=node("a", "c"),
        c=node("b"),
        d=node("a"),
    )

    assert found.children["a"] == ["b", "d"]
    assert found.children["b"] == ["c"]
    assert found.active_path() == ["a", "b", "c"]


def test_child_without_parent_is_adopted():
    """A node with no parent of its own goes to the one that lists it."""
    found = tree("c", a=node(None, "b"), b={"message": {}, "children": ["c"]}, c={"message": {}})

    assert found.active_path() == ["a", "b", "c"]


def test_adoption_never_makes_a_loop():
    """A root listed as a child by its own descendant stays a root."""
    found = tree("b", a=node(None, "b"), b=node("a", "a"))

    assert found.roots == ("a",)
    assert found.detached == ()


def test_case_24_null_node_is_bridged():
    """The children of a null node go to whoever lists it."""
    found = tree("c", a=node(None, "n"), n=None, c=node("n"))

    assert found.active_path() == ["a", "c"]


def test_case_24_no_messages_anywhere():
    """A conversation of empty nodes still has a path."""
    assert tree(None, a=node(None, "b"), b=node("a")).active_path() == ["a", "b"]


@pytest.mark.parametrize("length", [10_000, 100_000])
def test_case_25_deep_chain(length):
    """A chain far deeper than Python's stack is read in time proportional to its length."""
    conversation = chain(*[{"create_time": 1.0}] * length)
    conversation["current_node"] = None
    began = time.process_time()

    found = Tree.of(conversation)

    assert len(found.active_path()) == length + 1
    assert time.process_time() - began < 5


def test_deep_loop_and_star():
    """A loop of many nodes and a node with many children are no slower."""
    size = 50_000
    loop = {f"l{i}": node(f"l{(i + 1) % size}") for i in range(size)}
    star = {f"s{i}": node("s0" if i else None) for i in range(size)}
    began = time.process_time()

    found = Tree.of({"mapping": {**loop, **star}})

    assert len(found.detached) == size
    assert len(found.children["s0"]) == size - 1
    assert len(found.path_to("l7")) <= size
    assert time.process_time() - began < 5


def test_ids_unfit_for_the_catalog_are_renamed():
    """Ids with lone surrogates or nothing in them become ids that can be stored, none lost."""
    found = tree(
        "\ud800", **{"": node(None, "\ud800"), "\ud800": node(""), chr(0xFFFD): node(None)}
    )

    assert len(found.messages) == 3
    for key in found.messages:
        assert key
        key.encode()
    assert len(found.active_path()) >= 1


ids = st.sampled_from(["a", "b", "c", "d", "e", "f", "", "\ud800"])
nodes = st.one_of(
    st.none(),
    st.text(max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "parent": st.one_of(st.none(), ids, st.integers()),
            "children": st.one_of(st.none(), st.lists(st.one_of(ids, st.none())), ids),
            "message": st.one_of(st.none(), st.just({}), st.text(max_size=3)),
        },
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(ids, nodes), st.one_of(st.none(), ids))
def test_every_node_is_in_the_tree_once(mapping, current):
    """Every node object is reached once; paths begin at a root and repeat nothing."""
    found = Tree.of({"mapping": mapping, "current_node": current})

    assert len(found.messages) == sum(isinstance(each, dict) for each in mapping.values())
    assert sorted(found.order) == sorted(found.messages)
    for key in found.messages:
        path = found.path_to(key)
        assert path[-1] == key
        assert len(set(path)) == len(path)
        assert found.parents[path[0]] is None
        assert (path[0] in found.roots) != (key in found.detached)
        assert set(path) <= set(found.active_path(key))
        assert not found.children[found.active_path(key)[-1]]


def undecoded(node):
    """A node as a file opened lightly has it."""
    raw = msgspec.Raw(json.dumps(node["message"]).encode())
    return Node(node["parent"], node["children"], raw)


@given(agreeing(), st.sampled_from(["n0", "n1", "n99"]))
def test_quick_way_is_the_long_way(mapping, current):
    """Where there is nothing to mend, the tree is what mending would have made of it."""
    conversation = {"mapping": mapping, "current_node": current}
    light = {
        key: Node(
            node["parent"], node["children"], msgspec.Raw(json.dumps(node["message"]).encode())
        )
        for key, node in mapping.items()
    }

    mended = Tree.mended(conversation)

    for quick in (Tree.of(conversation), Tree.of({**conversation, "mapping": light})):
        assert [quick.messages[key] for key in quick.messages] == list(mended.messages.values())
        assert (quick.parents, quick.children) == (mended.parents, mended.children)
        assert (quick.order, quick.roots, quick.current) == (
            mended.order,
            mended.roots,
            mended.current,
        )
        assert quick.active_path() == mended.active_path()


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(ids, nodes), st.one_of(st.none(), ids))
def test_nothing_is_taken_for_well_formed_that_is_not(mapping, current):
    """Any nodes at all: with the quick way or without it, the tree is the same."""
    conversation = {"mapping": mapping, "current_node": current}
    quick, mended = Tree.of(conversation), Tree.mended(conversation)

    assert (quick.parents, quick.children, quick.roots) == (
        mended.parents,
        mended.children,
        mended.roots,
    )
    assert (quick.detached, quick.current, quick.order) == (
        mended.detached,
        mended.current,
        mended.order,
    )
