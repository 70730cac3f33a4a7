"""Saving conversations: whole files, under names nothing has, with their media."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from app.errors import Cancelled, InvalidInput, NotFound, StorageProblem
from app.files import saved_folder
from app.files.desktop import printing
from app.files.export_folder import ExportFolder
from app.files.saved_folder import RECORD
from app.library import Library
from app.operations.saving import crew, media
from app.operations.saving.saves import save_conversations, save_exports, save_found
from app.operations.settings import change_settings
from app.progress import Task
from db.connection import connected
from tests.conftest import WatchedTask, require_program
from tests.operations.conftest import listing
from tests.rendering.shown import Page


@pytest.fixture
def open_library(demo_library: Library) -> Iterator[Library]:
    """The library with the sample export, its catalog connected as an operation has it."""
    with connected():
        yield demo_library


@pytest.fixture
def export(open_library: Library) -> ExportFolder:
    return ExportFolder(open_library.exports / "Sample")


@pytest.mark.parametrize(
    ("format_", "extension"),
    [("markdown", ".md"), ("html", ".html"), ("json", ".json"), ("text", ".txt")],
)
def test_everything_is_saved_under_its_name(
    open_library: Library, export: ExportFolder, format_: str, extension: str
) -> None:
    """Every conversation becomes one file, named as in the export, in the library's own folder."""
    stored = {path.stem for path in export.conversation_files()}

    result = save_conversations(open_library, Task(), export="sample", format=format_)  # type: ignore[arg-type]

    saved = [Path(file) for file in result.files]
    assert {path.stem for path in saved} == stored
    assert {path.suffix for path in saved} == {extension}
    assert {path.parent for path in saved} == {open_library.root / "saved" / "Sample"}
    assert {item.outcome for item in result.items} == {"written"}
    assert not any(problem.loss for problem in result.problems)
    assert not list((open_library.root / "saved").rglob(".saving-*"))


def test_json_is_as_stored(open_library: Library, export: ExportFolder, tmp_path: Path) -> None:
    """JSON is the conversation's file, byte for byte."""
    result = save_conversations(
        open_library, Task(), export="Sample", format="json", to=str(tmp_path / "out")
    )

    for file in result.files:
        saved = Path(file)
        assert saved.read_bytes() == export.conversation_path(saved.name).read_bytes()


def test_chosen_conversations_only(
    open_library: Library, export: ExportFolder, tmp_path: Path
) -> None:
    """With ids only those are saved; each once."""
    id_ = _id(sorted(export.conversation_files())[0])

    result = save_conversations(
        open_library, Task(), export="Sample", ids=[id_, id_], to=str(tmp_path)
    )

    assert [Path(file).read_text().split("\n")[1] for file in result.files] == [f'id: "{id_}"']


def test_media_stand_beside_markdown(open_library: Library, tmp_path: Path) -> None:
    """Every relative link of every file leads to a copy in media/; nothing is copied twice."""
    result = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path))

    targets = set()
    for file in result.files:
        for token in MarkdownIt("default").parse(Path(file).read_text()):
            for child in token.children or []:
                target = str(child.attrs.get("src") or child.attrs.get("href") or "")
                if target.startswith("media/"):
                    targets.add(unquote(target))
    assert targets
    assert all((tmp_path / target).is_file() for target in targets)
    assert {f"media/{path.name}" for path in (tmp_path / "media").iterdir()} == targets


def test_html_is_one_file_with_its_media_inside(
    open_library: Library, export: ExportFolder, tmp_path: Path
) -> None:
    """Pictures, recordings and files are in the page, byte for byte; nothing stands beside it."""
    result = save_conversations(
        open_library, Task(), export="Sample", format="html", to=str(tmp_path)
    )

    addresses = _addresses(result.files)
    inside = [address for address in addresses if address.startswith("data:")]
    kinds = {address.partition(";")[0].partition("/")[0] for address in inside}
    assert kinds == {"data:image", "data:audio", "data:application"}
    assert not [each for each in addresses if each.startswith("media/")]
    stored = {path.read_bytes() for path in export.media.rglob("*") if path.is_file()}
    assert {base64.b64decode(each.partition(",")[2]) for each in inside} <= stored
    assert not (tmp_path / "media").exists()
    assert "media-beside" not in {problem.code for problem in result.problems}


def test_what_is_too_large_for_a_page_stands_beside_it_and_is_told(
    open_library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No page becomes larger than browsers open: the rest is linked, and the report says so."""
    monkeypatch.setattr(media, "INLINE_BYTES", 10)

    result = save_conversations(
        open_library, Task(), export="Sample", format="html", to=str(tmp_path)
    )

    beside = [each for each in _addresses(result.files) if each.startswith("media/")]
    assert beside
    assert all((tmp_path / unquote(each)).is_file() for each in beside)
    (told,) = [problem for problem in result.problems if problem.code == "media-beside"]
    assert f"{result.media:,} files are too large" in told.message


def test_saving_twice_brings_up_to_date(
    open_library: Library, export: ExportFolder, tmp_path: Path
) -> None:
    """A second save touches only what changed; media that are the same are not copied again."""
    out = tmp_path / "out"
    first = save_conversations(open_library, Task(), export="Sample", to=str(out))
    before = listing(out, times=True)
    grown = sorted(export.conversation_files())[0]
    grown.write_text(grown.read_text().replace('"title":', '"was": 1, "title":', 1))
    stored = json.loads(grown.read_text())
    stored["title"] = "Another title"
    grown.write_text(json.dumps(stored))

    second = save_conversations(open_library, Task(), export="Sample", to=str(out))

    after = listing(out, times=True)
    assert second.files == first.files
    outcomes = {item.file: item.outcome for item in second.items}
    (updated,) = [file for file, outcome in outcomes.items() if outcome == "updated"]
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {Path(updated).name, RECORD}
    assert set(outcomes.values()) == {"updated", "unchanged"}
    assert "# Another title" in Path(updated).read_text()


def test_file_somebody_changed_is_left_alone(open_library: Library, tmp_path: Path) -> None:
    """What a person wrote into a saved file, or a file of theirs, is never overwritten."""
    first = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path))
    edited = Path(first.files[0])
    edited.write_text("my own notes")

    second = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path))
    third = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path))

    assert edited.read_text() == "my own notes"
    assert [problem.item for problem in second.problems if problem.code == "kept-edited"] == [
        edited.name
    ]
    assert Path(second.files[0]).is_file()
    assert second.files[0] != str(edited)
    assert third.files == second.files
    assert {item.outcome for item in third.items} == {"unchanged"}


def test_stopped_save_leaves_no_trace(open_library: Library, tmp_path: Path) -> None:
    """Stopped half-way, what was written and made is gone; what was there is not."""
    (tmp_path / "mine.md").write_text("mine")
    task = Task(lambda progress: task.cancel() if progress.done else None)

    with pytest.raises(Cancelled):
        save_conversations(open_library, task, export="Sample", to=str(tmp_path / "a" / "b"))
    with pytest.raises(Cancelled):
        save_conversations(open_library, task, export="Sample", to=str(tmp_path))

    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mine.md"]
    assert not (tmp_path / "a").exists()
    assert not (tmp_path / "media").exists()


def test_damaged_conversation_is_a_loss_and_the_rest_is_saved(
    open_library: Library, export: ExportFolder, tmp_path: Path
) -> None:
    """What cannot be read is named in the report; the others are saved."""
    broken, gone, *others = sorted(export.conversation_files())
    broken.write_bytes(b'{"title": "x", ')
    gone.unlink()

    result = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path))

    lost = [problem for problem in result.problems if problem.loss]
    assert {problem.item for problem in lost} == {broken.name, gone.name}
    assert all(problem.hint for problem in lost)
    assert [item.outcome for item in result.items[:3]] == ["failed", "failed", "written"]
    assert len(result.files) == len(others)


def test_missing_media_are_named_in_the_file(
    open_library: Library, export: ExportFolder, tmp_path: Path
) -> None:
    """A picture that is not there leaves a line saying so."""
    for path in export.media.rglob("*"):
        if path.is_file():
            path.unlink()

    result = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path))

    assert any("*Missing image" in Path(file).read_text() for file in result.files)
    assert "missing-media" in [problem.code for problem in result.problems]
    assert not (tmp_path / "media").exists()


def test_refusals(open_library: Library, tmp_path: Path) -> None:
    """An unknown id, an unknown export and a folder within an export are refused, untouched."""
    with pytest.raises(NotFound, match="no conversation with the id"):
        save_conversations(open_library, Task(), export="Sample", ids=["?"], to=str(tmp_path))
    with pytest.raises(NotFound):
        save_conversations(open_library, Task(), export="Other", to=str(tmp_path))
    with pytest.raises(InvalidInput):
        inside = open_library.exports / "Sample" / "media" / "x"
        save_conversations(open_library, Task(), export="Sample", to=str(inside))

    assert list(tmp_path.glob("*.md")) == []
    assert not inside.exists()


def test_place_that_cannot_be_written_says_so(open_library: Library, tmp_path: Path) -> None:
    """A file where the folder should be is the disk's problem, told with what to do."""
    (tmp_path / "file").write_text("x")

    with pytest.raises(StorageProblem) as refused:
        save_conversations(open_library, Task(), export="Sample", to=str(tmp_path / "file" / "x"))

    assert refused.value.hint


def test_progress_names_each_conversation(
    open_library: Library, task: WatchedTask, tmp_path: Path
) -> None:
    """The person sees how far it is, in conversations."""
    save_conversations(open_library, task, export="Sample", format="text", to=str(tmp_path))

    last = [each for each in task.seen if each.stage == "saving"][-1]
    assert (last.stage, last.done, last.unit) == ("saving", last.total, "conversations")


def test_folder_of_linked_pages(open_library: Library, tmp_path: Path) -> None:
    """Every page is reached from the index, every address in every page leads to a file."""
    result = save_conversations(
        open_library,
        Task(),
        export="Sample",
        format="html-pages",
        layout="by-year",
        to=str(tmp_path),
    )

    assert result.open == str(tmp_path / "index.html")
    reached = {tmp_path / "index.html"}
    for file in (result.open, *result.files):
        page = Page(Path(file).read_text().replace('<meta charset="utf-8">', ""))
        for _, each in page.elements:
            address = each.get("href") or each.get("src") or ""
            if address and "://" not in address and not address.startswith("mailto:"):
                target = (Path(file).parent / unquote(address)).resolve()
                assert target.is_file(), address
                reached.add(target)
    assert set(map(Path, result.files)) <= reached
    assert {path.parent.name for path in map(Path, result.files)} > {"2024"}


def test_names_layout_and_links_are_settings_and_can_be_asked_for(
    open_library: Library, tmp_path: Path
) -> None:
    """What the settings say holds where a call says nothing else."""
    change_settings(open_library, key="saving.names", value="title")
    change_settings(open_library, key="saving.links", value="obsidian")

    as_set = save_conversations(open_library, Task(), export="Sample", to=str(tmp_path / "a"))
    asked = save_conversations(
        *(open_library, Task()), export="Sample", to=str(tmp_path / "b"), naming="date-title",
        links="markdown", layout="by-project",
    )  # fmt: skip

    assert not any(Path(file).name[:4].isdigit() for file in as_set.files)
    assert any("![[" in Path(file).read_text() for file in as_set.files)
    assert not any("![[" in Path(file).read_text() for file in asked.files)
    assert any(Path(file).parent.name.startswith("g-") for file in asked.files)


def test_whole_exports_and_finds_are_saved(open_library: Library, tmp_path: Path) -> None:
    """Each export has its folder; of a search, the conversations it finds something in."""
    whole = save_exports(open_library, Task(), names=["sample"], format="text", to=str(tmp_path))
    found = save_found(open_library, Task(), q="mint", format="text", to=str(tmp_path / "found"))

    assert {Path(file).parent for file in whole.files} == {tmp_path / "Sample"}
    assert 0 < len(found.files) < len(whole.files)
    assert all("mint" in Path(file).read_text().lower() for file in found.files)
    with pytest.raises(NotFound):
        save_found(open_library, Task(), q="nothingatall", to=str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_pdf_is_made_by_a_browser_or_refused(
    open_library: Library,
    export: ExportFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A conversation becomes a PDF file; without a browser nothing is written at all."""
    require_program("chromium")
    id_ = _id(sorted(export.conversation_files())[0])

    made = save_conversations(
        *(open_library, Task()), export="Sample", ids=[id_], format="pdf", to=str(tmp_path / "a")
    )  # fmt: skip
    monkeypatch.setattr(printing, "_places", lambda: iter(()))
    with pytest.raises(NotFound, match="No browser"):
        save_conversations(
            *(open_library, Task()), export="Sample", format="pdf", to=str(tmp_path / "b")
        )  # fmt: skip

    assert [Path(file).read_bytes()[:5] for file in made.files] == [b"%PDF-"]
    assert not (tmp_path / "b").exists()


def test_failure_half_way_leaves_the_folder_as_it_was(
    open_library: Library, export: ExportFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails while files are renamed in undoes those that were."""
    save_conversations(open_library, Task(), export="Sample", to=str(tmp_path / "out"))
    before = listing(tmp_path / "out")
    for file in export.conversation_files():
        stored = json.loads(file.read_text())
        file.write_text(json.dumps({**stored, "title": "New"}))
    moved = []

    def move(draft: Path, target: Path) -> None:
        moved.append(target)
        if len(moved) == 12:
            raise OSError(28, "No space left on device")
        draft.replace(target)

    monkeypatch.setattr(saved_folder, "move_into_place", move)
    with pytest.raises(StorageProblem, match="No space left"):
        save_conversations(open_library, Task(), export="Sample", to=str(tmp_path / "out"))

    assert listing(tmp_path / "out") == before


def test_several_processes_write_what_one_does(
    open_library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shared among processes, the files are the same; one that dies is made up for."""
    one = tmp_path / "one"
    save_conversations(open_library, Task(), export="Sample", to=str(one))
    monkeypatch.setattr(crew, "WORTH_SHARING", 1)
    monkeypatch.setattr(crew, "BATCH", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    save_conversations(open_library, Task(), export="Sample", to=str(tmp_path / "many"))

    assert listing(tmp_path / "many") == listing(one)


def _id(path: Path) -> str:
    stored = json.loads(path.read_text())
    return str(stored.get("conversation_id") or stored["id"])


def _addresses(files: tuple[str, ...]) -> list[str]:
    pages = [Page(Path(file).read_text().replace('<meta charset="utf-8">', "")) for file in files]
    found = [each for page in pages for _, each in page.elements]
    return [each[name] for each in found for name in ("src", "href") if name in each]
