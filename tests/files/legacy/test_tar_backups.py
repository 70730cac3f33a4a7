"""The predecessor's `.tar.gz` backups come back whole, which it never managed itself."""

import hashlib
import io
import json
import tarfile

import pytest

from app.errors import NotFound, StorageProblem
from app.files.legacy.tar_backups import tar_backups, unpack_tar_backup
from app.progress import Task


@pytest.fixture
def folder(tmp_path):
    """A folder of the old program: two full backups and two incremental ones, with its index."""
    place = tmp_path / "backups-exports"
    place.mkdir()
    made = [
        ("2025-12-01T10-00-00-000Z", "full", {"assets.json": "{}", "media/a.png": "old"}),
        ("2025-12-02T10-00-00-000Z", "incremental", {"assets.json": '{"a": 1}'}),
        ("2025-12-03T10-00-00-000Z", "incremental", {"media/b.png": "b"}),
        ("2025-12-04T10-00-00-000Z", "full", {"assets.json": "newest"}),
    ]
    listed = []
    for stamp, kind, files in made:
        name = f"backup-{stamp}-0011aabb"
        path = place / f"{name}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for file, text in files.items():
                inside = f"My Chats/My Chats/{file}" if kind == "full" else file
                facts = tarfile.TarInfo(inside)
                facts.size = len(text)
                archive.addfile(facts, io.BytesIO(text.encode()))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        listed.append({"id": name, "exportName": "My Chats", "type": kind, "checksum": digest})
    index = {"version": "1.0.0", "exports": {"My Chats": {"backups": listed}}}
    (place / "backup-index.json").write_text(json.dumps(index))
    return place


def restored(folder, place: int):
    """Unpack one of the backups; answer its files."""
    listed = tar_backups(folder)
    target = folder.parent / "restored"
    target.mkdir()
    assert unpack_tar_backup(listed, listed[place].path, target, Task()) == []
    return {
        path.relative_to(target).as_posix(): path.read_text()
        for path in target.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("index", [True, False])
def test_old_backups_are_listed(folder, index):
    """They are told apart with the index, and without it by what is in them."""
    if not index:
        (folder / "backup-index.json").unlink()

    assert [each.full for each in tar_backups(folder)] == [True, False, False, True]
    assert {each.export for each in tar_backups(folder)} == {"My Chats"}


def test_without_the_index_changes_of_one_of_several_exports_are_refused(folder):
    """What nothing ties to an export is never laid over the files of another."""
    (folder / "backup-index.json").unlink()
    other = folder / "backup-2025-12-01T09-00-00-000Z-0011aabb.tar.gz"
    with tarfile.open(other, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("Work/Work/assets.json"))

    told = {each.path.name[7:17]: each.export for each in tar_backups(folder)}

    assert told["2025-12-04"] == "My Chats"
    assert told["2025-12-02"] == ""
    with pytest.raises(NotFound, match="Nothing tells which export"):
        restored(folder, 2)


def test_full_backup_loses_its_doubled_name(folder):
    """The name a full backup begins every path with, twice, is taken away."""
    assert restored(folder, 0) == {"assets.json": "{}", "media/a.png": "old"}


def test_incremental_backup_lies_over_its_own_base(folder):
    """It is the full backup before it, and all between, not the newest full one."""
    assert restored(folder, 2) == {
        "assets.json": '{"a": 1}',
        "media/a.png": "old",
        "media/b.png": "b",
    }


def test_without_its_base_an_incremental_backup_is_refused(folder):
    """What holds only changes is not passed off as a whole."""
    tar_backups(folder)[0].path.unlink()

    with pytest.raises(NotFound, match="full backup"):
        restored(folder, 1)


def test_wrong_checksum_is_refused(folder):
    """An archive that is not what the old program noted is not used, and nothing is written."""
    path = tar_backups(folder)[0].path
    path.write_bytes(path.read_bytes() + b"\0")

    with pytest.raises(StorageProblem, match="checksum"):
        restored(folder, 0)

    assert list((folder.parent / "restored").iterdir()) == []


def test_paths_that_climb_out_are_left_out(folder):
    """A hostile path is told, and nothing of it is written."""
    path = folder / "backup-2025-12-05T10-00-00-000Z-0011aabb.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("../../evil.txt", "My Chats/My Chats/good.txt"):
            facts = tarfile.TarInfo(name)
            facts.size = 3
            archive.addfile(facts, io.BytesIO(b"abc"))
    listed = tar_backups(folder)

    (folder.parent / "out").mkdir()
    losses = unpack_tar_backup(listed, listed[-1].path, folder.parent / "out", Task())

    assert not (folder.parent / "evil.txt").exists()
    assert (folder.parent / "out" / "good.txt").read_text() == "abc"
    assert len(losses) == 1
