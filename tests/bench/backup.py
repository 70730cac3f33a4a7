"""What backups must hold: against restic and borg in the same run, on the same folder.

The folder is a real export: 200 MB of conversations in thousands of files and 300 MB of
media. Ours are the commands a person would type, as processes of their own: starting
Python, the catalog, flushing to the disk and reading back what was written are all in it.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.api import BY_NAME
from app.files.backup.store import BackupStore
from app.library import open_library
from app.progress import Task
from db.connection import close_catalog
from tests.bench import material
from tests.bench.measure import ROOT, Verdict, paired
from tests.bench.product import import_all
from tests.bench.rivals import Rival, rivals

TEXT = 200_000_000  # bytes
MEDIA = 300_000_000
PIECE = 690_000  # bytes of one picture
CHANGED = 0.01  # of the files, for the run after a change
BACKUPS = "backups-exports"
TIMES_INSIDE = 9  # a round, of what takes moments
UNKEPT = {"PYTHONDONTWRITEBYTECODE"}  # a workshop's habit, not a person's

Pair = tuple[float, float]


def backups(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Back up 500 MB whole, unchanged, 1 % changed, and restore it, against restic and borg."""
    library = scratch / "library"
    export = make_export(library, scratch)
    others = rivals()
    found: dict[str, list[Pair]] = {}
    for number in range(pairs + 1):
        for what, who, pair in one_round(library, export, others, scratch, number):
            if number:  # the first round is for the caches
                found.setdefault(f"{what}, to {who}", []).append(pair)
    for what, each in found.items():
        yield paired(what, BARS_OF[what], each)
    yield one_file(library, export)


BARS_OF = {
    "full backup, fast level, to restic": 0.6,
    "full backup, fast level, to borg": 0.9,
    "nothing changed, as a process, to restic": 0.35,
    "nothing changed, as a process, to borg": 0.6,
    "nothing changed, in process, to restic": 0.1,
    "nothing changed, in process, to borg": 0.1,
    "1 % changed, as a process, to restic": 0.35,
    "1 % changed, as a process, to borg": 0.6,
    "restore of everything, to restic": 0.8,
    "restore of everything, to borg": 0.8,
}


def make_export(library: Path, scratch: Path) -> Path:
    """Import conversations of very different lengths, and pictures; answer the export's folder."""
    text, archive = scratch / "conversations.json", scratch / "archive.zip"
    material.write_json(text, varied(7, TEXT))
    luck = random.Random(7)  # noqa: S311 - invented pictures
    names = [f"file-{number:05d}abcdef-photo.jpg" for number in range(MEDIA // PIECE)]
    pictures = {name: b"\xff\xd8\xff\xe0" + luck.randbytes(PIECE) for name in names}
    material.write_archive(archive, text, pictures)
    import_all(archive, library)
    close_catalog()
    text.unlink()
    archive.unlink()
    return library / "exports" / "bench"


def varied(seed: int, size: int) -> Iterator[bytes]:
    """Yield conversations as uneven as people's: half below 20 kB, some of hundreds."""
    import msgspec

    writer, luck, written = material.Writer(seed), random.Random(seed), 0  # noqa: S311
    encoder = msgspec.json.Encoder()
    while written < size:
        messages = min(600, 2 + int(luck.lognormvariate(2.0, 1.1)))
        encoded = encoder.encode(writer.conversation(messages))
        written += int(len(encoded) * 1.12)  # as it is laid out on the disk
        yield encoded


def one_round(
    library: Path, export: Path, others: list[Rival], scratch: Path, number: int
) -> Iterator[tuple[str, str, Pair]]:
    """Do everything once with each program, ours first every second time."""
    shutil.rmtree(library / BACKUPS, ignore_errors=True)
    ours(library, "catalog", "rebuild")
    ours(library, "backup", "reindex")
    repositories = {other.name: scratch / f"{other.name}-{number}" for other in others}
    for other in others:
        other.run(other.begin(repositories[other.name]), repositories[other.name], export)

    def all_of(what: str, mine: Callable[[], object], nth: int) -> Iterator[tuple[str, str, Pair]]:
        def theirs(other: Rival) -> float:
            repository = repositories[other.name]
            warm(export)
            return timed(lambda: other.run(other.back_up(repository, nth), repository, export))

        times = {} if number % 2 else {other.name: theirs(other) for other in others}
        warm(export)
        own = timed(mine)
        times = times or {other.name: theirs(other) for other in others}
        for name, seconds in times.items():
            print(f"    {what}: {own:.2f} s against {name} {seconds:.2f} s", flush=True)
            yield what, name, (own, seconds)

    full = ("backup", "create", "bench", "--level", "1")
    again = (*full, "--incremental")
    yield from all_of("full backup, fast level", lambda: ours(library, *full), 0)
    unchanged = list(all_of("nothing changed, as a process", lambda: ours(library, *again), 1))
    yield from unchanged
    inside = in_process(library)
    for _, who, (_, seconds) in unchanged:
        yield "nothing changed, in process", who, (inside, seconds)
    yield from restored(library, export, others, repositories, scratch)
    change(export, number)
    yield from all_of("1 % changed, as a process", lambda: ours(library, *again), 2)
    for repository in repositories.values():
        for path in scratch.glob(f"{repository.name}*"):
            shutil.rmtree(path, ignore_errors=True)


def restored(
    library: Path,
    export: Path,
    others: list[Rival],
    repositories: dict[str, Path],
    scratch: Path,
) -> Iterator[tuple[str, str, Pair]]:
    """Bring everything back, each into a folder of its own."""
    (made,) = json.loads(ours(library, "backup", "list", "bench"))
    own = timed(lambda: ours(library, "backup", "restore", "bench", made["id"], "--as", "back"))
    back = library / "exports" / "back"
    if len(list(back.rglob("*"))) != len(list(export.rglob("*"))):
        raise SystemExit("the restore is not whole")
    aside = Path(tempfile.mkdtemp(prefix="restored-", dir=scratch))
    # put aside, not removed: ext4 passes by the places of files removed in the last minutes,
    # one by one, which makes whoever writes next several times slower
    back.rename(aside / "ours")
    for other in others:
        target = aside / other.name
        target.mkdir()
        repository = repositories[other.name]
        words = other.restore(repository, target)
        seconds = timed(lambda o=other, w=words, r=repository, t=target: o.run(w, r, t))
        print(f"    restore: {own:.2f} s against {other.name} {seconds:.2f} s", flush=True)
        yield "restore of everything", other.name, (own, seconds)


def ours(library: Path, *words: str) -> str:
    """Run the program as a person would, and answer what it printed."""
    command = [sys.executable, "-m", "app.main", *words, "--library", str(library), "--json"]
    done = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, env=as_installed(library)
    )
    return done.stdout


def as_installed(library: Path) -> dict[str, str]:
    """Answer surroundings in which Python keeps what it compiled, as it does where it is used."""
    kept = {name: value for name, value in os.environ.items() if name not in UNKEPT}
    return {**kept, "PYTHONPYCACHEPREFIX": str(library.parent / "compiled")}


def warm(export: Path) -> None:
    """Read all of a folder, so that everyone finds it in the system's memory alike."""
    for path in export.rglob("*"):
        if path.is_file():
            path.read_bytes()


def timed(do: Callable[[], object]) -> float:
    """Time something once; what is unwritten is written before."""
    os.sync()
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def in_process(library: Path) -> float:
    """Time a backup of what has not changed in a program that runs already: the median of many.

    Other figures take a second and more, this one moments: a single one would be luck.
    """
    opened = open_library(library)
    operation = BY_NAME["backup create"]
    values = operation.read({"export": "bench", "incremental": True, "level": 1})
    operation.call(opened, values, Task())
    times = [timed(lambda: operation.call(opened, values, Task())) for _ in range(TIMES_INSIDE)]
    close_catalog()
    took = statistics.median(times)
    spread = f"{min(times) * 1000:.0f} to {max(times) * 1000:.0f}"
    print(f"    nothing changed, in process: {took * 1000:.0f} ms ({spread})", flush=True)
    return took


def change(export: Path, number: int) -> None:
    """Change one file in a hundred: a few words in a conversation, all of a picture."""
    luck = random.Random(number)  # noqa: S311
    talks = sorted((export / "conversations").iterdir())
    for talk in luck.sample(talks, max(1, int(len(talks) * CHANGED))):
        text = talk.read_bytes()
        talk.write_bytes(text.replace(b'"is_archived"', b'"note":"%d","is_archived"' % number, 1))
    pictures = sorted((export / "media").rglob("*.jpg"))
    for picture in luck.sample(pictures, max(1, int(len(pictures) * CHANGED))):
        picture.write_bytes(b"\xff\xd8\xff\xe0" + luck.randbytes(PIECE))


def one_file(library: Path, export: Path) -> Verdict:
    """Read single files out of the whole, each with the store just opened."""
    folder = library / BACKUPS
    talks = sorted(path.relative_to(export).as_posix() for path in export.rglob("*.json"))
    luck, times = random.Random(1), []  # noqa: S311
    for path in luck.sample(talks, 30):
        store = BackupStore(folder, clock=lambda: datetime.now(UTC))
        newest = store.snapshots()[-1].id
        began = time.perf_counter()
        with store.open_file(newest, path) as file:
            same = file.read() == (export / path).read_bytes()
        times.append(time.perf_counter() - began)
        if not same:
            raise SystemExit(f"{path} came back otherwise")
    detail = f"30 files, slowest {max(times) * 1000:.0f} ms"
    return Verdict("one file out of 500 MB", statistics.median(times) * 1000, 50, "ms", detail)


MONTHS = 10


def sizes(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Store ten monthly exports, each a superset of the last, against restic's repository."""
    library, restic = scratch / "library", rivals()[0]
    repository = scratch / "restic"
    talks = list(varied(3, TEXT // 4))
    luck = random.Random(3)  # noqa: S311
    names = [f"file-{number:05d}abcdef-photo.jpg" for number in range(MEDIA // 8 // PIECE)]
    pictures = {name: b"\xff\xd8\xff\xe0" + luck.randbytes(PIECE) for name in names}
    restic.run(restic.begin(repository), repository, scratch)
    for month in range(1, MONTHS + 1):
        text, archive = scratch / "conversations.json", scratch / "archive.zip"
        material.write_json(text, grown(talks, month))
        some = names[: len(names) * month // MONTHS]
        material.write_archive(archive, text, {name: pictures[name] for name in some})
        ours(library, "import", str(archive), "--name", f"month {month:02d}")
        ours(library, "backup", "create", f"month {month:02d}", "--incremental")
        export = library / "exports" / f"month {month:02d}"
        restic.run(restic.back_up(repository, month), repository, export)
    stored, theirs = total(library / BACKUPS), total(repository)
    detail = f"{stored / 1e6:.1f} MB against {theirs / 1e6:.1f} MB"
    yield Verdict("ten monthly exports stored, to restic", stored / theirs, 1.0, "x", detail)


def grown(talks: list[bytes], month: int) -> Iterator[bytes]:
    """Yield the conversations there were by a month; the newest go on in the month after."""
    import msgspec

    last = len(talks) * month // MONTHS
    for number, talk in enumerate(talks[:last]):
        whole = number < len(talks) * (month - 1) // MONTHS or number % 10
        if whole:
            yield talk
            continue
        said = msgspec.json.decode(talk)
        said["update_time"] -= 1000 * month
        said["title"] += " (goes on)"
        yield msgspec.json.encode(said)


def total(folder: Path) -> int:
    """Answer the bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


MEMORY = (  # what, files, bytes of each, MiB allowed
    ("5,000 files", 5_000, 100_000, 150),
    ("200,000 files", 200_000, 300, 300),
    ("one file of 4 GB", 1, 4_000_000_000, 300),
)


def memory(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Back up many files, and a very large one; the peak of a process's resident memory."""
    for what, count, size, bar in MEMORY:
        source, folder = scratch / "source", scratch / "store"
        write_files(source, count, size)
        command = [sys.executable, "-m", "tests.bench.backing_up", str(source), str(folder)]
        said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        peak, seconds = map(float, said.stdout.split())
        shutil.rmtree(source)
        shutil.rmtree(folder)
        yield Verdict(f"memory of backing up {what}", peak, bar, "MiB", f"in {seconds:.0f} s")


def write_files(source: Path, count: int, size: int) -> None:
    """Write so many files of so many bytes, half of them text."""
    luck = random.Random(5)  # noqa: S311
    chunk = 1 << 20
    words = " ".join(str(luck.randrange(10**6)) for _ in range(200_000)).encode()
    for number in range(count):
        place = source / f"{number // 1000:03d}"
        place.mkdir(parents=True, exist_ok=True)
        text = number % 2 == 0 and count > 1
        with (place / f"{number}.{'json' if text else 'bin'}").open("wb") as file:
            for start in range(0, size, chunk):
                length = min(chunk, size - start)
                begin = luck.randrange(len(words) - length) if text else 0
                file.write(words[begin : begin + length] if text else luck.randbytes(length))


BARS: dict[str, Callable[[Path, int], Iterator[Verdict]]] = {
    "backup": backups,
    "backup-size": sizes,
    "backup-memory": memory,
}
