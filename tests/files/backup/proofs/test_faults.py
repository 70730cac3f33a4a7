"""The disk fails at every moment there is, in every way: no accepted backup is lost or wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.core.backup.marks import Mark
from app.errors import StorageProblem
from app.progress import Task
from tests.files.backup.conftest import Bench
from tests.files.backup.proofs.conftest import Chain
from tests.files.backup.proofs.faults import PowerLost, failing
from tests.files.backup.trees import noise, state


def create(bench: Bench) -> None:
    bench.write("conversations/later.json", '{"title": "later"}' * 50)
    bench.write("media/later.webp", noise(90_000, 9))
    bench.back_up()


def clean_up(bench: Bench) -> None:
    first = bench.store.snapshots()[0].id
    bench.store.clean_up([first], task=Task())


def heal(bench: Bench) -> None:
    archive = bench.archive(bench.store.snapshots()[1].id)
    with archive.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 40)
    bench.store.heal(archive.name, task=Task(), live=[bench.live])


def mark(bench: Bench) -> None:
    bench.store.mark(bench.store.snapshots()[-1].id, Mark(pinned=True))


OPERATIONS: dict[str, Callable[[Bench], None]] = {
    "create": create,
    "clean up": clean_up,
    "heal": heal,
    "mark": mark,
}


@pytest.mark.parametrize("how", ["full", "broken", "power"])
@pytest.mark.parametrize("what", list(OPERATIONS))
def test_no_failing_call_harms_a_backup(what: str, how: str, chain: Chain, tmp_path: Path) -> None:
    """Each call to the disk fails once: the backups there were are whole, and work goes on."""
    do = OPERATIONS[what]
    spare = chain.copied(tmp_path / "spare")
    with failing(0, how=how) as calls:
        do(spare.bench)
    assert calls

    for number in range(1, len(calls) + 1):
        tried = chain.copied(tmp_path / f"try-{number}")
        with failing(number, how=how), suppress(StorageProblem, PowerLost):
            do(tried.bench)
        if what == "heal":  # it began with damage; what it left must not be worse
            tried.bench.fresh().tidy()
            with suppress(StorageProblem):
                heal(tried.bench)
        tried.states |= {
            each.id: state(tried.bench.live)
            for each in tried.bench.fresh().snapshots()
            if each.id not in tried.states
        }
        tried.assert_whole()
        tried.states[tried.bench.backed_up(force=True)] = state(tried.bench.live)
        tried.assert_whole()
