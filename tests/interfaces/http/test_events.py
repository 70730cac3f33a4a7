"""Event streams: they keep alive, give way to newer ones, and end."""

from __future__ import annotations

import json
import threading

import pytest

from app.errors import NotFound
from app.interfaces.http.events import EventStreams
from app.jobs import JobRunner


def test_silence_is_broken_now_and_then(jobs: JobRunner) -> None:
    """While nothing changes a comment finds out whether anyone is still there."""
    free = threading.Event()
    job = jobs.start("thing", {}, lambda _task: free.wait(5))
    stream = EventStreams(jobs, keep_alive=0.05).open(job.id)

    while (piece := next(stream)) != b": still here\n\n":
        assert piece.startswith(b"data: ")
    free.set()
    *_, last = stream

    assert json.loads(last.removeprefix(b"data: "))["state"] == "done"
    assert last.endswith(b"\n\n")
    assert last.count(b"\n") == 2


def test_oldest_gives_way(jobs: JobRunner) -> None:
    """One stream too many closes the one opened first, and only that one."""
    free = threading.Event()
    job = jobs.start("thing", {}, lambda _task: free.wait(5))
    streams = EventStreams(jobs, limit=2, keep_alive=0.05)
    first, second = streams.open(job.id), streams.open(job.id)
    next(first)
    next(second)

    third = streams.open(job.id)

    list(first)
    assert not free.is_set()
    free.set()
    for stream in (second, third):
        *_, last = stream
        assert b'"state": "done"' in last


def test_closing_ends_every_stream(jobs: JobRunner) -> None:
    """When the server stops, nobody waits for a job to change."""
    free = threading.Event()
    job = jobs.start("thing", {}, lambda _task: free.wait(5))
    streams = EventStreams(jobs, keep_alive=0.05)
    stream = streams.open(job.id)
    next(stream)

    streams.close()
    list(stream)

    assert not free.is_set()
    free.set()


def test_unknown_job_is_refused_before_the_stream_begins(jobs: JobRunner) -> None:
    """A job nobody started is a 404, not an empty stream."""
    with pytest.raises(NotFound):
        EventStreams(jobs).open("7")
