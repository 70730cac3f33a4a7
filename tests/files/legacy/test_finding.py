"""Finding the old program: wherever a person points, and in the usual places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.files.legacy.finding import base_folder, find_sessions, is_base
from app.files.legacy.fingerprint import files_below, listing
from app.files.legacy.places import usual_bases
from app.files.legacy.registry import read_registry
from tests.archives.messages import simple
from tests.archives.writing import wire, write_folder
from tests.legacy.damages import links, only_backups, orphans
from tests.legacy.old_program import UPLOADED, A, B, registry, session


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A program folder with one session."""
    files = {"conversations.json": wire([simple(1)])}
    return write_folder(tmp_path / "program", session(A, files))


@pytest.mark.parametrize("inside", ["", "data", "data/sessions", f"data/sessions/{A}"])
def test_any_folder_of_it_will_do(base: Path, inside: str) -> None:
    """A person may name the program's folder, or one within it."""
    assert base_folder(base / inside) == base


def test_a_package_holds_it_deeper(base: Path) -> None:
    """What is installed has the program's folder below resources/app."""
    package = base.parent / "package"
    (package / "resources").mkdir(parents=True)
    base.rename(package / "resources" / "app")

    assert base_folder(package) == package / "resources" / "app"


def test_other_folders_are_none(tmp_path: Path) -> None:
    """An ordinary project with data/ and backups/ is not taken for the old program."""
    write_folder(
        tmp_path / "other",
        {"data/sessions/readme.txt": b"", "backups/settings.json": b"{}", "data/x/a.json": b"1"},
    )

    assert not is_base(tmp_path / "other")
    assert not find_sessions(tmp_path / "other")
    assert not is_base(tmp_path / "nowhere")


def test_usual_places(base: Path, tmp_path: Path) -> None:
    """It is found beside where one is, in the homes of packages, and where it was before."""
    home, here = tmp_path / "home", tmp_path / "here" / "deeper"
    here.mkdir(parents=True)
    files = session(B, {"conversations.json": b"[]"})
    places = {
        "linux": home / ".config/data-dumpster-diver",
        "darwin": home / "Applications/Data Dumpster Diver.app/Contents/Resources/app",
        "win32": tmp_path / "local/Programs/data-dumpster-diver/resources/app",
    }
    npm = home / ".nvm/versions/node/v22.1.0/lib/node_modules/data-dumpster-diver"
    for place in (*places.values(), npm, here.parent / "data-dumpster-diver"):
        write_folder(place, files)
    environment = {"LOCALAPPDATA": str(tmp_path / "local")}

    for platform, place in places.items():
        found = usual_bases(
            str(base), home=home, here=here, platform=platform, environment=environment
        )
        assert found[0] == base
        assert {place, npm, here.parent / "data-dumpster-diver"} <= set(found)


def test_listed_orphaned_and_gone(tmp_path: Path) -> None:
    """Sessions are found by folder, by media and by list; what is gone is told."""
    old = orphans(tmp_path)
    found = {each.id: each for each in find_sessions(old.base)}

    assert found.keys() == old.sessions.keys()
    assert not found[A].registered
    assert found[B].folder is None
    assert found[B].media is not None


def test_backups_are_newest_first(tmp_path: Path) -> None:
    """A session whose folder is gone has its backups, and no other file is taken for one."""
    (found,) = find_sessions(only_backups(tmp_path).base)

    assert [path.name[-29:-5] for path in found.backups] == [
        f"2025-12-08T{hour}-00-00-000Z" for hour in (12, 11, 10)
    ]


def test_links_are_not_followed(tmp_path: Path) -> None:
    """Nothing behind a link is read, or counted as the session's."""
    old = links(tmp_path)
    found = {each.id: each for each in find_sessions(old.base)}
    files = files_below(found[A].roots)

    assert found[B].folder is None
    assert len([facts for facts in files if facts.is_link]) == 4
    assert all(facts.path.is_relative_to(old.base) for facts in files)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (registry([A, B]), {A, B}),
        (json.dumps({A: {"uploadedAt": UPLOADED}}).encode(), {A}),
        (json.dumps([{"id": A}, {"name": "x"}, 7, [1], ["a", 2, 3]]).encode(), {A, "x"}),
        (b"\xef\xbb\xbf" + registry([A]), {A}),
        (b"{}", set()),
        (b"null", set()),
        (b'[["' + A.encode() + b'", null]]', {A}),
    ],
)
def test_registries_of_every_form(tmp_path: Path, raw: bytes, expected: set[str]) -> None:
    """Pairs, an object, rows with a name, and nothing."""
    (tmp_path / "sessions.json").write_bytes(raw)
    found = read_registry(tmp_path / "sessions.json")

    assert found.rows.keys() == expected
    assert found.problems == ()


def test_a_registry_cut_off_is_saved(tmp_path: Path) -> None:
    """What a damaged registry still says is used, and the damage told."""
    (tmp_path / "sessions.json").write_bytes(registry([A, B])[:-20])
    found = read_registry(tmp_path / "sessions.json")

    assert found.rows.keys() == {A, B}
    assert found.rows[A].uploaded_at is not None
    assert [each.code for each in found.problems] == ["damaged-registry"]


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_registry_is_survived(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """Whatever stands there, reading it answers."""
    file = tmp_path_factory.mktemp("any") / "sessions.json"
    file.write_bytes(raw)

    assert isinstance(read_registry(file).rows, dict)


def test_a_listing_tells_every_change(base: Path) -> None:
    """A name, a size or a time that differs is another listing; a folder elsewhere is not."""
    before = listing(files_below([base]), base)
    moved = base.with_name("moved")
    base.rename(moved)
    assert listing(files_below([moved]), moved) == before

    (moved / "data" / "new.txt").touch()
    assert listing(files_below([moved]), moved) != before
