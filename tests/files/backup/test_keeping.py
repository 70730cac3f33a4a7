"""Keeping backups usable: damage healed, the rest salvaged, old ones dropped safely."""

import errno
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from app.core.backup.manifest import TooNew
from app.core.backup.marks import Mark
from app.errors import Conflict, StorageProblem
from app.files.backup import disk
from app.files.backup.sevenzip.archive import Archive
from app.progress import Task
from tests.conftest import require_program
from tests.files.backup.test_using import block_of, flip, spot
from tests.files.backup.trees import noise, state


def dropped(bench, backups: Collection[str], **how):
    """Drop some backups."""
    return bench.store.clean_up(backups, task=Task(), **how)


def chain(bench, count: int) -> dict[str, dict]:
    """Make backups of an export that changes each time; answer the state of each."""
    states = {}
    for number in range(count):
        bench.write(f"conversations/{number}.json", f"text of {number}" * 50)
        bench.write("media/changing.webp", noise(50_000, 100 + number))
        states[bench.backed_up()] = state(bench.live)
    return states


def assert_all_restore(bench, states: dict[str, dict]) -> None:
    """Every backup brings back exactly its own state, and none says anything is wrong."""
    for number, (backup, expected) in enumerate(states.items()):
        assert state(bench.restored(backup, f"check {number} {backup[-4:]}")) == expected
    assert bench.fresh().verify(task=Task()).damages == ()


def test_damage_is_healed_from_another_archive(bench):
    """Bytes a second archive has are put back; the damaged file is kept beside."""
    first = bench.backed_up()
    bench.backed_up(incremental=False)
    flip(bench.archive(first), spot(bench, first, "media/two.png"))

    told = bench.store.heal(f"{first}.7z", task=Task())

    assert "media/two.png" in told.healed
    assert told.lost == ()
    assert told.kept == bench.store.folder / f"{first}.7z.damaged"
    assert "repaired" in told.snapshot.head.flags
    assert bench.store.verify(task=Task()).ok
    assert state(bench.restored(first)) == state(bench.live)


def test_damage_is_healed_from_the_live_export(bench):
    """Bytes the export still has are put back, long files too."""
    bench.write("film.mp4", noise(5 << 20))
    backup = bench.backed_up()
    flip(bench.archive(backup), block_of(bench, backup, "film.mp4").position + 9)
    flip(bench.archive(backup), block_of(bench, backup, "export.json").position + 9)

    told = bench.store.heal(f"{backup}.7z", task=Task(), live=[bench.live])

    assert {"film.mp4", "export.json"} <= set(told.healed)
    assert told.lost == ()
    assert state(bench.restored(backup)) == state(bench.live)


def test_what_nothing_has_is_named_and_the_rest_is_kept(bench):
    """Of a damaged block of media every other file survives; what is lost is told by name."""
    backup = bench.backed_up()
    flip(bench.archive(backup), spot(bench, backup, "media/two.png"))

    told = bench.store.heal(f"{backup}.7z", task=Task())

    assert [loss.path for loss in told.lost] == ["media/two.png"]
    assert {each.path for each in bench.store.verify(task=Task()).damages} == {"media/two.png"}
    expected = {k: v for k, v in state(bench.live).items() if k != "media/two.png"}
    assert state(bench.restored(backup, accept_losses=True)) == expected


def test_sound_archive_is_left_alone(bench):
    """Healing what is not damaged changes nothing."""
    backup = bench.backed_up()
    before = bench.archive(backup).read_bytes()

    told = bench.store.heal(f"{backup}.7z", task=Task())

    assert (told.healed, told.lost, told.kept) == ((), (), None)
    assert bench.archive(backup).read_bytes() == before


def test_lost_list_is_made_again(bench):
    """With the archive's own list destroyed, the manifest is found and nothing is lost."""
    backup = bench.backed_up()
    size = bench.archive(backup).stat().st_size
    flip(bench.archive(backup), size - 5)

    told = bench.store.heal(f"{backup}.7z", task=Task())

    assert told.lost == ()
    assert state(bench.restored(backup)) == state(bench.live)


def test_lost_manifest_is_put_together_from_waymarks(bench):
    """With the manifest destroyed, every file comes back from what stands between the blocks."""
    backup = bench.backed_up()
    with Archive(bench.archive(backup)) as archive:
        block = archive.blocks[-1]
    flip(bench.archive(backup), block.position + block.packed // 2)

    told = bench.store.heal(f"{backup}.7z", task=Task())
    target = bench.restored(backup)

    assert {"salvaged", "partial"} <= set(told.snapshot.head.flags)
    assert told.snapshot.head.export == bench.store.snapshots()[0].head.export
    for path in ("media/one.webp", "conversations/2024_3.json"):
        assert (target / path).read_bytes() == (bench.live / path).read_bytes()


def test_a_backup_of_a_newer_version_is_not_put_together_anew(bench, monkeypatch):
    """What this version cannot read is no damage: healing it is refused, and it stays as it is."""
    backup = bench.backed_up()
    before = bench.archive(backup).read_bytes()
    monkeypatch.setattr("app.core.backup.manifest.FORMAT_VERSION", 0)

    with pytest.raises(TooNew):
        bench.fresh().heal(f"{backup}.7z", task=Task())

    assert bench.archive(backup).read_bytes() == before
    assert not list(bench.store.folder.glob("*.damaged"))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.99])
def test_truncated_archive_is_salvaged(bench, share):
    """Cut off anywhere, all blocks that are whole come back, byte for byte."""
    for number in range(6):
        bench.write(f"media/{number}.webp", noise(3 << 20, number + 50))
    backup = bench.backed_up()
    manifest = bench.store.manifest(backup)
    size = int(bench.archive(backup).stat().st_size * share)
    whole = {
        blob.sha256
        for blob in manifest.blobs
        if manifest.blocks[blob.block].position + manifest.blocks[blob.block].packed <= size
    }
    with bench.archive(backup).open("r+b") as out:
        out.truncate(size)

    bench.fresh().heal(f"{backup}.7z", task=Task())
    salvaged = bench.fresh().manifest(backup)
    target = bench.restored(backup, accept_losses=True)

    assert {blob.sha256 for blob in salvaged.blobs} >= whole
    for path in (p for p in target.rglob("*") if p.is_file()):
        assert path.read_bytes() == (bench.live / path.relative_to(target)).read_bytes()


def test_salvaged_incremental_backup_is_laid_over_its_parent(bench):
    """What was whole of a truncated incremental backup, over the state before."""
    bench.backed_up()
    bench.write("new.json", "new")
    second = bench.backed_up()
    with Archive(bench.archive(second)) as archive:
        cut = archive.blocks[-1].position
    with bench.archive(second).open("r+b") as out:
        out.truncate(cut)

    bench.store.heal(f"{second}.7z", task=Task())

    assert (bench.restored(second) / "new.json").read_text() == "new"
    assert (bench.live.parent / "restored" / "export.json").exists()


def test_unrecognisable_archive_is_set_aside(bench):
    """A file with nothing of ours in it is out of the way, and still there."""
    path = bench.store.folder / "backup-20260101T000000Z-0000abcd.7z"
    bench.backed_up()
    path.write_bytes(noise(5000))

    told = bench.store.heal(path.name, task=Task())

    assert told.snapshot is None
    assert told.kept.read_bytes() == noise(5000)
    assert bench.store.look().unopened == ()


def test_naive_deletion_would_have_broken_them(bench):
    """Ten kept of fifteen all restore after the five oldest are dropped, joined or not."""
    states = chain(bench, 15)
    drop = list(states)[:5]
    kept = {backup: states[backup] for backup in list(states)[5:]}

    plan = bench.store.plan_cleanup(drop, task=Task())
    before = sum(path.stat().st_size for path in bench.store.folder.glob("*.7z"))
    done = dropped(bench, drop)
    after = sum(path.stat().st_size for path in bench.store.folder.glob("*.7z"))

    assert plan.keep
    assert plan.rewrite == next(iter(kept))
    assert done.rewritten.head.type == "full"
    assert before - after == done.freed_bytes
    assert abs(plan.freed_bytes - done.freed_bytes) < 0.1 * before
    assert [each.id for each in bench.store.snapshots()] == list(kept)
    assert_all_restore(bench, kept)


def test_backups_go_on_after_a_cleanup(bench):
    """An incremental backup upon consolidated ones stores only what is new."""
    states = chain(bench, 6)
    dropped(bench, list(states)[:4])
    bench.write("after.json", "after")

    made = bench.back_up()

    assert made.difference.added == ("after.json",)
    assert len(bench.store.manifest(made.snapshot.id).blobs) == 1
    assert made.read_bytes == 5
    assert state(bench.restored(made.snapshot.id)) == state(bench.live)


def test_without_joining_needed_archives_stay(bench):
    """What newer backups need stays, retired: not listed, and gone once nothing needs it."""
    states = chain(bench, 4)
    first, second, third, last = states

    done = dropped(bench, [first], consolidate=False)
    listed = [each.id for each in bench.store.snapshots()]

    assert done.retired == (first,)
    assert listed == [second, third, last]
    assert_all_restore(bench, {b: states[b] for b in listed})
    bench.backed_up(incremental=False)
    dropped(bench, [second, third, last])
    assert not bench.archive(first).exists()


def test_archives_nothing_needs_go_at_once(bench):
    """Dropping the newest, or an old full backup nothing builds on, frees its size."""
    old = bench.backed_up()
    full = bench.backed_up(incremental=False)
    size = bench.archive(old).stat().st_size

    plan = bench.store.plan_cleanup([old], task=Task())
    done = dropped(bench, [old])

    assert plan.delete == (f"{old}.7z",)
    assert (plan.freed_bytes, done.freed_bytes) == (size, size)
    assert [each.id for each in bench.store.snapshots()] == [full]


def test_other_exports_keep_what_they_share(bench, tmp_path):
    """Bytes another export's backup relies on outlive the backups of the first."""
    first = bench.backed_up()
    other = bench.backed_up(export="other", parent=first, force=True)
    expected = state(bench.live)

    dropped(bench, [first])

    assert state(bench.restored(other)) == expected
    assert [each.id for each in bench.store.snapshots("other")] == [other]


def test_consolidated_archives_are_read_by_others(bench):
    """A joined archive passes stock 7-Zip's test and unpacks to the very bytes."""
    program = require_program("7zz")
    states = chain(bench, 5)
    drop = list(states)[:4]
    backup = list(states)[4]
    dropped(bench, drop)

    out = bench.live.parent / "unpacked"
    run = subprocess.run(
        [program, "x", f"-o{out}", str(bench.archive(backup))], capture_output=True, text=True
    )

    assert run.returncode == 0, run.stderr + run.stdout
    for path in ("media/two.png", "conversations/4.json", "conversations/2024_1.json"):
        assert (out / path).read_bytes() == (bench.live / path).read_bytes()


def test_damage_stops_the_joining(bench):
    """Where bytes that must survive are damaged, nothing is replaced and nothing more goes."""
    states = chain(bench, 5)
    first, *_ = states
    flip(bench.archive(first), spot(bench, first, "media/two.png"))
    names = sorted(path.name for path in bench.store.folder.glob("*.7z"))

    with pytest.raises(StorageProblem, match="damaged"):
        dropped(bench, list(states)[:3])

    assert sorted(path.name for path in bench.store.folder.glob("*.7z")) == names


def test_backup_that_cannot_be_read_stops_a_cleanup(bench):
    """What an unreadable backup needs is unknown, so nothing is dropped around it."""
    states = chain(bench, 3)
    first, second, _ = states
    flip(bench.archive(second), bench.archive(second).stat().st_size - 3)

    with pytest.raises(StorageProblem):
        dropped(bench, [first])

    assert bench.archive(first).exists()


def test_full_disk_can_be_cleaned(bench, monkeypatch):
    """With no byte free, archives still go: nothing needs to be written but for the reserve."""
    states = chain(bench, 4)
    first = next(iter(states))
    write = disk.write

    def full(descriptor, data):
        if (bench.store.folder / ".reserve").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        write(descriptor, data)

    assert (bench.store.folder / ".reserve").exists()
    monkeypatch.setattr(disk, "write", full)
    monkeypatch.setattr(disk, "free_bytes", lambda folder: 0)
    done = dropped(bench, [first, list(states)[3]])
    monkeypatch.undo()

    assert done.deleted == (f"{list(states)[3]}.7z",)
    assert done.retired == (first,)
    assert_all_restore(bench, {b: states[b] for b in list(states)[1:3]})


def test_full_disk_leaves_no_half_backup(bench, monkeypatch):
    """A disk that fills up while a backup is written is told, and nothing is left of it."""
    bench.backed_up()
    bench.write("film.mp4", noise(6 << 20))
    write, written = disk.write, [0]

    def full(descriptor, data):
        written[0] += len(data)
        if written[0] > 2 << 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(descriptor, data)

    monkeypatch.setattr(disk, "write", full)
    with pytest.raises(StorageProblem, match="full"):
        bench.back_up()

    assert len(list(bench.store.folder.glob("*.7z"))) == 1
    assert list(bench.store.folder.glob("*.part")) == []


def test_marks_are_kept_beside_the_archives(bench):
    """A pin survives; what is remembered of backups that went does not."""
    backup = bench.backed_up()
    bench.store.mark(backup, Mark(pinned=True, note="before the move"))
    bench.store.mark("backup-20200101T000000Z-00000000", Mark(pinned=True))

    assert bench.fresh().marks() == {backup: Mark(pinned=True, note="before the move")}


def test_what_was_left_unfinished_is_removed(bench):
    """A temporary of a program that died goes; while someone works, nothing is touched."""
    bench.backed_up()
    part = bench.store.folder / ".backup-20260101T000000Z-00000000.7z.part"
    part.write_bytes(b"half")

    with bench.store.lock(exclusive=False):
        meanwhile = bench.fresh().tidy()
    afterwards = bench.fresh().tidy()

    assert meanwhile == ()
    assert afterwards == (part.name,)
    assert not part.exists()


def test_two_processes_do_not_hinder_reading_but_removing(bench):
    """While another process reads, one may read and add here, but not clean up."""
    backup = bench.backed_up()
    code = (
        "import sys; from pathlib import Path; from app.files.backup.locking import locked\n"
        f"with locked(Path({str(bench.store.folder)!r}), exclusive=False):\n"
        "    print('held', flush=True); sys.stdin.readline()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Conflict):
            dropped(bench, [backup])
        assert bench.backed_up(force=True)
    finally:
        other.communicate("\n", timeout=20)

    assert dropped(bench, [backup]).rewritten or True
    assert len(bench.store.snapshots()) == 1
