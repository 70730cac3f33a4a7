"""Folders are picked in the system's own dialog, wherever the page asks for one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.window.conftest import Opened, Screen, again_until, until

pytestmark = pytest.mark.window


def pick(choose: Locator, screen: Screen, folder: Path, field: Locator) -> None:
    """Choose a folder in the native dialog a button opens; again if it took another."""

    def pick_once() -> None:
        choose.click()
        screen.answer("Open folder", folder)

    again_until(lambda: field.input_value() == str(folder), "the folder picked", pick_once)


def test_folder_to_save_to_is_picked(app: Opened, screen: Screen, tmp_path: Path) -> None:
    """A conversation is saved into the folder chosen in a native dialog."""
    app.goto("/exports/Sample")
    app.page.locator(".conversation-row").first.click()
    app.page.get_by_role("button", name="Save", exact=False).first.click()
    app.page.locator(".save-options summary").click()
    choose = app.page.locator(".save-options").get_by_role("button", name="Choose")
    pick(choose, screen, tmp_path, app.page.locator("#save-to"))

    app.page.get_by_role("button", name="Plain text").click()

    expect(app.page.locator("job-progress[data-state=done]").first).to_be_visible()
    assert [each for each in tmp_path.rglob("*.txt") if each.stat().st_size]


def test_folder_for_backups_is_picked(app: Opened, screen: Screen, tmp_path: Path) -> None:
    """The folder chosen in a native dialog is where the next backup goes."""
    app.goto("/backups")
    schedule = app.page.locator("backup-schedule")
    pick(
        schedule.get_by_role("button", name="Choose"),
        screen,
        tmp_path,
        schedule.get_by_label("Folder"),
    )

    kept = app.library / "settings.json"
    until(lambda: kept.exists() and str(tmp_path) in kept.read_text(), "the choice kept")
    app.goto("/")
    app.page.get_by_role("button", name="More for Sample").click()
    app.page.get_by_role("menuitem", name="Back up now").click()

    until(lambda: list(tmp_path.rglob("backup-*.7z")), "the backup there")


def test_old_apps_folder_is_picked(app: Opened, screen: Screen, tmp_path: Path) -> None:
    """The folder chosen in a native dialog is looked through at once."""
    app.goto("/")
    dialog = app.page.locator("migration-dialog")
    expect(dialog).to_be_attached()
    dialog.evaluate("(dialog) => { dialog.ask(); }")

    choose = dialog.locator(".place-row").get_by_role("button", name="Choose")
    pick(choose, screen, tmp_path, app.page.locator("#migration-source"))

    expect(app.page.locator("migration-dialog [role=alert]")).to_contain_text(str(tmp_path))
