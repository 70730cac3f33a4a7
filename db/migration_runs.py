"""Queries over migrations of legacy sessions; the files that tell of them are the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import peewee as pw
from msgspec import Struct
from msgspec.structs import asdict

from db.models import MigrationRun, MigrationSession, as_tuples, database


class NewRun(Struct, frozen=True):
    """One run, as its file tells of it."""

    run: str
    stamp: str
    started_at: float
    seconds: float
    state: str
    undone_at: float | None
    report: str


class NewSession(Struct, frozen=True):
    """What became of one session in a run."""

    session: str
    export: str
    status: str
    conversations: int
    recovered: int
    size_bytes: int
    seconds: float
    verified: bool
    error: str


class Totals(Struct, frozen=True):
    """What all migrations that were not undone achieved."""

    runs: int
    tried: int
    succeeded: int
    seconds: float
    conversations: int
    recovered: int
    size_bytes: int
    errors: Mapping[str, int]


def replace(run: NewRun, sessions: Iterable[NewSession]) -> None:
    """Remember a run and its sessions, in the place of what was known of it."""
    with database.atomic():
        MigrationRun.delete().where(MigrationRun.run == run.run).execute()
        row = MigrationRun.create(**asdict(run)).row
        for each in sessions:
            MigrationSession.create(run=row, **asdict(each))


def forget(run: str) -> None:
    """Forget a run."""
    MigrationRun.delete().where(MigrationRun.run == run).execute()


def stamps() -> dict[str, str]:
    """Answer run -> stamp of every run the catalog knows."""
    return dict(as_tuples(MigrationRun.select(MigrationRun.run, MigrationRun.stamp)))


def reports() -> list[str]:
    """Answer every run's report, the newest first."""
    query = MigrationRun.select(MigrationRun.report)
    order = (MigrationRun.started_at.desc(), MigrationRun.row.desc())
    return [report for (report,) in as_tuples(query.order_by(*order))]


def totals() -> Totals:
    """Add up what the runs that were not undone achieved; skipped sessions were not tried."""
    tried = (
        MigrationSession.select()
        .join(MigrationRun)
        .where(
            MigrationRun.undone_at.is_null()
            & MigrationSession.status.in_(("migrated", "merged", "failed"))
        )
    )
    good = MigrationSession.status != "failed"
    sums = tried.select(
        pw.fn.count(MigrationSession.row),
        *(
            pw.fn.coalesce(pw.fn.sum(pw.Case(None, ((good, value),), 0)), 0)
            for value in (
                1,
                MigrationSession.seconds,
                MigrationSession.conversations,
                MigrationSession.recovered,
                MigrationSession.size_bytes,
            )
        ),
    )
    ((count, succeeded, seconds, conversations, recovered, size),) = as_tuples(sums)
    kinds = (
        MigrationSession.select(MigrationSession.error, pw.fn.count(MigrationSession.row))
        .where(MigrationSession.error != "")
        .group_by(MigrationSession.error)
        .order_by(MigrationSession.error)
    )
    runs = MigrationRun.select().where(MigrationRun.undone_at.is_null()).count()
    return Totals(
        runs, count, succeeded, seconds, conversations, recovered, size, dict(as_tuples(kinds))
    )
