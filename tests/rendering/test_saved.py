"""Conversations as Markdown, HTML and text files."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.core.blocks import (
    AssetReference,
    Block,
    Box,
    Canvas,
    CanvasVersion,
    Card,
    Code,
    Content,
    Instructions,
    Links,
    Notice,
    NotUnderstood,
    Output,
    Plain,
    Prose,
    Source,
    Thought,
    Transcript,
)
from app.rendering.media import PlacedAsset
from app.rendering.saved.conversation import SavedBranch, SavedConversation, SavedMessage
from app.rendering.saved.html_file import Around, html_file
from app.rendering.saved.markdown_file import markdown_file
from app.rendering.saved.markdown_text import answer, fenced, typed
from app.rendering.saved.text_file import text_file
from tests.attacks import ATTACKS
from tests.rendering.shown import Page

NOON = datetime(2024, 5, 12, 12, 5, tzinfo=UTC)
READ = MarkdownIt("default", {"html": True})


def place(reference: AssetReference) -> PlacedAsset:
    there = reference.pointer.startswith("media/")
    return PlacedAsset(
        reference.pointer if there else None,
        reference.kind,
        reference.name,
        reference.caption,
        size_bytes=reference.size_bytes,
    )


def conversation(
    *blocks: Block,
    sources: tuple[Source, ...] = (),
    title: str = "Herbs",
    display: str = "show",
    beside: tuple[Block, ...] = (),
) -> SavedConversation:
    content = Content("text", display, blocks, sources, label="Thought for 7 seconds")  # type: ignore[arg-type]
    message = SavedMessage("ChatGPT", "assistant", NOON, "gpt-4o", content, display == "fold")
    models, url = ("gpt-4o",), "https://chatgpt.com/c/c-1"
    branches = []
    if beside:
        other = SavedMessage("You", "user", None, "", Content("text", "show", beside))
        branches = [SavedBranch("Another way on after message 1:", [other])]
    return SavedConversation("c-1", title, NOON, None, models, url, [message], branches)


def markdown(*blocks: Block, sources: tuple[Source, ...] = ()) -> str:
    """Return what stands below the message's heading."""
    return markdown_file(conversation(*blocks, sources=sources), place).split("gpt-4o*\n\n", 1)[1]


def test_front_matter_and_headings() -> None:
    """A notes program finds id, title, times, models and where it came from."""
    text = markdown_file(conversation(Plain("hello"), title='A "b": c\u2028d'), place)

    assert text == (
        '---\nid: "c-1"\ntitle: "A \\"b\\": c\\u2028d"\ncreated: "2024-05-12T12:05:00+00:00"\n'
        'models: ["gpt-4o"]\nsource: "https://chatgpt.com/c/c-1"\n---\n\n# A "b": c d\n\n'
        "## ChatGPT\n\n*2024-05-12 12:05 UTC · gpt-4o*\n\nhello\n"
    )
    title = next(line for line in text.split("\n") if line.startswith("title: "))
    assert json.loads(title.removeprefix("title: ")) == 'A "b": c\u2028d'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"so \(x^2\) and \[y\]", "so $x^2$ and $$y$$"),
        (r"\( x \)", "$x$"),
        ("\\[\na\n\n= b\n\\]", "$$\na\n= b\n$$"),
        (r"`\(code\)` \(x\)", r"`\(code\)` $x$"),
        ("```\n\\(code\\)\n```\n\\(x\\)", "```\n\\(code\\)\n```\n$x$"),
        ("~~~\nopen", "~~~\nopen\n~~~"),
        ("````\n```\n\\(a\\)\n````", "````\n```\n\\(a\\)\n````"),
        ("<b>bold</b> a<b <https://e.org>", r"\<b>bold\</b> a\<b <https://e.org>"),
        ("x\ufdd01,2\ufdd1 `y\ufdd01\ufdd1`", "x[^7-1][^7-2] `y`"),
        ("- ```\n  a\n  ```\n- \\(x\\)", "- ```\n  a\n  ```\n- $x$"),
    ],
)
def test_answers_become_markdown_other_programs_read(text: str, shown: str) -> None:
    """Formulas in dollars, notes for citations, HTML as text, fences closed, code untouched."""
    assert answer(text, "7") == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# not a heading", "\\# not a heading"),
        ("- a\n- b", "\\- a  \n\\- b"),
        ("1. a", "1\\. a"),
        ("> q\n---\n===", "\\> q  \n\\---  \n\\==="),
        ("a\nb\n\nc", "a  \nb\n\nc"),
        ("    code", "\u00a0\u00a0\u00a0\u00a0code"),
        ("```py\n# x\n```\n# y", "```py\n# x\n```\n\\# y"),
        ("```\nopen", "\\```  \nopen"),
        ("<script>", "\\<script>"),
        ("a|b\n-|-", "a|b  \n\\-|-"),
        ("[1]: https://e.org", "\\[1]: https://e.org"),
        (r"C:\_x &lt; \d", r"C:\\_x \&lt; \d"),
        ("#hashtag -5 *word*", "\\#hashtag -5 *word*"),
    ],
)
def test_what_was_typed_keeps_its_lines(text: str, shown: str) -> None:
    """The person's words do not become headings, lists or open fences."""
    assert typed(text) == shown


@given(st.text(alphabet="`~\nab #->1.<*_|:[] ", max_size=60))
@settings(max_examples=300, deadline=None)
def test_nothing_typed_becomes_structure(text: str) -> None:
    """Read back, what was typed holds no heading, list, quotation or markup."""
    tokens = READ.parse(typed(text) + "\n\n## End")
    kinds = {token.type for token in tokens}

    assert not kinds & {
        "bullet_list_open",
        "ordered_list_open",
        "blockquote_open",
        "html_block",
        "table_open",
    }
    assert [token.content for token in tokens[-2:]] == ["End", ""]
    assert sum(token.type == "heading_open" for token in tokens) == 1


@given(st.text(alphabet="`~\nab >-", max_size=60))
@settings(max_examples=300, deadline=None)
def test_answers_never_swallow_the_next_message(text: str) -> None:
    """Whatever fences an answer opens, the heading after it is a heading."""
    tokens = READ.parse(answer(text, "1") + "\n\n## End")

    assert tokens[-3].type == "heading_open"
    assert tokens[-3].level == 0


@given(st.text(alphabet="`\nab", max_size=40))
@settings(deadline=None)
def test_fence_is_longer_than_any_within(text: str) -> None:
    """Code comes back as it was."""
    tokens = READ.parse(fenced(text, "py`\nx"))

    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content.rstrip("\n") == text.rstrip("\n")


def test_citations_are_footnotes_of_their_message() -> None:
    """Each source is a note whose name no other message has."""
    text = markdown(
        Prose("Mint\ufdd01\ufdd1 notes\ufdd02\ufdd1"),
        sources=(Source(1, "[Mint]", "https://e.org/(a)", "e.org"), Source(2, "notes.pdf")),
    )

    assert text == (
        "Mint[^1-1] notes[^1-2]\n\n[^1-1]: [\\[Mint\\]](<https://e.org/(a)>) — e.org\n"
        "[^1-2]: notes.pdf\n"
    )


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (
            AssetReference("media/a.png", "image", caption="A [fern]"),
            "![A \\[fern\\]](media/a.png)",
        ),
        (AssetReference("media/a.wav", "audio", "a.wav"), "[a.wav](media/a.wav)"),
        (
            AssetReference("media/a.pdf", "file", "a.pdf", size_bytes=2000),
            "[a.pdf](media/a.pdf) (2.0 kB)",
        ),
        (
            AssetReference("file-1", "image"),
            "*Missing image: image (file-1). It is not in the archive.*",
        ),
        (Code("a ``` b", "py", "T"), "**T**\n\n````py\na ``` b\n````"),
        (Output("out", failed=True), "**Failed**\n\n```\nout\n```"),
        (Transcript("hello\nthere"), "hello  \nthere"),
        (Card("T", "https://e.org", "e", "# x"), "> **[T](<https://e.org>)** — e\n>\n> \\# x"),
        (
            Links((("A", "https://e.org"), ("B", "x:y")), "See"),
            "**See**\n\n- [A](<https://e.org>)\n- B",
        ),
        (Thought("Looking", "*at*"), "**Looking**\n\n*at*"),
        (Instructions((("About", "- me"),)), "**About**\n\n> \\- me"),
        (Box("To", "*Dear*"), "**To**\n\n> *Dear*"),
        (Notice("Stopped."), "*Stopped.*"),
        (
            NotUnderstood("new_type", "w"),
            "*Content this program does not know: new\\_type*\n\n```\nw\n```",
        ),
        (
            Canvas(
                "d", "L", "code/py", (CanvasVersion(1, "a"), CanvasVersion(2, "b", ("c",), True))
            ),
            "**Canvas: L** (code/py)\n\nVersion 2 (approximate)\n\n```py\nb\n```\n\n- c\n\n"
            "<details>\n<summary>Version 1</summary>\n\n```py\na\n```\n\n</details>",
        ),
    ],
)
def test_block_as_markdown(block: Block, shown: str) -> None:
    """Each kind of block has its Markdown."""
    assert markdown(block) == shown + "\n"


def test_folded_messages_open_and_other_branches_follow() -> None:
    """What is folded on the page is folded in the file; other branches stand at its end."""
    whole = conversation(Prose("deep"), display="fold", beside=(Plain("instead"),))

    for text in (markdown_file(whole, place), html_file(whole, place)):
        assert "<summary>Thought for 7 seconds" in text
        assert text.index("deep") < text.index("after message 1") < text.index("instead")
    assert "<details>" not in html_file(whole, place, opened=True)


def test_media_as_obsidian_links_them() -> None:
    """Pictures and recordings are embedded by name, files linked; what they are called is kept."""
    text = markdown_file(
        conversation(
            AssetReference("media/a%20b.png", "image", "fern.png", caption="A [fern]"),
            AssetReference("media/n.pdf", "file", "n.pdf", size_bytes=2000),
        ),
        place,
        "obsidian",
    )

    assert "![[a b.png]]  \n*A \\[fern\\] (fern.png)*" in text
    assert "\n[[n.pdf]] (2.0 kB)\n" in text
    assert 'tags: ["chatgpt"]' in text


def test_page_of_a_folder_links_its_neighbours() -> None:
    """A page leads to the index and to the pages before and after it; the style is shared."""
    around = Around("../", "../2024/a.html", "")
    text = html_file(conversation(Plain("hello")), place, around=around)

    page = Page(text.replace('<meta charset="utf-8">', ""))
    links = [each["href"] for each in page.all("a")]
    assert links[:2] == ["../index.html", "../2024/a.html"]
    assert page.all("link") == [{"rel": "stylesheet", "href": "../style.css"}]


@pytest.mark.parametrize("text", [text for _, text in ATTACKS], ids=[name for name, _ in ATTACKS])
def test_saved_html_holds_nothing_that_runs(text: str) -> None:
    """A hostile title, name or message is text in the saved page as well."""
    content = Content("text", "fold", (Prose(text), Plain(text)), (), label=text)
    message = SavedMessage(text, text, None, text, content, folded=True)
    whole = SavedConversation(
        text,
        text,
        None,
        None,
        (text,),
        "https://e.org",
        [message] * 2,
        [SavedBranch(text, [message])],
    )

    page = Page(html_file(whole, place).replace('<meta charset="utf-8">', ""))

    assert not {"script", "iframe", "img", "svg", "object", "link", "base"} & set(page.tags())
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not attributes.get("href", "").lower().startswith("javascript:")
    assert len(page.all("meta")) == 2


def test_text_file_holds_every_word() -> None:
    """Plain text has each message under its name, with its sources."""
    text = text_file(
        conversation(
            *(Prose("Mint\ufdd01\ufdd1"), Code("x", "py", "T"), Output("out"), Box("To", "dear")),
            *(AssetReference("p", "image", caption="fern"), Card("C", "https://e.org", "", "body")),
            *(Thought("sum", "deep"), Links((("A", "https://a.org"),), "See"), Notice("Stopped.")),
            Canvas("d", "Doc", "document", (CanvasVersion(1, "v1", ("remark",)),)),
            *(Instructions((("About", "me"),)), NotUnderstood("new", "w"), Transcript("said")),
            sources=(Source(1, "Title", "https://m.org"),),
            beside=(Plain("on another branch"),),
        )
    )

    for words in (
        *("Herbs\n2024-05-12 12:05 UTC\ngpt-4o\n", "Mint[1]", "[1] Title https://m.org", "out"),
        *("[image: fern]", "C https://e.org", "body", "sum", "deep", "- A https://a.org", "dear"),
        *("Stopped.", "Doc", "v1", "- remark", "About: me", "(new)", "said", "on another branch"),
    ):
        assert words in text
