"""The list of conversations: filtered, sorted, as long as it likes, by mouse and by keys."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.account import MANY
from tests.web.conftest import Server
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser

SETTLED = """(wanted) => new Promise((resolve) => {
  const view = document.querySelector("conversation-rows");
  const down = () => {
    view.scrollTop = view.scrollHeight;
    const rows = [...document.querySelectorAll(".conversation-row")];
    if (rows.some((row) => row.textContent.includes(wanted))) resolve(rows.length);
    else setTimeout(down, 30);
  };
  down();
})"""


def test_filter_narrows_and_widens(page: Page) -> None:
    """Typing filters the titles; clearing brings all back; what is not there offers a search."""
    page.goto("/exports/Many")
    box = page.get_by_role("searchbox", name="Filter titles")
    about = page.locator(".list-about")

    box.fill("talk 0007")
    expect(about).to_have_text("1 conversation with “talk 0007” in the title")
    expect(page.get_by_role("option", name="Small talk 0007")).to_be_visible()
    box.fill("nowhere at all")
    expect(page.get_by_role("link", name="Search the messages")).to_be_visible()
    page.get_by_role("button", name="Clear the filter").click()

    expect(page.get_by_role("option", name="A long walk")).to_be_visible()
    expect(box).to_be_focused()


def test_sorting_is_remembered(page: Page) -> None:
    """Another order shows at once and is still there after a reload."""
    page.goto("/exports/Sample")
    expect(page.locator(".conversation-row").first).to_contain_text("From the future")

    page.get_by_role("combobox", name="Sort by").select_option("Longest")
    expect(page.locator(".conversation-row").first).to_contain_text("Garden diary")
    page.reload()

    expect(page.locator(".conversation-row").first).to_contain_text("Garden diary")


def test_long_list_keeps_few_rows(page: Page) -> None:
    """Scrolled to its end a long list has loaded every page and holds few rows at a time."""
    page.goto("/exports/Many")
    expect(page.get_by_role("option", name="A long walk")).to_be_visible()

    rows = page.evaluate(SETTLED, f"Small talk {MANY - 1:04}")

    assert rows < 60
    last = page.get_by_role("option", name=f"Small talk {MANY - 1:04}")
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize")


def test_keys_move_and_open(page: Page) -> None:
    """From the filter by arrow into the list, down and End and Home, and open with Enter."""
    page.goto("/exports/Sample")
    expect(page.get_by_role("option", name="From the future")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Filter titles")).to_be_focused()
    page.keyboard.press("ArrowDown")
    rows = page.get_by_role("listbox", name="Conversations")
    expect(rows).to_be_focused()

    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Is 2027 prime?", level=1)).to_be_visible()
    expect(page.get_by_role("option", name="Is 2027 prime?")).to_have_attribute(
        "aria-selected", "true"
    )


def test_back_returns_to_the_same_place(opened: Any, reading_server: Server) -> None:
    """On a narrow window the list is where it was after reading, by link and by the browser."""
    page = opened(reading_server, width=390)
    page.goto("/exports/Many")
    view = page.locator("conversation-rows")
    expect(page.get_by_role("option", name="A long walk")).to_be_visible()
    view.evaluate("(view) => { view.scrollTop = 4000; }")
    page.wait_for_timeout(100)

    for way_back in ("the browser's", "the link"):
        page.mouse.click(200, 500)
        expect(page.locator("message-view").first).to_be_visible()
        expect(view).to_be_hidden()
        if way_back == "the link":
            page.get_by_role("link", name="Back to the list").click()
        else:
            page.go_back()
        expect(view).to_be_visible()
        page.wait_for_function(
            "() => document.querySelector('conversation-rows')?.scrollTop === 4000"
        )


def test_width_is_remembered(page: Page) -> None:
    """The line between list and reader moves by key and by drag, and stays where it was put."""
    page.goto("/exports/Sample")
    grip = page.get_by_role("separator", name="Width of the list")
    expect(grip).to_have_attribute("aria-valuenow", "340")
    grip.press("ArrowRight")
    expect(grip).to_have_attribute("aria-valuenow", "356")
    box = grip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"], 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, 400)
    page.mouse.up()
    wide = grip.get_attribute("aria-valuenow")

    page.reload()

    assert wide is not None
    assert 400 < int(wide) < 430
    expect(grip).to_have_attribute("aria-valuenow", wide)


def test_list_begins_where_one_reads(page: Page) -> None:
    """A link to a conversation far down the list shows its row; the list goes on both ways."""
    page.goto("/exports/Many/c-0900")
    row = page.get_by_role("option", name="Small talk 0900")
    expect(row).to_be_in_viewport()
    expect(row).to_have_attribute("aria-selected", "true")
    place = int(row.get_attribute("aria-posinset") or 0)
    assert place > 900

    view = page.locator("conversation-rows")
    for _ in range(8):
        view.evaluate("(view) => { view.scrollTop -= 900; }")
        page.wait_for_timeout(60)
    expect(page.locator(f"[aria-posinset='{place - 118}']")).to_be_attached()
    page.get_by_role("listbox", name="Conversations").press("Home")

    expect(page.get_by_role("option", name="A long walk")).to_be_in_viewport()


def test_chosen_conversations_are_saved_together(page: Page) -> None:
    """“Choose” lets rows be chosen by hand and by key; Save offers the forms for all of them."""
    page.goto("/exports/Sample")
    expect(page.get_by_role("option", name="From the future")).to_be_visible()
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("option", name="From the future").click()
    rows = page.get_by_role("listbox", name="Conversations")
    rows.press("ArrowDown")
    rows.press("Space")
    expect(page.locator(".list-about")).to_have_text("2 chosen")
    assert "From%20the" not in page.url
    assert in_both_themes(page) == []

    page.get_by_role("button", name="Save").click()
    page.get_by_role("dialog", name="Save 2 conversations").get_by_role(
        "button", name="Plain text"
    ).click()

    expect(page.locator("job-progress")).to_contain_text("2 ")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("[aria-checked]")).to_have_count(0)
