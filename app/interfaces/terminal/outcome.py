"""How a command ended, as an exit code: scripts branch on it."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.problems import Problem
from app.errors import AppError, Bug, StorageProblem

DONE = 0
FAILED = 1
REFUSED = 2
LOSSES = 3
STOPPED = 130


def code_of_error(error: AppError) -> int:
    """Answer 1 if the disk or we failed, 2 if the request was refused."""
    return FAILED if isinstance(error, StorageProblem | Bug) else REFUSED


def code_of_result(result: object) -> int:
    """Answer 3 if the result names content that could not be brought over or read.

    130 if it tells that one said stop on the way, 1 if one of several things failed.
    """
    if getattr(result, "stopped", False):
        return STOPPED
    results = result if isinstance(result, list) else [result]
    if any(getattr(item, "status", "") == "failed" for item in getattr(result, "items", ())):
        return FAILED
    return LOSSES if any(_has_losses(each) for each in results) else DONE


def _has_losses(result: object) -> bool:
    """Tell it by the fields that mean the same in every result that has them."""
    if getattr(result, "only_shown", False):
        return False
    if not getattr(result, "ok", True):
        return True
    if getattr(getattr(result, "conversations", None), "failed", 0):
        return True
    sessions = getattr(result, "sessions", ())
    if isinstance(sessions, tuple) and any(map(_has_losses, sessions)):
        return True
    return any(each.loss for each in _problems(result))


def _problems(result: object) -> Iterable[Problem]:
    for name in ("problems", "warnings"):
        told = getattr(result, name, ())
        for each in told if isinstance(told, tuple | list) else ():
            if isinstance(each, Problem):
                yield each
