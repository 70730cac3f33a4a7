"""The frame: places, keys, the theme, a tab nobody opened, a program that has stopped."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Complaints, Server, serving

pytestmark = pytest.mark.browser


def test_search_finds_a_message_and_goes_there(page: Page) -> None:
    """Ctrl-K goes to the search; a hit leads to its message."""
    page.goto("/exports/Sample")
    expect(page.locator(".conversation-row").first).to_be_visible()
    page.keyboard.press("Control+k")
    box = page.get_by_role("searchbox", name="Search")
    expect(box).to_be_focused()

    box.fill("hemlock")
    hit = page.locator(".hits li", has_text="You").first
    expect(hit.locator("mark").first).to_have_text("hemlock")
    hit.get_by_role("link").click()

    expect(page.get_by_role("heading", name="Which of these is chervil?", level=1)).to_be_visible()
    expect(page.locator("message-view:focus")).to_contain_text("hemlock")


def test_back_from_a_hit_shows_the_hits(page: Page) -> None:
    """The browser's Back returns to the search as it was."""
    page.goto("/search?q=garden")
    link = page.locator(".hits a").nth(2)
    title = link.inner_text()
    link.click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()

    page.go_back()

    expect(page.locator(".hits a").nth(2)).to_have_text(title)
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("garden")


def test_keys_are_listed(page: Page) -> None:
    """“?” lists the keys, Escape closes the list, g and l lead to the library."""
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("l")

    expect(page.get_by_role("heading", name="Library", level=1)).to_be_visible()


def test_skip_link_leads_past_the_rail(page: Page) -> None:
    """The first Tab offers a way past the rail, and it works."""
    page.goto("/")
    expect(page.get_by_role("heading", name="Library", level=1)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()

    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
    assert "#" not in page.url


def test_settings_are_kept(opened: Any, writing_server: Server, complaints: Complaints) -> None:
    """What is chosen of the settings is kept at once; what makes no sense is refused there."""
    complaints.expect("400")
    page = opened(writing_server)
    page.goto("/settings")
    for label, chosen in (("File names", "Title"), ("Largest file to send", "5.0 GB")):
        with page.expect_response("**/api/settings"):
            page.get_by_label(label).select_option(label=chosen)
    page.get_by_label("Days until all is read again").fill("soon")
    page.keyboard.press("Enter")
    expect(page.locator("more-settings")).to_contain_text("backups.verifyEvery must be")
    page.reload()

    expect(page.get_by_label("File names")).to_have_value("title")
    expect(page.get_by_label("Largest file to send")).to_have_value("5000000000")
    expect(page.get_by_label("Days until all is read again")).to_have_value("30")


def test_theme_is_kept_on_both_sides(opened: Any, writing_server: Server) -> None:
    """A theme chosen applies at once, is there at the next first paint, and is a setting."""
    page = opened(writing_server)
    page.goto("/settings")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)

    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_text("Dark", exact=True).click()
        dark = page.evaluate(ground)
    page.reload()

    assert light != dark
    assert page.evaluate(ground) == dark
    expect(page.get_by_role("radio", name="Dark")).to_be_checked()
    other = opened(writing_server)
    other.goto("/")
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")


def test_tab_without_token_is_told_so(
    opened: Any, reading_server: Server, complaints: Complaints
) -> None:
    """A tab that holds the cookie but no token gets a sentence, not an empty page."""
    complaints.expect("401")
    page = opened(reading_server)
    page.add_init_script("sessionStorage.removeItem('token')")

    page.goto("/")

    expect(page.get_by_role("alert")).to_contain_text("Open the program again")


def test_first_look_is_one_module(opened: Any, reading_server: Server) -> None:
    """The page asks once for what it shows first, and who comes later is given the same."""
    page = opened(reading_server)
    page.goto("/")
    expect(page.locator("export-card").first).to_be_visible()
    asked = page.evaluate(
        """() => {
          const asked = performance.getEntriesByType("resource").map(
            ({ name, startTime }) => ({ path: new URL(name).pathname, at: startTime }));
          const list = asked.find(({ path }) => path === "/api/exports");
          return asked.filter(({ path, at }) => path.endsWith(".js") && at < list.at)
            .map(({ path }) => path);
        }"""
    )
    same = page.evaluate(
        """async () => {
          const { h } = await import("/lib/dom.js");
          return h === (await import("/main.js")).$modules["lib/dom.js"].h;
        }"""
    )

    assert sorted(asked) == ["/main.js", "/theme.js"]
    assert same


def test_token_leaves_the_address(opened: Any, reading_server: Server) -> None:
    """The token `/enter` puts into the address is taken out of it at once and works."""
    page = opened(reading_server)
    page.add_init_script("sessionStorage.removeItem('token')")

    page.goto(f"/#k={reading_server.token}")

    expect(page.locator("export-card").first).to_be_visible()
    assert page.url == f"{reading_server.url}/"


def test_stopped_program_is_said(
    opened: Any, browser: Browser, tmp_path: Any, complaints: Complaints
) -> None:
    """When the program has stopped, the page says so in place and can try again."""
    complaints.expect("net::ERR_")  # refused, or cut while the page fetches ahead
    with serving(tmp_path / "library", browser) as server:
        page = opened(server)
        page.goto("/")
        expect(page.get_by_role("heading", name="Ask ChatGPT for your data")).to_be_visible()

    page.get_by_role("link", name="Settings").click()

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The program has stopped.")
    expect(alert.get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.parametrize("path", ["/search", "/media"])
def test_who_typed_and_went_on_is_let_go(page: Page, path: str) -> None:
    """What was typed just before leaving a page does not bring it back, nor its address."""
    page.goto(path)
    page.get_by_role("searchbox").fill("garden")

    page.get_by_role("link", name="Library", exact=True).click()

    expect(page.locator("export-card").first).to_be_visible()
    page.wait_for_timeout(1000)
    expect(page.locator("export-card").first).to_be_visible()
    assert page.url.endswith("/")


def test_long_first_look_is_explained(page: Page) -> None:
    """Where the list is a while in coming, the page says what is being done, then shows it."""
    held = []
    page.route("**/api/exports", lambda route: held.append(route))
    page.goto("/")
    expect(page.get_by_text("Looking through your folders.")).to_be_visible()

    for each in held:
        each.continue_()
    page.unroute("**/api/exports")

    expect(page.locator("export-card").first).to_be_visible()
    expect(page.get_by_text("Looking through your folders.")).to_be_hidden()


@pytest.mark.parametrize("path", ["/exports/Nothing", "/exports/Sample/no-such-conversation"])
def test_what_is_not_there_is_said(page: Page, complaints: Complaints, path: str) -> None:
    """An address of something gone says what is missing, in place."""
    complaints.expect("404")

    page.goto(path)

    expect(page.get_by_role("alert").first).to_be_visible()


def test_narrow_window_has_its_places_below(opened: Any, reading_server: Server) -> None:
    """Under 600 pixels the places are a bar at the bottom, words and all."""
    page = opened(reading_server, width=390)
    page.goto("/")
    box = page.get_by_role("navigation", name="Main").bounding_box()

    assert box is not None
    assert box["y"] > 700
    expect(page.locator(".rail").get_by_text("Search")).to_be_visible()
