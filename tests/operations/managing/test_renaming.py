"""Renaming an export: its folder, its record and the catalog, as one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.api import BY_NAME
from app.errors import AppError, Conflict, InvalidInput, NotFound
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.catalog import rebuild_catalog
from app.operations.conversations import list_conversations
from app.operations.exports import list_exports, show_export
from app.operations.managing.following import follow_folders
from app.operations.managing.table import rename_export
from app.progress import Task
from tests.archives import layouts
from tests.operations.conftest import bring, catalog_rows, listing

TYPED = (
    st.text(max_size=60)
    | st.text(
        st.sampled_from('aéE\u0301ß👍🏽\u200d🇩🇪CONnul.:/\\ *?"<>|\0\n\u202e\u200b日'), max_size=300
    )
    | st.sampled_from(["CON", "com1.txt", "lpt¹", "..", "a" * 255, "日" * 200, "x. .", " y ", "-"])
)


@pytest.fixture
def two(open_library: Library, tmp_path: Path) -> Library:
    """A library with the exports "Mine" and "Other"."""
    bring(open_library, layouts.classic(tmp_path), name="Mine")
    bring(open_library, layouts.voice(tmp_path), name="Other")
    return open_library


def test_renamed_export_is_the_same_under_another_name(two: Library) -> None:
    """Everything is found under the new name, nothing under the old; its id stays."""
    before = show_export(two, export="Mine")

    told = rename_export(two, export="mine", name=" 2024/25: all? ")

    assert (told.name, told.previous, told.id) == ("2024/25: all?", "Mine", before.id)
    assert sorted(path.name for path in two.exports.iterdir()) == ["2024-25- all-", "Other"]
    after = show_export(two, export="2024/25: all?")
    assert (after.id, after.path) == (before.id, told.path)
    assert list_conversations(two, export="2024/25: all?").total == 3
    with pytest.raises(NotFound):
        show_export(two, export="Mine")
    made = catalog_rows()
    assert follow_folders(two, Task()) == []
    rebuild_catalog(two, Task())
    assert catalog_rows() == made


@pytest.mark.parametrize("taken", ["Other", "other", "OTHER", "Other.", " Other "])
def test_taken_name_is_refused(two: Library, taken: str) -> None:
    """Names that some file system takes for one are one; nothing is changed."""
    before = listing(two.exports, times=True)

    with pytest.raises(Conflict, match="Other"):
        rename_export(two, export="Mine", name=taken)

    assert listing(two.exports, times=True) == before


def test_own_name_in_other_letters_is_no_other_name(two: Library) -> None:
    """Upper to lower case, or a letter more that folders cannot have: the same folder may stay."""
    for name in ("MINE", "Mine?", "Mine:", "mine", "mine"):
        rename_export(two, export=list_exports(two, search="m")[0].name, name=name)

        assert {each.name for each in list_exports(two)} == {name, "Other"}


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(TYPED)
@example("Other\u200b")
def test_whatever_is_typed_is_a_name_or_refused(two: Library, typed: str) -> None:
    """A name is taken as it was typed and found again, or refused with a sentence."""
    (export,) = (each for each in list_exports(two) if each.name != "Other")
    before = listing(two.exports, times=True)

    refused: AppError | None = None
    try:
        told = rename_export(two, export=export.name, name=typed)
    except (InvalidInput, Conflict) as why:
        refused = why
    if refused is not None:
        assert refused.message.endswith(".")
        assert refused.hint
        assert listing(two.exports, times=True) == before
        return

    folder = Path(told.path).name
    assert len(folder.encode()) <= 255
    assert folder == folder.strip(" .")
    assert (
        ExportFolder(Path(told.path)).name == told.name == show_export(two, export=told.name).name
    )
    assert follow_folders(two, Task()) == []
    assert {each.name for each in list_exports(two)} == {told.name, "Other"}


def test_export_in_use_keeps_its_name(two: Library) -> None:
    """While something reads an export it is not renamed; another may be; then it can be."""
    with two.using("Mine", "conversation save"):
        with pytest.raises(Conflict, match="conversation save is under way"):
            rename_export(two, export="Mine", name="Yours")
        rename_export(two, export="Other", name="Another")

    assert rename_export(two, export="Mine", name="Yours").name == "Yours"


def test_export_being_written_keeps_its_name(two: Library) -> None:
    """While another window changes the library, renaming is refused and says what is done."""
    rename = BY_NAME["export rename"]

    with two.writing("export import"), pytest.raises(Conflict, match="export import"):
        rename.call(two, {"export": "Mine", "name": "Yours"}, Task())


def test_export_without_a_record_is_called_as_its_folder(two: Library) -> None:
    """Where export.json is lost, the name is what the folder can be called."""
    (two.exports / "Mine/export.json").unlink()
    follow_folders(two, Task())

    told = rename_export(two, export="Mine", name="a/b")

    assert told.name == "a-b"
    assert follow_folders(two, Task()) == []
    assert list_conversations(two, export="a-b").total == 3


@pytest.mark.parametrize("name", ["a  b", " x", "x" * 200, "e\u0301", "CON", "dots.."])
def test_folder_called_by_hand_can_be_renamed_and_found(two: Library, name: str) -> None:
    """A folder named in the file manager as we never would is shown and taken by that name."""
    (two.exports / "Mine").rename(two.exports / name)
    follow_folders(two, Task())
    assert list_conversations(two, export=name).total == 3

    try:
        told = rename_export(two, export=name, name="Tidy")
    except AppError as refused:
        pytest.fail(refused.message)

    assert told.previous == name
    assert {each.name for each in list_exports(two)} == {"Tidy", "Other"}
    shutil.rmtree(two.exports / "Tidy")
