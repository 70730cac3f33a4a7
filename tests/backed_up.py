"""Backups for tests: made of the sample, at any moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.api import BY_NAME
from app.library import open_library
from app.progress import Task
from db.connection import close_catalog


def do(root: Path, name: str, /, *, ago: timedelta = timedelta(0), **values: object) -> Any:
    """Do an operation on a library by its name, as if it were some time ago."""
    operation = BY_NAME[name]
    library = open_library(root, clock=lambda: datetime.now(UTC) - ago)
    try:
        return operation.call(library, operation.read(values), Task())
    finally:
        close_catalog()


def back_up(root: Path, export: str = "Sample", **values: Any) -> str:
    """Back an export up; answers the backup's id."""
    return str(do(root, "backup create", export=export, **values).id)


def grow(root: Path, name: str = "note", export: str = "Sample") -> Path:
    """Put another file into an export, so that there is something to back up."""
    path = root / "exports" / export / f"{name}.json"
    path.write_text(json.dumps({"kept": name * 100}), encoding="utf-8")
    return path
