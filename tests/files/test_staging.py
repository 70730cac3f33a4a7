"""Staging: a folder is whole and in its place, or not to be seen."""

import contextlib
import os

import pytest

from app.files import staging


@pytest.fixture
def exports(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def fill(folder, text):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "export.json").write_text(text)


def test_published_folder_is_in_its_place(exports):
    """What was staged is renamed in, and the staging folder is gone."""
    with staging.staged(exports / ".staging") as folder:
        fill(folder, "new")
        staging.publish(folder, exports / "One")

    assert (exports / "One" / "export.json").read_text() == "new"
    assert not (exports / ".staging").exists()


def test_interrupted_staging_leaves_nothing(exports):
    """An exception, even one that is not an Exception, leaves no trace."""
    with pytest.raises(KeyboardInterrupt), staging.staged(exports / ".staging") as folder:
        fill(folder, "half")
        raise KeyboardInterrupt

    assert list(exports.iterdir()) == []


def test_exchange_replaces_the_old_state(exports):
    """A new state takes the place of the old one."""
    fill(exports / "One", "old")
    with staging.staged(exports / ".staging") as folder:
        fill(folder, "new")
        staging.exchange(folder, exports / "One")

    assert (exports / "One" / "export.json").read_text() == "new"
    assert [path.name for path in exports.iterdir()] == ["One"]


@pytest.mark.parametrize("rename", [1, 2, 3])
def test_exchange_killed_between_renames_is_settled(exports, monkeypatch, rename):
    """Killed before any of its renames, an exchange ends as the old or the new state, whole."""

    class Killed(BaseException):
        pass

    count = 0
    real = staging.move_into_place

    def move(source, target):
        nonlocal count
        count += 1
        if count == rename:
            raise Killed
        real(source, target)

    fill(exports / "One", "old")
    scratch = exports / ".staging" / "abc"
    fill(scratch / staging.NEW, "new")
    monkeypatch.setattr(staging, "move_into_place", move)
    with contextlib.suppress(Killed):
        staging.exchange(scratch / staging.NEW, exports / "One")
    monkeypatch.undo()

    staging.recover(exports / ".staging", exports)

    expected = {1: "old", 2: "new", 3: "new"}[rename]
    assert (exports / "One" / "export.json").read_text() == expected
    assert [path.name for path in exports.iterdir()] == ["One"]


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_clearing_up_that_was_killed_is_finished(exports, monkeypatch, removed):
    """Killed while the old state is removed, it is not taken for the only copy afterwards."""

    class Killed(BaseException):
        pass

    left = iter(range(removed))
    real = os.unlink

    def unlink(*names, **options):
        if next(left, None) is None:
            raise Killed
        real(*names, **options)

    fill(exports / "One", "old")
    with contextlib.suppress(Killed), staging.staged(exports / ".staging") as folder:
        fill(folder, "new")
        staging.exchange(folder, exports / "One")
        monkeypatch.setattr("os.unlink", unlink)
    monkeypatch.undo()

    staging.recover(exports / ".staging", exports)

    assert [path.name for path in exports.iterdir()] == ["One"]


def test_exchange_can_be_taken_back(exports):
    """Undone, an exchange leaves the old state, and a publishing nothing."""
    fill(exports / "One", "old")
    for name in ("One", "Two"):
        with staging.staged(exports / ".staging") as folder:
            fill(folder, "new")
            if (exports / name).exists():
                staging.exchange(folder, exports / name)
            else:
                staging.publish(folder, exports / name)
            staging.take_back(folder, exports / name)

    assert [path.name for path in exports.iterdir()] == ["One"]
    assert (exports / "One" / "export.json").read_text() == "old"


def test_only_copy_is_never_removed(exports):
    """An old state whose place is empty and whose note is unreadable is left alone."""
    fill(exports / ".staging" / "abc" / staging.OLD, "the only copy")
    (exports / ".staging" / "abc" / staging.NOTE).write_text("garbage")

    staging.recover(exports / ".staging", exports)

    kept = exports / ".staging" / "abc" / staging.OLD / "export.json"
    assert kept.read_text() == "the only copy"


def test_linked_tree_shares_bytes_and_no_links(exports):
    """A second tree of the same files costs no space and follows no symbolic link."""
    fill(exports / "One" / "media", "picture")
    (exports / "One" / "link").symlink_to("/etc/hostname")

    staging.link_tree(exports / "One", exports / "Two")

    assert (exports / "Two/media/export.json").samefile(exports / "One/media/export.json")
    assert not (exports / "Two" / "link").exists()
