"""Canvas documents are rebuilt from the calls that wrote them; hostile edits cannot hang us."""

from __future__ import annotations

import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import blocks as b
from app.core.conversation.reading import Reading
from app.core.messages.canvas.edits import apply_edit
from app.core.messages.canvas.patterns import Budget, OutOfSteps, compile_pattern
from tests.core.shapes import chain, message, understood

CREATED = '{"name":"shade_list","type":"document","content":"# Shade herbs\\n- mint\\n"}'


def call(action, arguments, **fields):
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    content = {"content_type": "code", "language": "json", "text": text}
    return message(content, recipient=f"canmore.{action}_textdoc", **fields)


def reply(**canvas):
    told = {"textdoc_id": "td1", "textdoc_type": "document", "title": "Shade list", **canvas}
    return message("Done", "tool", name="canmore.update_textdoc", metadata={"canvas": told})


def update(pattern, replacement, *, multiple=False):
    edit = {"pattern": pattern, "multiple": multiple, "replacement": replacement}
    return call("update", {"updates": [edit]})


def canvases(*messages):
    """Return each canvas with the place of the message that shows it."""
    reading = Reading.of(chain(*messages))
    return [
        (int(node[1:]), block)
        for node in reading.path(hidden=True)
        for block in reading.content(node).blocks
        if isinstance(block, b.Canvas)
    ]


def test_history():
    """Made, edited and commented on, a document has its versions at its last change."""
    comment = {"comments": [{"pattern": "peppermint", "comment": "spreads fast"}]}
    found = canvases(
        call("create", CREATED),
        reply(version=1),
        update("mint", "peppermint", multiple=True),
        reply(version=2, from_version=1),
        call("comment", comment),
        reply(version=2),
        message("Anything else?"),
    )

    versions = (
        b.CanvasVersion(1, "# Shade herbs\n- mint\n"),
        b.CanvasVersion(2, "# Shade herbs\n- peppermint\n", ("spreads fast",)),
    )
    assert found == [(4, b.Canvas("td1", "Shade list", "document", versions))]


def test_shown_where_it_changed_last():
    """The call that changed a document last is shown; the earlier ones stay folded."""
    reading = Reading.of(chain(call("create", CREATED), reply(), update(".*", "new"), reply()))

    assert [reading.content(node).display for node in reading.path()] == [
        *("fold", "fold", "show", "fold")
    ]
    assert reading.content("n0").blocks == (
        b.Code("# Shade herbs\n- mint\n", "markdown", "shade_list"),
    )


def test_branches_have_their_own_history():
    """A document edited differently on two branches has two histories."""
    conversation = chain(call("create", CREATED), reply(), update(".*", "one"), reply())
    other = {"id": "o", "message": update(".*", "two"), "parent": "n1", "children": []}
    conversation["mapping"]["o"] = other
    reading = Reading.of(conversation)

    assert reading.content("n2").blocks[0].versions[-1].text == "one"
    assert reading.content("o").blocks[0].versions[-1].text == "two"


def test_person_edits():
    """A person's own edit is a version, shown with what they said."""
    edit = {"textdoc_id": "td1", "textdoc_content": "mine", "has_user_edit": True}
    told = message("I changed it", "user", metadata={"canvas": edit})
    reading = Reading.of(chain(call("create", CREATED), reply(), told))
    shown = reading.content("n2").blocks

    assert shown[0] == b.Plain("I changed it")
    assert [version.text for version in shown[1].versions] == ["# Shade herbs\n- mint\n", "mine"]


def test_person_made_documents():
    """A document a person made is told by their message alone."""
    made = {"textdoc_id": "u1", "title": "Mine", "type": "code/python", "content": "x = 1"}
    told = message("See", "user", metadata={"canvas": {"user_created_textdocs": [made, None]}})

    assert canvases(told) == [
        (0, b.Canvas("u1", "Mine", "code/python", (b.CanvasVersion(1, "x = 1"),)))
    ]


def test_without_replies():
    """Calls whose replies are missing belong together by their order."""
    (_, canvas), *more = canvases(call("create", CREATED), update("mint", "dill"))

    assert not more
    assert canvas.title == "shade_list"
    assert canvas.versions[-1].text == "# Shade herbs\n- dill\n"


@pytest.mark.parametrize(
    ("written", "content"),
    [
        (CREATED[:-1], "# Shade herbs\n- mint\n"),
        (CREATED[:-4], "# Shade herbs\n- mint"),
        ('{"name":"n","type":"document","content":"raw\nnewline"}', "raw\nnewline"),
        ('{"name":"n" "type":"document","content":"torn\\n"', "torn\n"),
    ],
)
def test_case_41_broken_json_is_repaired(written, content):
    """A creation that is cut off, or has raw newlines or a missing comma, is still read."""
    ((_, canvas),) = canvases(call("create", written))

    assert canvas.versions[0].text == content


@pytest.mark.parametrize("action", ["create", "update", "comment"])
@pytest.mark.parametrize("written", ["no json", "[]", "{}", '{"updates": 5}', "{" * 50_000, "null"])
def test_case_41_hopeless_json_is_shown_as_text(action, written):
    """A call that cannot be read is shown as it stands, and makes no document."""
    found = understood(call(action, written))

    assert [type(block) for block in found.blocks] == [b.Code]
    assert found.blocks[0].text == written
    assert canvases(call(action, written)) == []


def test_unreadable_update_is_approximate():
    """An update that cannot be read or replayed is kept as a comment on an approximate version."""
    ((_, canvas),) = canvases(call("create", CREATED), call("update", "torn"), update("(", "x"))

    assert [version.approximate for version in canvas.versions] == [False, True, True]
    assert canvas.versions[1].comments == ("torn",)
    assert '"pattern": "("' in canvas.versions[2].comments[0]
    assert canvas.versions[2].text == canvas.versions[0].text


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "every", "edited"),
    [
        ("a\nb", ".*", "n\\1ew", False, "n\\1ew"),
        ("mint mint", "mint", "dill", False, "dill mint"),
        ("mint mint", "mint", "dill", True, "dill dill"),
        ("a-b", r"(\w)-(\w)", r"\2-\1 \\d \n", False, r"b-a \\d \n"),
        ("x = f(1)", r"f\((?P<n>\d+)\)", r"g(\g<n>)", False, "x = g(1)"),
        ("start\nmid\nend", "start.*?end", "all", False, "all"),
        ("f(x) + 1", "f(x) + 1", "g", False, "g"),
        ("aXbX", "[A-Z]$", "!", False, "aXb!"),
        ("abc", "", "x", False, None),
        ("abc", "nowhere", "x", False, None),
        ("abc", "(?=b)", "x", False, None),
    ],
)
def test_edits(text, pattern, replacement, every, edited):
    """Edits are replayed as expressions, else as plain words, else not at all."""
    assert apply_edit(text, pattern, replacement, every=every, budget=Budget(100_000)) == edited


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)*b", "(a*)*b", "a*a*a*a*a*c", r"(.*)\1\1x", "(?:a?){50}a{50}b"]
)
def test_case_41_catastrophic_expressions(pattern):
    """An expression built to run for ever is given up in a moment, and the version marked."""
    began = time.process_time()
    ((_, canvas),) = canvases(
        call("create", {"name": "n", "type": "document", "content": "a" * 5000 + "!"}),
        *[update(pattern, "x")] * 20,
    )

    assert time.process_time() - began < 20
    assert canvas.versions[-1].approximate


atoms = st.sampled_from(["a", "b", "ab", ".", r"\s", r"\w", "[ab]", "[^a]", r"\n", "^", "$", r"\b"])
expressions = st.recursive(
    atoms,
    lambda below: st.one_of(
        st.tuples(below, below).map("".join),
        below.map("({})".format),
        st.tuples(below, below).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(
            below, st.sampled_from(["*", "+", "?", "*?", "+?", "{1,2}", "{2}", "{0,3}?"])
        ).map(lambda two: f"(?:{two[0]}){two[1]}"),
    ),
    max_leaves=6,
)


@settings(max_examples=400, deadline=None)
@given(expressions, st.text("abc \n", max_size=8))
def test_matcher_agrees_with_pythons(expression, text):
    """Where our matcher answers, it finds what Python's finds."""
    try:
        found = compile_pattern(expression).search(text, 0, Budget(5_000))
    except OutOfSteps:
        return
    expected = re.search(expression, text, re.DOTALL)

    assert (found and (found[0], found[1])) == (expected and expected.span())


@settings(deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20), st.booleans())
def test_any_edit_ends(text, pattern, replacement, every):
    """No pattern raises, whatever it is."""
    edited = apply_edit(text, pattern, replacement, every=every, budget=Budget(20_000))

    assert edited is None or isinstance(edited, str)
