"""Migrating in the page: offered, looked at, tried out, done, stopped, undone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.demo.legacy import build_legacy_session
from app.library import Library
from app.operations.settings import change_settings
from tests.legacy.old_program import A, B, registry, session
from tests.web.account import conversation
from tests.web.conftest import Server, serving
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser

WHOLE, POISONED = "ChatGPT 2025-06-01", "ChatGPT 2024-08-13"


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The old program's folder as the demo invents it; only to be copied."""
    return build_legacy_session(tmp_path_factory.mktemp("invented") / "old")


@pytest.fixture
def old(invented: Path, tmp_path: Path) -> Path:
    """An old program's folder of the test's own, with two sessions."""
    return shutil.copytree(invented, tmp_path / "old")


@pytest.fixture
def library(imported_sample: Path, old: Path, tmp_path: Path) -> Path:
    """A library that holds the export "Sample" and knows where the old program is."""
    root = shutil.copytree(imported_sample, tmp_path / "library")
    change_settings(Library(root), key="migration.source", value=str(old))
    return root


@pytest.fixture
def server(browser: Browser, library: Path) -> Iterator[Server]:
    """A server on that library."""
    with serving(library, browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Sessions of the old app")


def dialog_of(page: Page) -> Locator:
    """Open the dialog from the notice and wait until every session was looked into."""
    notice(page).get_by_role("button", name="Migrate…").click()
    dialog = page.get_by_role("dialog", name="Sessions of the old app")
    expect(dialog.locator("session-card").first).to_be_visible()
    return dialog


def choose_only(dialog: Locator, name: str) -> Locator:
    """Choose one session; answers its card."""
    dialog.get_by_role("checkbox", name="All").uncheck()
    dialog.get_by_role("checkbox", name=f"Migrate {name}").check()
    return dialog.get_by_role("group", name=name)


def migrate(dialog: Locator) -> Locator:
    """Press Migrate, wait for the end, and open the results."""
    page = dialog.page
    dialog.get_by_role("button", name="Migrate", exact=True).click()
    page.get_by_role("button", name="Results").click()
    return page.get_by_role("dialog", name="What was migrated")


def below(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*")}


def test_notice_goes_for_good_and_settings_bring_it_back(opened: Any, server: Server) -> None:
    """The library page says what was found; dismissed it stays away until asked back."""
    page = opened(server)
    page.goto("/")
    expect(notice(page)).to_contain_text("2 sessions of the old app were found")
    notice(page).get_by_role("button", name="Not now").click()
    expect(notice(page)).to_be_hidden()

    with page.expect_response("**/api/settings"):
        page.reload()
    expect(page.locator("export-card")).to_be_visible()
    page.wait_for_timeout(500)
    expect(notice(page)).to_be_hidden()

    page.goto("/settings")
    offer = page.get_by_role("switch", name="Tell me on the library page")
    expect(offer).not_to_be_checked()
    with page.expect_response("**/api/settings"):
        offer.check()
    page.get_by_role("button", name="Look for sessions").click()
    expect(page.locator("session-card")).to_have_count(2)
    page.keyboard.press("Escape")
    page.goto("/")
    expect(notice(page)).to_be_visible()


def test_migrated_under_another_name(opened: Any, server: Server, old: Path) -> None:
    """One session, renamed, becomes an export the results lead to; the old files stay."""
    before = below(old)
    page = opened(server)
    page.goto("/")
    dialog = dialog_of(page)
    card = choose_only(dialog, POISONED)
    expect(card).to_contain_text("can be recovered, from chat.html")
    card.get_by_role("textbox").fill("Rescued 庭")
    report = migrate(dialog)

    expect(report).to_contain_text("1 session migrated.")
    expect(report).to_contain_text("37 recovered (from chat.html)")
    expect(report).to_contain_text("Verified")
    expect(page.locator("job-progress")).to_contain_text("Migrate Rescued 庭")
    report.get_by_role("link", name="Rescued 庭").click()
    expect(page).to_have_url(re.compile("/exports/Rescued"))
    expect(page.locator(".conversation-row").first).to_be_visible()
    page.goto("/")
    expect(notice(page)).to_contain_text("1 session of the old app was found")
    dialog = dialog_of(page)
    expect(dialog.get_by_role("link", name="Rescued 庭")).to_be_visible()
    assert below(old) == before


def test_clash_is_resolved_in_place(opened: Any, server: Server, library: Path) -> None:
    """Only a name that is taken asks what to do, also one taken by another session."""
    page = opened(server)
    page.goto("/")
    dialog = dialog_of(page)
    expect(dialog.get_by_role("combobox")).to_have_count(0)
    dialog.get_by_role("textbox", name=WHOLE).fill("Twin")
    dialog.get_by_role("textbox", name=POISONED).fill(" twin")
    way = dialog.get_by_role("group", name=POISONED).get_by_label("This name is taken.")
    expect(way).to_contain_text("Call it “twin (2)”")
    dialog.get_by_role("textbox", name=POISONED).fill("sample")
    way.select_option("skip")
    report = migrate(dialog)

    expect(report).to_contain_text("1 session migrated, 1 left out.")
    assert sorted(each.name for each in (library / "exports").iterdir()) == ["Sample", "Twin"]


def test_preview_writes_nothing(opened: Any, server: Server, library: Path) -> None:
    """A dry run tells of each session what would become of it, and nothing is made."""
    page = opened(server)
    page.goto("/")
    dialog = dialog_of(page)
    dialog.get_by_role("textbox", name=WHOLE).fill("Sample")
    dialog.get_by_label("This name is taken.").select_option("fail")
    dialog.get_by_role("button", name="Preview").click()

    expect(dialog.get_by_role("status")).to_contain_text("nothing was changed")
    expect(dialog.get_by_role("status")).to_contain_text("1 session would be migrated, 1 would")
    expect(dialog.get_by_role("group", name=WHOLE)).to_contain_text("Would fail")
    expect(dialog.get_by_role("group", name=POISONED)).to_contain_text(f"become “{POISONED}”")
    assert [each.name for each in (library / "exports").iterdir()] == ["Sample"]
    assert not list((library / ".trash").glob("*"))


def test_failed_session_is_tried_again(opened: Any, server: Server, library: Path) -> None:
    """A session that failed says why, and goes through at the second try."""
    page = opened(server)
    page.goto("/")
    dialog = dialog_of(page)
    choose_only(dialog, POISONED).get_by_role("textbox").fill("Sample")
    dialog.get_by_label("This name is taken.").select_option("fail")
    report = migrate(dialog)

    expect(report).to_contain_text("There is already an export called “Sample”.")
    report.get_by_role("button", name="Try again").click()
    expect(page.locator("job-progress")).to_have_count(2)
    expect(page.locator("job-progress").last).to_contain_text("1 session migrated.")
    assert (library / "exports" / "Sample (2)").is_dir()


def test_undo_names_what_goes(opened: Any, server: Server, library: Path) -> None:
    """The history lists the run; undone, after a question, its exports are in the trash."""
    page = opened(server)
    page.goto("/")
    report = migrate(dialog_of(page))
    report.get_by_role("button", name="Close").first.click()
    page.goto("/settings")
    page.get_by_role("button", name="Earlier migrations").click()
    history = page.get_by_role("dialog", name="Earlier migrations")
    history.get_by_role("button", name="Undo…").click()
    question = history.get_by_role("group", name="Undo this migration")
    expect(question.get_by_role("listitem")).to_have_text([WHOLE, POISONED])
    expect(question.get_by_role("button", name="Keep everything")).to_be_focused()
    assert (library / "exports" / WHOLE).is_dir()

    question.get_by_role("button", name="Move to the trash").click()
    expect(history).to_contain_text(f"“{WHOLE}” is in the trash.")
    assert [each.name for each in (library / "exports").iterdir()] == ["Sample"]
    page.goto("/")
    expect(page.locator("export-card")).to_have_count(1)
    expect(notice(page)).to_contain_text("2 sessions")


def test_undo_of_a_merge_makes_the_export_what_it_was(
    opened: Any, server: Server, library: Path
) -> None:
    """What a run added goes; an export changed since stays, with the reason told."""
    page = opened(server)
    page.goto("/")
    dialog = dialog_of(page)
    choose_only(dialog, WHOLE)
    migrate(dialog).get_by_role("button", name="Close").first.click()
    export = library / "exports" / WHOLE
    before = talks_of(export)
    page.goto("/")
    dialog = dialog_of(page)
    choose_only(dialog, POISONED).get_by_role("textbox").fill(WHOLE)
    dialog.get_by_label("This name is taken.").select_option("merge")
    expect(migrate(dialog)).to_contain_text(f"Added to {WHOLE}")
    assert talks_of(export) > before
    page.keyboard.press("Escape")

    undo(page, 0)
    expect(page.get_by_role("dialog")).to_contain_text(f"“{WHOLE}” is what it was before.")
    assert talks_of(export) == before
    (export / "mine.txt").write_text("mine")
    undo(page, 1)
    expect(page.get_by_role("dialog")).to_contain_text(f"“{WHOLE}” stays. It was changed since")
    assert talks_of(export) == before


def talks_of(export: Path) -> set[str]:
    return {path.name for path in (export / "conversations").iterdir()}


def undo(page: Page, number: int) -> None:
    """Open the history afresh and undo one of its runs, counted from the newest."""
    page.goto("/settings")
    page.get_by_role("button", name="Earlier migrations").click()
    run = page.get_by_role("dialog", name="Earlier migrations").get_by_role("article").nth(number)
    run.get_by_role("button", name="Undo…").click()
    run.get_by_role("button", name="Move to the trash").click()


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """An old folder with a small session and, after it, a large one."""
    said = ["word " * 200] * 12
    talks = {A: [conversation("c-small", "Small", ["Hello", "Hello."])], B: []}
    talks[B] = [conversation(f"c-{index}", f"Talk {index}", said) for index in range(1600)]
    files = {id_: json.dumps(talks[id_]).encode() for id_ in talks}
    for id_, raw in files.items():
        for name, content in session(id_, {"conversations.json": raw}).items():
            path = tmp_path / "two" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    (tmp_path / "two" / "data" / "sessions.json").write_bytes(registry([A, B]))
    return tmp_path / "two"


def test_stopped_migration_keeps_what_is_done(
    opened: Any, writing_server: Server, two: Path, tmp_path: Path
) -> None:
    """Stop, pressed in the second session, leaves the first one migrated and no trace of it."""
    page = opened(writing_server)
    page.goto("/settings")
    page.get_by_role("button", name="Look for sessions").click()
    dialog = page.get_by_role("dialog", name="Sessions of the old app")
    dialog.get_by_label("The old app’s folder").fill(str(two))
    dialog.get_by_role("button", name="Look there").click()
    expect(dialog.locator("session-card")).to_have_count(2)
    dialog.get_by_role("button", name="Migrate", exact=True).click()
    line = page.locator("job-progress")
    expect(line).to_contain_text("Session 2 of 2")
    expect(line.get_by_role("progressbar", name="Sessions", exact=True)).to_be_visible()
    line.get_by_role("button", name="Stop").click()

    expect(line).to_contain_text("Stopped. Sessions that were done stay")
    assert len(list((tmp_path / "library" / "exports").iterdir())) == 1
    line.get_by_role("button", name="Show what was done").click()
    history = page.get_by_role("dialog", name="Earlier migrations")
    expect(history).to_contain_text("Stopped before the end")
    history.get_by_role("button", name="Results").click()
    expect(page.get_by_role("dialog", name="What was migrated")).to_contain_text("1 conversation")


def test_a_folder_without_sessions_is_told(
    opened: Any, writing_server: Server, complaints: Any, tmp_path: Path
) -> None:
    """Where nothing is found the dialog says so, and why a named folder does not do."""
    complaints.expect("404")
    page = opened(writing_server)
    page.goto("/settings")
    page.get_by_role("button", name="Look for sessions").click()
    dialog = page.get_by_role("dialog", name="Sessions of the old app")
    expect(dialog).to_contain_text("No sessions of the old app were found")
    expect(dialog.get_by_label("The old app’s folder")).to_be_focused()
    page.keyboard.type(str(tmp_path))
    page.keyboard.press("Enter")

    expect(dialog.get_by_role("alert")).to_contain_text("There are no sessions of the old program")
    expect(dialog.get_by_role("button", name="Migrate", exact=True)).to_be_disabled()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, server: Server, width: int) -> None:
    """Notice, dialog, preview, results and history pass axe in both themes; nothing is too wide."""
    page = opened(server, width=width)
    page.goto("/")
    expect(notice(page)).to_be_visible()
    found = {}

    def look(name: str) -> None:
        page.wait_for_timeout(150)
        wide = page.evaluate(
            "Math.max(...[...document.querySelectorAll('html, dialog[open]')]"
            ".map((each) => each.scrollWidth - each.clientWidth))"
        )
        found[name] = (in_both_themes(page), wide)

    look("notice")
    dialog = dialog_of(page)
    dialog.get_by_role("textbox", name=POISONED).fill("Sample")
    look("dialog")
    dialog.get_by_role("button", name="Preview").click()
    expect(dialog.get_by_role("status")).to_contain_text("Tried out")
    look("preview")
    report = migrate(dialog)
    report.locator("summary").first.click()
    look("results")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Earlier migrations").click()
    page.get_by_role("button", name="Undo…").click()
    look("history")

    assert found == dict.fromkeys(found, ([], 0))
