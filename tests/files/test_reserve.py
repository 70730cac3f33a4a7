"""Room kept on the disk: there once it was kept, gone once it was given up."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.files import reserve
from app.files.reserve import RESERVE_BYTES, give_up_reserve, keep_reserve


def test_kept_once_and_given_up_once(tmp_path: Path) -> None:
    """It takes real bytes; giving it up tells whether there was any."""
    path = tmp_path / ".reserve"

    keep_reserve(path)
    keep_reserve(path)

    assert path.stat().st_size == RESERVE_BYTES
    assert [give_up_reserve(path), give_up_reserve(path)] == [True, False]


def test_none_is_kept_where_little_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is nearly full is not filled up by this, nor is a folder made for it."""
    keep_reserve(tmp_path / "none" / ".reserve")
    monkeypatch.setattr(reserve, "ENOUGH", 1 << 62)
    keep_reserve(tmp_path / ".reserve")

    assert list(tmp_path.iterdir()) == []
