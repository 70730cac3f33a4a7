"""Importing in the page: by picker and by drop, watched, stopped, refused, reported."""

from __future__ import annotations

import base64
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.web.account import conversation, write_archive
from tests.web.conftest import Server

pytestmark = pytest.mark.browser

DROP = """([files, target]) => {
  const transfer = new DataTransfer();
  for (const { name, body } of files) {
    const bytes = Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  const at = document.querySelector(target);
  const about = { bubbles: true, cancelable: true, dataTransfer: transfer };
  for (const kind of ["dragover", "drop"]) at.dispatchEvent(new DragEvent(kind, about));
}"""


def choose(page: Page, archive: Path) -> None:
    """Open the dialog and pick a file, as a person does."""
    page.get_by_role("button", name="Import an archive").or_(
        page.get_by_role("button", name="Choose the archive")
    ).first.click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files").click()
    chooser.value.set_files(archive)


def small(path: Path, *titles: str) -> Path:
    """Write an archive with a short conversation under each title."""
    return write_archive(
        path, [conversation(f"c-{title}", title, ["Hello", "Hello."]) for title in titles]
    )


def test_picked_archive_is_imported_and_reported(
    opened: Any, writing_server: Server, sample: Path
) -> None:
    """A newcomer picks the archive, sees it come in, reads the report and the export."""
    page = opened(writing_server)
    page.goto("/")
    expect(page.get_by_role("heading", name="Ask ChatGPT for your data")).to_be_visible()

    choose(page, sample)
    page.get_by_label("Name of the new export").fill("Mine")
    page.get_by_role("button", name="Import", exact=True).click()

    tray = page.get_by_role("region", name="What is going on")
    expect(tray).to_contain_text("108 conversations added")
    expect(page.get_by_role("heading", name="Mine")).to_be_visible()
    tray.get_by_role("button", name="Report").click()
    report = page.get_by_role("dialog", name="Imported Mine")
    expect(report).to_contain_text("holograph_v1")
    expect(report).to_contain_text("files that messages refer to are not contained")
    report.get_by_role("button", name="Show the export").click()
    expect(page).to_have_url(f"{writing_server.url}/exports/Mine")
    expect(page.get_by_role("option", name="From the future")).to_be_visible()


def test_dropped_archive_asks_where_to(opened: Any, writing_server: Server, tmp_path: Path) -> None:
    """A file dropped anywhere opens the dialog; a second one is added to the export there is."""
    page = opened(writing_server)
    page.goto("/settings")
    expect(page.get_by_role("radio", name="Dark")).to_be_attached()
    for name, titles in (("one.zip", ["First"]), ("two.zip", ["First", "Second"])):
        body = base64.b64encode(small(tmp_path / name, *titles).read_bytes()).decode()
        page.evaluate(DROP, [[{"name": name, "body": body}], "main"])
        dialog = page.get_by_role("dialog", name="Import an archive")
        expect(dialog).to_contain_text(name)
        if name == "two.zip":
            dialog.get_by_label("Add to an export that is there").check()
        dialog.get_by_role("button", name="Import", exact=True).click()
        done = "1 conversation added"
        expect(page.locator("job-progress").last).to_contain_text(done)

    page.goto("/")
    expect(page.locator("export-card")).to_have_count(1)
    expect(page.locator("export-card")).to_contain_text("2 conversations")


def test_unpacked_folder_is_imported(
    opened: Any, writing_server: Server, sample: Path, tmp_path: Path
) -> None:
    """A folder, picked as it was unpacked, is sent with its sub-folders and keeps its media."""
    with zipfile.ZipFile(sample) as archive:
        archive.extractall(tmp_path / "unpacked")
    page = opened(writing_server)
    page.goto("/")
    page.get_by_role("button", name="Choose the archive").click()

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder").click()
    chooser.value.set_files(tmp_path / "unpacked")
    expect(page.get_by_role("dialog")).to_contain_text("more")
    page.get_by_role("button", name="Import", exact=True).click()

    expect(page.locator("job-progress")).to_contain_text("108 conversations added")
    expect(page.locator("export-card")).to_contain_text("37 media files")


def test_stopped_import_leaves_nothing(opened: Any, writing_server: Server, tmp_path: Path) -> None:
    """Stop, pressed while conversations come in, ends the import and says nothing was changed."""
    said = ["word " * 200] * 12
    archive = write_archive(
        tmp_path / "big.zip", [conversation(f"c-{i}", f"Talk {i}", said) for i in range(4000)]
    )
    page = opened(writing_server)
    page.goto("/")

    choose(page, archive)
    page.get_by_role("button", name="Import", exact=True).click()
    line = page.locator("job-progress")
    expect(line).to_contain_text("Conversations")
    expect(line.get_by_role("progressbar")).to_be_visible()
    line.get_by_role("button", name="Stop").click()

    expect(line).to_contain_text("Stopped. Nothing was changed.")
    page.reload()
    expect(page.get_by_role("heading", name="Ask ChatGPT for your data")).to_be_visible()


def test_refused_file_says_why(opened: Any, writing_server: Server, tmp_path: Path) -> None:
    """A file that is no export is refused in the tray, in a sentence, and can be put away."""
    other = tmp_path / "holiday.zip"
    other.write_bytes(b"not a zip at all")
    page = opened(writing_server)
    page.goto("/")

    choose(page, other)
    page.get_by_role("button", name="Import", exact=True).click()

    refusal = page.locator("job-progress").get_by_role("alert")
    expect(refusal).to_be_visible()
    assert len(refusal.inner_text()) > 20
    page.get_by_role("button", name="Put away").click()
    expect(page.locator("job-tray")).to_be_hidden()


def test_tray_folds_to_a_pill(opened: Any, writing_server: Server, tmp_path: Path) -> None:
    """The tray folds and opens again by its pill."""
    page = opened(writing_server)
    page.goto("/")
    choose(page, small(tmp_path / "one.zip", "First"))
    page.get_by_role("button", name="Import", exact=True).click()
    pill = page.get_by_role("button", name="1 finished job")
    expect(pill).to_have_attribute("aria-expanded", "true")

    pill.click()

    expect(page.locator("job-progress")).to_be_hidden()
    expect(pill).to_have_attribute("aria-expanded", "false")
