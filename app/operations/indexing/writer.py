"""One transaction on the catalog, on a thread of its own.

SQLite works without Python's lock, so an import goes on reading and writing files
while the words of what it has read are indexed. Nothing is seen by anyone before
`commit`; without it, nothing has happened.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import peewee as pw

from app.errors import StorageProblem
from db.connection import long_transaction

WAITING = 8  # calls that may wait; bounds the memory of what is not yet written

T = TypeVar("T")


class Unwanted(Exception):
    """Thrown into the transaction to undo it."""


class CatalogWriter:
    """Does calls that change the catalog in order, in one transaction.

    A call that fails makes the next `do`, or `commit`, raise what it ran into.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="catalog")
        self._waiting: deque[Future[None]] = deque()
        self._transaction = long_transaction()
        self._ended = False

    def __enter__(self) -> Self:
        self._thread.submit(self._transaction.__enter__).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for future in self._waiting:
            future.cancel()
        if not self._ended:
            self._thread.submit(self._roll_back).result()
        self._thread.shutdown()

    def do(self, call: Callable[[], None]) -> None:
        """Queue one call; waits where too many are queued. Raises StorageProblem."""
        if len(self._waiting) >= WAITING:
            self._settle(self._waiting.popleft())
        self._waiting.append(self._thread.submit(call))

    def ask(self, call: Callable[[], T]) -> T:
        """Do one call after all queued ones, and answer its result. Raises StorageProblem."""
        self.wait()
        return self._settle(self._thread.submit(call))

    def wait(self) -> None:
        """Wait until every call so far is done. Raises StorageProblem."""
        while self._waiting:
            self._settle(self._waiting.popleft())

    def commit(self) -> None:
        """Wait for every call, then make all of them seen at once. Raises StorageProblem."""
        self.wait()
        self._ended = True
        self._settle(self._thread.submit(self._commit))

    def _commit(self) -> None:
        self._transaction.__exit__(None, None, None)

    def _roll_back(self) -> None:
        unwanted = Unwanted()
        with suppress(Unwanted):
            self._transaction.__exit__(Unwanted, unwanted, None)

    def _settle(self, future: Future[T]) -> T:
        try:
            return future.result()
        except pw.DatabaseError as problem:
            raise StorageProblem(
                "The catalog could not be written.",
                hint="Check the free space on the disk. The exports themselves are whole.",
            ) from problem
