"""Writing many files on several processors: this process writes, and so do others.

The others are started only where there is work enough to make up for their start. They
are spawned, not forked, on every system: this process has threads.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from app.operations.saving.options import Options
from app.operations.saving.writing import Order, Writer, Written

WORTH_SHARING = 600  # conversations
BATCH = 40  # conversations handed to another process at a time
MOST_OTHERS = 3

Batch = Sequence[Order]


def write_all(
    export: Path, names: Mapping[str, str], options: Options, orders: Sequence[Order]
) -> Generator[Written, None, None]:
    """Write every file; yields each as it is done. Leaving the loop early stops the others.

    Raises OSError if the disk does not take one.
    """
    writer = Writer(export, names, options)
    others = min(MOST_OTHERS, (os.cpu_count() or 1) - 1)
    if others < 1 or len(orders) < WORTH_SHARING:
        yield from map(writer.write, orders)
        return
    crew = _Crew(others, (export, names, options))
    try:
        yield from crew.share(writer, orders)
    finally:
        crew.dismiss()


class _Crew:
    """The other processes, and what they are at."""

    def __init__(self, others: int, made_of: tuple[Path, Mapping[str, str], Options]) -> None:
        self._pool = ProcessPoolExecutor(
            others, multiprocessing.get_context("spawn"), initializer=_begin, initargs=made_of
        )
        self._most = 2 * others  # so that nobody waits for the next
        self._handed: deque[tuple[Future[list[Written]], Batch]] = deque()
        self._broken = False

    def share(self, writer: Writer, orders: Sequence[Order]) -> Iterator[Written]:
        """Write batches here while the others write theirs."""
        batches = deque(orders[at : at + BATCH] for at in range(0, len(orders), BATCH))
        while batches:
            while not self._broken and len(batches) > 1 and len(self._handed) < self._most:
                self._hand(batches)
            if batches:
                yield from map(writer.write, batches.popleft())
            while self._handed and self._handed[0][0].done():
                yield from self._finished(writer)
        while self._handed:
            yield from self._finished(writer)

    def dismiss(self) -> None:
        """Stop the others: what they have begun is finished, nothing else is begun."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _hand(self, batches: deque[Batch]) -> None:
        try:
            future = self._pool.submit(_write_batch, batches[0])
        except BrokenProcessPool:
            self._broken = True
        else:
            self._handed.append((future, batches.popleft()))

    def _finished(self, writer: Writer) -> Iterator[Written]:
        """Yield the oldest batch handed out; where its process died it is written here."""
        future, batch = self._handed.popleft()
        try:
            yield from future.result()
        except BrokenProcessPool:
            self._broken = True
            yield from map(writer.write, batch)


_writers: list[Writer] = []  # of another process: its one writer


def _begin(export: Path, names: Mapping[str, str], options: Options) -> None:
    _writers.append(Writer(export, names, options))
    gc.freeze()  # what was loaded stays: no need to look through it again and again


def _write_batch(batch: Batch) -> list[Written]:
    return [_writers[0].write(order) for order in batch]
