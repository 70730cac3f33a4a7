"""Following the folders while serving: often enough, never in the way."""

from __future__ import annotations

import threading

from app.errors import StorageProblem
from app.interfaces.http.following import EVERY, Follower
from app.jobs import JobRunner


def test_one_look_serves_a_while(jobs: JobRunner) -> None:
    """Questions asked together cost one look; later ones another."""
    now, looks = [0.0], []
    follower = Follower(lambda: looks.append(now[0]), jobs, clock=lambda: now[0])

    for now[0] in (0.0, 0.1, EVERY - 0.1, EVERY, EVERY + 1):
        follower.look()

    assert looks == [0.0, EVERY]


def test_no_look_while_a_job_runs(jobs: JobRunner) -> None:
    """While an import changes the folders nobody looks at them half-done."""
    free, looks = threading.Event(), []
    follower = Follower(lambda: looks.append("looked"), jobs)
    job = jobs.start("export import", {}, lambda _task: free.wait(5))

    follower.look()
    assert looks == []
    free.set()
    list(jobs.follow(job.id))
    follower.look()

    assert looks == ["looked"]


def test_trouble_does_not_keep_anyone_from_reading(jobs: JobRunner) -> None:
    """A folder that cannot be read is no reason to refuse the others."""

    def follow() -> None:
        raise StorageProblem("This folder cannot be read.")

    Follower(follow, jobs).look()


def test_two_at_once_do_not_wait_for_each_other(jobs: JobRunner) -> None:
    """Who finds someone looking goes on with what there is, once there is something."""
    inside, free, looks, now = threading.Event(), threading.Event(), [], [0.0]

    def follow() -> None:
        looks.append("looked")
        inside.set()
        free.wait(30)

    follower = Follower(follow, jobs, clock=lambda: now[0])
    first, second = (threading.Thread(target=follower.look) for _ in range(2))
    first.start()
    assert inside.wait(30)
    second.start()  # nobody ever saw the folders: it waits, and finds them looked at
    free.set()
    first.join(30)
    second.join(30)
    assert looks == ["looked"]

    now[0] += EVERY
    inside.clear()
    free.clear()
    again = threading.Thread(target=follower.look)
    again.start()
    assert inside.wait(30)
    follower.look()
    free.set()
    again.join(30)

    assert looks == ["looked", "looked"]
