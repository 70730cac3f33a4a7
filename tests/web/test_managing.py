"""Managing exports in the page: choosing, renaming, deleting, bringing back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.account import conversation, write_archive
from tests.web.conftest import Complaints, Server, run_program, serving
from tests.web.shelves import shelve
from tests.web.test_looks import in_both_themes

pytestmark = pytest.mark.browser


@pytest.fixture
def shelf(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server on a library of ten exports of the test's own."""
    with serving(shelve(tmp_path / "library", 10), browser) as server:
        yield server
        for context in browser.contexts:  # before it stops: a tab may be asking it something
            context.close()


@pytest.fixture
def page(opened: Any, shelf: Server) -> Page:
    """A tab of 1280 pixels on the table of the ten, by name."""
    tab: Page = opened(shelf)
    tab.goto("/?as=table&sort=name")
    expect(tab.get_by_role("rowheader").first).to_have_text("Everything 000")
    return tab


@pytest.fixture
def pair(opened: Any, browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """A tab on a library of two imported exports, One and Two, with a conversation each."""
    root = tmp_path / "library"
    for name in ("One", "Two"):
        talk = conversation(f"c-{name}", f"Talk of {name}", ["Hello", "Hello."])
        archive = write_archive(tmp_path / f"{name}.zip", [talk])
        run_program("import", str(archive), "--name", name, "--library", str(root), "--quiet")
    with serving(root, browser) as server:
        page = opened(server)
        page.goto("/?as=table&sort=name")
        expect(page.get_by_role("rowheader").first).to_have_text("One")
        yield page
        page.context.close()


def chosen(page: Page) -> list[str]:
    """Answer the names of the rows that are chosen."""
    return page.locator("tr[data-chosen]").evaluate_all("(all) => all.map((r) => r.dataset.export)")


def choose_from_menu(page: Page, name: str, words: str) -> None:
    """Press an entry of an export's menu."""
    page.get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name=words, exact=True).click()


def test_choosing_by_hand_and_by_key(page: Page) -> None:
    """Boxes, shift-click, space, shift-arrow, ctrl-A and Escape choose as they do elsewhere."""
    box = page.get_by_role("checkbox", name="Choose Everything 000")
    box.check()
    page.get_by_role("checkbox", name="Choose Family 004").click(modifiers=["Shift"])
    assert chosen(page) == ["Everything 000", "Everything 006", "Family 004"]

    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    page.get_by_role("link", name="Everything 000", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Shift+ArrowDown")
    assert chosen(page) == ["Everything 000", "Everything 006"]
    expect(page.get_by_role("toolbar")).to_contain_text("2 chosen")

    page.keyboard.press("Control+a")
    expect(page.get_by_role("toolbar")).to_contain_text("10 chosen")
    page.get_by_role("button", name="Choose none").click()
    assert chosen(page) == []


def test_renamed_where_it_stands(page: Page) -> None:
    """F2 puts a field in the name's place; Enter renames, and the focus stays with the export."""
    page.get_by_role("link", name="Everything 000", exact=True).focus()
    page.keyboard.press("F2")
    field = page.get_by_role("textbox", name="New name of Everything 000")
    expect(field).to_be_focused()

    page.keyboard.type("يوميات")
    page.keyboard.press("Enter")

    expect(page.get_by_role("link", name="يوميات", exact=True)).to_be_focused()
    page.reload()
    expect(page.get_by_role("link", name="يوميات", exact=True)).to_be_visible()


def test_refused_name_is_said_at_the_field(page: Page, complaints: Complaints) -> None:
    """A name that is taken is refused in place, and Escape leaves the old one."""
    complaints.expect("409")
    choose_from_menu(page, "Everything 000", "Rename")
    page.keyboard.type("family 004")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("There is already an export called")
    page.keyboard.press("Escape")

    expect(page.get_by_role("link", name="Everything 000", exact=True)).to_be_focused()


def test_deleted_comes_back_from_the_notice(page: Page) -> None:
    """Deleting names what goes, moves it to the trash, and Undo brings it back."""
    for name in ("Everything 000", "Family 004"):
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    question = page.get_by_role("dialog", name="Delete 2 exports?")
    expect(question).to_contain_text("Family 004")
    expect(question.get_by_role("button", name="Cancel")).to_be_focused()
    question.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Family 004", exact=True)).to_have_count(0)
    expect(page.get_by_role("toolbar")).to_be_hidden()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Family 004", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Everything 000", exact=True)).to_be_visible()


def test_recently_deleted_brings_back(page: Page, complaints: Complaints) -> None:
    """What is in the trash is a press away from being back; Undo then brings back the others."""
    complaints.expect("404")  # by Undo, of the one that is back already
    for name in ("Everything 000", "Family 004"):
        page.get_by_role("checkbox", name=f"Choose {name}").check()
    page.get_by_role("link", name="Everything 000", exact=True).focus()
    page.keyboard.press("Delete")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name="Everything 000", exact=True)).to_have_count(0)
    expect(page.get_by_role("rowheader").first.get_by_role("link")).to_be_focused()

    page.get_by_role("button", name="Recently deleted").click()
    page.get_by_role("button", name="Bring back Everything 000").click()
    expect(page.get_by_role("dialog")).to_contain_text("Back as Everything 000.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Everything 000", exact=True)).to_be_visible()
    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Family 004", exact=True)).to_be_visible()
    expect(page.locator("job-progress")).to_contain_text("1 export brought back. Everything 000:")


def test_deleting_for_good_asks_for_the_name(page: Page) -> None:
    """Past the trash only after the name was typed; then nothing is offered that cannot be."""
    page.get_by_role("link", name="Everything 000", exact=True).focus()
    page.keyboard.press("Delete")
    question = page.get_by_role("dialog")
    question.get_by_role("checkbox", name="Delete for good").check()
    delete = question.get_by_role("button", name="Delete")
    expect(delete).to_be_disabled()
    question.get_by_role("textbox").fill("everything")
    expect(delete).to_be_disabled()
    question.get_by_role("textbox").fill("Everything 000")
    delete.click()

    expect(page.get_by_role("link", name="Everything 000", exact=True)).to_have_count(0)
    expect(page.locator("job-progress")).to_contain_text("1 export deleted for good.")
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_merged_into_a_new_one(pair: Page) -> None:
    """Merging names what goes in, makes an export of both, and leaves both as they were."""
    pair.keyboard.press("Control+a")
    pair.get_by_role("toolbar").get_by_role("button", name="Merge").click()
    question = pair.get_by_role("dialog", name="Merge 2 exports?")
    question.get_by_role("textbox").fill("Both")
    question.get_by_role("button", name="Merge").click()

    expect(pair.locator("job-progress")).to_contain_text("2 conversations added")

    expect(pair.get_by_role("rowheader")).to_have_text(["Both", "One", "Two"])


def test_merged_into_one_of_them(pair: Page) -> None:
    """Merged into one of them, the other may go to the trash afterwards."""
    pair.keyboard.press("Control+a")
    pair.get_by_role("toolbar").get_by_role("button", name="Merge").click()
    question = pair.get_by_role("dialog")
    question.get_by_role("radio", name="Into one of them").check()
    question.get_by_role("combobox").select_option("Two")
    question.get_by_role("checkbox").check()
    question.get_by_role("button", name="Merge").click()

    expect(pair.get_by_role("rowheader")).to_have_text(["Two"])


def test_checked_and_copied(pair: Page) -> None:
    """A check of all says what it found in each; a copy stands beside its original."""
    pair.keyboard.press("Control+a")
    pair.get_by_role("toolbar").get_by_role("button", name="Check").click()
    question = pair.get_by_role("dialog", name="Check 2 exports?")
    expect(question).to_contain_text("Two")
    question.get_by_role("button", name="Check").click()
    pair.get_by_role("button", name="Results").click()
    results = pair.get_by_role("dialog", name="What the check found")
    expect(results.get_by_role("listitem")).to_have_count(2)
    expect(results).to_contain_text("nothing wrong")
    pair.keyboard.press("Escape")

    choose_from_menu(pair, "One", "Duplicate")
    pair.keyboard.press("Enter")

    expect(pair.get_by_role("rowheader")).to_have_text(["One", "One copy", "Two"])


def test_saved_as_files(pair: Page) -> None:
    """Whole exports are saved in one go, and the tray says where and what."""
    pair.keyboard.press("Control+a")
    pair.get_by_role("toolbar").get_by_role("button", name="Save").click()
    pair.get_by_role("dialog").get_by_role("button", name="Linked web pages").click()

    done = pair.locator("job-progress")
    expect(done).to_contain_text("2 files saved")
    done.get_by_role("button", name="Results").click()
    expect(pair.get_by_role("dialog")).to_contain_text("Talk of Two")


def test_compared_and_turned_round(pair: Page) -> None:
    """The page of changes says what the other has, keeps both in the address, and turns round."""
    choose_from_menu(pair, "One", "Compare")
    pair.get_by_role("button", name="Compare").click()
    expect(pair.locator(".compared")).to_have_text("1 new, 1 gone upstream, 0 unchanged.")
    expect(pair.get_by_role("link", name="Talk of Two")).to_be_visible()
    assert in_both_themes(pair) == []

    pair.get_by_role("button", name="The other way round").click()
    pair.get_by_role("button", name="Compare").click()

    expect(pair.locator(".changes", has_text="New")).to_contain_text("Talk of One")
    assert "a=Two&b=One" in pair.url


def test_archive_is_looked_at_before_it_is_added(pair: Page, tmp_path: Path) -> None:
    """What a newer archive would change is said first; from there it is added."""
    newer = [
        conversation("c-One", "Talk of One", ["Hello", "Hello.", "And now?", "More."]),
        conversation("c-new", "Fresh", ["Hi", "Hi."]),
    ]
    archive = write_archive(tmp_path / "newer.zip", newer)
    choose_from_menu(pair, "One", "Add a newer archive")
    pair.locator("input[type=file]").first.set_input_files(archive)
    pair.get_by_role("button", name="What would change").click()
    tray = pair.locator("job-progress")
    expect(tray).to_contain_text("1 new, 1 grown, 0 unchanged.")
    tray.get_by_role("button", name="What would change").click()
    changes = pair.get_by_role("dialog")
    expect(changes).to_contain_text("2 added")

    changes.get_by_role("button", name="Add it now").click()

    expect(tray.last).to_contain_text("1 conversation added, 1 updated")


def test_folders_are_followed(pair: Page, tmp_path: Path) -> None:
    """A folder renamed in the file manager is seen when the window gets the focus, however soon."""
    (tmp_path / "library" / "exports" / "Two").rename(tmp_path / "library" / "exports" / "Zwei")

    pair.evaluate("dispatchEvent(new Event('focus'))")

    expect(pair.get_by_role("rowheader")).to_have_text(["One", "Zwei"])


def test_numbers_lead_to_what_has_no_backup(page: Page) -> None:
    """The numbers on top say how many exports have no backup, and show them."""
    numbers = page.get_by_role("region", name="The library in numbers")
    expect(numbers).to_contain_text("without a backup")

    numbers.get_by_role("button", name="10 exports").click()

    expect(page.get_by_role("combobox", name="Which exports")).to_have_value("unprotected")
    assert "state=unprotected" in page.url


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(opened: Any, shelf: Server, width: int) -> None:
    """The bar, the question and the list of what was deleted pass axe; nothing shifts."""
    page = opened(shelf, width=width)
    page.goto("/")
    expect(page.get_by_role("region", name="The library in numbers")).to_contain_text("Holds")
    shifts = sum(page.evaluate("window.shifts"))
    page.get_by_role("checkbox").first.check()
    found = {"bar": in_both_themes(page)}
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    page.get_by_role("checkbox", name="Delete for good").check()
    found["question"] = in_both_themes(page)
    page.get_by_role("checkbox", name="Delete for good").uncheck()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    found["undo"] = in_both_themes(page)
    page.get_by_role("button", name="Recently deleted").click()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
    found["deleted"] = in_both_themes(page)

    assert found == {key: [] for key in found}
    assert shifts == 0
