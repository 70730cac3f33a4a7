"""The migration itself, as a program: prints the seconds from opening the library to the report."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from app.api import BY_NAME
from app.library import open_library
from app.progress import Task


def migrate_all(source: Path, folder: Path) -> None:
    """Migrate what is below ``source`` into a new library; refuse to be quick by losing things."""
    operation = BY_NAME["migration run all"]
    library = open_library(folder)
    values = operation.read({"source": str(source)})
    report = operation.call(library, values, Task(lambda progress: None))
    if not report.sessions or not all(each.verified for each in report.sessions):
        raise SystemExit(f"the migration was not proven: {report}")
    if any(each.media.missing for each in report.sessions):
        raise SystemExit(f"the migration lost media: {report}")


if __name__ == "__main__":
    began = time.perf_counter()
    migrate_all(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.perf_counter() - began)
