"""Archives of format version 1, kept as they were written then, are read for ever."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.core.backup.manifest import Entry, Head, Manifest
from app.files.backup.store import BackupStore
from app.progress import Task
from tests.conftest import require_program

GOLDEN = Path(__file__).parent / "golden"
FIRST = {
    "conversations/2024.05.12_Planning.json": b'{"title": "Planning the herb garden"}' * 30,
    "empty.txt": b"",
    "export.json": b'{"formatVersion": 1}',
    "media/again.webp": bytes(range(256)),
    "media/dot.webp": bytes(range(256)),
}
SECOND = {
    **{path: data for path, data in FIRST.items() if path != "empty.txt"},
    "conversations/2024.06.01_Été.json": b'{"title": "summer"}',
}


@pytest.fixture
def store(tmp_path, clock):
    shutil.copytree(GOLDEN / "version-1", tmp_path / "backups")
    return BackupStore(tmp_path / "backups", clock=clock)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def test_golden_backups_are_listed_and_sound(store):
    """Both are found, in their order, and every byte is right."""
    first, second = store.snapshots()

    assert (first.head.type, second.head.type) == ("full", "incremental")
    assert (first.head.note, first.head.export, first.head.name) == (
        "the first",
        "6f0c2d1e",
        "Garden",
    )
    assert second.head.archives == (first.archive, second.archive)
    assert store.verify(task=Task()).ok


@pytest.mark.parametrize(("place", "expected"), [(0, FIRST), (1, SECOND)])
def test_golden_backup_restores(store, tmp_path, place, expected):
    """Each brings back its own state: bytes, the empty folder, the link, the times."""
    backup = store.snapshots()[place].id
    target = tmp_path / "restored"

    store.restore(backup, target, task=Task(), staging=tmp_path / ".staging")

    assert files(target) == expected
    assert (target / "nothing").is_dir()
    assert str((target / "link").readlink()) == "export.json"
    assert (target / "export.json").stat().st_mtime_ns == 10**18 + 5


def test_golden_encrypted_backup_restores(tmp_path, clock):
    """So does the encrypted one, with its passphrase."""
    shutil.copytree(GOLDEN / "version-1-encrypted", tmp_path / "backups")
    store = BackupStore(tmp_path / "backups", clock=clock)
    (snapshot,) = store.snapshots(passphrase="golden")
    target = tmp_path / "restored"

    store.restore(
        snapshot.id, target, task=Task(), staging=tmp_path / ".staging", passphrase="golden"
    )

    assert files(target) == SECOND


def test_backup_is_read_by_the_paper_alone(tmp_path):
    """Another program, knowing only 7-Zip and the paper, gets every file of the chain."""
    program = require_program("7zz")
    archives = sorted((GOLDEN / "version-1").glob("*.7z"))
    found: dict[str, bytes] = {}
    for archive in archives:
        out = tmp_path / archive.stem
        subprocess.run([program, "x", f"-o{out}", archive], capture_output=True, check=True)
        for data in files(out).values():
            found[hashlib.sha256(data).hexdigest()] = data
    manifest = json.loads((out / ".backup" / "manifest.json").read_bytes())

    restored = {row[0]: found[row[7]] for row in manifest["entries"] if row[1] == "file"}

    assert manifest["formatVersion"] == 1
    assert restored == SECOND


def test_paper_tells_every_key():
    """The paper on the format names every key of the manifest and every column of an entry."""
    text = (Path(__file__).parents[3] / "docs" / "backup-format.md").read_text(encoding="utf-8")
    keys = {*Head.__struct_encode_fields__, *Manifest.__struct_encode_fields__}
    columns = re.search(r"A row of `entries`:(.*?)`coders` are", text, re.S).group(1)

    assert sorted(key for key in keys if f"`{key}`" not in text) == []
    assert len(re.findall(r"(?:\| |, )\d+ [a-zA-Z]", columns)) == len(Entry.__struct_fields__)
