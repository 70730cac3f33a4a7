"""One session turned into an export: opened, stored out of sight, proven, renamed in."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from app.core.migration import Conflict as OnConflict
from app.core.migration import decide, per_source, recovered, suggested_name, union
from app.core.naming import folder_name, key
from app.core.problems import Problem
from app.errors import AppError, Conflict, InvalidInput, StorageProblem
from app.files.export_folder import (
    ASSETS,
    CONVERSATIONS,
    MEDIA,
    RECORD,
    ExportFolder,
    export_folders,
)
from app.files.legacy.finding import LegacySession
from app.files.legacy.fingerprint import FileFacts, Hashing, files_below, listing, room_needed
from app.files.sources.refusals import require_room
from app.files.staging import flushing, move_folder, remove_tree, staged
from app.library import Library
from app.operations.importing.parts import one_account
from app.operations.importing.run import ImportRun
from app.operations.importing.target import Target, require_same_account
from app.operations.indexing.writer import CatalogWriter
from app.operations.migrating.earlier import EarlierStates
from app.operations.migrating.known import KnownSession
from app.operations.migrating.opening.legacy_session import opened_session
from app.operations.migrating.opening.opened import OpenedSession
from app.operations.migrating.results import FilesMoved, MediaMoved, MigratedSession
from app.operations.migrating.verifying import verify
from app.progress import Task

log = logging.getLogger(__name__)
TOLD_BETTER = frozenset({"damaged-conversation", "empty-file"})
_VERIFY_OFF = Problem(
    "verification-off",
    "The export was not compared with the session: the setting migration.verify is off.",
)


class NotVerified(StorageProblem):
    """The export was not proven to hold everything; nothing was kept of it."""

    code = "not-verified"


@dataclass
class Migration:
    """What the sessions of one run share.

    ``made`` maps the key of a folder's name to the export this run made or grew there: in
    a dry run that is a staged one, gone when the run is over. ``on_conflict`` may change
    from session to session; ``may_merge`` tells whether it is "merge" for any of them.
    """

    library: Library
    known: dict[str, KnownSession]
    earlier: EarlierStates
    on_conflict: OnConflict
    dry_run: bool
    verify: bool
    made: dict[str, Path] = field(default_factory=dict)
    may_merge: bool = False
    _promised: int = 0  # bytes the exports of a dry run would take that are not there
    _staged: ExitStack = field(default_factory=ExitStack)
    _is_needed: bool = False  # whether a later session may be merged with what is staged

    def close(self) -> None:
        """Remove what a dry run put together."""
        self._staged.close()
        self.earlier.close()

    def migrate(self, session: LegacySession, name: str, task: Task) -> MigratedSession:
        """Migrate one session; what goes wrong is told in the result, and leaves no trace.

        Raises Cancelled if the person stops it.
        """
        began = time.monotonic()
        try:
            result = self._migrate(session, name, task)
        except (AppError, OSError) as problem:
            result = _failed(session, problem)
        _log(result, "dry run: " if self.dry_run else "")
        return replace(result, seconds=round(time.monotonic() - began, 3))

    def _migrate(self, session: LegacySession, name: str, task: Task) -> MigratedSession:
        before = files_below(session.roots)
        fingerprint = listing(before, session.base)
        known = self.known.get(session.key)
        if known is not None and known.fingerprint == fingerprint:
            return _unchanged(session, known)
        if not before:
            raise InvalidInput(
                "Nothing is left of this session: its folder and its backups are gone or empty.",
                hint="If you have a copy of its folder elsewhere, name that.",
            )
        require_room(room_needed(before) + self._promised, self.library.root)
        with (
            self._folder() as folder,
            Hashing(before if self.verify else [], threads=1) as hashing,
            opened_session(session, folder.parent / "scratch", task) as opened,
            CatalogWriter() as writer,
        ):
            for part in opened.parts:
                part.source.session, part.source.fingerprint = session.key, fingerprint
            target = self._target(opened, name, known)
            if target is None:
                return _skipped(session, self._wanted(opened, name))
            account = one_account(opened.parts)
            if target.record is not None:
                require_same_account(account, target.record, target.name)
            run = ImportRun(
                self.library, task, opened.parts, target, account, folder,
                writer, may_be_empty=True, apart=frozenset(p.name for p in self.made.values()),
                damage=opened.damage(),
            )  # fmt: skip
            changed = run.store()
            stored = folder if changed or target.base is None else target.base.path
            warnings = self._prove(opened, stored, before, hashing, task)
            result = _result(opened, target, run, stored, changed, (*warnings,))
            result = replace(result, verified=self.verify)
            if changed:
                self._finish(run, target, folder)
        self.known[session.key] = KnownSession(
            target.name, self.made.get(key(target.folder), stored), fingerprint
        )
        return result

    def _prove(
        self,
        opened: OpenedSession,
        stored: Path,
        before: list[FileFacts],
        hashing: Hashing,
        task: Task,
    ) -> list[Problem]:
        """Raise NotVerified unless everything is there; answer what to warn of."""
        if not self.verify:
            return [_VERIFY_OFF]
        with flushing(stored):
            verdict = verify(opened, stored, before, hashing, task)
        if not verdict.verified:
            told = verdict.problem()
            raise NotVerified(told.message, hint=told.hint)
        return []

    def _finish(self, run: ImportRun, target: Target, folder: Path) -> None:
        """Rename the export into place; in a dry run keep it for the sessions that follow."""
        place = self.library.exports / target.folder
        if not self.dry_run:
            with self._kept(target, folder):
                run.publish()
        else:
            place = folder.parent / target.folder
            move_folder(folder, place)
            merges = self.may_merge or self.on_conflict == "merge"
            self._is_needed = merges or target.base is not None
            if not self._is_needed:  # it goes when this session is over, and would not
                self._promised += sum(facts.size for facts in files_below([place]))
        self.made[key(target.folder)] = place

    def _kept(self, target: Target, folder: Path) -> AbstractContextManager[None]:
        """Keep what an export was, unless this run itself made it."""
        own = key(target.folder) in self.made and self.earlier.of(target.folder) is None
        if target.base is None or own:
            return nullcontext()
        return self.earlier.keeping(target.base.path, folder)

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Yield an empty staged folder; that of a dry run lives until the run is over."""
        with ExitStack() as stack:
            folder = stack.enter_context(staged(self.library.staging))
            (folder.parent / "scratch").mkdir()
            self._is_needed = False
            yield folder
            if self.dry_run and self._is_needed:
                remove_tree(folder.parent / "scratch")
                self._staged.push(stack.pop_all())

    def _wanted(self, opened: OpenedSession, name: str) -> str:
        session = opened.session
        return name.strip() or suggested_name(session.title, opened.newest, session.uploaded_at)

    def _target(
        self, opened: OpenedSession, name: str, known: KnownSession | None
    ) -> Target | None:
        """Decide where the session goes; None if it is to be skipped. Raises Conflict."""
        if known is not None:
            return self._existing(known.path)
        there = {key(path.name): path for path in self.library.exports.iterdir()} | self.made
        wanted = self._wanted(opened, name)
        decision = decide(wanted, lambda each: key(folder_name(each)) in there, self.on_conflict)
        match decision.action:
            case "skip":
                return None
            case "fail":
                raise Conflict(
                    f"There is already an export called “{wanted}”.",
                    hint="Choose another name, or let it be renamed, merged or skipped. "
                    "Nothing was changed.",
                    export=wanted,
                )
            case "merge":
                return self._existing(there[key(folder_name(wanted))])
        return Target(decision.name, folder_name(decision.name))

    def _existing(self, path: Path) -> Target:
        path = self.made.get(key(path.name), path)
        base = ExportFolder(path)
        if path not in self.made.values() and path not in export_folders(self.library.exports):
            raise Conflict(
                f"“{path.name}” is a folder among the exports, but no export.",
                hint="Choose another name. Nothing was changed.",
            )
        return Target(base.name, path.name, base, base.record())


def _log(result: MigratedSession, how: str) -> None:
    """Write the details down: ids, counts and codes, never what anyone wrote."""
    codes = sorted({problem.code for problem in result.warnings})
    log.info(
        "%ssession %s: %s as %r, %d conversations, %d recovered, verified %s, told %s",
        how,
        result.session_id,
        result.status,
        result.export,
        result.conversations,
        result.recovered,
        result.verified,
        ", ".join(codes) or "nothing",
    )


def _result(
    opened: OpenedSession,
    target: Target,
    run: ImportRun,
    stored: Path,
    changed: bool,
    warnings: tuple[Problem, ...],
) -> MigratedSession:
    found = recovered(opened.holdings)
    others, media = _fresh_files(stored, target.base if changed else None)
    told = (*opened.all_problems(), *warnings, *_of_import(run.tally.problems))
    return MigratedSession(
        session_id=opened.session.id,
        export=target.name,
        status="migrated" if target.base is None else "merged" if changed else "unchanged",
        conversations=len(union(opened.holdings)),
        recovered=sum(found.values()),
        recovered_from=found,
        sources=per_source(opened.holdings),
        messages=run.tally.messages,
        media=MediaMoved(run.tally.stored, run.tally.missing, media.bytes if changed else 0),
        files=others if changed else FilesMoved(),
        warnings=tuple(dict.fromkeys(told)),
    )


def _of_import(problems: list[Problem]) -> list[Problem]:
    """Leave out what the look into the session tells better: what was made good elsewhere."""
    return [each for each in problems if each.code not in TOLD_BETTER]


def _fresh_files(stored: Path, base: ExportFolder | None) -> tuple[FilesMoved, FilesMoved]:
    """Count the files of an export that its base has not: sidecars and others, then media."""
    own = {RECORD, ASSETS}
    others: list[int] = []
    media: list[int] = []
    for facts in files_below([stored]):
        name = facts.path.relative_to(stored)
        if base is not None and (base.path / name).exists():
            continue
        if name.parts[0] == MEDIA:
            media.append(facts.size)
        elif name.parts[0] != CONVERSATIONS and name.as_posix() not in own:
            others.append(facts.size)
    return FilesMoved(len(others), sum(others)), FilesMoved(len(media), sum(media))


def _unchanged(session: LegacySession, known: KnownSession) -> MigratedSession:
    told = Problem(
        "already-migrated", f"It is in “{known.name}” already and has not changed.", session.id
    )
    return MigratedSession(session.id, known.name, "unchanged", verified=True, warnings=(told,))


def _skipped(session: LegacySession, name: str) -> MigratedSession:
    told = Problem(
        "name-taken", f"There is already an export called “{name}”; it was skipped.", session.id
    )
    return MigratedSession(session.id, "", "skipped", warnings=(told,))


def _failed(session: LegacySession, problem: AppError | OSError) -> MigratedSession:
    if isinstance(problem, OSError):
        why = problem.strerror or type(problem).__name__
        problem = StorageProblem(
            f"A file could not be read or written: {why}.",
            hint="Check the free space and the permissions, then try again. Nothing was kept.",
        )
    told = Problem(problem.code, problem.message, session.id, problem.hint, loss=True)
    return MigratedSession(session.id, "", "failed", warnings=(told,), error=told)
