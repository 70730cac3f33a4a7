"""Run as a program: migrate everything below a folder into a library, until it is killed.

With a name given, everything goes into the export of that name.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from app.library import Library, open_library
from app.operations.migrating.results import MigrationReport
from app.operations.migration import list_sessions, migrate_sessions
from app.progress import Task
from db.connection import connected


def into(library: Library, source: str, ids: list[str], name: str) -> MigrationReport:
    """Add sessions to the export of a name, one after the other."""
    return migrate_sessions(
        library,
        Task(),
        session_ids=ids,
        export_names=[name for _ in ids],
        source=source,
        on_conflict="merge",
    )


def main() -> None:
    """Begin, and end by SIGKILL so many milliseconds after the work began; 0: let it end."""
    root, source, moment, *name = sys.argv[1:]
    library = open_library(Path(root))
    print("ready", flush=True)

    def kill() -> None:
        time.sleep(float(moment) / 1000)
        os.kill(os.getpid(), signal.SIGKILL)

    began = time.monotonic()
    if float(moment):
        threading.Thread(target=kill, daemon=True).start()
    with connected(), library.writing():
        if name:
            ids = [each.id for each in list_sessions(library, source=source)]
            into(library, source, ids, name[0])
        else:
            migrate_sessions(library, Task(), source=source, on_conflict="rename")
    print(f"done {(time.monotonic() - began) * 1000}", flush=True)


if __name__ == "__main__":
    main()
