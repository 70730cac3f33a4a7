"""The one join: nothing from outside leads out of a folder of ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import InvalidInput
from app.files.paths import join_inside


@pytest.mark.parametrize(
    "relative", ["a", "a/b.png", "./a//b", "a\\b", "notes..final", "..a/b..", "é/日"]
)
def test_paths_inside_are_joined(tmp_path: Path, relative: str):
    """Whether they exist or not."""
    joined = join_inside(tmp_path, relative)

    assert joined.is_relative_to(tmp_path)
    assert ".." not in joined.parts


@pytest.mark.parametrize(
    "relative",
    ["", ".", "/", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "\\x", "..\\x", "C:/x", "c:x",
     "a\0b", "//host/share"],
)  # fmt: skip
def test_paths_that_lead_outside_are_refused(tmp_path: Path, relative: str):
    """Also those that would come back in."""
    with pytest.raises(InvalidInput, match="not a path inside"):
        join_inside(tmp_path, relative)


def test_links_that_lead_outside_are_refused(tmp_path: Path):
    """A link within the folder is fine as long as it stays there."""
    root = tmp_path / "root"
    (root / "real").mkdir(parents=True)
    (root / "in").symlink_to(root / "real")
    (root / "out").symlink_to(tmp_path)
    (root / "round").symlink_to(root / "round")

    assert join_inside(root, "in/x").resolve() == root / "real/x"
    for relative in ("out", "out/x", "out/root/real/x/../../../y", "round/x"):
        with pytest.raises(InvalidInput):
            join_inside(root, relative)


@settings(deadline=None)
@given(relative=st.text(st.sampled_from("./\\aC:\0"), max_size=12))
def test_any_text_is_inside_or_refused(tmp_path_factory: pytest.TempPathFactory, relative: str):
    """There is no third way."""
    root = tmp_path_factory.getbasetemp().resolve()
    try:
        joined = join_inside(root, relative)
    except InvalidInput:
        return
    assert joined.resolve().is_relative_to(root)
    assert joined.resolve() != root
