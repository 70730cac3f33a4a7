"""Using backups: opening files, previewing, restoring beside and in place, checking."""

import os
from pathlib import Path

import pytest

from app.core.backup.outcomes import FileStamp
from app.errors import Cancelled, Conflict, NotFound, StorageProblem
from app.files import staging
from app.files.backup import disk
from app.files.backup.sevenzip.archive import Archive
from app.files.backup.store import BackupStore
from app.progress import Task
from tests.files.backup.trees import noise, state


def flip(path: Path, at: int) -> None:
    """Change one byte of a file, and nothing else about it."""
    facts = path.stat()
    data = bytearray(path.read_bytes())
    data[at] ^= 0x40
    path.write_bytes(data)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))


def block_of(bench, backup: str, path: str):
    """Answer the block a file's bytes are in."""
    manifest = bench.store.manifest(backup)
    sha256 = next(e.sha256 for e in manifest.entries if e.path == path)
    return next(manifest.blocks[b.block] for b in manifest.blobs if b.sha256 == sha256)


def spot(bench, backup: str, path: str) -> int:
    """Answer where in its archive the fifth byte of a file that is not compressed stands."""
    manifest = bench.store.manifest(backup)
    sha256 = next(e.sha256 for e in manifest.entries if e.path == path)
    blob = next(b for b in manifest.blobs if b.sha256 == sha256)
    return manifest.blocks[blob.block].position + blob.offset + 5


def test_one_file_is_opened(bench):
    """A file of any backup of a chain is read alone; an empty one too."""
    bench.backed_up()
    bench.write("new.json", "new")
    backup = bench.backed_up()

    assert bench.store.open_file(backup, "new.json").read() == b"new"
    assert bench.store.open_file(backup, "media/one.webp").read() == noise(70_000)
    assert bench.store.open_file(backup, "empty.txt").read() == b""


@pytest.mark.parametrize("path", ["gone.json", "media", "../export.json", ""])
def test_file_that_is_not_there_is_refused(bench, path):
    """What the backup has no file of, is not found."""
    backup = bench.backed_up()

    with pytest.raises(NotFound):
        bench.store.open_file(backup, path)


@pytest.mark.parametrize("backup", ["backup-20260101T000000Z-00000000", "../x", ""])
def test_backup_that_is_not_there_is_refused(bench, backup):
    """An unknown id, or what is no id at all, is not found."""
    with pytest.raises(NotFound):
        bench.store.manifest(backup)


def test_restore_beside_refuses_what_is_there(bench):
    """Without saying so, nothing is replaced."""
    backup = bench.backed_up()

    with pytest.raises(Conflict):
        bench.restored(backup, "Garden")


def test_restore_in_place_keeps_the_replaced_state(bench, tmp_path):
    """The export is as it was backed up, and what it was before is kept whole."""
    backup = bench.backed_up()
    before = state(bench.live)
    bench.write("conversations/later.json", "later")
    (bench.live / "export.json").unlink()
    later = state(bench.live)

    done = bench.store.restore(
        backup, bench.live, task=Task(), staging=tmp_path / ".staging", keep=tmp_path / "old"
    )

    assert state(bench.live) == before
    assert state(tmp_path / "old") == later
    assert done.previous == tmp_path / "old"
    assert not (tmp_path / ".staging").exists()


def test_chosen_files_in_place_leave_the_rest(bench, tmp_path):
    """Restoring one folder brings that back and leaves what else is there now."""
    backup = bench.backed_up()
    bench.write("media/one.webp", "spoilt")
    bench.write("conversations/later.json", "later")

    done = bench.store.restore(
        backup,
        bench.live,
        task=Task(),
        staging=tmp_path / ".staging",
        keep=tmp_path / "old",
        only=["media"],
    )

    assert (bench.live / "media" / "one.webp").read_bytes() == noise(70_000)
    assert (bench.live / "conversations" / "later.json").read_text() == "later"
    assert (tmp_path / "old" / "media" / "one.webp").read_text() == "spoilt"
    assert done.files == 3


def test_chosen_file_that_means_nothing_is_refused(bench):
    """A name that is nothing in the backup is told before anything is done."""
    with pytest.raises(NotFound, match="nowhere"):
        bench.restored(bench.backed_up(), only=["media/one.webp", "nowhere"])


def test_preview_tells_what_would_happen(bench):
    """What a restore adds, changes and removes is known before."""
    backup = bench.backed_up()
    bench.write("conversations/later.json", "later")
    bench.write("export.json", "other")
    (bench.live / "media" / "two.png").unlink()

    told = bench.store.preview_restore(backup, bench.live, task=Task())

    assert told.difference.added == ("media/two.png",)
    assert told.difference.changed == ("export.json",)
    assert told.difference.removed == ("conversations/later.json",)
    assert told.losses == ()
    assert told.free_bytes > 0


def test_no_room_is_told_before_anything_is_done(bench, monkeypatch, tmp_path):
    """Where the disk has no room, nothing is written."""
    backup = bench.backed_up()
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 1000)

    with pytest.raises(StorageProblem, match="not enough room"):
        bench.restored(backup)

    assert not (tmp_path / ".staging").exists()


def test_missing_archive_is_told_before_anything_is_done(bench, tmp_path):
    """Where bytes are nowhere, a restore says so and touches nothing, or brings the rest."""
    first = bench.backed_up()
    bench.write("new.json", "new")
    backup = bench.backed_up()
    bench.archive(first).unlink()

    with pytest.raises(StorageProblem, match="cannot be restored"):
        bench.restored(backup)
    target = bench.restored(backup, accept_losses=True)

    assert not (tmp_path / ".staging").exists()
    assert sorted(path.name for path in target.iterdir() if path.is_file()) == [
        "empty.txt",
        "new.json",
    ]


def test_damage_is_found_while_restoring(bench, tmp_path):
    """A restore that meets damaged bytes leaves everything as it was."""
    backup = bench.backed_up()
    flip(bench.archive(backup), block_of(bench, backup, "media/two.png").position + 10)

    with pytest.raises(StorageProblem, match="damaged"):
        bench.restored(backup)

    assert not (tmp_path / "restored").exists()


def test_damage_is_bypassed_where_another_archive_has_the_bytes(bench):
    """With the same bytes in a second archive, a damaged block costs nothing."""
    first = bench.backed_up()
    bench.backed_up(incremental=False)
    flip(bench.archive(first), block_of(bench, first, "media/two.png").position + 10)

    assert state(bench.restored(first)) == state(bench.live)
    assert bench.fresh().open_file(first, "media/two.png").read() == noise(30_000, 2)


@pytest.mark.parametrize("rename", [1, 2])
def test_restore_killed_between_renames_is_settled(bench, tmp_path, monkeypatch, rename):
    """Killed before any rename, a restore in place ends as the old or the new state, whole."""
    backup = bench.backed_up()
    before = state(bench.live)
    bench.write("later.json", "later")
    later = state(bench.live)

    class Killed(BaseException):
        pass

    count = iter(range(1, 100))
    moved = staging.move_folder

    def killed(source, target):
        if next(count) == rename:
            monkeypatch.setattr(staging, "_clear", lambda scratch: None)
            raise Killed
        moved(source, target)

    monkeypatch.setattr(staging, "move_folder", killed)
    with pytest.raises(Killed):
        bench.store.restore(
            backup, bench.live, task=Task(), staging=tmp_path / ".staging", keep=tmp_path / "old"
        )
    monkeypatch.undo()
    staging.recover(tmp_path / ".staging", tmp_path)

    kept = state(tmp_path / "old") if (tmp_path / "old").exists() else later
    assert state(bench.live) == (later if rename == 1 else before)
    assert kept == later


def test_stopped_restore_leaves_no_trace(bench, tmp_path):
    """Stopped while writing, nothing of the restore is left."""
    backup = bench.backed_up()
    bench.task.stop_at = "restoring"

    with pytest.raises(Cancelled):
        bench.store.restore(
            backup, tmp_path / "restored", task=bench.task, staging=tmp_path / ".staging"
        )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["Garden", "backups"]


@pytest.mark.parametrize("quick", [True, False])
def test_sound_backups_are_found_sound(bench, quick):
    """Nothing wrong is found where nothing is wrong."""
    bench.backed_up()
    bench.write("new.json", "new")
    backup = bench.backed_up()

    told = bench.store.verify(task=Task(), quick=quick)

    assert (told.ok, told.checked_archives) == (True, 2)
    assert (bench.store.marks().get(backup) is not None) is not quick


@pytest.mark.parametrize("quick", [True, False])
def test_damage_is_named_by_file(bench, quick):
    """One changed byte is found, and the files named in every backup that needs them."""
    first = bench.backed_up()
    bench.write("new.json", "new")
    second = bench.backed_up()
    flip(bench.archive(first), spot(bench, first, "media/two.png"))

    told = bench.fresh().verify(task=Task(), quick=quick)

    assert {each.backup for each in told.damages} == {first, second}
    assert "media/two.png" in {each.path for each in told.damages}
    assert {each.archive for each in told.damages} == {f"{first}.7z"}


def test_missing_and_truncated_archives_are_named(bench):
    """An archive cut short and one that is gone are told, with the files that need them."""
    first = bench.backed_up()
    bench.write("new.json", "new")
    second = bench.backed_up()
    with bench.archive(first).open("r+b") as out:
        out.truncate(1000)

    told = bench.fresh().verify([second], task=Task())

    assert "media/one.webp" in {each.path for each in told.damages}
    assert "new.json" not in {each.path for each in told.damages}


def test_quick_check_compares_the_digest(bench):
    """A file that is whole but not the one that was written is told."""
    made = bench.back_up().snapshot
    other = {made.archive: "0" * 64}

    good = bench.store.verify(task=Task(), quick=True, digests={made.archive: made.sha256})
    bad = bench.store.verify(task=Task(), quick=True, digests=other)

    assert (good.ok, [each.path for each in bad.damages]) == (True, [""])


def test_check_in_slices_covers_everything(bench):
    """Slice after slice every block is checked once, and damage found on the way."""
    bench.backed_up()
    for number in range(3):
        bench.write(f"media/{number}.webp", noise(3 << 20, number + 9))
        last = bench.backed_up()
    flip(bench.archive(last), block_of(bench, last, "media/2.webp").position + 5)

    place, damages, checked, slices = None, [], 0, 0
    while slices == 0 or place is not None:
        told = bench.store.verify_slice(place, task=Task(), limit=1 << 20)
        place, slices = told.next, slices + 1
        damages += told.damages
        checked += told.checked_bytes

    assert slices > 2
    assert [each.path for each in damages] == ["media/2.webp"]
    assert checked > 6 << 20


def test_list_is_made_from_the_archives_alone(bench):
    """What is known is not read again; what is new, gone or no backup is told."""
    first = bench.back_up().snapshot
    bench.write("new.json", "new")
    second = bench.back_up().snapshot
    (bench.store.folder / "backup-20260101T000000Z-0000abcd.7z").write_bytes(b"no archive")
    (bench.store.folder / "notes.txt").write_text("mine")
    known = {first.archive: first.stamp, "backup-20250101T000000Z-00000000.7z": FileStamp(1, 1)}

    told = BackupStore(bench.store.folder, clock=bench.clock).look(known)

    assert [each.head for each in told.found] == [second.head]
    assert told.same == (first.archive,)
    assert told.missing == ("backup-20250101T000000Z-00000000.7z",)
    assert [each.archive for each in told.unopened] == ["backup-20260101T000000Z-0000abcd.7z"]


def test_two_backups_are_compared(bench):
    """What leads from one backup to another is told."""
    first = bench.backed_up()
    bench.write("new.json", "new")
    second = bench.backed_up()

    assert bench.store.difference(first, second).added == ("new.json",)
    assert bench.store.difference(second, first).removed == ("new.json",)


def test_what_was_read_is_read_again_only_if_the_file_changed(bench, monkeypatch):
    """A store opened anew knows what was read before; a file that changed is read again."""
    backup = bench.backed_up()
    read = []
    real = Archive.manifest
    monkeypatch.setattr(Archive, "manifest", lambda self: read.append(self.path) or real(self))

    first = bench.fresh().manifest(backup)
    read.clear()
    assert bench.fresh().manifest(backup) == first
    assert read == []
    archive = bench.archive(backup)
    os.utime(archive, ns=(1, 1))
    assert bench.fresh().manifest(backup) == first
    assert read == [archive]
