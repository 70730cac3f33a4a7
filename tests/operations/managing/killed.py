"""Run as a program: does operations in processes of its own and kills each at a moment.

Reads lines of JSON: {"root", "operation", "values", "after"}; answers each with the
milliseconds the operation took, or "killed". All is imported once and then forked, so that
a moment falls into the work and not into Python's start.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from app.api import BY_NAME
from app.library import open_library
from app.progress import Task


def main() -> None:
    """Do one line after another."""
    for line in sys.stdin:
        told = json.loads(line)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _work(told, writing)
        os.close(writing)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reading) as answer:
            took = answer.read()
        print("killed" if os.WIFSIGNALED(status) else took, flush=True)


def _work(told: dict, answer: int) -> None:
    """Do the operation; die so many milliseconds after it began, or let it end if 0."""
    library = open_library(Path(told["root"]))
    operation = BY_NAME[told["operation"]]
    checked = operation.read(told["values"])

    def kill() -> None:
        time.sleep(told["after"] / 1000)
        os.kill(os.getpid(), signal.SIGKILL)

    began = time.monotonic()
    if told["after"]:
        threading.Thread(target=kill, daemon=True).start()
    operation.call(library, checked, Task())
    os.write(answer, str((time.monotonic() - began) * 1000).encode())
    os._exit(0)


if __name__ == "__main__":
    main()
