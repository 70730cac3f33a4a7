"""Jobs: one writer at a time, watched, stopped, tidied up after; no bug ends the thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from app import jobs as module
from app.errors import NotFound, StorageProblem
from app.jobs import FINAL, Job, JobRunner
from app.progress import Progress, Task


@pytest.fixture
def runner() -> Iterator[JobRunner]:
    running = JobRunner()
    yield running
    running.close()


def finish(runner: JobRunner, job: Job) -> Job:
    """Follow a job to its end."""
    *_, last = (each for each in runner.follow(job.id, silence=5) if each is not None)
    return last


def until_stopped(task: Task) -> None:
    while True:
        task.step("waiting")


def test_result_is_kept(runner: JobRunner) -> None:
    """A job ends with what its work answered, and is still there to be asked."""
    job = runner.start("thing", {"a": 1}, lambda _task: "answer")

    last = finish(runner, job)

    assert job.state == "queued"
    assert (last.state, last.result, last.values) == ("done", "answer", {"a": 1})
    assert runner.show(job.id) == last
    assert runner.list() == [last]


def test_one_after_another(runner: JobRunner) -> None:
    """Two jobs never run at once: the library has one writer."""
    running, most = 0, 0

    def work(task: Task) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        for number in range(200):
            task.step("counting", number)
        running -= 1

    started = [runner.start("thing", {}, work) for _ in range(5)]

    assert {finish(runner, job).state for job in started} == {"done"}
    assert most == 1
    assert [job.id for job in runner.list()] == ["5", "4", "3", "2", "1"]


def test_failure_is_told_as_it_was_meant(runner: JobRunner) -> None:
    """An error for people is kept whole."""

    def work(_task: Task) -> None:
        raise StorageProblem("The disk is full.", hint="Free some space.")

    last = finish(runner, runner.start("thing", {}, work))

    assert last.state == "failed"
    assert last.error is not None
    assert (last.error.code, last.error.hint) == ("storage-problem", "Free some space.")


def test_bug_ends_the_job_not_the_thread(
    runner: JobRunner, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault of ours is told calmly, logged without its words, and the next job runs."""
    words = "a secret sentence of a message"

    def work(_task: Task) -> None:
        raise RuntimeError(words)

    with caplog.at_level(logging.ERROR):
        last = finish(runner, runner.start("thing", {}, work))
    next_one = finish(runner, runner.start("thing", {}, lambda _task: 1))

    assert last.error is not None
    assert last.error.code == "bug"
    assert "RuntimeError" in caplog.text
    assert "secret" not in caplog.text + last.error.message + last.error.hint
    assert next_one.state == "done"


def test_running_job_is_stopped(runner: JobRunner) -> None:
    """Asked to stop, a job ends at its next step."""
    job = runner.start("thing", {}, until_stopped)
    followed = runner.follow(job.id, silence=5)
    while (seen := next(followed)) is None or seen.state != "running":
        pass

    asked = runner.cancel(job.id)

    assert asked.state == "running"
    assert finish(runner, job).state == "cancelled"


def test_queued_job_is_stopped_before_it_begins(runner: JobRunner) -> None:
    """A job stopped while it waits never does its work."""
    done: list[str] = []
    first = runner.start("thing", {}, until_stopped)
    second = runner.start("thing", {}, lambda _task: done.append("second"))

    runner.cancel(second.id)
    runner.cancel(first.id)

    assert finish(runner, second).state == "cancelled"
    assert done == []


@pytest.mark.parametrize("way", ["done", "failed", "stopped", "never begun"])
def test_tidying_up_comes_before_the_end(runner: JobRunner, way: str) -> None:
    """However a job ends, what it left lying about is gone before anyone hears of its end."""
    states: list[str] = []
    began = threading.Event()

    def work(task: Task) -> None:
        began.set()
        if way == "failed":
            raise StorageProblem("x")
        if way == "stopped":
            until_stopped(task)

    blocker = runner.start("thing", {}, until_stopped) if way == "never begun" else None
    number = "2" if blocker else "1"
    job = runner.start("thing", {}, work, after=lambda: states.append(runner.show(number).state))
    if way == "stopped":
        assert began.wait(5)
    if way in ("stopped", "never begun"):
        runner.cancel(job.id)
    if blocker:
        runner.cancel(blocker.id)

    assert finish(runner, job).state in FINAL
    assert len(states) == 1
    assert states[0] not in FINAL


def test_stopping_what_is_over_changes_nothing(runner: JobRunner) -> None:
    """A job that ended stays as it ended."""
    last = finish(runner, runner.start("thing", {}, lambda _task: 1))

    assert runner.cancel(last.id) == last


def test_silence_is_told_too(runner: JobRunner) -> None:
    """Who follows a job hears now and then that nothing has changed."""
    free = threading.Event()
    job = runner.start("thing", {}, lambda _task: free.wait(5))
    followed = runner.follow(job.id, silence=0.02)

    while next(followed) is not None:
        pass
    free.set()

    assert finish(runner, job).state == "done"


def test_unknown_job(runner: JobRunner) -> None:
    """A job nobody started is not found."""
    for ask in (runner.show, runner.cancel, lambda job_id: next(runner.follow(job_id))):
        with pytest.raises(NotFound):
            ask("7")


def test_progress_has_rate_and_time_left(
    runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within a stage the rate is what was done since it began, and the rest follows from it."""
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    pace = module._Pace()
    readings = []
    for stage, at, done in [("a", 0, 10), ("a", 0.1, 12), ("a", 2, 30), ("b", 3, 0), ("b", 4, 0)]:
        now[0] = at
        readings.append(pace.measure(Progress(stage, done, 100)))

    assert readings == [(None, None), (None, None), (10.0, 7.0), (None, None), (None, None)]


def test_old_jobs_are_forgotten(runner: JobRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that runs for weeks does not remember every job."""
    monkeypatch.setattr(module, "REMEMBERED", 3)
    for _ in range(10):
        finish(runner, runner.start("thing", {}, lambda _task: 1))

    assert [job.id for job in runner.list()] == ["10", "9", "8", "7"]


def test_closing_stops_everything() -> None:
    """At the end of the program no job runs on, and no thread is left."""
    runner = JobRunner()
    started = [runner.start("thing", {}, until_stopped) for _ in range(3)]

    runner.close()

    assert {runner.show(job.id).state for job in started} == {"cancelled"}
    assert "jobs" not in {thread.name for thread in threading.enumerate()}


def test_reading_does_not_wait_for_writing(runner: JobRunner) -> None:
    """What only reads is done while something that writes is still at it."""
    slow = runner.start("import", {}, until_stopped)

    quick = runner.start("save", {}, lambda _task: "saved", writes=False)

    assert finish(runner, quick).result == "saved"
    assert runner.show(slow.id).state not in FINAL
    runner.cancel(slow.id)
    assert finish(runner, slow).state == "cancelled"


def test_watching_tells_every_change_of_every_job(runner: JobRunner) -> None:
    """Who watches hears of each job as it changes, and of nothing when nothing does."""
    watching = runner.watch(silence=0.01)
    assert next(watching) == ()

    slow = runner.start("import", {}, until_stopped)
    quick = runner.start("save", {}, lambda _task: "saved", writes=False)
    finish(runner, quick)
    runner.cancel(slow.id)
    finish(runner, slow)

    last = {job.id: job.state for moved in (next(watching), next(watching)) for job in moved}
    assert last == {slow.id: "cancelled", quick.id: "done"}
    assert next(watching) == ()
    assert not runner.is_busy()


def test_whoever_asked_is_told_of_every_job_that_is_over() -> None:
    """Done, failed or stopped: the job is final when they hear of it."""
    runner, heard = JobRunner(), []
    runner.when_over(lambda job: heard.append((job.operation, job.state)))

    def fail(task: Task) -> None:
        raise NotFound("It is not there.")

    runner.start("good", {}, lambda task: 1)
    *_, _ = runner.follow(runner.start("bad", {}, fail).id)
    runner.close()

    assert heard == [("good", "done"), ("bad", "failed")]
