"""Making backups: full, incremental, unchanged; odd trees; what changes under our hands."""

import os
import socket

import pytest

from app.errors import Cancelled, InvalidInput
from app.files.backup.making import reading
from app.progress import Task
from tests.files.backup.trees import ID, noise, state


def test_full_backup_restores_to_the_byte(bench):
    """Bytes, modes, times, empty files and empty folders come back as they were."""
    backup = bench.backed_up(incremental=False)

    assert state(bench.restored(backup)) == state(bench.live)


def test_restored_folder_is_known_again(bench):
    """What was restored differs in nothing from its backup."""
    backup = bench.backed_up()

    told = bench.store.difference_from_live(backup, bench.restored(backup), task=Task())

    assert told.count == 0


def test_nothing_changed_writes_nothing(bench):
    """A second incremental backup of the same state makes no archive."""
    bench.backed_up()

    again = bench.back_up()

    assert again.snapshot is None
    assert len(list(bench.store.folder.glob("*.7z"))) == 1


def test_forced_backup_is_made_anyway(bench):
    """With force there is an archive that holds no bytes and still restores everything."""
    bench.backed_up()

    backup = bench.backed_up(force=True)

    assert bench.store.manifest(backup).blobs == ()
    assert state(bench.restored(backup)) == state(bench.live)


def test_touched_file_is_read_and_found_the_same(bench):
    """Where only an inode changed, the bytes are compared and nothing is written."""
    bench.backed_up()
    path = bench.live / "export.json"
    data, facts = path.read_bytes(), path.stat()
    path.rename(bench.live / "moved away")
    path.write_bytes(data)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    (bench.live / "moved away").unlink()

    again = bench.back_up()

    assert again.snapshot is None
    assert again.read_bytes == len(data)


def test_incremental_backup_holds_only_what_is_new(bench):
    """Of added, changed, removed and renamed files, only new bytes are stored."""
    first = bench.backed_up()
    bench.write("conversations/new.json", "brand new")
    bench.write("export.json", '{"formatVersion": 1, "more": true}')
    (bench.live / "media" / "two.png").rename(bench.live / "media" / "second.png")
    (bench.live / "conversations" / "2024_5.json").unlink()

    made = bench.back_up()
    told = made.difference

    assert made.snapshot.head.type == "incremental"
    assert made.snapshot.head.base == first
    assert (told.added, told.changed) == (("conversations/new.json",), ("export.json",))
    assert told.removed == ("conversations/2024_5.json",)
    assert [(each.before, each.after) for each in told.renamed] == [
        ("media/two.png", "media/second.png")
    ]
    assert len(bench.store.manifest(made.snapshot.id).blobs) == 2
    assert made.snapshot.head.archives == (f"{first}.7z", f"{made.snapshot.id}.7z")
    assert state(bench.restored(made.snapshot.id)) == state(bench.live)


def test_every_state_of_a_chain_restores(bench):
    """Each of several incremental backups brings back exactly its own state."""
    states = {}
    for number in range(5):
        bench.write(f"conversations/{number}.json", f"state {number}" * 30)
        (bench.live / "conversations" / f"2024_{number}.json").unlink()
        backup = bench.backed_up()
        states[backup] = state(bench.live)

    for number, (backup, expected) in enumerate(states.items()):
        assert state(bench.restored(backup, f"restored {number}")) == expected


def test_same_bytes_are_stored_once_across_exports(bench, tmp_path):
    """A file another export holds already costs nothing; a full backup depends on nothing."""
    bench.backed_up()
    bench.live.rename(tmp_path / "Copy")
    bench.live = tmp_path / "Copy"
    bench.write("only here.txt", "x")

    bench.backed_up(export="other", force=True, parent="")
    full = bench.store.manifest(bench.backed_up(export="other", incremental=False))

    assert full.archives == (f"{full.id}.7z",)
    assert {blob.sha256 for blob in full.blobs} == {e.sha256 for e in full.entries if e.size}


def test_full_backup_needs_no_other_archive(bench):
    """With every other archive gone, a full backup restores."""
    first = bench.backed_up()
    full = bench.backed_up(incremental=False)
    bench.archive(first).unlink()

    assert state(bench.restored(full)) == state(bench.live)


def test_incremental_backup_stores_again_what_went_missing(bench):
    """Where an archive a backup would build on is gone, the bytes are stored anew."""
    bench.backed_up()
    second = bench.backed_up(force=True)
    for path in bench.store.folder.glob("*.7z"):
        if second not in path.name:
            path.unlink()

    backup = bench.backed_up(force=True)

    assert state(bench.restored(backup)) == state(bench.live)


def test_names_no_other_system_takes(bench):
    """Names Windows refuses, names not in UTF-8 and names like our own come back as they were."""
    for name in ("CON", "a:b?.txt", "trailing. ", "x\\y", ".backup/manifest.json", "A.json"):
        bench.write(name, f"bytes of {name}")
    bench.write("a.json", "another by case")
    (bench.live / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"latin")

    backup = bench.backed_up()
    target = bench.restored(backup)

    assert state(target) == state(bench.live)
    assert (target / os.fsdecode(b"caf\xe9.txt")).exists()


def test_deep_and_long_paths(bench):
    """A deep tree and a name of 255 bytes come back."""
    bench.write("/".join(["deep"] * 40) + "/" + "n" * 250 + ".json", "down here")

    assert state(bench.restored(bench.backed_up())) == state(bench.live)


def test_links_are_kept_and_never_followed(bench, tmp_path):
    """A link inside comes back; one that leads outside is told, and its target not stored."""
    secret = tmp_path / "secret.txt"
    secret.write_text("not yours")
    (bench.live / "inside").symlink_to("media/one.webp")
    (bench.live / "outside").symlink_to(secret)
    (bench.live / "loop").symlink_to(".")
    os.link(bench.live / "export.json", bench.live / "hard.json")

    backup = bench.backed_up()
    preview = bench.store.preview_restore(backup, None, task=Task())
    target = bench.restored(backup)

    assert str((target / "inside").readlink()) == "media/one.webp"
    assert not (target / "outside").is_symlink()
    assert [loss.path for loss in preview.losses] == ["outside"]
    assert (target / "hard.json").read_bytes() == (bench.live / "export.json").read_bytes()


def test_what_is_no_file_is_told(bench):
    """A pipe and a socket are skipped with a word; the backup goes on."""
    os.mkfifo(bench.live / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(bench.live / "s"))
        made = bench.back_up()

    assert {(loss.path, loss.why) for loss in made.losses} == {
        ("pipe", "it is a pipe"),
        ("s", "it is a socket"),
    }


def test_file_that_cannot_be_read_is_told(bench, monkeypatch):
    """One file that refuses to be read is named; all others are kept."""
    opened = reading._opened

    def refusing(path):
        if path.endswith("2024_7.json"):
            raise PermissionError(13, "Permission denied")
        return opened(path)

    monkeypatch.setattr(reading, "_opened", refusing)
    made = bench.back_up()
    told = bench.store.preview_restore(made.snapshot.id, None, task=Task())

    assert [loss.path for loss in made.losses] == ["conversations/2024_7.json"]
    assert [loss.path for loss in told.losses] == ["conversations/2024_7.json"]
    assert "2024_8.json" in str(sorted(state(bench.restored(made.snapshot.id))))


@pytest.mark.parametrize("size", [2_000, 5 << 20])
def test_file_that_keeps_changing_is_flagged(bench, monkeypatch, size):
    """A file that changes in every try is kept as last read, and flagged."""
    monkeypatch.setattr(reading, "PAUSE", 0)
    path = bench.write("restless.bin", noise(size))
    opened, count = reading._opened, iter(range(100))

    def touching(name):
        found = opened(name)
        if name.endswith("restless.bin"):
            os.utime(path, ns=(10**18, 10**18 + 7 * next(count)))
        return found

    fstat, seen = os.fstat, iter(range(10**6))

    def restless(descriptor):
        facts = fstat(descriptor)
        if facts.st_size == size:
            os.utime(path, ns=(10**18, 10**18 + next(seen)))
        return fstat(descriptor)

    monkeypatch.setattr(reading, "_opened", touching)
    monkeypatch.setattr(reading.os, "fstat", restless)
    made = bench.back_up()
    entry = next(
        e for e in bench.store.manifest(made.snapshot.id).entries if e.path == "restless.bin"
    )

    assert entry.flags == ("changed-while-read",)
    assert [loss.path for loss in made.losses] == ["restless.bin"]
    assert bench.store.open_file(made.snapshot.id, "restless.bin").read() == noise(size)


def test_file_that_settles_is_not_flagged(bench, monkeypatch):
    """A file that changed in the first try only is read again, and all is well."""
    monkeypatch.setattr(reading, "PAUSE", 0)
    path = bench.write("settling.bin", noise(6 << 20))
    read, tries = os.read, iter([True])

    def growing(descriptor, count):
        data = read(descriptor, count)
        if os.fstat(descriptor).st_size >= 6 << 20 and next(tries, False):
            with path.open("ab") as out:
                out.write(b"one more line")
        return data

    monkeypatch.setattr(reading.os, "read", growing)
    made = bench.back_up()

    assert made.losses == ()
    assert bench.store.open_file(made.snapshot.id, "settling.bin").read() == path.read_bytes()


def test_long_file_is_streamed(bench):
    """A file above the size of blocks comes back, and its like is not stored twice."""
    bench.write("film.mp4", noise(9 << 20))
    bench.write("film again.mp4", noise(9 << 20))
    bench.write("log.json", b'{"line": "of a long file"}\n' * 300_000)
    made = bench.back_up()

    assert made.snapshot.stored_bytes < 10.5 * (1 << 20)
    assert state(bench.restored(made.snapshot.id)) == state(bench.live)


@pytest.mark.parametrize("stage", ["scanning", "storing", "checking"])
def test_stopped_backup_leaves_no_trace(bench, task, stage):
    """Stopped while looking, writing or checking, the folder is as it was."""
    bench.write("film.mp4", noise(6 << 20))
    task.stop_at = stage

    with pytest.raises(Cancelled):
        bench.store.create(bench.live, task=task, export=ID, name="Garden")

    assert [path.name for path in bench.store.folder.iterdir() if path.name != ".lock"] == []


def test_backups_inside_the_export_are_left_out(bench):
    """A folder of backups that lies in the export is not backed up with it."""
    from app.files.backup.store import BackupStore

    bench.store = BackupStore(bench.live / "backups", clock=bench.clock)
    bench.backed_up()

    paths = {e.path for e in bench.store.manifest(bench.backed_up(force=True)).entries}

    assert not any(path.startswith("backups") for path in paths)


def test_estimate_tells_what_would_be_done(bench):
    """A dry run counts what is new by its facts, and writes nothing."""
    bench.backed_up()
    bench.write("conversations/new.json", "brand new")
    (bench.live / "empty.txt").unlink()

    told = bench.store.estimate(bench.live, task=Task(), export=ID)

    assert (told.type, told.changed_count, told.changed_bytes) == ("incremental", 2, 9)


def test_unknown_level_is_refused(bench):
    """A level that does not exist is told, with those that do."""
    with pytest.raises(InvalidInput, match="no level"):
        bench.back_up(level="best")
