"""Answers are read as ChatGPT's Markdown, and none of their words are lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.blocks import AssetReference, Content, Prose, Source
from app.rendering.media import PlacedAsset
from app.rendering.message import render_message
from tests.rendering.shown import Page, prose

PIECES = st.sampled_from(
    [
        *("# ", "- ", "1. ", "> ", "    ", "```", "~~~", "\n", "\n\n", "|", "|--|\n", "*", "**"),
        *("_", "`", "[", "](", ")", "]: ", "![", "[^1]", "[^1]: ", "$", "$$", "\\(", "\\)", "\\["),
        *("\\]", "<", ">", "&amp;", "\\", "https://e.org/", "\ufdd0", "1", "\ufdd1", "~~", "---\n"),
        *(
            "\\begin{align}",
            "\\end{align}",
            "[ ] ",
            "[x] ",
            ":",
            "\t",
            "\u2006",
            "\u2028",
            "é",
            "字",
        ),
    ]
)
WORDS = st.from_regex(r"[a-z]{5,9}", fullmatch=True)
MARKDOWN = st.lists(PIECES | WORDS, max_size=40).map("".join)


@given(MARKDOWN)
@settings(max_examples=400, deadline=None)
def test_any_markdown_balances_and_keeps_its_words(text: str) -> None:
    """Whatever is typed, the HTML is balanced and every word is somewhere in it."""
    page = Page(prose(text))

    assert page.unbalanced == []
    shown = page.everything.lower().replace("%", " ")
    for word in re.findall(r"(?<![a-z\\{])[a-z]{5,}(?![a-z}])", text):
        assert word in shown, word


def test_words_behind_a_fence_are_all_shown() -> None:
    """What stands behind a fence may be no language at all, and long."""
    assert "a" * 90 in Page(prose(f"~~~{'a' * 90}\n1\n~~~")).everything


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_renders(text: str) -> None:
    """No text makes rendering fail, and no marker of ours leaks."""
    html = prose(text.encode("utf-8", "replace").decode())

    assert Page(html).unbalanced == []
    assert not re.search("[\ufdd0-\ufdef]", html)


def test_headings_are_moved_below_the_page_without_gaps() -> None:
    """Levels start at h3 and never skip one, whatever the answer began with."""
    page = Page(prose("#### a\n###### b\n# c\n## d\n### e\n#### f\n##### g\n"))

    assert page.tags() == ["h3", "h4", "h3", "h4", "h5", "h6", "h6"]


def test_table_alignment_is_a_class_and_extra_cells_are_kept() -> None:
    """No inline style; a row longer than the header loses nothing; an escaped bar stays."""
    page = Page(prose("|a| |\n|:-:|--:|\n|1|2|three|\n|x\\|y|\n\n> |h|\n> |-|\n> |p|q|"))

    assert page.all("th", "align-center")
    assert page.all("td", "align-right")
    assert {"three", "x|y", "q"} <= set(page.words)
    assert page.all("div", "table")[0]["tabindex"] == "0"
    assert len(page.all("th")) == 2, "an empty heading cell heads nothing"


def test_task_list_shows_what_is_done() -> None:
    """Boxes have a state and a label, and cannot be ticked."""
    page = Page(prose("- [ ] water\n- [x] seeds *now*\n- [link](https://e.org)\n- [y] no"))

    assert [box["aria-label"] for box in page.all("span", "task-box")] == ["To do", "Done"]
    assert len(page.all("li", "task")) == 2
    assert "[y] no" in page.text


def test_footnotes_without_ids_and_without_loss() -> None:
    """Footnotes are numbered; those nothing refers to, and doubles, are still shown."""
    page = Page(prose("a[^1] b[^x]\n\n[^1]: first\n[^x]: second\n[^z]: orphan\n[^1]: double"))

    assert {"first", "second", "orphan", "double"} <= set(page.words)
    assert [item["value"] for item in page.all("li")] == ["1", "2", "3", "4"]


def test_link_definitions_nothing_refers_to_are_shown() -> None:
    """A used definition is a link only; unused and doubled ones are listed."""
    html = prose(
        "[r][a]\n\n[a]: https://e.org/one\n[a]: https://e.org/again\n[b]: https://e.org/two"
    )

    assert [link["href"] for link in Page(html).all("a")] == [
        "https://e.org/one",
        "https://e.org/two",
        "https://e.org/again",
    ]


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see https://e.org/a_b_c.", "https://e.org/a_b_c"),
        ("(https://e.org/a_(b))", "https://e.org/a_(b)"),
        ("**https://e.org/x**", "https://e.org/x"),
        ("HTTP://E.org/ü", "HTTP://E.org/%C3%BC"),
        ("在https://e.org/a。下", "https://e.org/a"),
        ("<https://e.org/?a=1&b=2>", "https://e.org/?a=1&b=2"),
        ("https://e.org/a\ufdd01\ufdd1", "https://e.org/a"),
    ],
)
def test_bare_addresses_are_links(text: str, href: str) -> None:
    """Addresses end where the sentence around them goes on."""
    page = Page(prose(text))

    assert [link["href"] for link in page.all("a")] == [href]


@pytest.mark.parametrize("text", ["ahttps://e.org", "ftp://e.org", "www.e.org", "http://", "x:y"])
def test_other_addresses_stay_text(text: str) -> None:
    """Only whole http and https addresses become links."""
    page = Page(prose(text))

    assert page.all("a") == []
    assert page.text.strip() == text


def test_pictures_from_outside_are_links() -> None:
    """Nothing is loaded from outside: the picture's name leads to it."""
    page = Page(
        prose(
            '![a fern](https://e.org/fern.png "green") [![b](https://e.org/b.png)](https://e.org)'
        )
    )

    assert page.all("img") == []
    assert page.all("a", "outside-image")[0]["title"] == "https://e.org/fern.png green"
    assert page.all("span", "outside-image")[0]["title"] == "https://e.org/b.png"


def test_sandbox_links_lead_to_the_file_or_say_it_is_missing() -> None:
    """A file the answer made is looked for in the export."""

    def resolve(reference: AssetReference) -> PlacedAsset:
        known = reference.pointer == "sandbox:/mnt/data/my table.csv"
        return PlacedAsset("/api/media/g/media/t.csv" if known else None, "file")

    text = "[one](sandbox:/mnt/data/my%20table.csv) [two](sandbox:/mnt/data/gone.csv)"
    page = Page(render_message(Content("text", "show", (Prose(text),)), resolve))

    assert [link["href"] for link in page.all("a")] == ["/api/media/g/media/t.csv"]
    assert "two (file not in the export)" in page.text


def test_citations_are_superscripts_with_a_list_of_sources() -> None:
    """A citation links its source; in code and addresses there is none; files have no link."""
    page = Page(
        prose(
            "**Mint.**\ufdd01,2\ufdd1 and [x](https://e.org/y\ufdd01\ufdd1)"
            " `c\ufdd01\ufdd1` 9\ufdd07\ufdd1",
            Source(1, "Mint & co", "https://e.org/mint", "e.org", "grows"),
            Source(2, "notes.pdf"),
        )
    )

    assert len(page.all("strong")) == 1, "bold closes before a citation"
    assert [link["href"] for link in page.all("a")] == [
        *("https://e.org/mint", "https://e.org/y", "https://e.org/mint"),
    ]
    assert [mark["data-source"] for mark in page.all("span") if "data-source" in mark] == ["2", "7"]
    assert [item["value"] for item in page.all("li")] == ["1", "2"]
    assert {"Mint & co", "notes.pdf", "grows", "c"} <= set(page.words)


def test_code_fences_name_language_and_title() -> None:
    """A fence is a figure with a Copy button; its words are highlighted by role."""
    page = Page(prose("```python title=a.py\ndef f(): return 'x'\n```\n\n- ~~~\n  in list\n  ~~~"))

    assert {"python", "title=a.py", "Copy", "in list\n"} <= set(page.words)
    assert page.all("span", "keyword")
    assert len(page.all("button")) == 2
