"""What checking finds is remembered: the list and the details tell it without looking again."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.library import Library
from app.operations.exports import check_exports as check_all
from app.operations.exports import list_exports, show_export
from app.operations.managing.table import check_exports, show_statistics
from app.progress import Task
from tests.archives import layouts
from tests.conftest import Clock
from tests.operations.conftest import bring


@pytest.fixture
def two(open_library: Library, tmp_path: Path) -> Library:
    """A library with the exports "Mine" and "Other"."""
    bring(open_library, layouts.classic_with_media(tmp_path), name="Mine")
    bring(open_library, layouts.voice(tmp_path), name="Other")
    return open_library


def test_what_a_check_finds_is_in_the_list(two: Library, clock: Clock) -> None:
    """Health and problems are those of the last check, with its time; mended, they are gone."""
    file = next((two.exports / "Mine/conversations").iterdir())
    whole = file.read_bytes()
    file.write_bytes(whole[:200])
    clock.advance(days=2)

    told = check_exports(two, Task(), names=["Mine", "Other", "Nobody"])

    assert [(each.name, each.status) for each in told.items] == [
        ("Mine", "problems"),
        ("Other", "good"),
        ("Nobody", "failed"),
    ]
    listed = {each.name: (each.health, each.problems) for each in list_exports(two)}
    assert listed == {"Mine": ("problems", 1), "Other": ("good", 0)}
    shown = show_export(two, export="Mine")
    assert shown.checked_at == clock.now
    assert [problem.item for problem in shown.problems] == [file.name]
    assert shown.problems[0].hint
    assert show_statistics(two).with_problems == 1
    file.write_bytes(whole)
    check_all(two, Task(), export="Mine")
    assert show_export(two, export="Mine").health == "good"


def test_stop_keeps_what_was_checked(two: Library) -> None:
    """Stopped in the second, the first has its result and the second has none."""
    task = Task(lambda progress: task.cancel() if progress.item.startswith("2 of 2") else None)

    told = check_exports(two, task, names=["Mine", "Other"])

    assert [each.status for each in told.items] == ["good", "skipped"]
    assert told.stopped


def test_check_beside_a_writer_still_answers(two: Library) -> None:
    """While another writes, what was found is told and just not remembered."""
    with two.writing("export import"):
        told = check_exports(two, Task(), names=["Mine"])

    assert told.items[0].status == "good"
    assert show_export(two, export="Mine").checked_at is None


def test_details_add_up(two: Library) -> None:
    """Media by kind, disk use and the largest conversations are those of the folder."""
    shown = show_export(two, export="Mine")

    folder = two.exports / "Mine"
    files = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    talks = {path: size for path, size in files.items() if path.parent.name == "conversations"}
    assert shown.disk.conversations == sum(talks.values())
    assert shown.disk.media == sum(size for path, size in files.items() if "media" in path.parts)
    assert shown.disk.conversations + shown.disk.media + shown.disk.other == shown.size_bytes
    assert sum(each.count for each in shown.media) == shown.media_count
    assert {each.kind: each.bytes for each in shown.media} == shown.media_bytes
    assert [each.bytes for each in shown.largest] == sorted(talks.values(), reverse=True)


def test_statistics_add_up(two: Library, tmp_path: Path, clock: Clock) -> None:
    """Totals are those of the list; growth tells what each month's imports brought."""
    clock.advance(days=40)
    bring(two, layouts.classic(tmp_path / "later"), into="Other")

    told = show_statistics(two)

    listed = list_exports(two)
    assert told.exports == len(listed)
    assert told.conversations == sum(each.conversation_count for each in listed)
    assert told.bytes == sum(each.size_bytes for each in listed)
    storage = told.storage
    assert told.bytes == sum(getattr(storage, name) for name in storage.__struct_fields__)
    assert [(each.month, each.conversations) for each in told.growth] == [
        ("2026-03", 3),
        ("2026-04", 3),
    ]
    assert told.growth[-1].total_conversations == told.conversations == 6
    assert set(told.without_backup) == {"Mine", "Other"}
    assert {each.name: each.sources for each in listed} == {"Mine": 1, "Other": 2}


def test_list_is_sorted_as_asked(two: Library) -> None:
    """Each order puts the larger or newer first, names from A."""
    for sort in ("conversations", "messages", "size", "created", "updated"):
        listed = list_exports(two, sort=sort)  # type: ignore[arg-type]
        field = {"size": "size_bytes", "created": "created_at", "updated": "updated_at"}.get(
            sort, f"{sort.removesuffix('s')}_count"
        )
        values = [getattr(each, field) for each in listed]
        assert values == sorted(values, reverse=True)
    assert [each.name for each in list_exports(two, sort="name")] == ["Mine", "Other"]
    assert [each.name for each in list_exports(two, search="ＯＴＨ")] == ["Other"]
