"""Folders are picked in the system's own dialog, wherever the page asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.window.conftest import Opened, Screen

pytestmark = pytest.mark.window


def pick(screen: Screen, folder: Path) -> None:
    """Choose a folder in the native dialog that was just opened."""
    dialog = screen.window("Open folder")
    screen.hand("windowfocus", "--sync", dialog)
    screen.hand("key", "ctrl+a")
    screen.hand("type", "--delay", "5", str(folder))
    screen.hand("key", "Return")


def test_folder_to_save_to_is_picked(app: Opened, screen: Screen, tmp_path: Path) -> None:
    """A conversation is saved into the folder chosen in a native dialog."""
    app.goto("/exports/Sample")
    app.page.locator(".conversation-row").first.click()
    app.page.get_by_role("button", name="Save", exact=False).first.click()
    app.page.locator(".save-options summary").click()
    app.page.locator(".save-options").get_by_role("button", name="Choose").click()
    pick(screen, tmp_path)
    expect(app.page.locator("#save-to")).to_have_value(str(tmp_path))

    app.page.get_by_role("button", name="Plain text").click()

    expect(app.page.locator("job-progress[data-state=done]").first).to_be_visible()
    assert [each for each in tmp_path.rglob("*.txt") if each.stat().st_size]


def test_old_apps_folder_is_picked(app: Opened, screen: Screen, tmp_path: Path) -> None:
    """The folder chosen in a native dialog is looked through at once."""
    app.goto("/")
    app.page.evaluate("document.querySelector('migration-dialog').ask()")
    app.page.locator("migration-dialog .place-row").get_by_role("button", name="Choose").click()
    pick(screen, tmp_path)

    expect(app.page.locator("#migration-source")).to_have_value(str(tmp_path))
    expect(app.page.locator("migration-dialog [role=alert]")).to_contain_text(str(tmp_path))
