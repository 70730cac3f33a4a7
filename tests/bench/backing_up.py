"""A backup of any folder, as a program: prints its peak resident memory in MiB and its seconds."""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from app.files.backup.store import BackupStore
from app.progress import Task


def main() -> None:
    """Back up the first folder into the second: once whole, once with nothing changed."""
    source, folder = map(Path, sys.argv[1:])
    store = BackupStore(folder, clock=lambda: datetime.now(UTC))
    began = time.perf_counter()
    made = store.create(source, task=Task(), export="bench", name="bench", incremental=False)
    seconds = time.perf_counter() - began
    if made.snapshot is None or made.losses:
        raise SystemExit(f"the backup lost something: {made.losses[:3]}")
    again = store.create(source, task=Task(), export="bench", name="bench")
    if again.snapshot is not None:
        raise SystemExit("nothing changed, and yet an archive was written")
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(kibibytes / 1024, seconds)


if __name__ == "__main__":
    main()
