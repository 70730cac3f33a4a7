"""A chain of backups whose every state is remembered outside of them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.errors import AppError
from app.files.backup import uncached
from app.files.backup.store import BackupStore
from app.progress import Task
from tests.files.backup.conftest import Bench
from tests.files.backup.trees import noise, state


@dataclass
class Chain:
    """An export, its backups, and what each must restore to."""

    bench: Bench
    states: dict[str, dict[str, object]]

    def copied(self, folder: Path) -> Chain:
        """Answer the same in another folder, to be spoilt there."""
        folder.mkdir()
        shutil.copytree(self.bench.store.folder, folder / "backups", symlinks=True)
        shutil.copytree(self.bench.live, folder / "Garden", symlinks=True)
        store = BackupStore(folder / "backups", clock=self.bench.clock)
        bench = Bench(store, folder / "Garden", self.bench.clock, self.bench.task)
        return Chain(bench, dict(self.states))

    def assert_whole(self) -> None:
        """Every backup listed restores to what it was made of, read by a store that is new."""
        store = self.bench.fresh()
        store.tidy()
        listed = [each.id for each in store.snapshots()]
        assert set(listed) <= set(self.states)
        for number, backup in enumerate(listed):
            target = self.bench.restored(backup, f"proof-{number}")
            assert state(target) == self.states[backup]
            shutil.rmtree(target)
        assert store.verify(task=Task()).damages == ()

    def assert_partly_right(self, backup: str, lost: set[str]) -> None:
        """What can be restored of a backup is right to the byte; only ``lost`` may lack."""
        try:
            target = self.bench.restored(backup, "partly", accept_losses=True)
        except AppError:  # its manifest is gone: nothing can be said, and nothing wrong is
            return
        found = state(target)
        shutil.rmtree(target)
        whole = self.states[backup]
        assert all(whole.get(path) == what for path, what in found.items() if path not in lost)
        missing = {path for path in whole if path not in found}
        assert missing <= lost


@pytest.fixture(autouse=True)
def _many_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write a few pages at once: archives this small would else be one write."""
    monkeypatch.setattr(uncached, "GATHERED", 2 * uncached.PAGE)


@pytest.fixture
def chain(bench: Bench) -> Chain:
    """Three backups: a full one, one after changes, and one after a removal and a renaming."""
    made = Chain(bench, {})
    made.states[bench.backed_up(incremental=False)] = state(bench.live)
    bench.write("conversations/2024_1.json", '{"title": "changed"}' * 30)
    bench.write("media/three.webp", noise(200_000, 3))
    made.states[bench.backed_up()] = state(bench.live)
    (bench.live / "conversations" / "2024_2.json").unlink()
    (bench.live / "media" / "two.png").rename(bench.live / "media" / "second.png")
    bench.write("conversations/new.json", '{"title": "new"}' * 60)
    made.states[bench.backed_up()] = state(bench.live)
    return made
