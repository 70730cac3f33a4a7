"""Looking into a backup on the page, comparing it, and bringing it back."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.backed_up import back_up, grow
from tests.web.conftest import Complaints, Server, serving
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser

TITLE = "Planning the herb garden"


@pytest.fixture
def library(imported_sample: Path, tmp_path: Path) -> Path:
    """A library with the export "Sample", backed up twice: before and after it grew by a note."""
    root = Path(shutil.copytree(imported_sample, tmp_path / "library"))
    back_up(root, ago=timedelta(days=2))
    grow(root)
    back_up(root, ago=timedelta(days=1))
    return root


@pytest.fixture
def server(browser: Browser, library: Path) -> Iterator[Server]:
    """A server on that library."""
    with serving(library, browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


def look_into(page: Page, which: int = 0) -> Locator:
    """Open a backup of the sample, the newest first; answers the view."""
    page.goto("/backups/Sample")
    page.locator("backup-line").nth(which).get_by_role("link").click()
    expect(page.get_by_role("button", name="conversations", exact=True)).to_be_visible()
    return page.locator("backup-contents")


def find(page: Page, words: str) -> None:
    """Find files of a backup by their names, and look into the first."""
    page.get_by_role("searchbox", name="Find a file").fill(words)
    expect(page.locator(f'[data-path*="{words.replace(" ", "_")}"]').first).to_be_visible()
    expect(page.locator("file-browser tbody")).not_to_have_attribute("aria-busy", "true")
    page.locator("[data-path]").first.click()


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder, but for what an export says of itself."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != "export.json")
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


def test_conversation_and_picture_inside(opened: Any, server: Server, library: Path) -> None:
    """A conversation in a backup can be read, a picture seen, without restoring anything."""
    shutil.rmtree(library / "exports" / "Sample" / "conversations")
    page = opened(server)
    view = look_into(page)
    page.get_by_role("button", name="conversations", exact=True).click()
    find(page, TITLE)
    expect(view.locator("file-preview message-view").first).to_contain_text("north wall")

    view.get_by_role("group", name="Version 3 of 3").first.get_by_label("Previous version").click()
    expect(view.get_by_role("group", name="Version 2 of 3").first).to_be_visible()

    page.get_by_role("button", name="All files").click()
    find(page, ".png")
    picture = view.locator("file-preview img")
    expect(picture).to_be_visible()
    assert picture.evaluate("(each) => each.decode().then(() => each.naturalWidth)") > 0
    expect(view.get_by_role("link", name="Save a copy")).to_be_visible()


def test_walked_by_keys(opened: Any, server: Server) -> None:
    """Arrow keys move among the names, Enter opens a folder, the trail leads back to it."""
    page = opened(server)
    look_into(page)
    page.get_by_role("button", name="conversations", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="media", exact=True)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="Folder")).to_contain_text("conversations")
    page.get_by_role("button", name="All files").press("Enter")

    expect(page.locator("[data-path=conversations]")).to_be_focused()


def test_compared(opened: Any, server: Server, library: Path) -> None:
    """A backup is compared with the one before, and with the export as it is now."""
    page = opened(server)
    view = look_into(page)
    added = view.locator(".difference[data-kind=added]")
    expect(added).to_contain_text("only in this backup")
    added.locator("summary").click()
    expect(added.get_by_role("listitem")).to_have_text(["note.json"])
    (library / "exports" / "Sample" / "note.json").unlink()
    grow(library, "later")
    view.get_by_label("With").select_option(label="The export as it is now")

    expect(view.locator(".difference[data-kind=removed]")).to_contain_text("only in the export")
    view.locator(".difference[data-kind=removed] summary").click()
    expect(view.locator(".difference[data-kind=removed] li")).to_have_text(["later.json"])


def test_restored_beside(opened: Any, server: Server, library: Path) -> None:
    """Restored under another name, an export stands beside the original, the same to the byte."""
    page = opened(server)
    look_into(page)
    page.get_by_role("button", name="Restore…").click()
    dialog = page.get_by_role("dialog", name="Restore")
    name = dialog.get_by_label("Name of the restored export")
    expect(name).to_have_value(re.compile(r"^Sample \(\d{4}-\d\d-\d\d\)$"))
    name.fill("حديقتي")
    dialog.get_by_role("button", name="Restore", exact=True).click()

    expect(page.locator("job-progress")).to_contain_text("each compared with the backup")
    exports = library / "exports"
    assert tree(exports / "حديقتي") == tree(exports / "Sample")
    page.get_by_role("button", name="Show the export").click()
    expect(page.get_by_role("heading", name="حديقتي").first).to_be_visible()


def test_some_files_restored(opened: Any, server: Server, library: Path) -> None:
    """Chosen files alone come back, in their place; the rest stays as it is now."""
    note = library / "exports" / "Sample" / "note.json"
    note.write_text("spoiled", encoding="utf-8")
    later = grow(library, "later")
    page = opened(server)
    look_into(page)
    page.get_by_role("checkbox", name="Choose note.json").check()
    page.get_by_role("button", name="Restore these…").click()
    dialog = page.get_by_role("dialog", name="Restore")
    expect(dialog).to_contain_text("1 chosen file")
    dialog.get_by_role("radio", name="In its place").check()
    expect(dialog.locator(".difference[data-kind=changed]")).to_contain_text("1")
    expect(dialog.locator(".difference[data-kind=removed]")).to_contain_text("0")
    dialog.get_by_role("button", name="Restore", exact=True).click()

    expect(page.locator("job-progress")).to_contain_text("1 file,")
    assert "kept" in note.read_text(encoding="utf-8")
    assert later.is_file()


def test_restored_in_place_and_put_back(opened: Any, server: Server, library: Path) -> None:
    """Restored in its place, the state before is kept: put back, everything is as it was."""
    grow(library, "later")
    sample = library / "exports" / "Sample"
    before = tree(sample)
    page = opened(server)
    look_into(page)
    page.get_by_role("button", name="Restore…").click()
    dialog = page.get_by_role("dialog", name="Restore")
    dialog.get_by_role("radio", name="In its place").check()
    expect(dialog.locator(".difference[data-kind=removed]")).to_contain_text("1")
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(page.locator("job-progress")).to_contain_text("kept until you decide")
    assert not (sample / "later.json").exists()

    page.goto("/backups")
    question = page.get_by_role("group", name="The restored state of Sample")
    question.get_by_role("button", name="Put the previous back").click()

    expect(question).to_have_count(0)
    assert tree(sample) == before


def test_restored_in_place_and_kept(opened: Any, server: Server, library: Path) -> None:
    """Once the restored state is to stay, nothing asks any more."""
    grow(library, "later")
    page = opened(server)
    look_into(page, 1)
    page.get_by_role("button", name="Restore…").click()
    dialog = page.get_by_role("dialog", name="Restore")
    dialog.get_by_role("radio", name="In its place").check()
    dialog.get_by_role("button", name="Restore", exact=True).click()
    line = page.locator("job-progress")
    line.get_by_role("button", name="Keep the restored state").click()

    expect(line).to_have_count(0)
    page.goto("/backups")
    expect(page.locator("backup-standing")).to_be_visible()
    expect(page.get_by_role("group", name="The restored state of Sample")).to_have_count(0)
    assert not (library / "exports" / "Sample" / "note.json").exists()


def test_encrypted_asks_for_its_passphrase(
    opened: Any, server: Server, library: Path, complaints: Complaints
) -> None:
    """An encrypted backup is listed; what is in it shows once its passphrase was given."""
    complaints.expect("400")
    back_up(library, encrypt=True, passphrase="five random words here", force=True)
    page = opened(server)
    page.goto("/backups/Sample")
    expect(page.locator("backup-line").first).to_contain_text("Encrypted")
    page.locator("backup-line").first.get_by_role("link").click()
    page.get_by_label("Its passphrase").fill("not these words at all")
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("alert")).to_contain_text("This passphrase does not open it.")
    page.get_by_label("Its passphrase").fill("five random words here")
    page.keyboard.press("Enter")

    expect(page.get_by_role("button", name="conversations", exact=True)).to_be_visible()
    page.get_by_role("button", name="user.json").click()
    expect(page.locator("file-preview pre")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, server: Server, width: int) -> None:
    """A backup's files, a preview, a comparison and the restore pass axe, shift nothing, fit."""
    page = opened(server, width=width)
    found = {}

    def look(name: str) -> None:
        page.wait_for_timeout(150)
        wide = page.evaluate(
            "Math.max(...[...document.querySelectorAll('html, dialog[open], backups-page')]"
            ".map((each) => each.scrollWidth - each.clientWidth))"
        )
        found[name] = (in_both_themes(page), wide)

    look_into(page)
    look("files")
    page.get_by_role("button", name="conversations", exact=True).click()
    find(page, "Hello")
    expect(page.locator("file-preview message-view").first).to_be_visible()
    page.get_by_role("checkbox").first.check()
    look("preview")
    page.get_by_role("button", name="Delete…").click()
    look("delete")
    page.get_by_role("button", name="Restore…").click()
    page.get_by_role("dialog").get_by_role("radio", name="In its place").check()
    expect(page.get_by_role("dialog").get_by_role("status")).to_be_visible()
    look("restore")

    assert found == dict.fromkeys(found, ([], 0))
