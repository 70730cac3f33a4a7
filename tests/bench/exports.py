"""The bars of managing exports: a library of five hundred, looked at and listed."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.api import BY_NAME
from app.files.export_folder import CONVERSATIONS, MEDIA, ExportFolder, ExportRecord
from app.interfaces.wire import to_wire
from app.library import Library, open_library
from app.operations.managing.following import follow_folders
from app.progress import Task
from db import conversations as catalog
from db.connection import close_catalog, connected
from db.models import Export
from tests.bench.measure import Verdict, paired

EXPORTS = 500
EACH = 400  # conversations of each
FILES = 20  # of them that have a file: a look at start opens none
LIST_BAR = 100  # milliseconds
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


def look(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Check 500 unchanged exports as every start does, against `os.scandir` over their folders."""
    library = shelf(scratch)
    follow_folders(library, Task())
    found = []
    for number in range(10 * pairs):
        gc.collect()
        first, second = (scan, check) if number % 2 else (check, scan)
        took = {each: worked(each, library) for each in (first, second)}
        found.append((took[check], took[scan]))
    close_catalog()
    what = f"start-up check of {EXPORTS} unchanged exports, to os.scandir over their folders"
    yield paired(what, 2.0, found[2:])


def check(library: Library) -> None:
    """Do what a start does; it must find nothing."""
    if follow_folders(library, Task()):
        raise SystemExit("the check found what nobody changed")


def scan(library: Library) -> None:
    """Read the names in the exports' folder and in each of theirs, and nothing below."""
    with os.scandir(library.exports) as folders:
        for folder in folders:
            with os.scandir(folder.path) as entries:
                for _ in entries:
                    pass


def listing(scratch: Path, pairs: int) -> Iterator[Verdict]:
    """Answer the list of 500 exports with 200,000 conversations, by every order."""
    library = shelf(scratch)
    with connected():
        for export in Export.select():
            first = export.row * EACH
            catalog.add(export.row, map(listed, range(first, first + EACH)))
    operation = BY_NAME["export list"]
    (sort,) = (each for each in operation.parameters if each.name == "sort")
    worst, orders = 0.0, []
    for order in sort.choices:
        values = operation.read({"sort": order})
        took = [worked(answered, library, operation.name, values) for _ in range(3 * pairs)]
        worst = max(worst, statistics.median(took))
        orders.append(f"{order} {statistics.median(took) * 1000:.0f}")
    close_catalog()
    what = f"list of {EXPORTS} exports with {EXPORTS * EACH:,} conversations, slowest order"
    yield Verdict(what, worst * 1000, LIST_BAR, "ms", ", ".join(orders))


def answered(library: Library, name: str, values: dict) -> object:
    """Do an operation as the server does, up to what goes on the wire."""
    return to_wire(BY_NAME[name].call(library, values, Task()))


def shelf(scratch: Path) -> Library:
    """Make a library of many exports, each with a few files; the catalog knows them."""
    library = open_library(scratch / "library")
    for number in range(EXPORTS):
        folder = ExportFolder(library.exports / f"Export {number:03d}")
        for name in (CONVERSATIONS, MEDIA):
            (folder.path / name).mkdir(parents=True)
        for file in range(FILES):
            (folder.path / CONVERSATIONS / f"2024.05.12_Talk_{file}.json").write_text("{}")
        made = BEGAN + timedelta(days=number)
        record = ExportRecord(
            id=f"id-{number}", name=folder.path.name, created_at=made, updated_at=made
        )
        folder.write_record(record)
    with connected():
        for number in range(EXPORTS):
            enter(library, f"Export {number:03d}", number)
    return library


def enter(library: Library, name: str, number: int) -> None:
    """Let the catalog know an export as its index would."""
    made = (BEGAN + timedelta(days=number)).timestamp()
    months = ", ".join(f'"20{year}-{month:02d}": 3' for year in (23, 24) for month in range(1, 13))
    Export.create(
        key=f"id-{number}",
        name=name,
        folder=name,
        stamp=ExportFolder(library.exports / name).stamp(),
        created_at=made,
        updated_at=made,
        conversation_count=EACH,
        message_count=EACH * (number % 17),
        size_bytes=number * 7919 % 100_003,
        months=f"{{{months}}}",
    )


def listed(number: int) -> catalog.NewConversation:
    """Make up one conversation of the catalog."""
    return catalog.NewConversation(
        id=f"c-{number}",
        file=f"{number}.json",
        title=f"Conversation {number}",
        title_key=f"conversation {number}",
        created_at=1.7e9 + number,
        updated_at=1.7e9 + number,
        message_count=number % 97,
        models='{"gpt-4o": 3}',
        starred=False,
        archived=False,
        gone=False,
        has_media=False,
        branches=0,
        project="",
        messages=(),
    )


def worked(do: Callable[..., object], *arguments: object) -> float:
    """Answer the seconds the processor worked: a busy machine changes them little."""
    began = time.process_time()
    do(*arguments)
    return time.process_time() - began
