"""Thousands of random things done to two exports and their backups, beside a model that knows."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.core.backup.difference import difference
from app.files.backup.store import BackupStore
from app.progress import Task
from tests.conftest import Clock
from tests.files.backup.trees import noise, state

STEPS = int(os.environ.get("WALKED_STEPS", "120"))
SEED = 20260301


@dataclass
class Walk:
    """The store that is tried, and what it must hold: kept outside of it, in plain dicts."""

    root: Path
    clock: Clock
    luck: random.Random
    states: dict[str, dict[str, object]] = field(default_factory=dict)  # backup -> what it is of
    owner: dict[str, str] = field(default_factory=dict)
    count: int = 0

    @property
    def store(self) -> BackupStore:
        """A store that remembers nothing from before."""
        return BackupStore(self.root / "backups", clock=self.clock)

    def live(self) -> Path:
        return self.root / self.luck.choice(["Garden", "Work"])

    def files(self, live: Path) -> list[Path]:
        return sorted(path for path in live.rglob("*") if path.is_file())

    def write(self) -> None:
        live, luck = self.live(), self.luck
        number = luck.randrange(40)
        path = live / luck.choice(["conversations", "media", "a/b"]) / f"{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        size = luck.choice([0, 1, 300, 5_000, 60_000])
        text = f'{{"n": {luck.randrange(9)}}}'.encode() * (size // 8)
        path.write_bytes(noise(size, luck.randrange(5)) if number % 3 == 0 else text)
        if luck.random() < 0.7:  # as old as files are when they are backed up
            os.utime(path, ns=(10**18, 10**18 + luck.randrange(10**9)))

    def remove(self) -> None:
        if found := self.files(self.live()):
            self.luck.choice(found).unlink()

    def rename(self) -> None:
        if found := self.files(live := self.live()):
            target = live / f"moved {self.luck.randrange(30)}.json"
            self.luck.choice(found).replace(target)

    def copy_to_the_other(self) -> None:
        if found := self.files(self.root / "Garden"):
            target = self.root / "Work" / f"copied {self.luck.randrange(20)}.json"
            shutil.copy2(self.luck.choice(found), target)

    def back_up(self) -> None:
        live = self.live()
        self.clock.advance(seconds=self.luck.choice([1, 90, 4000, 90_000]))
        made = self.store.create(
            live,
            task=Task(),
            export=live.name,
            name=live.name,
            incremental=self.luck.random() < 0.8,
            level=self.luck.choice(["store", "fast", "balanced", "small"]),
            force=self.luck.random() < 0.1,
        )
        if made.snapshot is None:
            newest = self.store.snapshots(live.name)[-1].id
            assert self.states[newest] == state(live)
        else:
            self.states[made.snapshot.id] = state(live)
            self.owner[made.snapshot.id] = live.name

    def drop(self) -> None:
        if len(self.states) > 3:
            gone = self.luck.sample(sorted(self.states), self.luck.randrange(1, 3))
            self.store.clean_up(gone, task=Task(), consolidate=self.luck.random() < 0.5)
            for backup in gone:
                del self.states[backup]

    def restore(self) -> None:
        if self.states:
            backup = self.luck.choice(sorted(self.states))
            self.count += 1
            target = self.root / f"restored-{self.count}"
            self.store.restore(backup, target, task=Task(), staging=self.root / ".staging")
            assert state(target) == self.states[backup]
            shutil.rmtree(target)

    def restore_in_place(self) -> None:
        if self.states:
            backup = self.luck.choice(sorted(self.states))
            live, kept = self.root / self.owner[backup], self.root / "kept"
            before = state(live)
            self.store.restore(backup, live, task=Task(), staging=self.root / ".staging", keep=kept)
            assert state(live) == self.states[backup]
            assert state(kept) == before
            shutil.rmtree(kept)

    def compare(self) -> None:
        if len(self.states) > 1:
            one, two = self.luck.sample(sorted(self.states), 2)
            found = difference(self.store.manifest(one).entries, self.store.manifest(two).entries)
            first, second = files_of(self.states[one]), files_of(self.states[two])
            come = {*found.added, *(each.after for each in found.renamed)}
            gone = {*found.removed, *(each.before for each in found.renamed)}
            assert come == second.keys() - first.keys()
            assert gone == first.keys() - second.keys()
            both = first.keys() & second.keys()
            assert set(found.changed) == {path for path in both if first[path] != second[path]}

    def verify(self) -> None:
        assert self.store.verify(task=Task(), quick=self.luck.random() < 0.5).damages == ()


def files_of(known: dict[str, object]) -> dict[str, object]:
    """Answer the bytes of each file of a state, by path."""
    return {path: what[0] for path, what in known.items() if what[0] != "folder"}  # type: ignore[index]


WEIGHTS: dict[Callable[[Walk], None], int] = {
    Walk.write: 14,
    Walk.remove: 3,
    Walk.rename: 3,
    Walk.copy_to_the_other: 2,
    Walk.back_up: 9,
    Walk.drop: 2,
    Walk.restore: 3,
    Walk.restore_in_place: 1,
    Walk.compare: 2,
    Walk.verify: 1,
}


@pytest.mark.parametrize("seed", [SEED, SEED + 1])
def test_a_random_walk_never_loses_a_backup(seed: int, tmp_path: Path, clock: Clock) -> None:
    """After every step the backups are those of the model; at the end each restores to the byte."""
    walk = Walk(tmp_path, clock, random.Random(seed))  # noqa: S311 - the same every time
    for name in ("Garden", "Work"):
        (tmp_path / name).mkdir()
    for _ in range(STEPS // 2):
        step = walk.luck.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        step(walk)
        assert {each.id for each in walk.store.snapshots()} == set(walk.states)
    for number, backup in enumerate(sorted(walk.states)):
        target = tmp_path / f"last-{number}"
        walk.store.restore(backup, target, task=Task(), staging=tmp_path / ".staging")
        assert state(target) == walk.states[backup]
        shutil.rmtree(target)
