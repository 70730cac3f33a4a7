"""The old program's `.tar.gz` backups come back as exports, from what it wrote itself."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path

import pytest

from app.api import BY_NAME
from app.errors import Conflict, NotFound, StorageProblem
from app.library import Library
from app.operations.migrating.old_backups import list_old_backups, restore_old_backup
from app.progress import Task
from db.connection import connected
from tests.operations.backups.making import PICTURE, conversation

FULL = "backup-2025-12-01T10-00-00-000Z-0011aabb"
LATER = "backup-2025-12-02T10-00-00-000Z-2233ccdd"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """The old program's folder: a full backup of an export, and one of what changed in it."""
    export = tmp_path / "data" / "exports" / "My Chats"
    folder = tmp_path / "old program" / "backups-exports"
    folder.mkdir(parents=True)
    _write(export, "conversations/2023.11.14_Apples.json", conversation("c1", "Apples", "red?"))
    _write(export, "conversations/2023.11.14_Pears.json", conversation("c2", "Pears", "ripe?"))
    _write(export, "assets.json", {"file-service://file-AAAA": "file-AAAA-tree.png"})
    (export / "media").mkdir()
    (export / "media" / "file-AAAA-tree.png").write_bytes(PICTURE)
    with tarfile.open(folder / f"{FULL}.tar.gz", "w:gz") as archive:
        archive.add(export, "My Chats/My Chats")
    more = conversation("c2", "Pears", "ripe?", "Not yet.")
    _write(export, "conversations/2023.11.14_Pears.json", more)
    with tarfile.open(folder / f"{LATER}.tar.gz", "w:gz") as archive:
        changed = "conversations/2023.11.14_Pears.json"
        archive.add(export / changed, changed)
    _index(folder)
    return folder.parent


def _write(export: Path, path: str, content: object) -> None:
    (export / path).parent.mkdir(parents=True, exist_ok=True)
    (export / path).write_text(json.dumps(content))


def _index(folder: Path) -> None:
    backups = [
        {
            "id": name,
            "exportName": "My Chats",
            "type": kind,
            "checksum": hashlib.sha256((folder / f"{name}.tar.gz").read_bytes()).hexdigest(),
        }
        for name, kind in ((FULL, "full"), (LATER, "incremental"))
    ]
    told = {"version": "1.0.0", "exports": {"My Chats": {"backups": backups}}}
    (folder / "backup-index.json").write_text(json.dumps(told))


def _words(library: Library, export: str) -> str:
    shown = BY_NAME["conversation show"]
    return str(shown.call(library, shown.read({"export": export, "id": "c2"}), Task()))


@pytest.mark.parametrize("index", [True, False])
def test_an_old_backup_is_listed_and_restored(library: Library, old: Path, index: bool) -> None:
    """With its index or without: each state comes back, whole and beside what there is."""
    if not index:
        (old / "backups-exports" / "backup-index.json").unlink()
    with connected():
        listed = list_old_backups(library, source=str(old))
        first = restore_old_backup(library, Task(), id=FULL, source=str(old), as_="As it was")
        second = restore_old_backup(library, Task(), id=LATER, source=str(old))

        assert [(each.id, each.type, len(each.archives)) for each in listed] == [
            (LATER, "incremental", 2),
            (FULL, "full", 1),
        ]
        assert {each.export for each in listed} == {"My Chats"}
        assert (first.export, second.export) == ("As it was", "My Chats")
        assert (first.problems, second.problems) == ((), ())
        assert "Not yet." not in _words(library, "As it was")
        assert "Not yet." in _words(library, "My Chats")
    for export in ("As it was", "My Chats"):
        pictures = (library.exports / export / "media").rglob("*.png")
        assert [path.read_bytes() for path in pictures] == [PICTURE]
        assert len(list((library.exports / export / "conversations").iterdir())) == 2
    assert not library.staging.exists()


def test_what_cannot_be_restored_says_why(library: Library, old: Path) -> None:
    """A lost base, a spoilt archive, a taken name, an unknown id: told, and nothing is made."""
    folder = old / "backups-exports"
    with connected():
        with pytest.raises(NotFound, match="no backup “backup-x”"):
            restore_old_backup(library, Task(), id="backup-x", source=str(old))
        with pytest.raises(NotFound, match="no backups of the old program"):
            list_old_backups(library, source=str(folder / "nowhere"))
        (library.exports / "my chats").mkdir()
        with pytest.raises(Conflict):
            restore_old_backup(library, Task(), id=FULL, source=str(folder))
        (library.exports / "my chats").rmdir()
        whole = (folder / f"{FULL}.tar.gz").read_bytes()
        (folder / f"{FULL}.tar.gz").write_bytes(whole[:-9])
        with pytest.raises(StorageProblem, match="checksum"):
            restore_old_backup(library, Task(), id=LATER, source=str(old))
        (folder / f"{FULL}.tar.gz").unlink()
        (later,) = list_old_backups(library, source=str(old))

        assert later.archives == ()
        assert "is gone" in later.problem
    assert list(library.exports.iterdir()) == []
    assert not library.staging.exists()
