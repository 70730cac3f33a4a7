"""Reading a conversation: branches, hidden messages, raw form, code, pictures, long ones."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.account import LONG, LONG_MESSAGES
from tests.web.conftest import Server

pytestmark = pytest.mark.browser

TOP = """(id) => Math.round(
  document.querySelector(`message-view[data-message="${id}"]`).getBoundingClientRect().top
)"""


def open_titled(page: Page, title: str) -> None:
    """Open a conversation of the sample by filtering for its title."""
    page.goto("/exports/Sample")
    page.get_by_role("searchbox", name="Filter titles").fill(title)
    page.get_by_role("option", name=title).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def test_branch_switch_shows_the_other_version(page: Page) -> None:
    """Another version of a question takes its place, with its answers, and the address says so."""
    open_titled(page, "Planning the herb garden")
    switch = page.get_by_role("group", name="Version 3 of 3").first
    before = page.locator("message-view").nth(1).inner_text()

    switch.get_by_role("button", name="Previous version").click()

    expect(page.get_by_role("group", name="Version 2 of 3").first).to_be_visible()
    assert page.locator("message-view").nth(1).inner_text() != before
    assert "leaf=" in page.url
    page.reload()
    expect(page.get_by_role("group", name="Version 2 of 3").first).to_be_visible()


def test_hidden_messages_show_by_a_switch(page: Page) -> None:
    """The switch says how many there are, shows them marked, and hides them again."""
    open_titled(page, "Planning the herb garden")
    switch = page.get_by_role("switch", name="hidden")
    shown = page.locator("message-view").count()

    switch.check()
    expect(page.locator("message-view[data-hidden]").first).to_be_visible()
    assert page.locator("message-view").count() > shown
    expect(page.get_by_role("switch", name="Show hidden")).to_be_focused()
    page.keyboard.press("Space")

    expect(page.locator("message-view[data-hidden]")).to_have_count(0)


def test_raw_form_is_behind_each_message(page: Page) -> None:
    """“As exported” shows the message's JSON; Escape brings the focus back."""
    open_titled(page, "Planning the herb garden")
    button = page.get_by_role("button", name="As exported").first

    button.focus()
    button.press("Enter")
    dialog = page.get_by_role("dialog", name="As exported")
    expect(dialog).to_contain_text('"content_type"')
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("refused", [False, True], ids=["clipboard", "by selection"])
def test_code_is_copied(opened: Any, reading_server: Server, refused: bool) -> None:
    """Copy puts exactly the code on the clipboard, also where only the old way works."""
    page = opened(reading_server, permissions=["clipboard-read", "clipboard-write"])
    if refused:
        page.add_init_script("navigator.clipboard.writeText = () => Promise.reject();")
    open_titled(page, "Watering planner in Python")
    figure = page.locator("figure.code:visible").first

    figure.get_by_role("button", name="Copy").click()

    expect(figure.locator("[data-copy]")).to_have_attribute("data-state", "copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == figure.locator("code").text_content().strip()


def test_folded_lines_open_by_key(page: Page) -> None:
    """A folded message is one quiet line that opens and closes by key."""
    open_titled(page, "Failing test in the planner")
    fold = page.locator("details.fold").first
    expect(fold.locator(".rendered")).to_be_hidden()

    fold.locator("summary").press("Enter")

    expect(fold.locator(".rendered")).to_be_visible()


def test_pictures_open_in_a_lightbox(page: Page) -> None:
    """A picture opens large, arrows turn, z shows its true size, Escape returns to the last one."""
    open_titled(page, "Four pictures for the bread stall")
    pictures = page.get_by_role("button", name="Open picture")
    pictures.first.click()
    dialog = page.get_by_role("dialog", name="Picture")
    expect(dialog).to_contain_text("1 of 4")
    expect(dialog.locator(".caption")).to_contain_text("sourdough")

    page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("2 of 4")
    page.keyboard.press("z")
    expect(dialog.get_by_role("button", name="Actual size")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(pictures.nth(1)).to_be_focused()


def test_recordings_can_be_played(page: Page) -> None:
    """A recording loads by its range and knows how long it is."""
    open_titled(page, "Walking through the garden")
    audio = page.locator("audio").first
    expect(audio).to_be_visible()

    length = audio.evaluate(
        """(audio) => new Promise((resolve) => {
          if (audio.readyState > 0) resolve(audio.duration);
          else audio.addEventListener("loadedmetadata", () => resolve(audio.duration));
        })"""
    )

    assert 1 < length < 10


def test_deep_link_arrives_at_its_message(page: Page) -> None:
    """An address with a message opens there, with the focus on it, and stays as more is loaded."""
    message = f"{LONG}-151"
    page.goto(f"/exports/Many/{LONG}#{message}")
    view = page.locator(f'message-view[data-message="{message}"]')
    expect(view).to_be_focused()
    top = page.evaluate(TOP, message)

    expect(page.locator(f'message-view[data-message="{LONG}-102"]')).to_be_attached()

    assert abs(page.evaluate(TOP, message) - top) <= 2
    assert 0 < top < 200


def test_long_conversation_loads_as_it_is_read(page: Page) -> None:
    """The first page comes at once; the rest as one scrolls, to the last message."""
    page.goto(f"/exports/Many/{LONG}")
    expect(page.locator("message-view").first).to_be_visible()
    assert page.locator("message-view").count() <= 80
    page.mouse.move(800, 500)

    last = page.locator(f'message-view[data-message="{LONG}-{LONG_MESSAGES - 1}"]')
    deadline = time.monotonic() + 60
    while not last.count() and time.monotonic() < deadline:
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(20)

    expect(last).to_be_attached()
    assert page.locator("message-view").count() == LONG_MESSAGES


def test_conversation_opens_where_it_was_left(page: Page) -> None:
    """Left in the middle and opened again, a conversation shows the same message."""
    page.goto(f"/exports/Many/{LONG}#{LONG}-120")
    view = page.locator(f'message-view[data-message="{LONG}-120"]')
    expect(view).to_be_focused()
    page.wait_for_timeout(400)
    page.get_by_role("option", name="Hostile words").click()
    expect(page.get_by_role("heading", name="Hostile words", level=1)).to_be_visible()

    page.get_by_role("option", name="A long walk").click()

    expect(view).to_be_in_viewport()


def test_outline_leads_to_questions(page: Page) -> None:
    """The outline lists the person's questions; one far below is fetched and shown."""
    page.goto(f"/exports/Many/{LONG}")
    outline = page.get_by_role("navigation", name="Questions")
    expect(outline.get_by_role("link")).to_have_count(LONG_MESSAGES // 2)

    outline.get_by_role("link", name="Question 140", exact=True).click()

    expect(page.locator(f'message-view[data-message="{LONG}-280"]')).to_be_focused()
    expect(outline.get_by_role("link", name="Question 140", exact=True)).to_have_attribute(
        "aria-current", "true"
    )


def test_keys_step_through_questions(page: Page) -> None:
    """J goes to the next question and k back."""
    page.goto(f"/exports/Many/{LONG}")
    expect(page.locator("message-view").first).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator(f'message-view[data-message="{LONG}-4"]')
    expect(second).to_be_focused()
    page.keyboard.press("k")

    expect(page.locator(f'message-view[data-message="{LONG}-2"]')).to_be_focused()


def test_sources_have_a_card(page: Page) -> None:
    """A citation shows its source while it is pointed at, and lists it at the end."""
    open_titled(page, "Peat-free compost, compared")

    page.locator(".cite [data-source='1']").first.hover()

    expect(page.get_by_role("tooltip")).to_contain_text("Ten composts tested")
    expect(page.locator("ol.sources li").first).to_contain_text("garden-tests.example.org")


def test_conversation_is_saved(page: Page) -> None:
    """Save offers the forms there are and says where the file is."""
    open_titled(page, "Naming things")
    page.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog", name="Save this conversation")

    dialog.get_by_role("button", name="Markdown").click()

    done = page.locator("job-progress")
    expect(done).to_contain_text(re.compile("1 file saved|there already"))
    expect(done).to_contain_text(re.compile(r"Naming.things\.md"))
