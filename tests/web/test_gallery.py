"""All media in one place: looked through by hand and by key, and what is missing filled in."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.account import conversation
from tests.web.conftest import Server, run_program, serving
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser

# A picture of one pixel.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def test_kinds_and_words_narrow(page: Page) -> None:
    """A kind and words of a title narrow the gallery; the address keeps both."""
    page.goto("/media")
    tiles = page.locator(".media-tile")
    expect(tiles.first).to_be_visible()
    everything = tiles.count()

    page.locator(".segments").get_by_text("Recordings").click()
    expect(page.locator(".media-tile[data-kind=image]")).to_have_count(0)
    page.get_by_role("searchbox", name="Search media").fill("tea, out loud")
    expect(page.locator(".media-tile:not(:has-text('Tea, out loud'))")).to_have_count(0)
    some = tiles.count()
    page.reload()

    expect(tiles).to_have_count(some)
    assert 0 < some < everything
    assert "kind=audio" in page.url


def test_shown_large_and_turned_by_key(page: Page) -> None:
    """A picture opens large, arrows turn, Escape goes back to the one shown last."""
    page.goto("/media?kind=image")
    first = page.locator(".media-tile").first
    first.click()
    stage = page.get_by_role("dialog", name="Media")
    expect(stage).to_contain_text("1 of")

    page.keyboard.press("ArrowRight")
    expect(stage).to_contain_text("2 of")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")

    expect(page.locator(".media-tile").nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()


def test_leads_to_its_conversation(page: Page) -> None:
    """“Show in conversation” goes to the message that shows it."""
    page.goto("/media?kind=audio&search=tea")
    page.locator(".media-tile").first.click()

    page.get_by_role("link", name="Show in conversation").click()

    expect(page.get_by_role("heading", name="Tea, out loud", level=1)).to_be_visible()
    expect(page.locator("message-view:focus audio").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, reading_server: Server, width: int) -> None:
    """Gallery, stage and list of missing media pass axe, and nothing shifts or overflows."""
    page = opened(reading_server, width=width)
    page.goto("/media")
    expect(page.locator(".media-tile").first).to_be_visible()
    found = {"gallery": in_both_themes(page)}
    page.locator(".media-tile").first.click()
    found["stage"] = in_both_themes(page)
    page.goto("/media?kind=missing&export=Sample")
    expect(page.locator("missing-media li").first).to_be_visible()
    found["missing"] = in_both_themes(page)

    assert found == {key: [] for key in found}
    assert sum(page.evaluate("window.shifts")) < 0.001
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.fixture
def lacking(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server on two exports of one account: Whole has a picture, Lacking has not."""
    picture = "file-Kite00000000000000000000"
    talk = conversation("c-kite", "The kite", ["Look", "A kite."])
    node = talk["mapping"]["c-kite-0"]["message"]
    node["content"] = {
        "content_type": "multimodal_text",
        "parts": [
            {
                "content_type": "image_asset_pointer",
                "asset_pointer": f"file-service://{picture}",
                "size_bytes": 4,
                "width": 4,
                "height": 4,
            },
            "Look",
        ],
    }
    for name in ("Whole", "Lacking"):
        archive = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(archive, "w") as written:
            written.writestr("conversations.json", json.dumps([talk]))
            if name == "Whole":
                written.writestr(f"{picture}-kite.png", PICTURE)
        run_program(
            "import", str(archive), "--name", name, "--library", str(tmp_path / "lib"), "--quiet"
        )
    with serving(tmp_path / "lib", browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


def test_missing_is_filled_in_from_another_export(opened: Any, lacking: Server) -> None:
    """What another export holds is a press away from being there."""
    page = opened(lacking)
    page.goto("/media?kind=missing&export=Lacking")
    expect(page.locator("missing-media")).to_contain_text("held by Whole")

    page.get_by_role("button", name="Fill in 1 file", exact=True).click()

    expect(page.locator("missing-media")).to_contain_text("Every file a message refers to is there")
    expect(page.locator("job-progress")).to_contain_text("1 file filled in.")
