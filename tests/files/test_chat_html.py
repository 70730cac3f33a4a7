"""The data within chat.html: every way the page has been written, and every way it breaks."""

from __future__ import annotations

import html
import io
import json
from pathlib import Path

import pytest

from app.files import chat_html
from app.files.chat_html import read_page
from app.files.json_stream import elements

TRICKY = [
    {
        "id": "c-1",
        "title": "var jsonData = [1];\nvar assetsJson = {}; </script> } ] &quot;",
        "mapping": {},
    },
    {"id": "c-2", "title": '日本語 \\ " 👍', "mapping": {}},
]
ASSETS = {"sediment://file_1": "a}b{.png", "file-service://file-2": "x/'y'.webp"}
DATA, MAP = json.dumps(TRICKY), json.dumps(ASSETS)
HEAD = "<html>\n<head><style>\nbody { x: y }\n</style></head>\n<body><script>\n"
TAIL = "\n      function show() { var a = 1; }\n</script></body></html>"

PAGES = {
    "as exported": f"{HEAD}  var jsonData = {DATA};\n  var assetsJson = {MAP}\n{TAIL}",
    "the other order": f"{HEAD}var assetsJson = {MAP};\nvar jsonData = {DATA};{TAIL}",
    "const and let": f"{HEAD}const jsonData={DATA}\nlet assetsJson={MAP}\n{TAIL}",
    "one line": f"<script>var jsonData = {DATA};var assetsJson = {MAP};function f(){{}}</script>",
    "indented": f"{HEAD}var jsonData = {json.dumps(TRICKY, indent=2)};\n"
    f"var assetsJson = {json.dumps(ASSETS, indent=2)};{TAIL}",
    "Windows lines": f"{HEAD}var jsonData = {DATA};\n var assetsJson = {MAP};{TAIL}".replace(
        "\n", "\r\n"
    ),
    "entities": f"{HEAD}var jsonData = {html.escape(DATA)};\n"
    f"var assetsJson = {html.escape(MAP)};\n{TAIL}",
}


def read(page: str | bytes, scratch: Path) -> tuple[list[object], dict[str, object]]:
    data = page if isinstance(page, bytes) else page.encode()
    found = read_page(io.BytesIO(data), scratch)
    items = list(elements(found.conversations)) if found.conversations else []
    return [item.broken or item.value for item in items], found.assets


@pytest.mark.parametrize("piece", [1 << 20, 97])
@pytest.mark.parametrize("kind", PAGES)
def test_pages_of_every_kind(
    kind: str, piece: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Text that quotes the page's own words can't mislead, wherever a piece ends."""
    monkeypatch.setattr(chat_html, "_PIECE", piece)

    conversations, assets = read(PAGES[kind], tmp_path)

    assert conversations == TRICKY
    assert assets == ASSETS


def test_page_without_assets(tmp_path: Path):
    """As before the autumn of 2024."""
    assert read(f"{HEAD}var jsonData = {DATA};{TAIL}", tmp_path) == (TRICKY, {})


@pytest.mark.parametrize("page", ["", "<html></html>", "var x = 1", "var jsonData = ", "\0" * 99])
def test_page_without_data(page: str, tmp_path: Path):
    """Nothing is found and nothing breaks."""
    assert read(page, tmp_path) == ([], {})


def test_truncated_page_gives_what_it_has(tmp_path: Path):
    """The first conversation is whole; the second ends with the file."""
    conversations, _ = read(f"{HEAD}var jsonData = {DATA}"[:-20], tmp_path)

    assert conversations[0] == TRICKY[0]
    assert conversations[1:] == ["the file ends before it does"]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "b.png",}',
        '{// note "x"\n"a": "b.png"}',
        '{/* , */ "a": "b.png"}',
        "{'a': 'b.png'}",
    ],
)
def test_asset_list_in_loose_javascript(text: str, tmp_path: Path):
    """Trailing commas, comments and single quotes."""
    assert read(f"{HEAD}var assetsJson = {text};{TAIL}", tmp_path)[1] == {"a": "b.png"}


def test_asset_list_that_makes_no_sense_is_told(tmp_path: Path):
    """Media are still found by their names."""
    page = f"{HEAD}var jsonData = {DATA};\nvar assetsJson = {{ nonsense ;\n{TAIL}"

    found = read_page(io.BytesIO(page.encode()), tmp_path)

    assert found.assets == {}
    assert [problem.code for problem in found.problems] == ["odd-asset-list"]


def test_line_of_a_hundred_megabytes(tmp_path: Path):
    """The longest line is no longer in memory than a short one."""
    large = [{"id": f"c-{n}", "mapping": {}, "text": "x" * 1_000_000} for n in range(100)]
    path = tmp_path / "chat.html"
    path.write_text(f"{HEAD}var jsonData = {json.dumps(large)};\nvar assetsJson = {MAP}{TAIL}")

    with path.open("rb") as stream:
        found = read_page(stream, tmp_path)

    assert found.conversations is not None
    assert sum(1 for element in elements(found.conversations) if not element.broken) == 100
    assert found.assets == ASSETS
