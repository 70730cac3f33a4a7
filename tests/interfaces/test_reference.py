"""The reference pages say what the table says."""

from __future__ import annotations

import re

import pytest

from app.api import OPERATIONS
from app.interfaces import reference
from app.interfaces.openapi import describe
from tests.interfaces.serving import OPERATIONS as SMALL


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("api.md", reference.api_page(OPERATIONS)),
        ("cli.md", reference.cli_page(OPERATIONS)),
    ],
)
def test_pages_are_up_to_date(name: str, page: str) -> None:
    """docs/api.md and docs/cli.md are what the table makes of them today."""
    stale = "run: python -m app.interfaces.reference"

    assert (reference.DOCS / name).read_text(encoding="utf-8") == page, stale


def test_pages_are_written(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command writes both pages."""
    monkeypatch.setattr(reference, "DOCS", tmp_path)

    reference.main()

    assert sorted(each.name for each in tmp_path.iterdir()) == ["api.md", "cli.md"]


def test_tables_stay_tables() -> None:
    """A bar in a value does not break the row it stands in."""
    page = reference.cli_page(SMALL)
    rows = [row for row in page.split("\n") if row.startswith("| `")]

    assert any(r"title\|created" in row for row in rows)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}


@pytest.mark.parametrize("operations", [SMALL, OPERATIONS])
def test_every_reference_has_its_schema(operations) -> None:
    """What the description refers to is in it."""
    described = describe(operations)
    referred = set(re.findall(r"'#/components/schemas/(\w+)'", repr(described)))

    assert referred <= set(described["components"]["schemas"])
