"""Numbers, dates, charts and rows as the page reckons them: plain functions, in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# A function of web/lib/say.js, what it is given, what it must answer. "Now" is noon UTC,
# 1 March 2026; the browser is in Berlin.
SAID: list[tuple[str, list[Any], str]] = [
    ("number", [4812], "4,812"),
    ("count", [1, "message"], "1 message"),
    ("count", [0, "branch", "branches"], "0 branches"),
    ("size", [1], "1 byte"),
    ("size", [999], "999 bytes"),
    ("size", [1000], "1.0 kB"),
    ("size", [999_600], "1.0 MB"),
    ("size", [2_100_000_000], "2.1 GB"),
    ("size", [180_000_000], "180 MB"),
    ("span", [0.2], "1 s"),
    ("span", [59.6], "1 min"),
    ("span", [4800], "1 h 20 min"),
    ("span", [7200], "2 h"),
    ("model", ["gpt-4o"], "GPT-4o"),
    ("model", ["gpt-4o-mini"], "GPT-4o mini"),
    ("model", ["gpt-5-2"], "GPT-5.2"),
    ("model", ["text-davinci-002-render-sha"], "GPT-3.5"),
    ("model", ["o3-mini"], "o3-mini"),
    ("when", ["2026-03-01T08:05:00Z", "now"], "today 09:05"),
    ("when", ["2026-02-28T23:30:00Z", "now"], "today 00:30"),
    ("when", ["2026-02-28T13:05:00Z", "now"], "yesterday 14:05"),
    ("day", ["2026-01-12T13:05:00Z", "now"], "12 January"),
    ("day", ["2024-05-12T13:05:00Z", "now"], "12 May 2024"),
    ("ago", ["2026-03-01T08:05:00Z", "now"], "today 09:05"),
    ("ago", ["2026-02-26T08:05:00Z", "now"], "3 days ago"),
    ("ago", ["2025-12-01T08:05:00Z", "now"], "3 months ago"),
    ("ago", ["2023-12-01T08:05:00Z", "now"], "2 years ago"),
    ("dayOfMonth", ["2025-12-20T13:05:00Z", "now"], "Sat 20"),
    ("dayShort", ["2024-05-12T13:05:00Z", "now"], "12 May 2024"),
    ("between", ["2024-05-12T13:05:00Z", "2024-06-03T13:05:00Z", "now"], "12 May – 3 June 2024"),
    ("between", ["2024-05-12T13:05:00Z", "2024-05-12T19:05:00Z", "now"], "12 May 2024"),
    ("between", [None, None, "now"], ""),
    ("between", [None, "2024-05-12T13:05:00Z", "now"], "12 May 2024"),
    ("months", ["2023-01-31T23:30:00Z", "2024-06-01T00:00:00Z"], "February 2023 – June 2024"),
]
SAY = """async (table) => {
  const say = await import("/lib/say.js");
  const given = (value) => (value === "now" ? new Date("2026-03-01T12:00:00Z") : value);
  return table.map(([name, values]) => say[name](...values.map(given)));
}"""
BARS = """async (months) => {
  const { bars } = await import("/elements/library/month-chart.js");
  return bars(months).map(({ from, to, value }) => [from, to, value]);
}"""
LAID = """async ([items, sort]) => {
  const { lay, within } = await import("/elements/export/list-layout.js");
  const laid = lay(items, sort, { row: 60, heading: 36 });
  return { laid, seen: within(laid, 40, 100).map((entry) => entry.heading ?? entry.index) };
}"""


@pytest.fixture
def blank(page: Page) -> Page:
    """The page on a view of its own, its modules there to be tried."""
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    return page


def test_words_for_numbers_and_dates(blank: Page) -> None:
    """Every number, size, span, date and model is said as the table has it."""
    said = blank.evaluate(SAY, [[name, values] for name, values, _ in SAID])

    wrong = [row for row, answer in zip(SAID, said, strict=True) if row[2] != answer]
    assert wrong == []


def test_chart_leaves_no_month_out(blank: Page) -> None:
    """Months with nothing are bars too, over the turn of the year; long spans are joined."""
    assert blank.evaluate(BARS, {"2023-11": 2, "2024-02": 5}) == [
        ["2023-11", "2023-11", 2],
        ["2023-12", "2023-12", 0],
        ["2024-01", "2024-01", 0],
        ["2024-02", "2024-02", 5],
    ]
    joined = blank.evaluate(BARS, {"2015-01": 1, "2026-12": 3})
    assert len(joined) <= 48
    assert sum(value for _, _, value in joined) == 4
    assert blank.evaluate(BARS, {}) == []


def test_rows_stand_under_their_months(blank: Page) -> None:
    """A heading stands where a month begins, also before what has no date; titles need none."""
    items = [
        {"updatedAt": "2026-02-20T12:00:00Z", "createdAt": None},
        {"updatedAt": "2026-02-03T12:00:00Z", "createdAt": None},
        {"updatedAt": None, "createdAt": None},
    ]
    by_time = blank.evaluate(LAID, [items, "updated"])
    by_title = blank.evaluate(LAID, [items, "title"])

    headings = [entry.get("heading") for entry in by_time["laid"]["entries"]]
    assert headings == ["February 2026", None, None, "No date", None]
    assert by_time["laid"]["height"] == 3 * 60 + 2 * 36
    assert by_time["seen"] == [0, 1]
    assert by_title["laid"]["rows"] == [0, 1, 2]
