"""Measure every bar, or those named, and say which hold: ``python3 run.py bench [name ...]``."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.bench.bars import BARS
from tests.bench.measure import Verdict


def main() -> int:
    """Run the bars asked for; 1 if one does not hold."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BARS))
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side (5)")
    parser.add_argument("--scratch", type=Path, help="where to work; about 10 GB are needed")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(BARS):
        parser.error(f"there is no bar {unknown.pop()}; there are {', '.join(BARS)}")
    verdicts: list[Verdict] = []
    for name in chosen.names or BARS:
        print(f"\n=== {name}: {(BARS[name].__doc__ or '').partition(chr(10))[0]}", flush=True)
        with tempfile.TemporaryDirectory(prefix="bench-", dir=chosen.scratch) as scratch:
            for verdict in BARS[name](Path(scratch), chosen.pairs):
                print("    " + told(verdict), flush=True)
                verdicts.append(verdict)
    print("\n" + "\n".join(map(told, verdicts)))
    over = sum(not verdict.holds for verdict in verdicts)
    print(f"\n{over} of {len(verdicts)} over the bar." if over else "\nEvery bar holds.")
    return 1 if over else 0


def told(verdict: Verdict) -> str:
    """Answer one line about a verdict."""
    sign = "holds" if verdict.holds else "OVER "
    figures = f"{verdict.value:7.2f} {verdict.unit} of {verdict.bar:g}"
    return f"{sign} {figures:24} {verdict.what} ({verdict.detail or 'same runs'})"


if __name__ == "__main__":
    sys.exit(main())
