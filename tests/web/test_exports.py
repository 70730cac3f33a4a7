"""The exports of the library: searched, narrowed, ordered, as cards or a table, by key too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server, serving
from tests.web.shelves import shelve
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser

MANY = 60


@pytest.fixture(scope="module")
def shelf(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on a library of MANY exports; not to be changed."""
    root = shelve(tmp_path_factory.mktemp("shelf") / "library", MANY)
    with serving(root, browser) as server:
        yield server


@pytest.fixture
def page(opened: Any, shelf: Server) -> Page:
    """A tab of 1280 pixels on the library of many."""
    tab: Page = opened(shelf)
    tab.goto("/")
    expect(tab.locator("export-card").first).to_be_visible()
    return tab


def test_address_holds_the_view(page: Page) -> None:
    """Search, filters, order and shape stand in the address and are there after a reload."""
    page.get_by_role("searchbox", name="Search exports").fill("WÖRK")
    page.get_by_role("combobox", name="Order").select_option("Name")
    page.get_by_role("combobox", name="Of which size").select_option("Under 100 MB")
    page.get_by_role("radio", name="Table").check()
    found = page.get_by_role("rowheader")
    expect(found.first).to_have_text("Work 001")
    names = found.all_inner_texts()

    page.reload()

    expect(found.first).to_have_text("Work 001")
    assert found.all_inner_texts() == names
    assert 0 < len(names) < MANY
    expect(page.get_by_text(f"{len(names)} of {MANY} exports")).to_be_visible()
    assert "size=small" in page.url


def test_shape_and_order_are_remembered(page: Page) -> None:
    """A plain address shows what the person chose last."""
    page.get_by_role("radio", name="Table").check()
    page.get_by_role("combobox", name="Order").select_option("Name")

    page.goto("/")

    expect(page.get_by_role("rowheader").first).to_have_text("Everything 000")


def test_year_narrows(page: Page) -> None:
    """Only exports with conversations of the year are left."""
    page.get_by_role("combobox", name="Of which year").select_option("2025")

    said = page.locator(".found").inner_text()

    assert 0 < int(said.split()[0]) < MANY


def test_nothing_found_offers_all(page: Page) -> None:
    """What no export is like says so, and one press shows all again."""
    page.get_by_role("searchbox", name="Search exports").fill("no such thing")
    expect(page.get_by_text("No export is like that.").first).to_be_visible()

    page.get_by_role("button", name="Show all").click()

    expect(page.locator("export-card").first).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search exports")).to_be_focused()


@pytest.mark.parametrize("shape", ["cards", "table"])
def test_few_are_in_the_page(page: Page, shape: str) -> None:
    """Of many exports only those in sight are in the page; the last comes when scrolled to."""
    page.goto(f"/?as={shape}&sort=name")
    items = page.locator("[data-export]")
    expect(items.first).to_be_visible()
    assert items.count() < MANY * 0.75

    page.locator("library-page").evaluate("(page) => { page.scrollTop = page.scrollHeight; }")

    expect(page.get_by_role("link", name=f"Work {MANY - 5:03}", exact=True)).to_be_in_viewport()
    assert items.count() < MANY * 0.75
    assert sum(page.evaluate("window.shifts")) == 0


def test_arrows_move_among_cards_and_enter_opens(page: Page) -> None:
    """One Tab stop for all cards: arrows move, End goes to the last, Enter opens."""
    page.goto("/?sort=name")
    first = page.get_by_role("link", name="Everything 000", exact=True)
    expect(first).to_be_visible()
    first.focus()

    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Everything 006", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Everything 024", exact=True)).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("link", name="Work 055", exact=True)).to_be_focused()
    expect(page.get_by_role("link", name="Work 055", exact=True)).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Everything 000", level=1)).to_be_visible()


def test_menu_obeys_keys(page: Page) -> None:
    """The menu of an export opens at its button, moves by arrow and letter, gives focus back."""
    page.goto("/?as=table&sort=name")
    button = page.get_by_role("button", name="More for Family 004")
    button.click()
    expect(page.get_by_role("menuitem", name="Open")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("d")
    expect(page.get_by_role("menuitem", name="Details")).to_be_focused()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    button.press("Enter")
    page.keyboard.press("d")
    page.keyboard.press("Enter")

    expect(page.get_by_role("dialog", name="Family 004")).to_contain_text("Conversations")
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, shelf: Server, width: int) -> None:
    """Cards, table, open menu and details pass axe, narrow and wide, light and dark."""
    page = opened(shelf, width=width)
    found = {}
    for path in ("/?as=cards", "/?as=table&search=work"):
        page.goto(path)
        expect(page.locator("[data-export]").first).to_be_visible()
        found[path] = in_both_themes(page)
    page.locator(".menu-button").first.click()
    found["menu"] = in_both_themes(page)
    page.get_by_role("menuitem", name="Details").click()
    expect(page.get_by_role("dialog")).to_contain_text("Conversations")
    found["details"] = in_both_themes(page)

    assert found == {key: [] for key in found}
    assert sum(page.evaluate("window.shifts")) == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
