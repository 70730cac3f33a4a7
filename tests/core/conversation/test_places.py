"""The places of messages: a tree made of them is the tree of the whole file."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation.nodes import Node
from app.core.conversation.places import Places, find_places
from app.core.conversation.tree import Tree
from tests.core.anything import agreeing

SAID = {"current_node": "n1", "default_model_slug": None, "model_slug": "gpt-4o"}


class Whole(msgspec.Struct):
    """A conversation file of which only the nodes are looked at."""

    mapping: dict[str, Node]


@given(agreeing(), st.sampled_from([None, 1, 4]), st.sampled_from(["n0", "n1", "n99"]))
def test_tree_of_places_is_the_tree_of_the_file(mapping, indent, current):
    """However the file is laid out, nothing tells the tree of its places from its own."""
    conversation = {"title": "t", "mapping": mapping, "current_node": current}
    text = json.dumps(conversation, indent=indent).encode()
    nodes = msgspec.json.decode(text, type=Whole).mapping

    found = find_places(text, nodes, **{**SAID, "current_node": current})
    tree = Places.decode(found.encoded()).tree(lambda start, length: text[start : start + length])
    whole = Tree.of(conversation)

    assert [tree.messages[node] for node in tree.messages] == list(whole.messages.values())
    assert list(tree.messages) == list(whole.messages)
    assert tree.messages.without == whole.messages.without
    assert (tree.parents, tree.children, tree.order) == (
        whole.parents,
        whole.children,
        whole.order,
    )
    assert (tree.roots, tree.current, tree.active_path()) == (
        whole.roots,
        whole.current,
        whole.active_path(),
    )


def test_message_is_fetched_when_looked_at_and_once():
    """Opening costs no message; looking twice at one fetches it once."""
    mapping = {
        "n0": {"parent": None, "children": ["n1"], "message": {"id": "n0"}},
        "n1": {"parent": "n0", "children": [], "message": {"id": "n1"}},
    }
    text = json.dumps({"mapping": mapping}).encode()
    places = find_places(text, msgspec.json.decode(text, type=Whole).mapping, **SAID)
    fetched = []

    def fetch(start, length):
        fetched.append((start, length))
        return text[start : start + length]

    tree = places.tree(fetch)
    assert tree.path_to("n1") == ["n0", "n1"]
    assert fetched == []
    assert tree.messages["n1"] == tree.messages["n1"] == {"id": "n1"}
    assert len(fetched) == 1


def test_nodes_that_disagree_have_no_places():
    """What needs mending is read whole."""
    mapping = {
        "n0": {"parent": None, "children": [], "message": {}},
        "n1": {"parent": "n0", "children": [], "message": {}},
    }
    text = json.dumps({"mapping": mapping}).encode()

    assert find_places(text, msgspec.json.decode(text, type=Whole).mapping, **SAID) is None


def test_messages_of_another_text_have_no_places():
    """A message that is not there, byte for byte, is never taken to be somewhere."""
    mapping = {"n0": {"parent": None, "children": [], "message": {"id": "n0", "a": 1}}}
    nodes = msgspec.json.decode(json.dumps({"mapping": mapping}), type=Whole).mapping

    assert find_places(b'{"id": "n0", "a": 2}', nodes, **SAID) is None


@pytest.mark.parametrize("raw", [b"", b"\xc1", b"\x90", b"\x98\x01\x02\x03\x04\x05\x06\x07\x08"])
def test_what_is_no_places_is_told(raw):
    """Bytes of something else are no places."""
    assert Places.decode(raw) is None
