"""Looking at a folder that is to be backed up: names and facts, no contents."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.core.backup.manifest import Entry
from app.core.backup.planning import Recognise, never
from app.progress import Task

_HAS_CTIME = os.name != "nt"  # there it is when the file was made
_TELLS_MORE = hasattr(os.stat_result, "st_file_attributes")  # what Windows knows of a file
_BY_DESCRIPTOR = os.scandir in os.supports_fd
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
_DRAFT = re.compile(r"\.[0-9a-f]{12}\.part")  # of `app.files.atomic.replaced`: gone in a moment
_SPECIAL = (
    (stat.S_ISFIFO, "it is a pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)
_ELSEWHERE = 0x00400000 | 0x00001000  # Windows: recalled on access, offline
_KINDS = 0o170000  # the bits of a mode that tell files from folders and the rest
_PERMISSIONS = 0o7777


@dataclass
class Scan:
    """One look at a folder; iterate it once, then ``skipped`` tells what is no file.

    Symbolic links are told, never followed. ``excluded`` are folders left out without a
    word: that of the backups themselves, if it lies inside. Files that are recognised are
    not yielded: ``recognised`` then has the entries they are known by.
    """

    root: Path
    task: Task
    excluded: tuple[Path, ...] = ()
    recognise: Recognise = never
    recognised: list[Entry] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    _count: int = 0

    def __iter__(self) -> Iterator[Entry]:
        """Yield entries without hashes, folder by folder."""
        out = {os.path.normcase(os.fspath(each)) for each in self.excluded}
        waiting = [(os.fspath(self.root), "")]
        while waiting:
            folder, prefix = waiting.pop()
            self.task.step("scanning", self._count + len(self.recognised), None, prefix, "files")
            entries, folders = self._look(folder, prefix)
            for name, entry in folders:
                place = f"{folder}{os.sep}{name}"
                if os.path.normcase(place) not in out:
                    waiting.append((place, f"{prefix}{name}/"))
                    yield entry
            yield from entries

    def _look(self, folder: str, prefix: str) -> tuple[list[Entry], list[tuple[str, Entry]]]:
        """Look at one folder: its files and links, and its folders by name."""
        entries: list[Entry] = []
        folders: list[tuple[str, Entry]] = []
        recognise = self.recognise
        try:
            for name, facts in _listed(folder, lambda *gone: self._went_away(prefix, *gone)):
                path, kind = prefix + name, facts.st_mode & _KINDS
                if kind == stat.S_IFREG and not (_TELLS_MORE and _is_elsewhere(facts)):
                    known = recognise(
                        path if path.isascii() else _shown(path)[0],
                        facts.st_size,
                        facts.st_mtime_ns,
                        facts.st_ctime_ns if _HAS_CTIME else 0,
                        facts.st_mode & _PERMISSIONS,
                        facts.st_ino,
                    )
                    if known is not None:
                        self.recognised.append(known)
                    elif not _DRAFT.fullmatch(name):
                        entries.append(_entry(path, facts, "file"))
                elif kind == stat.S_IFDIR and not (_TELLS_MORE and _is_junction(facts)):
                    folders.append((name, _entry(path, facts, "folder")))
                else:
                    entries += self._odd(f"{folder}{os.sep}{name}", path, facts)
        except OSError as problem:
            if not prefix:
                raise
            self._skip(prefix[:-1], f"it cannot be opened: {problem.strerror}")
        self._count += len(entries)
        return entries, folders

    def _odd(self, place: str, path: str, facts: os.stat_result) -> Iterator[Entry]:
        """Yield a link; skip, and tell, what is no file at all."""
        if stat.S_ISLNK(facts.st_mode) or _is_junction(facts):
            try:
                target = str(Path(place).readlink())
            except OSError as problem:
                self._skip(path, f"it went away: {problem.strerror}")
                return
            yield _entry(path, facts, "link", target)
        elif stat.S_ISREG(facts.st_mode):
            self._skip(path, "its bytes are in a cloud, not on this disk")
        else:
            why = next((word for test, word in _SPECIAL if test(facts.st_mode)), "it is no file")
            self._skip(path, why)

    def _went_away(self, prefix: str, name: str, problem: OSError) -> None:
        self._skip(prefix + name, f"it went away: {problem.strerror}")

    def _skip(self, path: str, why: str) -> None:
        self.skipped.append((_shown(path)[0], why))


def _listed(
    folder: str, gone: Callable[[str, OSError], None]
) -> Iterator[tuple[str, os.stat_result]]:
    """Yield the names in one folder with their facts; tell of those that went meanwhile.

    Where the system can, names are looked up from the folder itself, not from the root of
    the disk each time: of thousands of files that is a good part of the whole look.
    """
    place = os.open(folder, _FOLDER) if _BY_DESCRIPTOR else None
    try:
        with os.scandir(folder if place is None else place) as listing:
            for item in listing:
                try:
                    facts = item.stat(follow_symlinks=False)
                except OSError as problem:
                    gone(item.name, problem)
                else:
                    yield item.name, facts
    finally:
        if place is not None:
            os.close(place)


def _is_elsewhere(facts: os.stat_result) -> bool:
    """Tell a file that reading would first have to fetch from a cloud."""
    return bool(getattr(facts, "st_file_attributes", 0) & _ELSEWHERE)


def _is_junction(facts: os.stat_result) -> bool:
    """Tell Windows' own kind of link between folders: it leads elsewhere too."""
    tag = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003)
    return getattr(facts, "st_reparse_tag", 0) == tag


def _entry(path: str, facts: os.stat_result, kind: str, link: str = "") -> Entry:
    shown, raw = _shown(path)
    return Entry(
        shown,
        kind,  # type: ignore[arg-type]
        facts.st_size if kind == "file" else 0,
        facts.st_mtime_ns,
        facts.st_mode & _PERMISSIONS,
        facts.st_ino,
        facts.st_ctime_ns if _HAS_CTIME else 0,
        link=_shown(link)[0] if link else "",
        raw=raw,
    )


def _shown(path: str) -> tuple[str, str]:
    """Answer a path as text, and its bytes in hex where they are no UTF-8."""
    if path.isascii():
        return path, ""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raw = os.fsencode(path)
        return raw.decode("utf-8", "backslashreplace"), raw.hex()
    return path, ""


def path_on_disk(root: Path, entry: Entry) -> str:
    """Answer where an entry that was found below ``root`` lies."""
    relative = os.fsdecode(bytes.fromhex(entry.raw)) if entry.raw else entry.path
    return f"{root}{os.sep}{relative}"
