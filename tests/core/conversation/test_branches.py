"""Siblings looked up one by one are those a pass over the whole tree finds."""

from hypothesis import given
from hypothesis import strategies as st

from app.core.conversation.branches import Branches
from app.core.conversation.tree import Tree

IDS = [f"n{number}" for number in range(12)]
DISPLAYS = st.sampled_from(["show", "fold", "hide", "meta"])


@st.composite
def trees(draw):
    """A tree of a dozen nodes, some without a message, and how each is shown."""
    mapping = {}
    for place, key in enumerate(IDS):
        parent = draw(st.sampled_from([None, *IDS[:place], key]))
        message = draw(st.sampled_from([None, {"author": {"role": "user"}}]))
        mapping[key] = {"parent": parent, "message": message}
    displays = {key: draw(DISPLAYS) for key in IDS}
    return Tree.of({"mapping": mapping}), displays


@given(trees())
def test_siblings_are_those_of_the_whole_tree(made):
    """Every node's siblings, asked for in any order, are its group in one pass over all."""
    tree, displays = made
    groups = Branches(tree, displays.__getitem__)._groups()
    expected = {node: tuple(g) for g in groups if len(g) > 1 for node in g}

    branches = Branches(tree, displays.__getitem__)

    for node in reversed(IDS):
        assert branches.siblings(node) == expected.get(node, ())
    assert branches.extra == sum(len(g) - 1 for g in groups if len(g) > 1)
