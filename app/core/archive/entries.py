"""The entries of a source: names from outside checked, cleaned and made unique."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from app.core import naming
from app.core.problems import Problem

_DRIVE = re.compile(r"[A-Za-z]:")
_JUNK_LEAVES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


class Entry(Struct, frozen=True):
    """One file of a source.

    ``name`` is normalised (NFC, ``/``, no ``.`` or ``..``) and unique within the source;
    ``safe_name`` is the same made acceptable to every file system and unique even where
    upper and lower case are one: the relative path to write to. ``part`` names the nested
    archive the file is in, empty for the source itself. ``position`` is the source's own.
    """

    name: str
    raw_name: str
    safe_name: str
    size_bytes: int
    modified_at: datetime | None = None
    part: str = ""
    position: int = 0

    @property
    def leaf(self) -> str:
        """The last component of the name."""
        return self.name.rpartition("/")[2]


class Found(Struct, frozen=True):
    """One file as a source lists it, before anything is checked."""

    raw_name: str
    size_bytes: int
    modified_at: datetime | None = None
    position: int = 0


def is_junk(name: str) -> bool:
    """Whether a file is one that systems leave behind, with nothing of the person's in it."""
    leaf = name.rpartition("/")[2]
    return (
        leaf in _JUNK_LEAVES
        or leaf.startswith("._")
        or name.startswith("__MACOSX/")
        or "/__MACOSX/" in name
    )


def normalised(raw: str) -> str | None:
    """Answer a raw name's normal form; None if it is hostile: it would leave its folder."""
    name = raw.replace("\\", "/")
    if "\0" in name or name.startswith("/") or _DRIVE.match(name):
        return None
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        return None
    joined = "/".join(parts)
    if joined.isascii():
        return joined
    joined = joined.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
    return unicodedata.normalize("NFC", joined)


def listed(found: Iterable[Found]) -> tuple[list[Entry], list[Problem]]:
    """Turn what a source lists into entries; skip junk, and tell what else was left out.

    Of two files with one name the last wins. Names that differ only in case or in
    Unicode form are all kept, the later ones under a ``safe_name`` with a suffix.
    """
    by_raw: dict[str, Found] = {}
    problems: list[Problem] = []
    for file in found:
        raw = file.raw_name
        name = normalised(raw)
        if name is None:
            problems.append(_unsafe(raw))
        elif not is_junk(name):
            same = raw.replace("\\", "/").removeprefix("./")
            if by_raw.pop(same, None) is not None:
                problems.append(_duplicate(name))
            by_raw[same] = file
    return _named(by_raw.values(), problems), problems


def _named(files: Iterable[Found], problems: list[Problem]) -> list[Entry]:
    entries: list[Entry] = []
    names: set[str] = set()
    taken: set[str] = set()
    for file in files:
        name = normalised(file.raw_name) or "_"
        if twice := name in names:  # the same name in another Unicode form
            name = naming.unique(name, {naming.key(name)}, tag=_tag(file.raw_name))
        names.add(name)
        safe = naming.safe_path(name)
        if len(safe.encode()) + 16 < len(name.encode()):
            problems.append(_shortened(name))
        kept = naming.unique(safe, taken, tag=_tag(file.raw_name))
        if kept != safe or twice:
            problems.append(_colliding(name, kept))
        taken.add(naming.key(kept))
        entries.append(
            Entry(name, file.raw_name, kept, file.size_bytes, file.modified_at, "", file.position)
        )
    return _beside_folders(entries, taken)


def _beside_folders(entries: list[Entry], taken: set[str]) -> list[Entry]:
    """Rename a file whose name is another entry's folder: both can't be at one place."""
    folders = {naming.key(entry.safe_name.rpartition("/")[0]) for entry in entries}
    for folder in list(folders):
        while folder := folder.rpartition("/")[0]:
            folders.add(folder)
    for index, entry in enumerate(entries):
        if naming.key(entry.safe_name) in folders:
            kept = naming.unique(entry.safe_name, taken | folders, tag=_tag(entry.raw_name))
            taken.add(naming.key(kept))
            entries[index] = replace(entry, safe_name=kept)
    return entries


def _tag(raw: str) -> str:
    return hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:6]


def shown(raw: str) -> str:
    """Answer a raw name fit for a sentence: printable, and not too long."""
    clean = "".join(letter if letter.isprintable() else "�" for letter in raw)
    return clean if len(clean) <= 120 else f"{clean[:80]}…{clean[-30:]}"


def _unsafe(raw: str) -> Problem:
    return Problem(
        "unsafe-name",
        f"“{shown(raw)}” was left out: its name points outside the archive.",
        item=shown(raw),
        hint="ChatGPT does not make such names; someone may have changed this archive.",
        loss=True,
    )


def _duplicate(name: str) -> Problem:
    return Problem(
        "duplicate-name",
        f"“{shown(name)}” is in the archive more than once; the last one was taken.",
        item=shown(name),
    )


def _shortened(name: str) -> Problem:
    return Problem("long-name", f"“{shown(name)}” is kept under a shorter name.", item=shown(name))


def _colliding(name: str, kept: str) -> Problem:
    return Problem(
        "colliding-name",
        f"“{shown(name)}” is kept as “{shown(kept)}”: some systems can't tell it from another.",
        item=shown(name),
    )
