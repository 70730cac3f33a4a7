"""Finding the predecessor's sessions below a folder, listed in its registry or not."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from app.core.problems import Problem
from app.files.legacy.archives import archives_below
from app.files.legacy.backups import backup_owner
from app.files.legacy.registry import Registry, Row, read_registry

Era = Literal["session", "export", "dumpster"]
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
_WORTH = ("conversations", "conversations.json", "chat.html", "upload.zip", "chats", "assets.json")
_PACKED = ("resources/app", "Resources/app", "Contents/Resources/app")


class LegacySession(Struct, frozen=True):
    """One session of the predecessor, as far as anything of it is left.

    ``folder`` holds its files, ``media`` those kept apart, ``backups`` its JSON backups and
    ``archives`` those of an export; what is not there is None or empty. ``title`` is what
    the person called it.
    """

    id: str
    era: Era
    base: Path
    folder: Path | None = None
    media: Path | None = None
    backups: tuple[Path, ...] = ()
    archives: tuple[Path, ...] = ()
    title: str = ""
    uploaded_at: datetime | None = None
    registered: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def key(self) -> str:
        """What an export made of it remembers it by: its id, unless that is only a name."""
        return self.id if self.era == "session" else f"{self.era}/{self.id}"

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders and files that are the session, and that stay as they are."""
        folders = [each for each in (self.folder, self.media) if each is not None]
        return (*folders, *self.backups, *self.archives)


def base_folder(path: Path) -> Path:
    """Answer the program folder meant by a folder a person named: it, or one around or in it."""
    candidates = [path, *(path / inner for inner in _PACKED), *path.parents[:3]]
    return next((each for each in candidates if is_base(each)), path)


def is_base(path: Path) -> bool:
    """Tell whether a folder holds any session of the predecessor's."""
    return bool(find_sessions(path))


def find_sessions(base: Path) -> list[LegacySession]:
    """List every session below the predecessor's program folder, by id."""
    archives = archives_below(base)
    found = [*_sessions(base), *_named(base, "export", "exports", archives), *_dumpsters(base)]
    return sorted(found, key=lambda session: (session.era, session.id))


def _sessions(base: Path) -> Iterator[LegacySession]:
    registry = read_registry(base / "data" / "sessions.json")
    folders, linked = _session_folders(base, "data/sessions", registry)
    media, linked_media = _session_folders(base, "public/media/sessions", registry)
    backups = _backups(base)
    listed = [id_ for id_ in registry.rows if _ID.fullmatch(id_)]
    for id_ in dict.fromkeys([*folders, *media, *backups, *listed, *linked, *linked_media]):
        row = registry.rows.get(id_, Row(id_))
        links = [each[id_] for each in (linked, linked_media) if id_ in each]
        session = LegacySession(
            id_,
            "session",
            base,
            folders.get(id_),
            media.get(id_),
            tuple(backups.get(id_, ())),
            title=row.title,
            uploaded_at=row.uploaded_at,
            registered=id_ in registry.rows,
            problems=(*registry.problems, *(_link(path) for path in links)),
        )
        yield _judged(session)


def _judged(session: LegacySession) -> LegacySession:
    """Add what is wrong with a session as its folders show it."""
    told = list(session.problems)
    if not session.roots:
        told.append(_gone(session))
    elif session.folder is None and (session.backups or session.archives):
        told.append(_only_backups(session))
    if session.roots and not session.registered:
        told.append(_unlisted(session))
    return replace(session, problems=tuple(told))


def _named(
    base: Path, era: Era, folder: str, archives: Mapping[str, list[Path]]
) -> Iterator[LegacySession]:
    """Yield exports, the predecessor's last form: a folder by name below data/, or its archives."""
    registry = read_registry(base / "data" / f"{folder}.json")
    children = {
        name: path
        for name, path in _children(base, f"data/{folder}").items()
        if name in registry.rows or _worth(path)
    }
    for name in [*children, *(name for name in archives if name not in children)]:
        path = children.get(name)
        row = registry.rows.get(name, Row(name))
        session = LegacySession(
            name,
            era,
            base,
            path if path is not None and not path.is_symlink() else None,
            archives=tuple(archives.get(name, ())),
            title=row.title or name,
            uploaded_at=row.uploaded_at,
            registered=name in registry.rows,
            problems=(*registry.problems, *([_link(path)] if path and path.is_symlink() else ())),
        )
        yield _judged(session)


def _dumpsters(base: Path) -> Iterator[LegacySession]:
    """Yield what the later command line kept; its bins say which belong together."""
    yield from _named(base, "dumpster", "dumpsters", {})


def _session_folders(
    base: Path, inner: str, registry: Registry
) -> tuple[dict[str, Path], dict[str, Path]]:
    """Answer folders that are sessions by id, and links that would be, which are not followed."""
    found: dict[str, Path] = {}
    linked: dict[str, Path] = {}
    for name, path in _children(base, inner).items():
        if path.is_symlink():
            if _ID.fullmatch(name):
                linked[name] = path
        elif _ID.fullmatch(name) or name in registry.rows or _worth(path):
            found[name] = path
    return found, linked


def _worth(path: Path) -> bool:
    return any((path / name).exists() for name in _WORTH)


def _children(base: Path, inner: str) -> dict[str, Path]:
    """List the folders (and links) right below a folder of the base, by name."""
    place = base
    for part in inner.split("/"):
        place = place / part
        if place.is_symlink():
            return {}
    try:
        with os.scandir(place) as entries:
            return {
                entry.name: Path(entry.path)
                for entry in sorted(entries, key=lambda entry: entry.name)
                if entry.is_dir() and not entry.name.startswith(".")
            }
    except OSError:
        return {}


def _backups(base: Path) -> dict[str, list[Path]]:
    """List the JSON backups below a base by the session they are of, newest first."""
    found: dict[str, list[Path]] = {}
    try:
        with os.scandir(base / "backups") as entries:
            files = sorted(e.name for e in entries if e.is_file(follow_symlinks=False))
    except OSError:
        return found
    for name in reversed(files):
        path = base / "backups" / name
        owner = backup_owner(path)
        if owner:
            found.setdefault(owner, []).append(path)
    return found


def _link(path: Path) -> Problem:
    return Problem(
        "link",
        f"“{path.name}” is a link, which is not followed.",
        path.name,
        "If it leads to a session, name the folder it leads to.",
        loss=True,
    )


def _gone(session: LegacySession) -> Problem:
    return Problem(
        "session-gone",
        "The old program's list names it, but its folder and its backups are gone.",
        session.id,
        "If you have a copy of its folder elsewhere, name that.",
        loss=True,
    )


def _only_backups(session: LegacySession) -> Problem:
    return Problem(
        "only-backups",
        "Its folder is gone; conversations can be recovered from the old program's backups.",
        session.id,
    )


def _unlisted(session: LegacySession) -> Problem:
    return Problem(
        "unlisted-session",
        "The old program's list does not name it; it was found by its folder.",
        session.id,
    )
