"""Looking into archives tells what an import would bring, and touches nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import AppError, Cancelled
from app.library import Library
from app.operations.sources import inspect_sources
from app.progress import Task
from tests.archives import contents, damage, layouts
from tests.archives.expected import Expected
from tests.archives.writing import USER
from tests.conftest import WatchedTask
from tests.operations.conftest import bring, listing
from tests.operations.test_import_archives import refusals


def look(library: Library, expected: Expected, task: Task | None = None):
    sources = [str(expected.path), *map(str, expected.sources)]
    return inspect_sources(library, task or Task(), sources=sources)


@pytest.mark.parametrize(
    "builder",
    [*layouts.WHOLE, *contents.CONTENT, *damage.DAMAGED],
    ids=lambda builder: builder.__name__,
)
def test_inspection_tells_what_the_import_finds(
    builder: Callable[[Path], Expected], open_library: Library, tmp_path: Path
) -> None:
    """Conversations and messages are as many as the import then adds; nothing is written."""
    expected = builder(tmp_path)
    before = listing(tmp_path)

    found = look(open_library, expected)

    assert listing(tmp_path) == before
    report = bring(open_library, expected, name="Mine")
    assert found.conversations == report.conversations.added
    assert found.assets >= report.assets.stored
    assert bool(found.messages) == bool(report.messages)
    assert found.bytes > 0


@pytest.mark.parametrize("name", sorted(refusals().keys() - {"bomb"}))
def test_inspection_refuses_as_the_import_does(
    name: str, open_library: Library, tmp_path: Path
) -> None:
    """The same sentence and hint, before anything is tried."""
    expected = refusals()[name](tmp_path)

    with pytest.raises(AppError) as at_look:
        look(open_library, expected)
    with pytest.raises(AppError) as at_import:
        bring(open_library, expected)

    told = (at_look.value.code, at_look.value.message, at_look.value.hint)
    assert told == (at_import.value.code, at_import.value.message, at_import.value.hint)


def test_inspection_tells_kind_layout_and_account(open_library: Library, tmp_path: Path) -> None:
    """What it is, whose, and when ChatGPT made it."""
    found = look(open_library, layouts.classic(tmp_path))

    assert (found.kind, found.layout) == ("zip", "classic")
    assert found.account == USER["email"]
    assert found.exported_at is not None
    assert found.exported_at.isoformat() == "2026-03-01T10:20:30+00:00"


def test_inspection_names_problems(open_library: Library, tmp_path: Path) -> None:
    """Missing shards and broken conversations are told beforehand."""
    (tmp_path / "b").mkdir()
    short = look(open_library, layouts.manifest_names_missing_shard(tmp_path))
    broken = look(open_library, damage.malformed_json(tmp_path / "b"))

    assert [problem.code for problem in short.problems] == ["missing-shard"]
    assert [problem.code for problem in broken.problems] == ["damaged-conversation"]


@pytest.mark.parametrize("stage", ["opening", "conversations"])
def test_inspection_can_be_stopped(stage: str, open_library: Library, tmp_path: Path) -> None:
    """Stopped at any stage, it leaves nothing behind."""
    expected = layouts.privacy_portal(tmp_path)
    before = listing(tmp_path)

    with pytest.raises(Cancelled):
        look(open_library, expected, WatchedTask(stop_at=stage))

    assert listing(tmp_path) == before
