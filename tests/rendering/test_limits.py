"""Huge and hostile messages are shown in bounded time, and lose nothing."""

from __future__ import annotations

import threading
import time

import pytest

from app.core.blocks import AssetReference, Code, Content, Plain, Prose
from app.rendering import budget
from app.rendering.budget import RICH_CHARACTERS
from app.rendering.media import PlacedAsset
from app.rendering.message import RenderCache
from tests.rendering.shown import Page, html_of, place, prose

N = 60_000


@pytest.mark.parametrize(
    "text",
    [
        "\n".join("  " * level + f"- item{level}" for level in range(500)),
        "> " * 500 + "deep",
        "- " * 500 + "deep",
        "1. > " * 300 + "deep",
    ],
    ids=["list", "quote", "list-in-line", "mixed"],
)
def test_deep_nesting_keeps_its_words(text: str) -> None:
    """Below forty levels the rest is shown as it was written."""
    page = Page(prose(text + "\n\nafter"))

    assert page.unbalanced == []
    assert "after" in page.text
    for word in ("deep",) if "deep" in text else ("item0", "item30", "item499"):
        assert word in page.text


def test_too_deep_part_does_not_swallow_what_follows() -> None:
    """After a list nested too deep the next paragraph is Markdown again."""
    text = "\n".join("  " * level + "- item" for level in range(60)) + "\n\nafter **bold**"

    assert Page(prose(text)).all("strong")


def test_huge_message_is_whole() -> None:
    """Of five megabytes the first part is rendered richly, the rest is there to open as text."""
    text = "lorem *ipsum* dolor\n\n" * 250_000 + "the very end"

    began = time.thread_time()
    page = Page(prose(text))

    assert time.thread_time() - began < 20
    assert page.text.count("dolor") == 250_000
    assert page.text.rstrip().endswith("the very end")
    assert len(page.all("details", "rest")) == 1
    assert page.tags().count("em") > 1000


def test_budget_is_shared_by_the_blocks_of_a_message() -> None:
    """Two long blocks do not render twice the limit."""
    block = Prose("word *word*\n\n" * (RICH_CHARACTERS // 24))

    page = Page(html_of(block, block, block, Plain("plain" * 10)))

    assert page.tags().count("details") == 3
    assert page.text.count("plain") == 10 + 3


def test_four_thousand_paragraphs() -> None:
    """A long answer of short paragraphs is rendered whole."""
    assert prose("word word\n\n" * 4_000).count("<p>") == 4_000


def test_unclosed_fence_is_code_to_the_end() -> None:
    """As in ChatGPT, a fence nobody closed ends with the message."""
    page = Page(prose("```python\nx = 1\n\n# still code"))

    assert page.all("h3") == []
    assert "# still code" in page.text


def test_long_code_is_shown_without_colours() -> None:
    """Above 200,000 characters, or on one endless line, code is only shown."""
    for text in ("if x: pass\n" * 20_000, "if x: pass;" * 4_000):
        page = Page(html_of(Code(text, "python")))
        assert page.all("span", "keyword") == []
        assert page.text.endswith(text)


@pytest.mark.parametrize(
    "text",
    [
        *("*" * N, "**a " * (N // 4), "a**b" * (N // 4), "_a __a " * (N // 7), "[" * N),
        *("[a](" * (N // 4), "![[]()" * (N // 6), "[" * (N // 2) + "]" * (N // 2), "> " * (N // 2)),
        *(" ".join("`" * (i % 300) for i in range(N // 150)), "<" * N, "|a" * (N // 2), "$a" * N),
        *("\\[\na\n" * (N // 5), "$$\na\n" * (N // 5), "\\( " * (N // 3), "http://" * (N // 7)),
        *("https://a/" + "(" * N, "[^" * (N // 2), "a\n" * (N // 2), "&" * N, "- a\n" * (N // 4)),
        *("|a|b|\n|-|-|\n" + "|a|b|c|d|\n" * (N // 10), "[1]: /a\n" * (N // 8), "\ufdd0" * N),
    ],
)
def test_pathological_markdown_is_bounded(text: str) -> None:
    """Nothing takes much longer than the patience a message has."""
    began = time.thread_time()

    page = Page(prose(text))

    assert time.thread_time() - began < budget.PATIENCE * 4
    assert page.unbalanced == []


def test_out_of_patience_shows_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the time is over, the words are there, plainly."""
    monkeypatch.setattr(budget, "PATIENCE", -1.0)

    page = Page(prose("**words** and `code` https://e.org/x\n\n```python\nif x: y\n```"))

    assert "**words** and `code`" in page.text
    assert "if x: y" in page.text
    assert page.all("strong") == []
    assert page.all("a")


def test_cache_remembers_by_content_and_by_where_files_are() -> None:
    """The same message is rendered once; a file that turns up makes it new."""
    cache = RenderCache()
    content = Content("text", "show", (Prose("*a*"),))
    same = Content("text", "show", (Prose("*a*"),))

    assert cache.render(content, place) is cache.render(same, place)

    picture = Content("image", "show", (AssetReference("media/a.png", "image"),))
    there = cache.render(picture, place)
    gone = cache.render(picture, lambda _: PlacedAsset(None, "image"))
    assert "<img" in there
    assert "<img" not in gone


def test_cache_forgets_the_least_used() -> None:
    """It stays within its bytes; what was asked for lately is kept."""
    contents = [Content("text", "show", (Plain(f"{number} " * 40),)) for number in range(3)]
    size = len(RenderCache().render(contents[0], place))
    cache = RenderCache(max_bytes=size * 2 + 10)

    first = cache.render(contents[0], place)
    second = cache.render(contents[1], place)
    assert cache.render(contents[0], place) is first
    cache.render(contents[2], place)

    assert cache.render(contents[0], place) is first
    assert cache.render(contents[1], place) is not second


def test_threads_share_the_renderer() -> None:
    """Rendering at the same time gives what rendering one by one gives."""
    texts = [f"# {n}\n\n- *a{n}*\n\n```python\nx = {n}\n```\n$x_{{{n}}}$" for n in range(40)]
    alone = [prose(text) for text in texts]
    together: dict[int, str] = {}

    def work(start: int) -> None:
        for number in range(start, len(texts), 4):
            together[number] = prose(texts[number])

    threads = [threading.Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [together[number] for number in range(len(texts))] == alone
