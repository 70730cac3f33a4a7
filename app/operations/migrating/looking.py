"""A look into a session for the list: what it holds, what is wrong with it, where it went."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from msgspec import Struct

from app import __version__
from app.core.migration import per_source, recovered, suggested_name, union
from app.core.naming import folder_name, key
from app.core.problems import Problem
from app.core.sizes import readable_size
from app.errors import AppError
from app.files.legacy.finding import LegacySession
from app.files.legacy.fingerprint import FileFacts, files_below, listing, room_needed
from app.operations.migrating.known import KnownSession
from app.operations.migrating.opening.legacy_session import opened_session
from app.operations.migrating.opening.opened import OpenedSession
from app.operations.migrating.results import LegacySessionShown
from app.progress import Task
from db import session_looks

GONE = frozenset({"session-gone"})
FORM = 1  # to be raised when a look comes to tell something else of the same files


class _Seen(Struct, frozen=True):
    """What a look into a session has found."""

    name: str
    conversations: int
    media: int
    shares: int
    sources: Mapping[str, int]
    recoverable: Mapping[str, int]
    problems: tuple[Problem, ...]


def shown_sessions(
    sessions: Iterable[LegacySession],
    known: dict[str, KnownSession],
    taken: frozenset[str],
    free: int,
) -> list[LegacySessionShown]:
    """Tell of sessions; what is in one is read only if its files changed since the last time.

    ``taken`` are the keys of folders among the exports, ``free`` the bytes the disk has left.
    """
    there = [_Stood(session) for session in sessions]
    remembered = session_looks.found(each.key for each in there)
    fresh: dict[str, str] = {}
    told = []
    for each in there:
        seen = _recalled(remembered.get(each.key, ""))
        if seen is None:
            seen = _looked_into(each.session)
            fresh[each.key] = msgspec.json.encode(seen).decode()
        told.append(_shown(each, seen, known, taken, free))
    if fresh:
        session_looks.remember(fresh)
    return told


class _Stood:
    """A session with its files as they are now."""

    def __init__(self, session: LegacySession) -> None:
        self.session = session
        self.files: list[FileFacts] = files_below(session.roots)
        self.fingerprint = listing(self.files, session.base)

    @property
    def key(self) -> str:
        """A word that is another one if anything a look tells of may be another."""
        parts = (FORM, __version__, self.session, self.fingerprint)
        facts = msgspec.json.encode(parts, enc_hook=str)
        return hashlib.sha256(facts).hexdigest()


def _recalled(look: str) -> _Seen | None:
    try:
        return msgspec.json.decode(look, type=_Seen)
    except msgspec.DecodeError:
        return None


def _shown(
    there: _Stood,
    seen: _Seen,
    known: dict[str, KnownSession],
    taken: frozenset[str],
    free: int,
) -> LegacySessionShown:
    session, files, fingerprint = there.session, there.files, there.fingerprint
    export = known.get(session.key)
    needed = room_needed(files)
    told = list(seen.problems)
    if export is None and needed > free:
        told.append(_no_room(session, needed, free))
    codes = {problem.code for problem in session.problems}
    return LegacySessionShown(
        id=session.id,
        name=export.name if export else seen.name,
        era=session.era,
        source=str(session.base),
        uploaded_at=session.uploaded_at,
        conversation_count=seen.conversations,
        media_count=seen.media,
        share_count=seen.shares,
        size_bytes=sum(facts.size for facts in files),
        needed_bytes=needed,
        name_taken=export is None and key(folder_name(seen.name)) in taken,
        sources=seen.sources,
        recoverable=seen.recoverable,
        problems=tuple(told),
        can_migrate=bool(files) and not codes & GONE,
        migrated_to=export.name if export else "",
        changed=export is not None and export.fingerprint != fingerprint,
    )


def _looked_into(session: LegacySession) -> _Seen:
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
