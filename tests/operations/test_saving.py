"""Saving conversations: whole files, under names nothing has, with their media."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from app.errors import Cancelled, InvalidInput, NotFound, StorageProblem
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations import saved_media
from app.operations.saving import save_conversations
from app.progress import Task
from db.connection import connected
from tests.conftest import WatchedTask
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
    assert result.problems == ()
    assert not list((open_library.root / "saved").rglob("*.part"))


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


def test_html_is_one_file_with_small_pictures_inside(
    open_library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small pictures are in the file; larger ones, recordings and files are beside it."""
    result = save_conversations(
        open_library, Task(), export="Sample", format="html", to=str(tmp_path / "small")
    )
    sources = _sources(result.files)
    assert any(source.startswith("data:image/") for source in sources)
    assert any(source.startswith("media/") for source in sources)
    assert all((tmp_path / "small" / each).is_file() for each in sources if each[:5] != "data:")

    monkeypatch.setattr(saved_media, "INLINE_BYTES", 10)
    result = save_conversations(
        open_library, Task(), export="Sample", format="html", to=str(tmp_path / "large")
    )
    assert not any(source.startswith("data:") for source in _sources(result.files))


def test_saving_twice_overwrites_nothing(open_library: Library, tmp_path: Path) -> None:
    """A second save stands beside the first; media that are the same are not copied again."""
    out = tmp_path / "out"
    first = save_conversations(open_library, Task(), export="Sample", to=str(out))
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    second = save_conversations(open_library, Task(), export="Sample", to=str(out))

    assert not set(first.files) & set(second.files)
    assert {path: path.read_bytes() for path in before} == before
    assert len(list((out / "media").iterdir())) == sum(p.parent.name == "media" for p in before)


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

    assert {problem.item for problem in result.problems} == {broken.name, gone.name}
    assert all(problem.loss and problem.hint for problem in result.problems)
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

    last = task.seen[-1]
    assert (last.stage, last.done, last.unit) == ("saving", last.total, "conversations")


def _id(path: Path) -> str:
    stored = json.loads(path.read_text())
    return str(stored.get("conversation_id") or stored["id"])


def _sources(files: tuple[str, ...]) -> list[str]:
    pages = [Page(Path(file).read_text().replace('<meta charset="utf-8">', "")) for file in files]
    return [each["src"] for page in pages for _, each in page.elements if "src" in each]
