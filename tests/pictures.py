"""Take the pictures of the real app with the sample: ``python3 run.py pictures``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, expect, sync_playwright

from run import PROGRAMS
from tests.backed_up import back_up, grow

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}


@contextmanager
def app(folder: str) -> Iterator[dict[str, Any]]:
    """Run the app with the sample in it; yields what ``--json demo`` said, and the ids by title."""
    command = [sys.executable, "-m", "app.main", "--library", folder, "--json"]
    with subprocess.Popen([*command, "demo"], cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout
        told = json.loads(demo.stdout.readline())
        list_all = [*command, "conversations", "list", "Sample", "--limit", "500"]
        listed = subprocess.run(list_all, cwd=ROOT, stdout=subprocess.PIPE, check=True)
        told["ids"] = {each["title"]: each["id"] for each in json.loads(listed.stdout)["items"]}
        try:
            yield told
        finally:
            demo.terminate()


def settled(page: Page) -> None:
    """Wait until what is in sight is there: text, pictures and fonts."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.wait_for_timeout(600)


def take_preview(page: Page) -> None:
    """Take what the dialog of migration says would happen; then decline the offer."""
    page.get_by_role("button", name="Migrate…").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("Tried out")
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / "migration.png")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Not now").click()


def take_results(page: Page) -> None:
    """Migrate the invented sessions and take the results."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Look for sessions").click()
    page.get_by_role("button", name="Migrate", exact=True).click()
    results = page.get_by_role("button", name="Results")
    expect(results).to_be_visible()
    page.get_by_role("link", name="Library", exact=True).click()
    settled(page)
    results.click()
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / "migrated.png")


def back_up_for_weeks(root: Path) -> None:
    """Back the sample up as if for some weeks, a little more in it each time."""
    for days in (40, 19, 12, 5, 1):
        back_up(root, ago=timedelta(days=days))
        grow(root, f"note {days}")


def take_backups(page: Page, told: dict[str, Any]) -> None:
    """Take how exports stand, a timeline, the inside of a backup, and the restore."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    page.goto(f"{told['url']}backups")
    settled(page)
    page.screenshot(path=FOLDER / "backups.png")
    page.get_by_role("link", name="Sample").first.click()
    settled(page)
    page.screenshot(path=FOLDER / "backup-timeline.png")
    page.locator("backup-line").first.get_by_role("link").click()
    page.get_by_role("button", name="conversations", exact=True).click()
    page.get_by_role("searchbox", name="Find a file").fill("herb garden")
    page.locator("[data-path*='herb_garden']").first.click()
    settled(page)
    page.screenshot(path=FOLDER / "backup-inside.png")
    page.get_by_role("button", name="Restore…").click()
    page.get_by_role("radio", name="In its place").check()
    settled(page)
    page.screenshot(path=FOLDER / "restoring.png")
    page.keyboard.press("Escape")


def take_exports(page: Page, told: dict[str, Any]) -> None:
    """Take several exports chosen, what changed between two, and the gallery."""
    page.goto(f"{told['url']}?as=table&sort=name")
    settled(page)
    page.keyboard.press("Control+a")
    page.locator(".menu-button").first.click()
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / "exports.png")
    page.goto(f"{told['url']}compare")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".compared")).to_be_visible()
    settled(page)
    page.screenshot(path=FOLDER / "changes.png")
    page.goto(f"{told['url']}media?export=Sample")
    settled(page)
    page.screenshot(path=FOLDER / "media.png")


def take(page: Page, told: dict[str, Any]) -> None:
    """Take every picture; the page is already admitted."""
    sample = f"{told['url']}exports/Sample"
    settled(page)
    take_preview(page)
    settled(page)
    page.screenshot(path=FOLDER / "library.png")
    pictures = {
        "reading.png": ("Planning the herb garden", "light", DESK),
        "formulas-dark.png": ("Least squares, slowly", "dark", DESK),
        "code.png": ("Watering planner in Python", "light", DESK),
        "phone.png": ("Planning the herb garden", "dark", PHONE),
    }
    for name, (title, theme, size) in pictures.items():
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(f"{sample}/{quote(told['ids'][title])}")
        settled(page)
        page.screenshot(path=FOLDER / name)
    take_backups(page, told)
    take_results(page)
    take_exports(page, told)


def main() -> int:
    """Take the pictures; 1 if there is no browser."""
    browser_path = PROGRAMS["chromium"].find()
    if browser_path is None:
        print("Chromium is not here.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, app(folder) as told, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=DESK, device_scale_factor=1.5, locale="en-GB")  # type: ignore[arg-type]
        back_up_for_weeks(Path(folder))
        page.goto(told["entry"])
        take(page, told)
        browser.close()
    for picture in sorted(FOLDER.glob("*.png")):
        print(f"{picture.relative_to(ROOT)}  {picture.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
