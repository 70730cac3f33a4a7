"""The import itself, as a program: prints the seconds from opening the library to the report."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from app.api import BY_NAME
from app.library import open_library
from app.progress import Task


def import_all(source: Path, folder: Path) -> None:
    """Import ``source`` into a new library in ``folder``; refuse to be quick by losing things."""
    operation = BY_NAME["export import"]
    library = open_library(folder)
    values = operation.read({"sources": [str(source)], "name": "bench"})
    report = operation.call(library, values, Task(lambda progress: None))
    if report.conversations.failed or report.assets.missing or not report.conversations.added:
        raise SystemExit(f"the import lost something: {report}")


if __name__ == "__main__":
    began = time.perf_counter()
    import_all(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.perf_counter() - began)
