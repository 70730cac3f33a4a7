"""Hostile words in titles, messages, file names and export names run nothing in the browser."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.attacks import ATTACKS, HOST
from tests.web.account import HOSTILE
from tests.web.conftest import Complaints, Server
from tests.web.test_import import DROP

pytestmark = pytest.mark.browser


def untouched(page: Page) -> None:
    """Check that nothing ran, no element of an attack exists, and the title is ours."""
    assert page.evaluate("window.attacks") == 0
    assert page.locator("iframe, object, embed, form[action], [onerror], [onload]").count() == 0
    assert page.evaluate("location.origin").startswith("http://127.0.0.1:")


def test_messages_run_nothing(page: Page) -> None:
    """Every attack said in one conversation, by both speakers, stays words."""
    page.goto(f"/exports/Many/{HOSTILE}")
    expect(page.locator("message-view").first).to_be_visible()
    page.mouse.move(800, 500)
    while page.locator("message-view").count() < len(ATTACKS) - 1:
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(30)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    links = page.locator("message-view a[href]").evaluate_all("(all) => all.map((a) => a.protocol)")

    untouched(page)
    assert set(links) <= {"http:", "https:", "mailto:"}
    assert page.locator(f"message-view img[src*='{HOST}']").count() == 0


def test_titles_run_nothing(page: Page) -> None:
    """Every attack as a title stays words in the list, the head, the tab and the search."""
    page.goto("/exports/Many")
    box = page.get_by_role("searchbox", name="Filter titles")
    expect(page.locator(".conversation-row").first).to_be_visible()
    for index in range(0, len(ATTACKS), 12):
        page.goto(f"/exports/Many/h-{index}")
        expect(page.locator("message-view").first).to_be_visible()
        untouched(page)
    box.fill("<script>")
    expect(page.locator(".list-about")).to_contain_text("<script>")
    untouched(page)

    page.goto("/search?q=attacked")
    expect(page.locator(".hits li").first).to_be_visible()

    untouched(page)


def test_file_and_export_names_run_nothing(
    opened: Any, writing_server: Server, complaints: Complaints
) -> None:
    """A dropped file's name and the name given to an export stay words everywhere they show."""
    complaints.expect("400")  # a name that leads out of its folder is refused
    page = opened(writing_server)
    page.goto("/settings")
    expect(page.get_by_role("radio", name="Dark")).to_be_attached()
    body = base64.b64encode(b'[{"title": "x", "mapping": {}, "id": "x"}]').decode()
    names = [text for kind, text in ATTACKS if kind.startswith("name")]
    for number, name in enumerate(names):
        page.evaluate(DROP, [[{"name": f"{name}.json", "body": body}], "main"])
        page.get_by_label("Name of the new export").fill(name)
        page.get_by_role("button", name="Import", exact=True).click()
        line = page.locator("job-progress").nth(number)
        expect(line).to_have_attribute("data-state", re.compile("done|failed"))
        untouched(page)

    page.set_viewport_size({"width": 1280, "height": 3000})  # all of them in sight
    page.goto("/")
    cards = page.locator("export-card a")
    expect(cards.nth(len(names) - 3)).to_be_visible()
    untouched(page)
    assert cards.count() == len(names) - 2  # one leads out, one turns the writing: refused
    for number in range(cards.count()):
        cards.nth(number).click()
        expect(page.locator(".conversation-row").first).to_be_visible()
        expect(page.locator("export-about h2")).to_be_visible()
        untouched(page)
        page.go_back()
