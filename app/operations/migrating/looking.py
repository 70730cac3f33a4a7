"""A look into a session for the list: what it holds, what is wrong with it, where it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.migration import per_source, recovered, suggested_name, union
from app.core.naming import folder_name, key
from app.core.problems import Problem
from app.core.sizes import readable_size
from app.errors import AppError
from app.files.legacy.finding import LegacySession
from app.files.legacy.fingerprint import files_below, listing, room_needed
from app.operations.migrating.known import KnownSession
from app.operations.migrating.opening.legacy_session import opened_session
from app.operations.migrating.opening.opened import OpenedSession
from app.operations.migrating.results import LegacySessionShown
from app.progress import Task

GONE = frozenset({"session-gone"})
LOOKS_KEPT = 2_000  # sessions looked into that need not be read again for a list


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look into a session has found."""

    name: str
    conversations: int
    media: int
    shares: int
    sources: Mapping[str, int]
    recoverable: Mapping[str, int]
    problems: tuple[Problem, ...]


def shown(
    session: LegacySession, known: dict[str, KnownSession], taken: frozenset[str], free: int
) -> LegacySessionShown:
    """Tell of a session; what is in it is read only if its files changed since the last time.

    ``taken`` are the keys of folders among the exports, ``free`` the bytes the disk has left.
    """
    files = files_below(session.roots)
    there = known.get(session.key)
    fingerprint = listing(files, session.base)
    seen = _looked_into(session, fingerprint)
    needed = room_needed(files)
    told = list(seen.problems)
    if there is None and needed > free:
        told.append(_no_room(session, needed, free))
    codes = {problem.code for problem in session.problems}
    return LegacySessionShown(
        id=session.id,
        name=there.name if there else seen.name,
        era=session.era,
        source=str(session.base),
        uploaded_at=session.uploaded_at,
        conversation_count=seen.conversations,
        media_count=seen.media,
        share_count=seen.shares,
        size_bytes=sum(facts.size for facts in files),
        needed_bytes=needed,
        name_taken=there is None and key(folder_name(seen.name)) in taken,
        sources=seen.sources,
        recoverable=seen.recoverable,
        problems=tuple(told),
        can_migrate=bool(files) and not codes & GONE,
        migrated_to=there.name if there else "",
        changed=there is not None and there.fingerprint != fingerprint,
    )


@lru_cache(maxsize=LOOKS_KEPT)
def _looked_into(session: LegacySession, _fingerprint: str) -> _Seen:
    """Look into a session; once for as long as its files stay as they are."""
    with TemporaryDirectory(prefix="dumpster-") as scratch:
        try:
            with opened_session(session, Path(scratch), Task()) as found:
                return _seen(found, found.all_problems())
        except (AppError, OSError) as problem:
            message = problem.message if isinstance(problem, AppError) else str(problem)
            told = Problem("unreadable-session", message, session.id, loss=True)
            return _seen(OpenedSession(session), [*session.problems, told])


def _seen(found: OpenedSession, problems: Sequence[Problem]) -> _Seen:
    session = found.session
    return _Seen(
        name=suggested_name(session.title, found.newest, session.uploaded_at),
        conversations=len(union(found.holdings)),
        media=found.media,
        shares=found.shares,
        sources=per_source(found.holdings),
        recoverable=recovered(found.holdings),
        problems=tuple(problems),
    )


def _no_room(session: LegacySession, needed: int, free: int) -> Problem:
    return Problem(
        "no-room",
        f"Migrating it takes {readable_size(needed)}, and only {readable_size(free)} are free "
        "on the library's disk.",
        session.id,
        "Free some space, or put the library on another disk.",
    )
