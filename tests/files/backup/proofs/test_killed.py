"""Killed outright at random moments: what was backed up stays so, and work goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from app.progress import Task
from tests.files.backup.proofs.conftest import Chain
from tests.files.backup.trees import ID, noise, state

MOMENTS = int(os.environ.get("KILLED_MOMENTS", "6"))
SEED = 20260301
ROOT = Path(__file__).resolve().parents[4]
CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from app.files.backup.store import BackupStore
from app.progress import Task
folder, live, key, drop = sys.argv[1:]
store = BackupStore(Path(folder), clock=lambda: datetime.now(UTC))
print("go", flush=True)
sys.stdin.readline()
if drop:
    store.clean_up([drop], task=Task())
else:
    store.create(Path(live), task=Task(), export=key, name="Garden", level="fast")
print("done", flush=True)
"""


def test_killed_at_any_moment_no_backup_is_lost(chain: Chain) -> None:
    """Every backup there was restores to the byte; a new one is whole or not there at all."""
    luck = random.Random(SEED)  # noqa: S311 - the same every time
    usual = {"": 0.08, "drop": 0.08}
    for moment in range(MOMENTS):
        chain.bench.write(f"conversations/{moment % 7}.json", noise(3_000, moment).hex())
        chain.bench.write("media/film.mp4", noise(3 << 20, moment))
        drop = luck.choice(sorted(chain.states)) if len(chain.states) > 4 else ""
        kind = "drop" if drop else ""
        seconds = run_and_kill(chain, drop, luck.random() * 1.2 * usual[kind])
        if seconds:  # it was quicker than the knife: now we know how quick
            usual[kind] = seconds
        store = chain.bench.fresh()
        store.tidy()
        listed = {each.id for each in store.snapshots()}
        for backup in listed - set(chain.states):
            chain.states[backup] = state(chain.bench.live)
        lost = set(chain.states) - listed
        assert lost <= {drop}
        for backup in lost:
            del chain.states[backup]
        chain.assert_whole()
        assert not list(store.folder.glob(".*.part"))
    chain.states[chain.bench.backed_up(force=True)] = state(chain.bench.live)
    chain.assert_whole()
    assert chain.bench.store.verify(task=Task()).ok


def run_and_kill(chain: Chain, drop: str, after: float) -> float:
    """Begin an operation in a process of its own and kill it; answer its seconds if it ended."""
    words = [str(chain.bench.store.folder), str(chain.bench.live), ID, drop]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *words],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "go\n"
        began = time.perf_counter()
        child.stdin.write("\n")
        child.stdin.flush()
        time.sleep(after)
        ended = child.poll() is not None
        child.kill()
        done = child.stdout.read() == "done\n"
        return time.perf_counter() - began if ended or done else 0.0
    finally:
        child.wait()
        child.stdin.close()
        child.stdout.close()
