"""Proving a migration: what the session holds is read again, and looked for in the export."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from app.core.archive.entries import is_junk
from app.core.conversation.facts import conversation_id
from app.core.migration import Verdict, judge, union
from app.files.export_folder import CONVERSATIONS, ExportFolder, read_conversation
from app.files.legacy.fingerprint import FileFacts, Hashing, files_below
from app.operations.migrating.opening.opened import OpenedSession
from app.progress import Task


def verify(
    opened: OpenedSession, export: Path, before: Sequence[FileFacts], hashing: Hashing, task: Task
) -> Verdict:
    """Compare a session with its export, still out of sight; answer the verdict.

    ``before`` is what the session's files were when the migration began, ``hashing`` their
    contents, read since then by themselves: whoever changed one meanwhile is found by its
    size or times, or else by the export not having what is there now.
    """
    base = opened.session.base
    digests = hashing.digests(_Counter(task, sum(facts.size for facts in before), "session"))
    after = files_below(opened.session.roots)
    changed = sorted(_relative(facts.path, base) for facts in set(before) ^ set(after))
    expected = {
        _relative(path, base): digest
        for path, digest in digests.items()
        if path not in opened.through and not is_junk(_relative(path, base))
    }
    sizes = {facts.size for facts in before} if not opened.within else None
    stored = _stored_digests(export, sizes, task)
    verdict = judge(
        union(opened.holdings), _stored_nodes(export, task), {**expected, **opened.within}, stored
    )
    return replace(verdict, changed=tuple(dict.fromkeys(changed)))


def _stored_nodes(export: Path, task: Task) -> dict[str, frozenset[str]]:
    """Read every conversation of the export from the disk again."""
    found: dict[str, frozenset[str]] = {}
    files = sorted(ExportFolder(export).conversation_files())
    for number, file in enumerate(files):
        task.step("verifying", number, len(files), file.name, "conversations")
        talk = read_conversation(file)
        nodes = talk.get("mapping")
        found[conversation_id(talk)] = frozenset(nodes if isinstance(nodes, dict) else ())
    return found


def _stored_digests(export: Path, sizes: set[int] | None, task: Task) -> frozenset[str]:
    """Hash the export's files again; ``sizes`` are those that can matter, None for all."""
    conversations = export / CONVERSATIONS
    files = [
        facts
        for facts in files_below([export])
        if facts.path.parent != conversations and (sizes is None or facts.size in sizes)
    ]
    count = _Counter(task, sum(facts.size for facts in files), "export")
    with Hashing(files) as hashing:
        return frozenset(hashing.digests(count).values())


class _Counter:
    """Counts bytes hashed, and says how far it is."""

    def __init__(self, task: Task, total: int, item: str) -> None:
        self._task, self._total, self._item, self._done = task, total, item, 0

    def __call__(self, moved: int) -> None:
        self._done += moved
        self._task.step("verifying", self._done, self._total, self._item, "bytes")


def _relative(path: Path, base: Path) -> str:
    return os.path.relpath(path, base).replace(os.sep, "/")
