"""Backups on the page: how exports stand, making, keeping and clearing away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.library import Library
from app.operations.settings import change_settings
from tests.backed_up import back_up, do, grow
from tests.web.conftest import Complaints, Server, serving
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser

MANY = int(os.environ.get("BACKUPS_ON_A_TIMELINE", "70"))


@pytest.fixture
def library(imported_sample: Path, tmp_path: Path) -> Path:
    """A library that holds the export "Sample", with no backup yet."""
    return shutil.copytree(imported_sample, tmp_path / "library")


@pytest.fixture
def server(browser: Browser, library: Path) -> Iterator[Server]:
    """A server on that library."""
    with serving(library, browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


def standing(page: Page, name: str = "Sample") -> Locator:
    """The line of an export on the backups page."""
    return page.locator("backup-standing", has_text=name)


def back_up_now(page: Page) -> None:
    """Go to the backups, press the button of the sample and wait for the end."""
    page.goto("/backups")
    page.get_by_role("button", name="Back up Sample now").click()
    expect(page.locator("job-progress").last).to_contain_text("stored and checked")


def test_first_backup(opened: Any, server: Server, library: Path) -> None:
    """Never backed up is said everywhere; one press makes a backup, and it is said no more."""
    page = opened(server)
    page.goto("/")
    notice = page.locator("backup-notice")
    expect(notice).to_contain_text("Sample was never backed up.")
    place = page.locator(".rail").get_by_role("link", name="Backups")
    expect(place).to_have_accessible_name("Backups (something wants attention)")
    place.click()
    expect(standing(page)).to_contain_text("Never backed up")

    standing(page).get_by_role("button", name="Back up Sample now").click()

    expect(standing(page)).to_contain_text("Last good backup today")
    expect(page.locator("job-progress")).to_contain_text("stored and checked")
    expect(place).to_have_accessible_name("Backups")
    assert len(list((library / "backups-exports").glob("*.7z"))) == 1
    page.get_by_role("link", name="Library", exact=True).click()
    expect(notice).to_contain_text("Everything is backed up, last today")


def test_backup_from_the_notice(opened: Any, server: Server) -> None:
    """The library page says which export wants a backup, and makes it."""
    page = opened(server)
    page.goto("/")
    page.locator("backup-notice").get_by_role("button", name="Back up now").click()

    expect(page.locator("job-progress")).to_contain_text("stored and checked")
    expect(page.locator("backup-notice")).to_contain_text("Everything is backed up")


def test_backup_of_what_is_chosen(opened: Any, server: Server, library: Path) -> None:
    """Of several exports chosen on the library page each is backed up."""
    do(library, "export duplicate", export="Sample", name="Twin")
    page = opened(server)
    page.goto("/")
    page.get_by_role("checkbox", name="Choose Sample").check()
    page.get_by_role("checkbox", name="Choose Twin").check()
    page.locator("selection-bar").get_by_role("button", name="Back up").click()
    question = page.get_by_role("dialog", name="Back up 2 exports?")
    expect(question).to_contain_text("Twin")
    question.get_by_role("button", name="Back up").click()

    expect(page.locator("job-progress")).to_contain_text("2 backups made.")
    expect(page.locator("export-card").first).to_contain_text("Backed up today")
    expect(page.locator("backup-notice")).to_contain_text("Everything is backed up")


def test_second_backup_of_the_same(opened: Any, server: Server, library: Path) -> None:
    """Where nothing changed no archive is written, and the page says that none was needed."""
    page = opened(server)
    back_up_now(page)
    page.get_by_role("button", name="Back up Sample now").click()

    expect(page.locator("job-progress").last).to_contain_text("Nothing changed")
    assert len(list((library / "backups-exports").glob("*.7z"))) == 1


def test_asked_how(opened: Any, server: Server, library: Path) -> None:
    """The dialog asks for type, level and encryption; the timeline shows what came of it."""
    back_up(library)
    grow(library)
    page = opened(server)
    page.goto("/backups/Sample")
    page.get_by_role("button", name="Back up…").click()
    dialog = page.get_by_role("dialog", name="Back up Sample")
    expect(dialog.get_by_role("radio", name="What changed")).to_be_checked()
    dialog.get_by_role("radio", name="Everything again").check()
    dialog.get_by_label("Compression").select_option(label="Fast")
    start = dialog.get_by_role("button", name="Back up", exact=True)
    dialog.get_by_role("switch", name="Encrypt").check()
    expect(dialog).to_contain_text("Nobody can open these backups without the passphrase")
    expect(start).to_be_disabled()
    dialog.get_by_label("Passphrase", exact=True).fill("five random words here")
    dialog.get_by_label("The same again").fill("five random")
    expect(dialog.get_by_role("status")).to_contain_text("The two differ.")
    dialog.get_by_label("The same again").fill("five random words here")
    start.click()

    lines = page.locator("backup-line")
    expect(lines).to_have_count(2)
    expect(lines.first).to_contain_text("Encrypted")
    expect(lines.first).to_contain_text("Full")
    expect(lines.first).to_contain_text("Kept: newest")
    assert "five random words" not in (library / "catalog.sqlite3").read_bytes().decode("latin-1")


def test_stopped_backup_leaves_nothing(opened: Any, server: Server, library: Path) -> None:
    """While a backup is made its stage shows; Stop ends it without an archive."""
    for index in range(6):
        path = library / "exports" / "Sample" / "media" / f"large-{index}.txt"
        path.write_bytes(os.urandom(1 << 16).hex().encode() * 100)
    page = opened(server)
    page.goto("/backups/Sample")
    page.get_by_role("button", name="Back up…").click()
    dialog = page.get_by_role("dialog", name="Back up Sample")
    dialog.get_by_label("Compression").select_option(label="Smallest")
    dialog.get_by_role("button", name="Back up", exact=True).click()
    line = page.locator("job-progress")
    expect(line.get_by_role("progressbar", name="Back up Sample")).to_be_visible()
    line.get_by_role("button", name="Stop").click()

    expect(line).to_contain_text("Stopped. Nothing was changed.")
    assert list((library / "backups-exports").glob("*.7z")) == []
    expect(page.locator("backup-timeline")).to_contain_text("No backup of this export yet.")


def test_cleanup_tells_before_it_does(opened: Any, server: Server, library: Path) -> None:
    """Every backup has its verdict with the reason, and the bytes are told, before any goes."""
    for days in (4, 3, 2, 1):
        back_up(library, ago=timedelta(days=days))
        grow(library, str(days))
    page = opened(server)
    page.goto("/backups/Sample")
    expect(page.locator("backup-line")).to_have_count(4)
    page.get_by_role("button", name="Clean up…").click()
    dialog = page.get_by_role("dialog", name="Clean up backups")
    expect(dialog.get_by_role("status")).to_have_text("All of them would stay.")
    dialog.get_by_label("The newest").fill("1")
    expect(dialog.get_by_role("status")).to_contain_text("1 backup would stay;")
    expect(dialog.get_by_role("listitem").first).to_contain_text("Kept: newest, among the last 1")
    expect(dialog.get_by_role("listitem").last).to_contain_text("Goes")
    expect(page.locator("backup-line")).to_have_count(4)
    dialog.get_by_role("button", name="Delete 3 backups").click()

    expect(page.locator("job-progress")).to_contain_text("freed.")
    expect(page.locator("backup-line")).to_have_count(1)


def test_pinned_and_deleted(opened: Any, server: Server, library: Path) -> None:
    """A pinned backup says so and is not deleted; unpinned, after a question, it is."""
    back_up(library, ago=timedelta(days=1))
    page = opened(server)
    page.goto("/backups/Sample")
    page.locator("backup-line").get_by_role("link").click()
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_role("button", name="Unpin")).to_be_visible()
    expect(page.locator("backup-contents")).to_contain_text("pinned")
    page.get_by_role("button", name="Unpin").click()
    expect(page.get_by_role("button", name="Pin", exact=True)).to_be_visible()
    page.get_by_role("button", name="Delete…").click()
    question = page.get_by_role("group", name="Delete this backup")
    expect(question.get_by_role("button", name="Keep it")).to_be_focused()
    question.get_by_role("button", name="Delete this backup").click()

    expect(page).to_have_url(f"{server.url}/backups/Sample")
    expect(page.locator("backup-timeline")).to_contain_text("No backup of this export yet.")
    assert list((library / "backups-exports").glob("*.7z")) == []


def test_those_that_need_it_are_asked_about(
    opened: Any, server: Server, library: Path, complaints: Complaints
) -> None:
    """The base of others is deleted only with them, after a second question."""
    back_up(library, ago=timedelta(days=2))
    conversation = next((library / "exports" / "Sample" / "conversations").iterdir())
    conversation.write_bytes(conversation.read_bytes() + b" ")
    back_up(library, ago=timedelta(days=1))
    page = opened(server)
    page.goto("/backups/Sample")
    expect(page.locator("backup-line")).to_have_count(2)
    page.locator("backup-line").last.get_by_role("link").click()
    complaints.expect("409")  # refused, so that the question can be asked
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete this backup").click()

    others = page.get_by_role("group", name="Delete the backups that need it, too")
    expect(others.get_by_role("button", name="Keep them")).to_be_focused()
    expect(others.get_by_role("alert")).to_contain_text("Another backup needs bytes of this one.")
    assert len(list((library / "backups-exports").glob("*.7z"))) == 2
    others.get_by_role("button", name="Delete all 2").click()
    expect(page.locator("backup-timeline")).to_contain_text("No backup of this export yet.")
    assert list((library / "backups-exports").glob("*.7z")) == []


def test_damage_is_named(opened: Any, server: Server, library: Path) -> None:
    """A check names the damaged file, the timeline goes on saying so; the rest is restored."""
    back_up(library)
    (archive,) = (library / "backups-exports").glob("*.7z")
    spoiled = bytearray(archive.read_bytes())
    spoiled[len(spoiled) // 2] ^= 0xFF
    shutil.rmtree(library / "exports" / "Sample" / "media")  # so that nothing can be healed from it
    archive.write_bytes(spoiled)
    page = opened(server)
    page.goto("/backups/Sample")
    page.get_by_role("button", name="Check all").click()
    page.get_by_role("button", name="What is damaged").click()
    report = page.get_by_role("dialog", name="What the check found")

    expect(report).to_contain_text("cannot be restored from this backup")
    expect(report.get_by_role("listitem").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("backup-line")).to_contain_text("damaged")

    page.locator("backup-line").get_by_role("link").first.click()
    page.get_by_role("button", name="Restore…").click()
    dialog = page.get_by_role("dialog", name="Restore")
    dialog.get_by_role("switch", name="Restore the rest").check()
    dialog.get_by_label("Name of the restored export").fill("The rest")
    dialog.get_by_role("button", name="Restore", exact=True).click()
    expect(page.locator("job-progress").last).to_contain_text("could not be restored")
    assert (library / "exports" / "The rest" / "conversations").is_dir()


def test_all_backups_are_checked_and_looked_through(
    opened: Any, server: Server, library: Path
) -> None:
    """Quickly, to the last byte, or only which there are: each says what it found."""
    back_up(library)
    page = opened(server)
    page.goto("/backups")
    tray = page.locator("job-progress")

    page.get_by_role("button", name="Check all quickly").click()
    expect(tray.last).to_contain_text("nothing is damaged")
    page.get_by_role("button", name="Look through the folder again").click()
    expect(tray.last).to_contain_text("1 backup in 1 archive")
    page.get_by_role("button", name="Check all to the last byte").click()
    expect(page.locator(".proofs")).to_contain_text("1 of 1 backup")


def test_schedule_is_kept(opened: Any, server: Server) -> None:
    """What is chosen of the schedule is a setting; the system's entry can be read and copied."""
    page = opened(server)
    page.goto("/backups")
    page.get_by_label("Back up by itself").select_option(label="Every day")
    page.get_by_role("switch", name="After every import").check()
    page.get_by_label("The newest").fill("25")
    page.get_by_label("The newest").press("Tab")
    page.wait_for_load_state("networkidle")
    page.reload()

    expect(page.get_by_label("Back up by itself")).to_have_value("daily")
    expect(page.get_by_role("switch", name="After every import")).to_be_checked()
    expect(page.get_by_label("The newest")).to_have_value("25")
    page.get_by_text("What it is, and how to put it in place").click()
    expect(page.locator("schedule-entry pre")).to_contain_text("backup run")


def test_folder_that_is_not_there(
    opened: Any, server: Server, library: Path, tmp_path: Path
) -> None:
    """A folder on a disk that is not connected is a state, said calmly; nothing can be pressed."""
    disk = tmp_path / "disk"
    disk.mkdir()
    change_settings(Library(library), key="backups.directory", value=str(disk))
    disk.rmdir()
    page = opened(server)
    page.goto("/backups")

    expect(page.get_by_role("status")).to_contain_text("The folder for backups is not there now.")
    expect(page.get_by_role("button", name="Back up everything")).to_be_disabled()
    expect(page.get_by_role("button", name="Back up Sample now")).to_be_disabled()
    page.goto("/")
    expect(page.locator("backup-notice")).to_contain_text("is not there now")


def test_failing_is_said_loudly(
    opened: Any, server: Server, library: Path, complaints: Complaints
) -> None:
    """A backup that failed shows where the export stands, with the reason, until one succeeds."""
    back_up_folder = library / "backups-exports"
    shutil.rmtree(back_up_folder, ignore_errors=True)
    back_up_folder.write_bytes(b"")  # no folder can be made here
    page = opened(server)
    complaints.expect("500")
    page.goto("/backups")
    page.get_by_role("button", name="Back up Sample now").click()
    expect(page.locator("job-progress").get_by_role("alert")).to_be_visible()
    expect(standing(page)).to_have_attribute("data-mood", "loss")
    expect(standing(page)).to_contain_text("Failed today")

    back_up_folder.unlink()
    page.get_by_role("button", name="Back up Sample now").click()

    expect(standing(page)).to_have_attribute("data-mood", "safe")


@pytest.fixture
def long_server(browser: Browser, library: Path) -> Iterator[Server]:
    """A server on a library in which an export has MANY backups."""
    change_settings(Library(library), key="backups.maxBackups", value=0)
    for index in range(MANY):
        back_up(library, ago=timedelta(days=MANY - index), force=True)
    with serving(library, browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


def test_long_timeline_grows_at_its_end(opened: Any, long_server: Server) -> None:
    """Of many backups the first are drawn at once, the others as they are scrolled to."""
    page = opened(long_server)
    page.goto("/backups/Sample")
    lines = page.locator("backup-line")
    expect(lines).to_have_count(60)
    lines.last.scroll_into_view_if_needed()
    page.mouse.move(700, 500)
    for _ in range(MANY):
        page.mouse.wheel(0, 3000)

    expect(lines).to_have_count(MANY)
    assert sum(page.evaluate("window.shifts")) == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, server: Server, library: Path, width: int) -> None:
    """Every view and dialog of backups passes axe in both themes, shifts nothing, fits."""
    back_up(library, ago=timedelta(days=2))
    grow(library)
    back_up(library, ago=timedelta(days=1))
    page = opened(server, width=width)
    found = {}

    def look(name: str) -> None:
        page.wait_for_timeout(150)
        wide = page.evaluate(
            "Math.max(...[...document.querySelectorAll('html, dialog[open], backups-page')]"
            ".map((each) => each.scrollWidth - each.clientWidth))"
        )
        found[name] = (in_both_themes(page), wide, round(sum(page.evaluate("window.shifts")), 4))

    page.goto("/backups")
    expect(page.locator("schedule-entry button").first).to_be_visible()
    look("all")
    page.goto("/backups/Sample")
    expect(page.locator("backup-line")).to_have_count(2)
    look("timeline")
    page.get_by_role("button", name="Back up…").click()
    page.get_by_role("switch", name="Encrypt").check()
    look("create")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clean up…").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    look("clean up")
    page.keyboard.press("Escape")

    assert found == dict.fromkeys(found, ([], 0, 0))
