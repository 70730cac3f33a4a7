"""Citation marks leave the text; what they cite is numbered; nothing remote is fetched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import blocks as b
from tests.core.shapes import CLOSE, NEXT, OPEN, message, understood

MINT = b.Source(1, "Mint", "https://example.org/mint")


def mark(*fields):
    return OPEN + NEXT.join(fields) + CLOSE


def cited(*numbers):
    return "\ufdd0" + ",".join(map(str, numbers)) + "\ufdd1"


def said(text, *before, **metadata):
    return understood(message(text, metadata=metadata), *before)


def prose(found):
    return [block.text for block in found.blocks if isinstance(block, b.Prose)]


def grouped(matched, *names, **fields):
    items = [{"title": name.title(), "url": f"https://example.org/{name}"} for name in names]
    return {"type": "grouped_webpages", "matched_text": matched, "items": items, **fields}


def test_lenticular_by_place():
    """The old brackets are resolved by the citations of the message."""
    citation = {
        "start_ix": 5,
        "end_ix": 16,
        "citation_format_type": "tether_og",
        "invalid_reason": None,
        "metadata": {
            "type": "webpage",
            "title": "Mint",
            "url": "https://example.org/mint",
            "text": "Spreads",
            "extra": {"cited_message_idx": 12, "evidence_text": "L1"},
        },
    }
    found = said("Mint.【12†source】 Again【12†L2】.", citations=[citation])

    assert prose(found) == [f"Mint.{cited(1)} Again{cited(1)}."]
    assert found.sources == (b.Source(1, "Mint", "https://example.org/mint", snippet="Spreads"),)


def test_lenticular_by_the_tools_list():
    """Without citations of its own an answer cites the nearest earlier list of results."""
    pages = [{"title": "A"}, {"title": "Mint", "url": "https://example.org/mint"}]
    tool = message("x", "tool", metadata={"_cite_metadata": {"metadata_list": pages}})
    found = said("Mint【1†source】 and【9†source】", tool)

    assert prose(found) == [f"Mint{cited(1)} and"]
    assert found.sources == (MINT,)


def test_content_references():
    """References replace the text they match; the same page has one number."""
    one, two = mark("cite", "turn0search3"), mark("cite", "turn2news26")
    references = [
        grouped(one, "mint", start_idx=0, end_idx=3),
        grouped(two, "mint", "dill", start_idx=400),
    ]
    references[0]["items"][0]["supporting_websites"] = [{"title": "B", "url": "http://b.org/"}]
    found = said(f"🌿 Mint{one} and dill{two}.", content_references=references)

    assert prose(found) == [f"🌿 Mint{cited(1, 2)} and dill{cited(1, 3)}."]
    assert [source.title for source in found.sources] == ["Mint", "B", "Dill"]


def test_same_matched_text_twice():
    """Two references with the same text take their own places."""
    one = mark("cite", "turn0search0")
    references = [grouped(one, "mint"), grouped(one, "dill")]
    found = said(f"a{one} b{one}", content_references=references)

    assert prose(found) == [f"a{cited(1)} b{cited(2)}"]


def test_case_39_blank_matched_text_deletes_no_spaces():
    """A footnote matching a single space lists its sources and leaves every space."""
    footnote = {
        "type": "sources_footnote",
        "matched_text": " ",
        "start_idx": 1,
        "sources": [{"title": "Mint", "url": "https://example.org/mint", "attribution": "E"}],
    }
    found = said("All the spaces stay.", content_references=[footnote, {"matched_text": ""}])

    assert prose(found) == ["All the spaces stay."]
    assert found.sources == (b.Source(1, "Mint", "https://example.org/mint", "E"),)


@pytest.mark.parametrize(
    "citations",
    [
        None,
        [{}],
        [{"start_ix": 4, "end_ix": 13, "invalid_reason": None}],
        [{"start_ix": -5, "end_ix": 10**12, "metadata": {"title": "T"}}],
        [{"start_ix": "x", "metadata": None}, 5],
    ],
)
def test_case_39_broken_citations(citations):
    """Citations without metadata or beyond the text only lose their mark."""
    assert prose(said("Mint【3†source】.", citations=citations)) == ["Mint."]


def test_case_39_overlapping():
    """Of overlapping references the longest wins."""
    references = [grouped("mint tea", "tea"), grouped("mint", "mint"), grouped("tea time", "time")]
    found = said("The mint tea time.", content_references=references)

    assert prose(found) == [f"The {cited(1)} time."]
    assert [source.title for source in found.sources] == ["Tea"]


@pytest.mark.parametrize(
    ("reference", "text", "links"),
    [
        ({"type": "hidden"}, "a .", ()),
        ({"type": "entity", "name": "Ada Lovelace"}, "a Ada Lovelace.", ()),
        ({"type": "alt_text", "alt": "in words"}, "a in words.", ()),
        ({"type": "novelty", "alt": "as told"}, "a as told.", ()),
        ({"type": "novelty"}, "a .", ()),
        (
            {
                "type": "image_v2",
                "images": [{"image_result": {"title": "Leaf", "url": "https://e.org/l"}}],
            },
            "a .",
            (b.Links((("Leaf", "https://e.org/l"),), "Pictures"),),
        ),
        (
            {"type": "nav_list", "items": [{"title": "More", "url": "https://e.org/m"}]},
            "a .",
            (b.Links((("More", "https://e.org/m"),)),),
        ),
    ],
)
def test_reference_types(reference, text, links):
    """Each type of reference becomes what it means: nothing, a name, words, links below."""
    matched = mark("odd", "thing")
    found = said(f"a {matched}.", content_references=[{"matched_text": matched, **reference}])

    assert found.blocks == (b.Prose(text), *links)


def test_file_reference():
    """A file is cited by its name, without an address."""
    matched = mark("filecite", "turn1file0", "L3-L4")
    reference = {"type": "file", "matched_text": matched, "name": "plan.pdf", "snippet": "s"}
    found = said(f"a{matched}", content_references=[reference])

    assert found.sources == (b.Source(1, "plan.pdf", snippet="s"),)


def results(title, *, hidden=False):
    entry = {
        "type": "search_result",
        "url": f"https://example.org/{title}",
        "title": title,
        "ref_id": {"turn_index": 0, "ref_type": "search", "ref_index": 0},
    }
    metadata = {"search_result_groups": [{"domain": "example.org", "entries": [entry]}]}
    if hidden:
        metadata["is_visually_hidden_from_conversation"] = True
    return message("", "tool", metadata=metadata)


def test_results_of_earlier_messages():
    """A mark no reference covers is resolved by the nearest earlier result, hidden or not."""
    found = said(
        f"a{mark('cite', 'turn0search0', 'turn9view9')}",
        results("far"),
        results("near", hidden=True),
    )

    assert prose(found) == [f"a{cited(1)}"]
    assert found.sources == (b.Source(1, "near", "https://example.org/near"),)


def test_web_page_is_a_source():
    """A page ChatGPT opened is cited by its own key."""
    page = {
        "content_type": "sonic_webpage",
        "url": "https://e.org/",
        "title": "Page",
        "ref_id": "turn0fetch1",
        "domain": "e.org",
    }
    found = said(f"a{mark('cite', 'turn0fetch1')}", message(page, "tool"))

    assert found.sources == (b.Source(1, "Page", "https://e.org/", "e.org"),)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a citeturn0search0", "a "),
        ("a.citeturn0search0turn1news2", "a."),
        ("a filecite turn0file1", "a "),
        ("stray \ue200 open", "stray  open"),
        ("stray \ue200cite\ue202turn0search0 rest", "stray  rest"),
        ("odd \ue203\ue2ff end", "odd  end"),
        ("to cite a turn of words", "to cite a turn of words"),
        (mark("entity", '["people","Ada Lovelace",0]') + "!", "Ada Lovelace!"),
        (mark("entity", "[broken") + "x", "x"),
        (mark("url", "Mint", "https://e.org/m?utm_source=chatgpt.com"), "[Mint](https://e.org/m)"),
        (mark("url", "Mint", "javascript:alert(1)"), "Mint"),
        (mark("image_group", '{"query":["mint"]}') + "x", "x"),
    ],
)
def test_case_40_marks_and_leftovers(text, left):
    """Marks that resolve to nothing, and what is left of marks, are not shown."""
    assert prose(said(text)) == [left]


@pytest.mark.parametrize(
    "fenced",
    [
        "```\n\ue200cite\ue202turn0search0\ue201 【1†source】\n```",
        "~~~~\nciteturn0search0 sandbox:/mnt/data/x\n~~~~",
        "```python\nopen \ue200cite\ue201",
    ],
)
def test_marks_in_code_stay(fenced):
    """What stands in a code fence is code, even when the fence is left open."""
    found = said(f"before{mark('cite', 'x')}\n{fenced}")

    assert prose(found) == [f"before\n{fenced}"]


def test_after_a_fence():
    """Marks before and after a fence are taken out, each in its place."""
    one = mark("cite", "turn0search0")
    fence = f"```\n{one}\n```"
    found = said(f"a{one}\n{fence}\nb{one}", results("mint"))

    assert prose(found) == [f"a{cited(1)}\n{fence}\nb{cited(1)}"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("https://e.org/?utm_source=chatgpt.com", "https://e.org/"),
        ("https://e.org/?utm_source=chatgpt.com&a=1", "https://e.org/?a=1"),
        ("https://e.org/?a=1&utm_source=chatgpt.com#x", "https://e.org/?a=1#x"),
        ("https://e.org/?a=1&utm_source=mine", "https://e.org/?a=1&utm_source=mine"),
    ],
)
def test_tracking_goes(text, left):
    """What ChatGPT adds to addresses is taken off again, and nothing else."""
    assert prose(said(text)) == [left]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///x", "//e.org"])
def test_case_46_only_web_addresses_are_sources(url):
    """A source with any other scheme is a title without an address."""
    matched = mark("cite", "a")
    reference = {"type": "webpage", "matched_text": matched, "title": "T", "url": url}
    found = said("x" + matched, content_references=[reference])

    assert found.sources == (b.Source(1, "T"),)


@pytest.mark.parametrize(
    ("text", "left", "pointer", "name"),
    [
        ("[Get it](sandbox:/mnt/data/a%20b.csv)!", "Get it (a b.csv)!", "a%20b.csv", "a b.csv"),
        ("[a.csv](sandbox:/mnt/data/a.csv)", "a.csv", "a.csv", "a.csv"),
        ("[x](sandbox:/mnt/data/a (1).csv)", "x (a (1).csv)", "a (1).csv", "a (1).csv"),
        ("see sandbox:/mnt/data/a.csv now", "see a.csv now", "a.csv", "a.csv"),
    ],
)
def test_files_of_the_sandbox(text, left, pointer, name):
    """A link into the sandbox becomes words and a file of the message."""
    assert said(text).blocks == (
        b.Prose(left),
        b.AssetReference(f"sandbox:/mnt/data/{pointer}", "file", name=name),
    )


def test_picture_of_the_sandbox():
    """A picture in the sandbox is a picture."""
    found = said("![Chart](sandbox:/mnt/data/c.png)")

    assert found.blocks[1].kind == "image"


@pytest.mark.parametrize(
    ("attributes", "title"),
    [
        ('{variant="email" id="1" subject="Hello \\"you\\""}', 'Hello "you"'),
        ('{variant="chat_message"}', "Chat message"),
        ("", "Writing"),
    ],
)
def test_writing_blocks(attributes, title):
    """A letter in a writing block is a titled box, closed or not."""
    text = f"Here:\n:::writing{attributes}\nDear *you*\n:::\nEnd"

    assert said(text).blocks == (b.Prose("Here:"), b.Box(title, "Dear *you*"), b.Prose("End"))
    assert said(text.split("\n:::\n")[0]).blocks == (b.Prose("Here:"), b.Box(title, "Dear *you*"))


def test_our_own_marks_cannot_be_forged():
    """The code points that mark citations never come from outside."""
    assert prose(said("a\ufdd07\ufdd1b")) == ["a7b"]
    assert prose(said("citeturn0search0 a\ufdd07\ufdd1b")) == [" a7b"]


def test_person_and_tools_are_not_rewritten():
    """A person's text keeps even such characters; a tool's output loses the marker characters."""
    assert understood(message("a\ue200b", "user")).blocks == (b.Plain("a\ue200b"),)
    assert understood(message("a\ue200b", "tool")).blocks == (b.Output("ab"),)


def test_hostile_references_take_no_time():
    """Thousands of references that match nowhere, and of open marks, are done with quickly."""
    text = "word " * 100_000 + OPEN * 20_000 + "【" * 20_000 + "[a](sandbox:" * 5_000
    references = [{"matched_text": f"no {n}", "type": "file"} for n in range(20_000)]
    began = time.process_time()

    said(text, content_references=references)

    assert time.process_time() - began < 10


PIECES = [
    *("a", " ", "\n", "```", "\n```\n", OPEN, NEXT, CLOSE, "cite", "turn0search0", "【1†s】", "†"),
    *("】", "[x](sandbox:/mnt/data/f)", "sandbox:", ":::writing\n", "\n:::\n", "\ufdd0", "\ud800"),
]
pieces = st.sampled_from(PIECES)


@settings(deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_any_mixture_of_marks(text):
    """However marks, fences and links are mixed, text comes out clean and its numbers resolve."""
    found = said(
        text, results("mint"), content_references=[grouped("turn0", "mint"), grouped("a", "b")]
    )

    numbers = {source.number for source in found.sources}
    for shown in prose(found):
        shown.encode()
        for placeholder in shown.split("\ufdd0")[1:]:
            inner, closed, _ = placeholder.partition("\ufdd1")
            assert closed
            assert {int(number) for number in inner.split(",")} <= numbers
