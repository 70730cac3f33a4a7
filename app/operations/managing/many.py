"""Doing something with several exports: one that fails does not keep the others from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from app.errors import AppError, Cancelled, InvalidInput
from app.operations.managing.results import ItemError
from app.progress import Task

T = TypeVar("T")


class Outcome(Generic[T], Struct, frozen=True):
    """What became of one export: its result, or the error; neither if one said stop before."""

    name: str
    result: T | None = None
    error: ItemError | None = None


def each_export(
    names: Sequence[str], stage: str, task: Task, do: Callable[[str, Task], T]
) -> Iterator[Outcome[T]]:
    """Yield the outcome of each export, named once.

    A stop ends the one at hand as that promises; it and those after it are left as they
    are, and the ones before keep their outcome. Raises InvalidInput if none is named.
    """
    named = list(dict.fromkeys(name for name in names if name.strip()))
    if not named:
        raise InvalidInput("No export was named.", hint="Name at least one of the list.")
    stopped = False
    for number, name in enumerate(named):
        try:
            if not stopped:
                task.step(stage, number, len(named), name, "exports")
                yield Outcome(name, do(name, Within(task, name, number, len(named))))
                continue
        except Cancelled:
            stopped = True
        except AppError as error:
            yield Outcome(name, error=ItemError(error.code, error.message, error.hint))
            continue
        yield Outcome(name)


class Within(Task):
    """The task of one of several: its reports say which of how many it is."""

    def __init__(self, whole: Task, name: str, number: int, total: int) -> None:
        super().__init__()
        self._whole = whole
        self._label = f"{number + 1} of {total}: {name}" if total > 1 else ""

    def step(
        self, stage: str, done: int = 0, total: int | None = None, item: str = "", unit: str = ""
    ) -> None:
        """Report to the whole's task; raise Cancelled if the person asked us to stop."""
        self._whole.step(stage, done, total, self._label or item, unit)
