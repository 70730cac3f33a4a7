"""Who is using an export right now, in whatever process: it is not renamed or deleted under them.

Each use is a note and a lock file beside it that the user holds; the system lets go of the
lock however the process ends, so a note without a held lock means nothing.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from app.core.naming import is_folder_of, key
from app.errors import Conflict

EVERY = "*"  # the use of all exports
DOOR_PATIENCE = 10.0  # seconds; it is held for a rename at most


@contextmanager
def using(uses: Path, export: str, what: str) -> Iterator[None]:
    """Say, until the end, that ``what`` uses the export of this name; EVERY means all."""
    uses.mkdir(exist_ok=True)
    mark = uses / f"{secrets.token_hex(8)}.json"
    held = FileLock(mark.with_suffix(".lock"), thread_local=False)
    with _door(uses):
        held.acquire(timeout=0)
        mark.write_text(json.dumps({"export": export, "what": what}), encoding="utf-8")
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)
        held.release()
        with suppress(OSError):
            mark.with_suffix(".lock").unlink()


@contextmanager
def taking(uses: Path, names: Sequence[str]) -> Iterator[None]:
    """Keep everyone from beginning to use an export, known by these names, until the end.

    Raises Conflict, with the reason, if someone uses it. Only for what takes a moment.
    """
    uses.mkdir(exist_ok=True)
    with _door(uses):
        for mark in sorted(uses.glob("*.json")):
            what = _use(mark, names)
            if what:
                raise Conflict(
                    f"“{names[0]}” is in use: {what} is under way.",
                    hint="Wait until it has finished, or stop it. Nothing was changed.",
                    export=names[0],
                )
        yield


@contextmanager
def _door(uses: Path) -> Iterator[None]:
    door = FileLock(uses / "door", thread_local=False)
    try:
        door.acquire(timeout=DOOR_PATIENCE)
    except Timeout as held:
        raise Conflict(
            "Another window or command is renaming or deleting an export.",
            hint="Wait until it has finished, then try again. Nothing was changed.",
        ) from held
    try:
        yield
    finally:
        door.release()


def _use(mark: Path, names: Sequence[str]) -> str:
    """Answer what uses an export, if this note tells of it and is still held; clear old notes."""
    held = FileLock(mark.with_suffix(".lock"), thread_local=False)
    try:
        held.acquire(timeout=0)
    except Timeout:
        return _told(mark, names)
    held.release()
    for left in (mark, mark.with_suffix(".lock")):
        with suppress(OSError):
            left.unlink()
    return ""


def _told(mark: Path, names: Sequence[str]) -> str:
    try:
        told = json.loads(mark.read_text(encoding="utf-8"))
        export, what = str(told["export"]), str(told["what"])
    except (OSError, ValueError, KeyError, TypeError):
        return "something"
    same = export == EVERY or any(
        key(export) == key(name) or is_folder_of(export, name) for name in names
    )
    return what if same else ""
