"""Two versions of a conversation become one that holds all either had."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.conversation.merge import merge_conversations, pick_duplicate, previous_title, same


def node(key, content=None, *, parent=None, children=(), updated=None, metadata=None):
    message = {
        "id": key,
        "author": {"role": "assistant", "name": None, "metadata": {}},
        "create_time": 1.0,
        "update_time": updated,
        "content": content,
        "metadata": metadata if metadata is not None else {},
    }
    return {"id": key, "message": message, "parent": parent, "children": list(children)}


def text(words):
    return {"content_type": "text", "parts": [words]}


def conversation(*nodes, updated=100.0, **fields):
    mapping = {item["id"]: item for item in nodes}
    return {"id": "c", "title": "Herbs", "update_time": updated, "mapping": mapping, **fields}


def merged_message(stored, incoming, key="n"):
    return merge_conversations(stored, incoming)["mapping"][key]["message"]


def test_nodes_of_both_are_kept():
    """A conversation merged has every node either version had."""
    old = conversation(node("r", children=["a"]), node("a", parent="r"))
    new = conversation(node("r", children=["b"]), node("b", parent="r"), updated=200.0)

    merged = merge_conversations(old, new)

    assert set(merged["mapping"]) == {"r", "a", "b"}
    assert set(merged["mapping"]["r"]["children"]) == {"a", "b"}


@pytest.mark.parametrize("reverse", [False, True])
def test_newer_conversation_decides_title_flags_and_current_node(reverse):
    """The later update_time wins, whichever of the two is already in the library."""
    old = conversation(node("a"), current_node="a", is_archived=True)
    new = conversation(node("a"), updated=200.0, title="Shade", current_node="b", is_archived=False)

    merged = merge_conversations(new, old) if reverse else merge_conversations(old, new)

    assert merged["title"] == "Shade"
    assert merged["current_node"] == "b"
    assert merged["is_archived"] is False


def test_same_time_is_decided_by_more_nodes():
    """With equal update_time the version with more messages leads."""
    fuller = conversation(node("a"), node("b"), title="Longer", current_node="b")
    shorter = conversation(node("a"), title="Shorter and longer in letters", current_node="a")

    assert merge_conversations(shorter, fuller)["title"] == "Longer"
    assert merge_conversations(fuller, shorter)["current_node"] == "b"


@pytest.mark.parametrize("hollow", [None, "", "  ", [], {}, [None], [""]])
def test_empty_values_of_the_newer_never_replace(hollow):
    """A newer version that says nothing leaves what the older said."""
    old = conversation(node("n", text("Mint.")), voice="breeze")
    new = conversation(
        node("n", {"content_type": "text", "parts": hollow}, updated=9.0),
        updated=200.0,
        title=hollow,
    )
    new["voice"] = hollow

    merged = merge_conversations(old, new)

    assert merged["title"] == "Herbs"
    assert merged["voice"] == "breeze"
    assert merged["mapping"]["n"]["message"]["content"]["parts"] == ["Mint."]


def test_stripped_body_of_another_type_does_not_replace():
    """An emptied text does not take the place of the thoughts an older export held."""
    thoughts = {"content_type": "thoughts", "thoughts": [{"summary": "Shade", "content": "North."}]}
    old = conversation(node("n", thoughts))
    new = conversation(node("n", text(""), updated=9.0), updated=200.0)

    assert merged_message(old, new)["content"] == thoughts


def test_newer_text_supersedes_older_text():
    """Where both say something, the message with the later update_time is kept."""
    old = conversation(node("n", text("Mint."), updated=5.0))
    new = conversation(node("n", text("Sage."), updated=9.0))

    assert merged_message(old, new)["content"] == text("Sage.")
    assert merged_message(new, old)["content"] == text("Sage.")


def test_equally_old_messages_keep_the_richer_of_each_field():
    """A tie gives the longer body and the fuller metadata, even from different sides."""
    one = conversation(node("n", text("Mint tolerates shade."), metadata={"model_slug": "gpt-4o"}))
    other = conversation(
        node("n", text("Mint"), metadata={"model_slug": "gpt-4o", "citations": [{"start_ix": 4}]})
    )

    message = merged_message(one, other)

    assert message["content"] == text("Mint tolerates shade.")
    assert message["metadata"]["citations"] == [{"start_ix": 4}]


def test_metadata_keys_are_filled_one_by_one():
    """Metadata only the older export held survives in the newer message."""
    references = [{"type": "webpage", "matched_text": "x"}]
    old = conversation(node("n", text("a"), metadata={"content_references": references, "k": 1}))
    new = conversation(
        node("n", text("b"), updated=9.0, metadata={"content_references": [], "request_id": "r"})
    )

    metadata = merged_message(old, new)["metadata"]

    assert metadata == {"content_references": references, "k": 1, "request_id": "r"}


def test_picture_gone_from_the_newer_export_is_put_back():
    """An image part a later export lacks returns to its place before the caption."""
    image = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_a"}
    old = conversation(node("n", {"content_type": "multimodal_text", "parts": [image, "Kite"]}))
    new = conversation(
        node("n", {"content_type": "multimodal_text", "parts": ["Kite."]}, updated=9.0)
    )

    assert merged_message(old, new)["content"]["parts"] == [image, "Kite."]


def test_picture_keeps_the_prompt_the_newer_export_dropped():
    """The same image without its metadata is filled from the older one."""
    bare = {"content_type": "image_asset_pointer", "asset_pointer": "p", "metadata": None}
    told = {**bare, "metadata": {"dalle": {"prompt": "a kite"}}}
    old = conversation(node("n", {"content_type": "multimodal_text", "parts": [told]}))
    new = conversation(node("n", {"content_type": "multimodal_text", "parts": [bare]}, updated=9.0))

    assert merged_message(old, new)["content"]["parts"] == [told]


def test_children_are_joined_in_order():
    """A child one version lacks comes after the sibling it followed in the other."""
    old = conversation(node("r", children=["a", "x", "b"]))
    new = conversation(node("r", children=["a", "b", "c"]), updated=200.0)

    assert merge_conversations(old, new)["mapping"]["r"]["children"] == ["a", "x", "b", "c"]


def test_keys_only_the_older_has_are_kept():
    """A key a later export no longer writes stays in the conversation."""
    old = conversation(node("a"), workspace_id="w", unknown_key={"deep": [1]})
    new = conversation(node("a"), updated=200.0, owner="me")

    merged = merge_conversations(old, new)

    assert (merged["workspace_id"], merged["owner"]) == ("w", "me")
    assert merged["unknown_key"] == {"deep": [1]}


def test_inputs_are_left_as_they_were():
    """A merge changes neither version."""
    old = conversation(node("n", text("a"), children=["x"]), voice=None)
    new = conversation(node("n", text("b"), updated=9.0, children=["y"]), updated=200.0)
    before = copy.deepcopy((old, new))

    merge_conversations(old, new)

    assert (old, new) == before


def test_title_let_go_is_told():
    """The older title is told when the newer replaces it, and only then."""
    old, new = conversation(title="Herbs"), conversation(title="Shade", updated=200.0)

    assert previous_title(old, new) == "Herbs"
    assert previous_title(new, old) == "Herbs"
    assert previous_title(old, conversation(updated=200.0)) is None
    assert previous_title(old, conversation(updated=200.0, title="")) is None
    assert previous_title(conversation(title=None), new) is None


def test_the_same_conversation_twice_is_no_conflict():
    """Equal duplicates are one; different ones are merged, and said to differ."""
    one = conversation(node("a", text("x")))
    other = conversation(node("b", text("y")), updated=200.0)

    assert pick_duplicate(one, copy.deepcopy(one)) == (one, False)
    merged, differed = pick_duplicate(one, other)
    assert differed
    assert set(merged["mapping"]) == {"a", "b"}


def test_nesting_of_any_depth_is_borne():
    """Values nested far beyond the recursion limit are compared and merged."""
    deep: object = "bottom"
    also: object = "bottom"
    for _ in range(20_000):
        deep, also = {"content": [deep]}, {"content": [also]}
    one, other = conversation(node("a", deep)), conversation(node("a", also))

    assert same(one, other)
    assert same(one["mapping"]["a"], merge_conversations(one, other)["mapping"]["a"])


def test_ten_thousand_children_are_joined_quickly():
    """Joining two long lists of children takes time in proportion to their length."""
    old = conversation(node("r", children=[f"a{n}" for n in range(10_000)]))
    new = conversation(node("r", children=[f"b{n}" for n in range(10_000)]), updated=200.0)

    assert len(merge_conversations(old, new)["mapping"]["r"]["children"]) == 20_000


# -- any two versions at all -----------------------------------------------------------

IDS = st.sampled_from(["r", "a", "b", "c"])
WORDS = st.sampled_from(["", "x", "Mint", "Sage and thyme", " "])
TIMES = st.sampled_from([None, 1.0, 2.0, "3", "never", True, []])
POINTERS = st.sampled_from([None, "p", "q"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
IMAGES = st.fixed_dictionaries(
    {"content_type": st.just("image_asset_pointer"), "asset_pointer": POINTERS, "metadata": JUNK}
)
PARTS = st.lists(WORDS | IMAGES | st.none(), max_size=4)
CONTENTS = JUNK | st.fixed_dictionaries(
    {"content_type": st.sampled_from(["text", "code", None])},
    optional={"parts": PARTS, "text": WORDS, "language": WORDS},
)
MESSAGES = JUNK | st.fixed_dictionaries(
    {"update_time": TIMES},
    optional={"content": CONTENTS, "metadata": st.dictionaries(WORDS, JUNK, max_size=3)},
)
NODES = JUNK | st.fixed_dictionaries(
    {"message": MESSAGES},
    optional={"parent": IDS | JUNK, "children": st.lists(IDS, max_size=4) | JUNK},
)
CONVERSATIONS = st.fixed_dictionaries(
    {"id": st.just("c")},
    optional={
        "update_time": TIMES,
        "title": WORDS | JUNK,
        "current_node": IDS,
        "voice": JUNK,
        "mapping": st.dictionaries(IDS, NODES, max_size=4) | JUNK,
    },
)


@settings(max_examples=400)
@given(CONVERSATIONS, CONVERSATIONS)
def test_merging_again_changes_nothing(one, other):
    """Merging either side into the merged conversation leaves it as it is."""
    merged = merge_conversations(one, other)

    assert merge_conversations(one, one) == one
    assert merge_conversations(merged, other) == merged
    assert merge_conversations(merged, one) == merged


@settings(max_examples=200)
@given(CONVERSATIONS, CONVERSATIONS)
def test_nodes_are_the_union_whatever_the_order(one, other):
    """No node is lost, whichever version is imported first."""
    wanted = {
        key
        for side in (one, other)
        if isinstance(side.get("mapping"), dict)
        for key in side["mapping"]
    }

    for merged in (merge_conversations(one, other), merge_conversations(other, one)):
        mapping = merged.get("mapping")
        assert (set(mapping) if isinstance(mapping, dict) else set()) == wanted


@settings(max_examples=200)
@given(WORDS, WORDS, TIMES, TIMES)
def test_no_text_is_lost_but_to_a_later_text(ours, theirs, our_time, their_time):
    """A text vanishes only where another text of the same message took its place."""
    one = conversation(node("n", text(ours), updated=our_time))
    other = conversation(node("n", text(theirs), updated=their_time))

    kept = merged_message(one, other)["content"]["parts"][0]

    assert kept in {ours, theirs}
    assert kept.strip() or not (ours.strip() or theirs.strip())
