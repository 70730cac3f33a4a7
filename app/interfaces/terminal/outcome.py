"""How a command ended, as an exit code: scripts branch on it."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.problems import Problem
from app.errors import AppError, Bug, StorageProblem
from app.operations.migrating.results import MigrationReport
from app.operations.results import ConversationCounts, Health

DONE = 0
FAILED = 1
REFUSED = 2
LOSSES = 3
STOPPED = 130


def code_of_error(error: AppError) -> int:
    """Answer 1 if the disk or we failed, 2 if the request was refused."""
    return FAILED if isinstance(error, StorageProblem | Bug) else REFUSED


def code_of_result(result: object) -> int:
    """Answer 3 if the result names content that could not be brought over or read."""
    results = result if isinstance(result, list) else [result]
    return LOSSES if any(_has_losses(each) for each in results) else DONE


def _has_losses(result: object) -> bool:
    if isinstance(result, Health) and not result.ok:
        return True
    counts = getattr(result, "conversations", None)
    if isinstance(counts, ConversationCounts) and counts.failed:
        return True
    if isinstance(result, MigrationReport) and any(map(_has_losses, result.sessions)):
        return True
    return any(each.loss for each in _problems(result))


def _problems(result: object) -> Iterable[Problem]:
    for name in ("problems", "warnings"):
        for each in getattr(result, name, ()) or ():
            if isinstance(each, Problem):
                yield each
