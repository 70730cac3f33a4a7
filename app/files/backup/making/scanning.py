"""Looking at a folder that is to be backed up: names and facts, no contents."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.core.backup.manifest import Entry
from app.progress import Task

_HAS_CTIME = os.name != "nt"  # there it is when the file was made
_DRAFT = re.compile(r"\.[0-9a-f]{12}\.part")  # of `app.files.atomic.replaced`: gone in a moment
_SPECIAL = (
    (stat.S_ISFIFO, "it is a pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISCHR, "it is a device"),
    (stat.S_ISBLK, "it is a device"),
)
_ELSEWHERE = 0x00400000 | 0x00001000  # Windows: recalled on access, offline
_STRIDE = 256  # entries between two looks at whether to stop


@dataclass
class Scan:
    """One look at a folder; iterate it once, then ``skipped`` tells what is no file.

    Symbolic links are told, never followed. ``excluded`` are folders left out without a
    word: that of the backups themselves, if it lies inside.
    """

    root: Path
    task: Task
    excluded: tuple[Path, ...] = ()
    skipped: list[tuple[str, str]] = field(default_factory=list)
    _count: int = 0

    def __iter__(self) -> Iterator[Entry]:
        """Yield entries without hashes: a folder before what is in it, by name."""
        self._out = {os.path.normcase(each) for each in map(os.fspath, self.excluded)}
        yield from self._folder(os.fspath(self.root), "")

    def _folder(self, folder: str, prefix: str) -> Iterator[Entry]:
        try:
            with os.scandir(folder) as listing:
                items = sorted(listing, key=lambda item: item.name)
        except OSError as problem:
            if not prefix:
                raise
            self.skipped.append(
                (_shown(prefix[:-1])[0], f"it cannot be opened: {problem.strerror}")
            )
            return
        for item in items:
            self._count += 1
            if self._count % _STRIDE == 0:
                self.task.step("scanning", self._count, None, "", "files")
            yield from self._item(item, prefix + item.name)

    def _item(self, item: os.DirEntry[str], path: str) -> Iterator[Entry]:
        try:
            facts = item.stat(follow_symlinks=False)
            link = str(Path(item.path).readlink()) if _is_link(facts) else ""
        except OSError as problem:
            self.skipped.append((_shown(path)[0], f"it went away: {problem.strerror}"))
            return
        if link:
            yield _entry(path, facts, "link", link)
        elif stat.S_ISDIR(facts.st_mode):
            if os.path.normcase(item.path) not in self._out:
                yield _entry(path, facts, "folder")
                yield from self._folder(item.path, f"{path}/")
        elif stat.S_ISREG(facts.st_mode):
            if getattr(facts, "st_file_attributes", 0) & _ELSEWHERE:
                why = "its bytes are in a cloud, not on this disk"
                self.skipped.append((_shown(path)[0], why))
            elif not _DRAFT.fullmatch(item.name):
                yield _entry(path, facts, "file")
        else:
            why = next((word for test, word in _SPECIAL if test(facts.st_mode)), "it is no file")
            self.skipped.append((_shown(path)[0], why))


def _is_link(facts: os.stat_result) -> bool:
    """Tell symbolic links, and Windows' junctions: those lead elsewhere too."""
    if stat.S_ISLNK(facts.st_mode):
        return True
    junction = getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003)
    return getattr(facts, "st_reparse_tag", 0) == junction


def _entry(path: str, facts: os.stat_result, kind: str, link: str = "") -> Entry:
    shown, raw = _shown(path)
    return Entry(
        shown,
        kind,  # type: ignore[arg-type]
        facts.st_size if kind == "file" else 0,
        facts.st_mtime_ns,
        stat.S_IMODE(facts.st_mode),
        facts.st_ino,
        facts.st_ctime_ns if _HAS_CTIME else 0,
        link=_shown(link)[0] if link else "",
        raw=raw,
    )


def _shown(path: str) -> tuple[str, str]:
    """Answer a path as text, and its bytes in hex where they are no UTF-8."""
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
