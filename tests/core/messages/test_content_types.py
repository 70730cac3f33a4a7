"""Every content type an export can hold is shown, folded, hidden or told as it should be."""

from __future__ import annotations

import pytest

from app.core import blocks as b
from tests.core.shapes import message, understood


def of(content, role="assistant", **fields):
    return understood(message(content, role, **fields))


def test_text():
    """An answer is Markdown; its non-empty parts are joined by a blank line."""
    found = of({"content_type": "text", "parts": ["Hello", "", None, "there"]})

    assert found == b.Content("text", "show", (b.Prose("Hello\n\nthere"),))


def test_person_is_shown_as_typed():
    """What a person wrote is not Markdown."""
    assert of("# no *title*", "user").blocks == (b.Plain("# no *title*"),)


def test_multimodal_text():
    """A picture and a question are a picture and a question, in order."""
    picture = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "sediment://file_00aa11",
        "size_bytes": 20480,
        "width": 640,
        "height": 480,
        "fovea": None,
        "metadata": None,
    }
    found = of({"content_type": "multimodal_text", "parts": [picture, "What is this?"]}, "user")

    assert found.kind == "image"
    assert found.blocks == (
        b.AssetReference(
            "sediment://file_00aa11", "image", size_bytes=20480, width=640, height=480
        ),
        b.Plain("What is this?"),
    )


@pytest.mark.parametrize(
    ("recipient", "text", "label"),
    [
        ("python", "print(2+2)", "Ran Python"),
        ("browser", 'search("shade herbs")', "Searched the web: shade herbs"),
        ("web.run", '{"search_query":[{"q":"shade herbs"}]}', "Searched the web: shade herbs"),
        ("web", '{"open":[{"ref_id":"turn0search1"}]}', "Looked at the web"),
        ("file_search", '{"queries":["mint"]}', "Searched your files: mint"),
        ("dalle.text2im", '{"prompt":"a kite","size":"1024x1024","n":1}', "Made an image"),
        ("t2uay3k.sj1i4kz", '{"prompt":"a kite","n":1}', "Made an image"),
        ("container.exec", '{"cmd":["ls"]}', "Ran a command"),
        ("bio", "User likes mint", "Saved to memory"),
        ("api_tool.call_tool", "{}", "Used api_tool.call_tool"),
        ("computer.do", "{}", "Used a computer"),
    ],
)
def test_calls_are_folded_with_a_label(recipient, text, label):
    """A call of a tool is one quiet line that says what was done."""
    found = of({"content_type": "code", "language": "unknown", "text": text}, recipient=recipient)

    assert (found.kind, found.display, found.label) == ("code", "fold", label)
    assert [block.text for block in found.blocks] == [text]


@pytest.mark.parametrize(
    ("language", "text", "recipient", "known"),
    [
        ("python", "x", "python", "python"),
        ("unknown", "x = 1", "python", "python"),
        ("unknown", '{"a": 1}', "web", "json"),
        (None, "search('x')", "browser", ""),
        (5, "x", "all", ""),
    ],
)
def test_language_of_code(language, text, recipient, known):
    """An unknown language is JSON if it parses, Python for Python, else none."""
    content = {"content_type": "code", "language": language, "text": text}

    assert of(content, recipient=recipient).blocks == (b.Code(text, known),)


def test_code_for_all_is_shown():
    """Code said to the person is part of the answer."""
    assert of({"content_type": "code", "language": "python", "text": "1"}).display == "show"


def test_execution_output():
    """What a program printed is folded below it."""
    found = of({"content_type": "execution_output", "text": "4\n"}, "tool", name="python")

    assert found == b.Content("output", "fold", (b.Output("4\n"),), label="Result of Python")


def test_aggregate_result():
    """Without text the streams tell; pictures are shown; colours are taken out of tracebacks."""
    aggregate = {
        "code": "plot()",
        "final_expression_output": "7",
        "in_kernel_exception": {"name": "E", "traceback": ["\x1b[0;31mE\x1b[0m: no", 5]},
        "messages": [
            {"message_type": "stream", "stream_name": "stdout", "text": "printed\n"},
            {"message_type": "image", "image_url": "file-service://file-Ab1", "width": 3},
            None,
        ],
    }
    content = {"content_type": "execution_output", "text": ""}
    found = of(content, "tool", name="python", metadata={"aggregate_result": aggregate})

    assert found.display == "show"
    assert found.blocks == (
        b.Output("printed\n7"),
        b.Output("E: no", failed=True),
        b.AssetReference("file-service://file-Ab1", "image", width=3, note="from code"),
    )


def test_code_the_export_stripped_is_told_by_its_result():
    """Where the call lost its body, the result still knows what ran."""
    call = message({"content_type": "code", "text": ""}, recipient="python")
    metadata = {"aggregate_result": {"code": "print(1)", "messages": None}}
    result = message({"content_type": "execution_output", "text": ""}, "tool", metadata=metadata)

    assert understood(result, call).blocks == (b.Code("print(1)", "python"),)


@pytest.mark.parametrize("aggregate", [None, [], {"messages": None}, {"messages": [5]}, "x"])
def test_case_42_aggregate_result(aggregate):
    """A null or broken aggregate leaves the text alone."""
    content = {"content_type": "execution_output", "text": "4"}

    assert of(content, "tool", metadata={"aggregate_result": aggregate}).blocks == (b.Output("4"),)


def test_visualizations():
    """Tables and charts of data analysis are files of the message."""
    metadata = {"ada_visualizations": [{"type": "table", "file_id": "file-T", "title": "Rows"}]}
    found = of({"content_type": "execution_output", "text": "x"}, "tool", metadata=metadata)

    assert found.blocks[1] == b.AssetReference("file-T", "file", name="Rows", note="table")


def test_browsing_display():
    """What a browsing tool read is folded, with links to its pages."""
    content = {
        "content_type": "tether_browsing_display",
        "result": "L0: Garden page",
        "summary": None,
        "assets": None,
        "tether_id": None,
    }
    pages = [{"title": "Mint", "url": "https://example.org/mint", "text": "", "type": "webpage"}]
    cite = {"_cite_metadata": {"citation_format": {"name": "tether_og"}, "metadata_list": pages}}
    found = of(content, "tool", name="browser", metadata=cite)

    assert (found.kind, found.display, found.label) == ("browsing", "fold", "Browsed the web")
    assert found.blocks == (
        b.Links((("Mint", "https://example.org/mint"),)),
        b.Output("L0: Garden page"),
    )


def test_browsing_code():
    """The older name of a browsing call is folded code."""
    content = {"content_type": "tether_browsing_code", "language": "unknown", "text": "click(3)"}

    assert of(content, recipient="browser").blocks == (b.Code("click(3)"),)


@pytest.mark.parametrize(
    ("content", "card"),
    [
        (
            {
                "content_type": "tether_quote",
                "url": "https://example.org/mint",
                "domain": "example.org",
                "text": "Mint spreads.",
                "title": "Mint",
            },
            b.Card("Mint", "https://example.org/mint", "example.org", "Mint spreads."),
        ),
        (
            {"content_type": "tether_quote", "url": "file-id://file-1", "text": "T", "title": ""},
            b.Card("Quotation", "", "", "T"),
        ),
        (
            {
                "content_type": "sonic_webpage",
                "url": "https://example.org/a",
                "title": "A",
                "domain": "example.org",
                "text": "",
                "snippet": "s",
                "ref_id": "turn0fetch1",
            },
            b.Card("A", "https://example.org/a", "example.org", "s"),
        ),
    ],
)
def test_quotations(content, card):
    """A quotation or page is a folded card; only web addresses are links."""
    found = of(content, "tool")

    assert (found.kind, found.display) == ("quote", "fold")
    assert found.blocks == (card,)


def test_system_error():
    """An error is folded, marked as one."""
    content = {"content_type": "system_error", "name": "tool_error", "text": "Error: timed out"}
    found = of(content, "tool")

    assert (found.kind, found.display) == ("error", "fold")
    assert found.blocks == (b.Output("Error: timed out", title="tool_error", failed=True),)


@pytest.mark.parametrize(
    ("metadata", "label"),
    [
        ({}, "Thought"),
        ({"finished_duration_sec": 7}, "Thought for 7 seconds"),
        ({"finished_duration_sec": 61}, "Thought for 1 minute 1 second"),
        ({"finished_duration_sec": float("nan")}, "Thought"),
        ({"reasoning_start_time": 100.0, "reasoning_end_time": 220.0}, "Thought for 2 minutes"),
    ],
)
def test_thoughts(metadata, label):
    """Thoughts are folded under how long they took."""
    thought = {
        "summary": "Checking shade",
        "content": "Mint tolerates it.",
        "chunks": ["Mint tolerates it."],
        "finished": True,
    }
    found = of({"content_type": "thoughts", "thoughts": [thought]}, metadata=metadata)

    assert (found.kind, found.display, found.label) == ("thoughts", "fold", label)
    assert found.blocks == (b.Thought("Checking shade", "Mint tolerates it."),)


@pytest.mark.parametrize("thoughts", [None, [], [None], [{}], {}, [{"summary": None}]])
def test_case_33_empty_thoughts(thoughts):
    """No thoughts are nothing to show."""
    assert of({"content_type": "thoughts", "thoughts": thoughts}) == b.Content("thoughts", "hide")


def test_case_33_recap():
    """A recap is its own label, and without text nothing."""
    found = of({"content_type": "reasoning_recap", "content": "Thought for 7 seconds"})

    assert (found.kind, found.display, found.label) == ("recap", "fold", "Thought for 7 seconds")
    assert of({"content_type": "reasoning_recap"}).display == "hide"


@pytest.mark.parametrize("hidden", [True, False])
def test_custom_instructions(hidden):
    """Custom instructions are told about the conversation, flagged hidden or not."""
    content = {
        "content_type": "user_editable_context",
        "user_profile": "I garden.",
        "user_instructions": "Be brief.",
    }
    metadata = {"is_visually_hidden_from_conversation": hidden, "is_user_system_message": True}
    found = of(content, "user", metadata=metadata)

    parts = (("About you", "I garden."), ("How to answer", "Be brief."))
    assert found == b.Content("instructions", "meta", (b.Instructions(parts),))


def test_custom_instructions_of_old_exports():
    """An empty system message's metadata may be all there is."""
    told = {"about_user_message": "I garden.", "about_model_message": ""}
    metadata = {"is_user_system_message": True, "user_context_message_data": told}
    found = of("", "system", metadata=metadata)

    assert (found.kind, found.display) == ("instructions", "meta")
    assert found.blocks == (b.Instructions((("About you", "I garden."),)),)


def test_memory():
    """What ChatGPT remembered is told about the conversation."""
    content = {"content_type": "model_editable_context", "model_set_context": "1. Likes mint."}
    found = of(content)

    assert (found.kind, found.display) == ("memory", "meta")
    assert found.blocks == (b.Instructions((("Memory", "1. Likes mint."),)),)


def test_app_pairing():
    """What a paired app showed the model is hidden, and kept."""
    content = {
        "content_type": "app_pairing_content",
        "context_parts": [],
        "workspaces": [{"id": "w", "app_name": "Editor", "title": "main.py"}],
    }
    found = of(content, "user")

    assert (found.kind, found.display) == ("system", "hide")
    assert found.blocks == (b.Plain("w\nEditor\nmain.py"),)


def test_computer_output():
    """A screen is folded with the page it was at."""
    screenshot = {
        "content_type": "image_asset_pointer",
        "asset_pointer": "sediment://file_0d",
        "size_bytes": 1,
        "width": 1280,
        "height": 800,
    }
    state = {"type": "browser_state", "id": "b", "title": "Shop", "url": "https://example.org"}
    content = {"content_type": "computer_output", "screenshot": screenshot, "state": state}
    found = of(content, "tool", name="computer.do")

    assert (found.display, found.label) == ("fold", "Looked at the screen: Shop")
    assert found.blocks[0].note == "screenshot"
    assert found.blocks[1] == b.Card("Shop", "https://example.org")
    assert of({"content_type": "computer_output", "screenshot": None}, "tool").display == "hide"


def test_super_widget():
    """A widget's links are shown; what else it holds is counted, and its strings kept."""
    links = [{"title": "Guide", "url": "https://example.org/g"}]
    found = of({"content_type": "super_widget", "widgets": {"navlinks": links, "map": ["here"]}})

    assert found.display == "show"
    assert found.blocks == (
        b.Links((("Guide", "https://example.org/g"),)),
        b.NotUnderstood("super_widget.map", "here"),
    )


def test_citable_code_output():
    """A connected service's answer is folded under its title."""
    about = {"display_title": "Sheet", "display_url": "https://example.org/s"}
    content = {"content_type": "citable_code_output", "output_str": '{"rows":3}', "metadata": about}

    assert of(content, "tool").blocks == (
        b.Output('{"rows":3}', title="Sheet"),
        b.Links((("Sheet", "https://example.org/s"),)),
    )


@pytest.mark.parametrize("kind", ["system_content", "developer_content", "system_message"])
def test_system_texts_are_hidden(kind):
    """Texts for the model are hidden, and reachable."""
    hidden = b.Content("system", "hide", (b.Plain("Rules"),))

    assert of({"content_type": kind, "text": "Rules"}, "system") == hidden
    assert of({"content_type": kind, "parts": ["Rules"]}, "system") == hidden


def test_case_32_unknown_type():
    """An unknown content says what it can, keeps every string, and is counted."""
    content = {"content_type": "hologram", "parts": ["words"], "extra": [{"deep": "more"}]}
    found = of(content)

    assert found.not_understood == ("hologram",)
    assert found.display == "show"
    assert found.blocks == (b.Prose("words"), b.NotUnderstood("hologram", "more"))


@pytest.mark.parametrize(
    "content", [{}, {"content_type": None}, {"content_type": "x"}, {"content_type": 5}]
)
def test_case_32_nothing_to_say(content):
    """A content without a word is counted and shown as one line, never dropped."""
    found = of(content)

    assert found.display == "show"
    assert [type(block) for block in found.blocks] == [b.NotUnderstood]
    assert len(found.not_understood) == 1


@pytest.mark.parametrize(
    ("content", "blocks"),
    [
        (None, ()),
        ("bare words", (b.Prose("bare words"),)),
        ({"parts": ["no type"]}, (b.Prose("no type"),)),
        (["a list"], (b.Prose("a list"),)),
        (5, (b.Prose("5"),)),
    ],
)
def test_case_30_content_of_any_type(content, blocks):
    """A null content is nothing; a string, a list, parts without a type are texts."""
    told = {**message("x"), "content": content}

    assert understood(told).blocks == blocks


@pytest.mark.parametrize(
    ("parts", "blocks"),
    [
        (None, ()),
        ("whole", (b.Prose("whole"),)),
        ([None], ()),
        ([5, 1.5], (b.Prose("5\n\n1.5"),)),
        ([[["deep"]]], (b.Prose("deep"),)),
        ([{"content_type": "multimodal_text", "parts": ["nested"]}], (b.Prose("nested"),)),
        ([{"text": "bare"}], (b.Prose("bare"),)),
    ],
)
def test_case_31_parts_of_any_type(parts, blocks):
    """Parts that are null, missing, a string, numbers or nested are read for what they say."""
    found = of({"content_type": "text", "parts": parts})

    assert found.blocks == blocks
    assert of({"content_type": "text"}).blocks == ()
    assert of({"content_type": "multimodal_text", "parts": [{}]}).display == "hide"
