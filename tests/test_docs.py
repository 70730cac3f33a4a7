"""The papers say what is so: links lead somewhere, files exist, operations are all there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.api import OPERATIONS
from app.files.export_folder import OWN_NAMES, ExportRecord, SourceRecord
from app.operations.results import ImportReport

ROOT = Path(__file__).resolve().parent.parent
PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "build" / "README.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.M | re.S)
PARTS = ("app", "db", "web", "tests", "docs", "requirements", "build")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def anchors(paper: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", CODE_BLOCK.sub("", read(paper)), re.M)
    return {re.sub(r"[^\w\- ]", "", each).strip().lower().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_links_lead_somewhere(paper: Path) -> None:
    """Every link to a file of ours finds it, and every anchor its heading."""
    broken = []
    for link in LINK.findall(CODE_BLOCK.sub("", read(paper))):
        target, _, anchor = link.partition("#")
        if "://" in link or target.startswith("mailto:"):
            continue
        file = (paper.parent / target) if target else paper
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(link)

    assert broken == []


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation_is_documented(operation) -> None:
    """Each operation is in the REST paper, and in the command line's if it has words there."""
    api, cli = (read(ROOT / "docs" / name) for name in ("api.md", "cli.md"))

    assert f"/api{operation.path}" in api
    assert operation.command in cli


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation_explains_itself(operation) -> None:
    """Each operation has a help line, and each of its parameters too."""
    assert operation.help.endswith(".")
    assert [each.name for each in operation.parameters if not each.help] == []


def test_architecture_names_what_exists() -> None:
    """Every file the architecture speaks of is in the tree."""
    text = read(ROOT / "docs" / "architecture.md")
    paths = set(re.findall(rf"`((?:{'|'.join(PARTS)})/[\w./-]*|run\.py|\.ci/run)`", text))

    assert len(paths) > 30
    assert sorted(path for path in paths if not (ROOT / path).exists()) == []


def test_architecture_names_every_folder() -> None:
    """Every folder of the program and every module at its top is in the architecture."""
    text = read(ROOT / "docs" / "architecture.md")
    folders = {path.parent for part in ("app", "db") for path in (ROOT / part).rglob("*.py")}
    places = {f"{folder.relative_to(ROOT)}/" for folder in folders if folder != ROOT / "app"}
    modules = {f"app/{path.name}" for path in (ROOT / "app").glob("[!_]*.py")}

    assert sorted(place for place in places | modules if f"`{place}`" not in text) == []


def test_export_folder_paper_tells_every_key() -> None:
    """The paper on the export's folder names every key of export.json and every name of ours."""
    text = read(ROOT / "docs" / "export-folder.md")
    fields = {*ExportRecord.__struct_encode_fields__, *SourceRecord.__struct_encode_fields__}
    sources = fields - {"name", "id"}

    assert sorted(key for key in sources if f"`{key}`" not in text) == []
    assert sorted(name for name in OWN_NAMES if name not in text) == []


def test_import_guide_explains_the_report() -> None:
    """Each count of an import's report is in the guide for people."""
    guide = read(ROOT / "docs" / "import-guide.md")
    told = {"conversations": "added", "assets": "media stored", "not_understood": "not understood"}
    fields = {"conversations", "assets", "not_understood", "gone"} & set(
        ImportReport.__struct_fields__
    )

    assert len(fields) == 4
    assert all(told.get(field, field) in guide for field in fields)


def test_decisions_are_numbered_and_half_a_page() -> None:
    """Decisions are numbered without gaps, and none is longer than a page."""
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [path.name[:4] for path in decisions] == [
        f"{number:04d}" for number in range(1, len(decisions) + 1)
    ]
    assert all(len(read(path).split()) < 350 for path in decisions)
    assert all("**Decided.**" in read(path) and "**Why.**" in read(path) for path in decisions)


def test_pictures_in_the_readme_are_there_and_described() -> None:
    """The README's pictures exist and say what they show to those who cannot see them."""
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", read(ROOT / "README.md"))

    assert all(len(words) > 20 and (ROOT / path).is_file() for words, path in pictures)
