"""What the tests of migration share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archives.messages import simple
from tests.archives.writing import wire, write_folder
from tests.legacy.old_program import A, B, registry, session, single_files


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A folder with two sessions of one account, changed last on the same day."""
    for number, id_ in enumerate((A, B)):
        listed = [simple(number * 2), simple(number * 2 + 1)]
        files = {"conversations.json": wire(listed), **single_files(listed)}
        write_folder(tmp_path / "two", session(id_, files))
    write_folder(tmp_path / "two", {"data/sessions.json": registry([A, B])})
    return tmp_path / "two"
