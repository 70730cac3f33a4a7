"""Run as a program: migrate everything below a folder into a library, until it is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from app.library import open_library
from app.operations.migration import migrate_sessions
from app.progress import Task
from db.connection import connected


def main() -> None:
    """Begin, and end by SIGKILL so many milliseconds after the work began; 0: let it end."""
    root, source, moment = sys.argv[1:]
    library = open_library(Path(root))
    print("ready", flush=True)

    def kill() -> None:
        time.sleep(float(moment) / 1000)
        os.kill(os.getpid(), signal.SIGKILL)

    began = time.monotonic()
    if float(moment):
        threading.Thread(target=kill, daemon=True).start()
    with connected(), library.writing():
        migrate_sessions(library, Task(), source=source, on_conflict="rename")
    print(f"done {(time.monotonic() - began) * 1000}", flush=True)


if __name__ == "__main__":
    main()
