"""Exports in a list, one in full, and whether they are whole."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import NotFound
from app.library import Library
from app.operations.catalog import rebuild_catalog
from app.operations.exports import check_exports, list_exports, show_export
from app.progress import Task
from tests.archives import contents, damage, layouts
from tests.archives.expected import Expected
from tests.archives.messages import simple
from tests.archives.writing import classic_files, write_zip
from tests.conftest import Clock
from tests.operations.conftest import bring


@pytest.fixture
def three(open_library: Library, tmp_path: Path, clock: Clock) -> Library:
    """A library with three exports, made a day apart."""
    for name, builder in (
        ("Bananas", layouts.classic),
        ("apples", layouts.classic_with_media),
        ("Ärger", layouts.sixty_shards),
    ):
        (tmp_path / name).mkdir()
        bring(open_library, builder(tmp_path / name), name=name)
        clock.advance(days=1)
    return open_library


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["apples", "Bananas", "Ärger"]),
        ("created", ["Ärger", "apples", "Bananas"]),
        ("conversations", ["Ärger", "Bananas", "apples"]),
        ("size", ["Ärger", "apples", "Bananas"]),
    ],
)
def test_exports_are_sorted(three: Library, sort: str, order: list[str]) -> None:
    """By name, newest first, largest first."""
    assert [each.name for each in list_exports(three, sort=sort)] == order  # type: ignore[arg-type]


@pytest.mark.parametrize(("search", "found"), [("APP", ["apples"]), ("är", ["Ärger"]), ("x", [])])
def test_exports_are_found_by_name(three: Library, search: str, found: list[str]) -> None:
    """Part of a name is enough, in any case."""
    assert [each.name for each in list_exports(three, search=search)] == found


def test_export_is_shown_in_full(open_library: Library, tmp_path: Path, clock: Clock) -> None:
    """Counts, sizes, times, models, sources and account are those of the folder."""
    expected = layouts.classic_with_media(tmp_path)
    bring(open_library, expected, name="Mine")

    shown = show_export(open_library, export="mine")

    folder = open_library.exports / "Mine"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert (shown.name, shown.path) == ("Mine", str(folder))
    assert shown.created_at == shown.updated_at == clock.now
    assert (shown.conversation_count, shown.message_count) == (2, 7)  # what people and ChatGPT said
    assert shown.media_count == len(expected.media)
    assert shown.missing_media == 1
    assert shown.size_bytes == sum(path.stat().st_size for path in files)
    media = [path for path in files if "media" in path.parts]
    assert sum(shown.media_bytes.values()) == sum(path.stat().st_size for path in media)
    assert set(shown.media_bytes) == {"image", "file"}
    assert shown.models == {"gpt-4o": 2}
    assert shown.months == {"2025-01": 2}
    assert str(shown.first_message_at) == "2025-01-01 02:53:20.250000+00:00"
    assert shown.last_message_at is not None
    assert shown.account == "sam@example.org"
    assert (shown.health, shown.problems) == ("good", ())
    (source,) = shown.sources
    assert (source.name, source.kind, source.layout) == ("media.zip", "zip", "classic")
    assert source.conversations.added == 2


def test_unknown_export_is_not_found(open_library: Library) -> None:
    """A name that is none is told, with what to do."""
    for name in ("Nobody", "", "../exports", "x" * 3_000):
        with pytest.raises(NotFound) as refused:
            show_export(open_library, export=name)
        assert refused.value.hint


@pytest.mark.parametrize(
    "builder",
    [*layouts.WHOLE, *contents.CONTENT, damage.strange_media],
    ids=lambda builder: builder.__name__,
)
def test_imported_exports_are_whole(
    builder: Callable[[Path], Expected], open_library: Library, tmp_path: Path
) -> None:
    """Straight after its import an export has no problems but what the archive lacked."""
    bring(open_library, builder(tmp_path), name="Mine")

    health = check_exports(open_library, Task(), export="Mine")

    assert health.ok
    assert {problem.code for problem in health.problems} <= {"missing-media", "empty-file"}


def delete_conversation(export: Path) -> str:
    file = sorted((export / "conversations").iterdir())[0]
    file.unlink()
    return file.name


def damage_conversation(export: Path) -> str:
    file = sorted((export / "conversations").iterdir())[0]
    file.write_bytes(file.read_bytes()[:200])
    return file.name


def add_conversation(export: Path) -> str:
    (export / "conversations/mine.json").write_text(json.dumps(simple(99)))
    return "mine.json"


def delete_picture(export: Path) -> str:
    file = sorted(path for path in (export / "media").rglob("*.png"))[0]
    file.unlink()
    return file.relative_to(export).as_posix()


def damage_record(export: Path) -> str:
    (export / "export.json").write_text("[]")
    return "export.json"


@pytest.mark.parametrize(
    ("spoil", "code", "whole"),
    [
        (delete_conversation, "gone-file", False),
        (damage_conversation, "damaged-file", False),
        (add_conversation, "added-file", True),
        (delete_picture, "gone-file", False),
        (damage_record, "damaged-file", False),
    ],
)
def test_check_names_what_is_wrong(
    spoil: Callable[[Path], str],
    code: str,
    whole: bool,
    open_library: Library,
    tmp_path: Path,
) -> None:
    """What is gone, damaged or new is named; other exports are not blamed."""
    bring(open_library, layouts.unpacked(tmp_path), name="Mine")
    bring(open_library, layouts.classic(tmp_path), name="Fine")
    item = spoil(open_library.exports / "Mine")

    health = check_exports(open_library, Task())

    (problem,) = health.problems
    assert (problem.code, problem.item) == (code, item)
    assert problem.hint
    assert health.ok is whole
    assert {each.export: each.ok for each in health.exports} == {"Mine": whole, "Fine": True}


def test_copy_of_a_conversation_is_a_file_like_others(
    open_library: Library, tmp_path: Path
) -> None:
    """A conversation's file copied by hand is taken in by a rebuild, and then no news."""
    bring(open_library, layouts.voice(tmp_path), name="Mine")
    (file,) = (open_library.exports / "Mine/conversations").iterdir()
    shutil.copy(file, file.with_name("a copy.json"))

    before = check_exports(open_library, Task())
    rebuild_catalog(open_library, Task())

    assert [problem.item for problem in before.problems] == ["a copy.json"]
    assert check_exports(open_library, Task()).problems == ()


def test_check_tells_of_damage_that_was_kept(open_library: Library, tmp_path: Path) -> None:
    """Pieces an import could not read are named, and the export is marked."""
    bring(open_library, damage.malformed_json(tmp_path), name="Mine")

    health = check_exports(open_library, Task(), export="Mine")

    assert [problem.code for problem in health.problems] == ["kept-damaged"]
    assert (open_library.exports / "Mine" / health.problems[0].item).is_file()
    assert show_export(open_library, export="Mine").health == "problems"


def test_names_of_any_letters_are_exports(open_library: Library, tmp_path: Path) -> None:
    """An export keeps the name it was given, whatever its folder has to be called."""
    archive = write_zip(tmp_path / "a.zip", classic_files([simple(1)]))
    names = ["2024/25: all?", "CON", "日本語", "naïve  spaces", "a" * 300, "dots..."]
    for name in names:
        assert bring(open_library, archive, name=name).export == name

    assert {each.name for each in list_exports(open_library)} == set(names)
    for name in names:
        assert show_export(open_library, export=name).name == name
