"""Fair measuring: fresh processes, alternating order, nothing left out."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Verdict:
    """One figure against its bar; both in ``unit``."""

    what: str
    value: float
    bar: float
    unit: str
    detail: str

    @property
    def holds(self) -> bool:
        return self.value <= self.bar


Timed = Callable[[Path], float]  # given an empty folder, answers seconds


def child(module: str, source: Path) -> Timed:
    """Answer a timing of one of our programs in a process of its own, by its own clock."""

    def run(folder: Path) -> float:
        command = [sys.executable, "-m", f"tests.bench.{module}", source, folder]
        said = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        return float(said.stdout)

    return run


def outside(*command: str) -> Timed:
    """Answer a timing of another program; ``{}`` in its words is the folder."""

    def run(folder: Path) -> float:
        words = [word.replace("{}", str(folder)) for word in command]
        began = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        return time.perf_counter() - began

    return run


def ratios(ours: Timed, theirs: Timed, scratch: Path, pairs: int) -> list[tuple[float, float]]:
    """Time both in turn, the other first every second time; every pair counts.

    One run of each goes before, for the caches. Before each run what is unwritten is
    written, so that no run pays for the one before.
    """
    once(ours, scratch), once(theirs, scratch)
    found = []
    for number in range(pairs):
        if number % 2:
            second, first = once(theirs, scratch), once(ours, scratch)
        else:
            first, second = once(ours, scratch), once(theirs, scratch)
        print(f"    {first:.2f} s against {second:.2f} s: {first / second:.2f}", flush=True)
        found.append((first, second))
    return found


def once(timed: Timed, scratch: Path) -> float:
    """Time one run in an empty folder, which is removed afterwards."""
    folder = scratch / "run"
    folder.mkdir()
    os.sync()
    try:
        return timed(folder)
    finally:
        shutil.rmtree(folder)


def paired(what: str, bar: float, found: Sequence[tuple[float, float]]) -> Verdict:
    """Judge the median of the pairs' ratios."""
    each = sorted(first / second for first, second in found)
    ours, theirs = (statistics.median(side) for side in zip(*found, strict=True))
    detail = (
        f"{ours:.2f} s against {theirs:.2f} s; {each[0]:.2f} to {each[-1]:.2f}, {len(each)} pairs"
    )
    return Verdict(what, statistics.median(each), bar, "x", detail)


def peak_private_memory(source: Path, scratch: Path) -> tuple[int, float]:
    """Import ``source`` in a process of its own; answer its peak RssAnon in bytes, and seconds.

    Looked at every 50 ms, processes it starts included.
    """
    folder = scratch / "run"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.bench.product", source, folder]
    peak = 0
    try:
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            while process.poll() is None:
                peak = max(peak, sum(map(private_memory, family(process.pid))))
                time.sleep(0.05)
            said = process.stdout.read() if process.stdout else ""
        if process.returncode:
            raise SystemExit(f"importing {source.name} failed")
        return peak, float(said)
    finally:
        shutil.rmtree(folder)


def family(pid: int) -> list[int]:
    """Answer a process and all it started that still run."""
    found = [pid]
    for each in found:
        for listing in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += map(int, listing.read_text().split())
            except OSError:
                continue
    return found


def private_memory(pid: int) -> int:
    """Answer the bytes of a process no other shares and no file backs; 0 once it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    return 0
