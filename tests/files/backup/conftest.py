"""An export to back up, a folder for its backups, and what tests compare."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.core.backup.outcomes import Created
from app.files.backup.store import BackupStore
from app.progress import Task
from tests.conftest import Clock, WatchedTask
from tests.files.backup.trees import ID, noise


@dataclass
class Bench:
    """A store, an export, and short words for what tests do with them."""

    store: BackupStore
    live: Path
    clock: Clock
    task: WatchedTask

    def back_up(self, **how: object) -> Created:
        """Back the export up; a second later than the last time."""
        self.clock.advance(seconds=1)
        values: dict = {"export": ID, "name": "Garden", "level": "fast", **how}
        return self.store.create(self.live, task=Task(), **values)

    def backed_up(self, **how: object) -> str:
        """Back the export up; answer the backup's id."""
        snapshot = self.back_up(**how).snapshot
        assert snapshot is not None
        return snapshot.id

    def write(self, path: str, data: bytes | str) -> Path:
        """Write a file of the export, as old as files usually are."""
        target = self.live / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.encode() if isinstance(data, str) else data)
        os.utime(target, ns=(10**18, 10**18 + len(data)))
        return target

    def restored(self, backup: str, name: str = "restored", **how: object) -> Path:
        """Restore a backup beside the export."""
        target = self.live.parent / name
        self.store.restore(
            backup, target, task=Task(), staging=self.live.parent / ".staging", **how
        )
        return target

    def archive(self, backup: str) -> Path:
        """Answer where a backup's own archive is."""
        return self.store.folder / f"{backup}.7z"

    def fresh(self) -> BackupStore:
        """Answer a store on the same folder that remembers nothing."""
        return BackupStore(self.store.folder, clock=self.clock)


@pytest.fixture
def bench(tmp_path: Path, clock: Clock, task: WatchedTask) -> Bench:
    """An export of a few files of every sort, and no backup yet."""
    made = Bench(BackupStore(tmp_path / "backups", clock=clock), tmp_path / "Garden", clock, task)
    made.write("export.json", '{"formatVersion": 1}')
    for number in range(12):
        made.write(f"conversations/2024_{number}.json", f'{{"title": "{number}"}}' * (40 + number))
    made.write("conversations/Été à Paris 👍.json", "naïve " * 50)
    made.write("media/one.webp", noise(70_000))
    made.write("media/two.png", noise(30_000, 2))
    made.write("media/copy of one.webp", noise(70_000))
    made.write("empty.txt", "")
    (made.live / "media" / "nothing").mkdir()
    (made.live / "conversations" / "2024_3.json").chmod(0o444)
    return made
