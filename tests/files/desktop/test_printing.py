"""Pages become PDF files by a browser that is there; without one the person is told how."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.errors import Cancelled, NotFound, StorageProblem
from app.files.desktop import printing
from app.files.desktop.printing import find_browser, print_page
from tests.conftest import require_program

PAGE = "<!DOCTYPE html><title>Kite</title><p>mint and parsley</p>"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    page = tmp_path / "page.html"
    page.write_text(PAGE)
    return page


def test_page_becomes_a_pdf(page: Path, tmp_path: Path) -> None:
    """A real browser prints a page; its profile is gone afterwards."""
    browser = find_browser(require_program("chromium"))
    pdf = tmp_path / "page.pdf"

    print_page(browser, page, pdf, tmp_path, lambda: None)

    assert pdf.read_bytes().startswith(b"%PDF-")
    assert {path.name for path in tmp_path.iterdir()} == {"page.html", "page.pdf"}


def test_printing_can_be_stopped(page: Path, tmp_path: Path) -> None:
    """Asked to stop, the browser is ended and nothing is left of it."""
    browser = find_browser(require_program("chromium"))

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        print_page(browser, page, tmp_path / "page.pdf", tmp_path, stop)

    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_no_browser_says_how_to_print(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without a browser the refusal says what to do instead."""
    monkeypatch.setattr(printing, "_places", lambda: iter([tmp_path / "none"]))

    with pytest.raises(NotFound) as refused:
        find_browser()
    assert "print it there" in refused.value.hint
    with pytest.raises(NotFound, match="is not there"):
        find_browser(str(tmp_path / "mine"))


def test_browser_that_fails_is_a_problem(page: Path, tmp_path: Path) -> None:
    """A program that makes no PDF file is told, not taken for success."""
    program = find_browser(sys.executable)

    with pytest.raises(StorageProblem, match="could not make a PDF"):
        print_page(program, page, tmp_path / "page.pdf", tmp_path, lambda: None)
