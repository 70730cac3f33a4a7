"""What is wrong with an export, as a list of exports tells it: found once, kept in the catalog."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from app.core.problems import Problem
from app.errors import StorageProblem
from app.files.export_folder import CONVERSATIONS, DAMAGED, RECORD, ExportFolder, ExportRecord

REMEMBERED = 100  # problems of one export kept in the catalog; the rest is counted
# so came the archive: nothing to mend here
NOTES = frozenset({"missing-media", "empty-file", "kept-recovered"})


def lasting_problems(folder: ExportFolder, record: ExportRecord) -> list[Problem]:
    """Answer what can be told without reading the conversations."""
    failed = not record.sources or any(source.failed for source in record.sources)
    kept = list(_kept_damaged(folder.path, "kept-damaged" if failed else "kept-recovered"))
    return [*missing_parts(folder), *kept, *([] if kept else _incomplete(record))]


def remembered(problems: Iterable[Problem]) -> dict[str, object]:
    """Answer the columns of an export's row that tell of its problems."""
    told = [problem for problem in problems if problem.code not in NOTES]
    told.sort(key=lambda problem: not problem.loss)
    text = msgspec.json.encode(told[:REMEMBERED]).decode()
    return {"problems": text, "problem_count": len(told)}


def recalled(text: str) -> tuple[Problem, ...]:
    """Read the problems an export's row tells of."""
    return tuple(msgspec.json.decode(text, type=list[Problem]))


def missing_parts(folder: ExportFolder) -> Iterator[Problem]:
    """Yield what an export cannot be without and this one is."""
    try:
        folder.record()
    except StorageProblem as problem:
        yield Problem("damaged-file", problem.message, RECORD, problem.hint, loss=True)
    if not (folder.path / CONVERSATIONS).is_dir():
        yield Problem(
            "gone-folder",
            "The folder with the conversations is missing.",
            CONVERSATIONS,
            "Put it back from a backup or the trash, or import the archive again.",
            loss=True,
        )


def _kept_damaged(folder: Path, code: str) -> Iterator[Problem]:
    """Yield what is kept of damaged pieces, whether or not it was found whole elsewhere."""
    for parent, _, names in os.walk(folder / DAMAGED):
        for name in sorted(names):
            yield Problem(
                code,
                "Part of a source could not be read; its bytes are kept as they came.",
                Path(parent, name).relative_to(folder).as_posix(),
                "Import the archive again if you have another copy of it.",
            )


def _incomplete(record: ExportRecord) -> Iterator[Problem]:
    for source in record.sources:
        if source.failed:
            yield Problem(
                "incomplete-source",
                f"{source.failed:,} of its conversations could not be read.",
                source.name,
                "Import the archive again if you have another copy of it.",
                loss=True,
            )
