"""What holds for every view: no axe violation, nothing shifts, nothing overflows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.account import LONG
from tests.web.conftest import ROOT, Server

pytestmark = pytest.mark.browser

# A view, and what is there once it has loaded.
VIEWS = {
    "/": "export-card",
    "/exports/Sample": ".conversation-row",
    f"/exports/Many/{LONG}": "message-view",
    "/search?q=garden": ".hits li",
    "/settings": ".settings-list",
    "/backups": "backup-standing",
}


def show(page: Page, path: str) -> None:
    """Go to a view and wait for what it shows."""
    page.goto(path)
    expect(page.locator(VIEWS[path]).first).to_be_visible()
    page.wait_for_timeout(150)


# What is whole need not be listed; in the second theme only what depends on colours is looked at.
VIOLATIONS = {"resultTypes": ["violations"]}
OF_COLOURS = {**VIOLATIONS, "runOnly": ["color-contrast", "link-in-text-block"]}


def violations(page: Page, options: Mapping[str, Any] = VIOLATIONS) -> list[str]:
    """Run axe and answer what it found, short."""
    found = Axe().run(page, options=dict(options)).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


SETTLED = """() => {
  const ends = (each) => isFinite(each.effect.getComputedTiming().endTime);
  const ending = document.getAnimations().filter(ends).map((each) => each.finished);
  const long = new Promise((enough) => setTimeout(enough, 600));
  return Promise.race([Promise.allSettled(ending), long]).then(() => {});
}"""


def in_both_themes(page: Page) -> list[str]:
    """Run axe in light and in dark, each when no colour is half-way to another."""
    found = []
    for scheme, options in (("light", VIOLATIONS), ("dark", OF_COLOURS)):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(100)  # a frame or two, so that changes of colour have begun
        page.evaluate(SETTLED)
        found += violations(page, options)
    page.emulate_media(color_scheme="light")
    page.evaluate(SETTLED)
    return found


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, reading_server: Server, width: int) -> None:
    """No view violates a rule of axe, narrow or wide, light or dark."""
    page = opened(reading_server, width=width)
    found = {}
    for path in VIEWS:
        show(page, path)
        found[path] = in_both_themes(page)

    assert found == {path: [] for path in VIEWS}


def test_axe_finds_nothing_in_messages(page: Page) -> None:
    """Code, formulas, tables, media, canvas documents and unknown content pass axe too."""
    page.goto("/exports/Sample")
    titles = ["Planning the herb garden", "A guide to our shady bed", "Watering planner in Python"]
    for title in [*titles, "Bayes with mushrooms", "From the future", "Walking through"]:
        page.get_by_role("searchbox", name="Filter titles").fill(title)
        page.get_by_role("option", name=title).click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        page.evaluate(
            "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
        )
        assert in_both_themes(page) == [], title


@pytest.mark.parametrize("dialog", ["import", "keys", "save", "raw"])
def test_axe_finds_nothing_in_dialogs(page: Page, dialog: str) -> None:
    """Every dialog passes axe."""
    opener = {
        "import": ("/", "Import an archive"),
        "keys": ("/", "Keys"),
        "save": (f"/exports/Many/{LONG}", "Save"),
        "raw": (f"/exports/Many/{LONG}", "As exported"),
    }
    path, name = opener[dialog]
    show(page, path)
    button = page.get_by_role("button", name=name).first
    button.focus()
    button.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.wait_for_timeout(150)

    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 768, 1280, 2560])
def test_nothing_shifts_or_overflows(opened: Any, reading_server: Server, width: int) -> None:
    """While a view loads nothing moves, and no view is wider than the window."""
    page = opened(reading_server, width=width)
    found = {}
    for path in VIEWS:
        show(page, path)
        shifts = sum(page.evaluate("window.shifts"))
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[path] = (round(shifts, 4), max(0, wide))

    assert found == dict.fromkeys(VIEWS, (0, 0))


def test_reading_does_not_shift(page: Page) -> None:
    """Scrolling through a long conversation, down and up again, moves nothing by itself."""
    show(page, f"/exports/Many/{LONG}#{LONG}-150".partition("#")[0])
    page.mouse.move(800, 500)
    for step in [600] * 30 + [-700] * 20:
        page.mouse.wheel(0, step)
        page.wait_for_timeout(15)

    assert sum(page.evaluate("window.shifts")) == 0


def test_no_view_carries_style_or_script() -> None:
    """The page as shipped has no inline style, script or handler for the policy to refuse."""
    for file in [ROOT / "web" / "index.html", *Path(ROOT / "web").rglob("*.js")]:
        text = file.read_text(encoding="utf-8")
        assert "innerHTML" not in text or file.name == "message-view.js", file.name
        assert 'setAttribute("style"' not in text, file.name
        assert not re.search(r"<script>|<style|\sstyle=|\son\w+=\"", text), file.name


def test_dark_is_the_same_both_ways() -> None:
    """Dark by the system and dark by choice are the same roles."""
    text = (ROOT / "web" / "styles" / "tokens.css").read_text(encoding="utf-8")
    system = re.search(r":not\(\[data-theme=\"light\"\]\) \{(.*?)\n    \}", text, re.DOTALL)
    chosen = re.search(r"\n  :root\[data-theme=\"dark\"\] \{(.*?)\n  \}", text, re.DOTALL)
    assert system
    assert chosen

    assert system[1].split() == chosen[1].split()
