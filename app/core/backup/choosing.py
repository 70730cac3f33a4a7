"""Which files of a backup are meant, and under which names they can be brought back here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.core.backup.manifest import Entry
from app.core.naming import Places, safe_path
from app.errors import NotFound


class Brought(Struct, frozen=True):
    """An entry and the path, relative and separated by ``/``, it is brought back under."""

    entry: Entry
    path: str


def chosen(entries: Iterable[Entry], only: Sequence[str]) -> list[Entry]:
    """Answer the entries that are named, or lie in a folder that is; all if none is named.

    Raises NotFound for a name that means nothing.
    """
    everything = list(entries)
    if not only:
        return everything
    wanted = [
        name.replace("\\", "/").strip("/") if "\\" in name else name.strip("/") for name in only
    ]
    prefixes = tuple(f"{name}/" for name in wanted)
    exact = set(wanted)
    found = [e for e in everything if e.path in exact or e.path.startswith(prefixes)]
    for name, prefix in zip(wanted, prefixes, strict=True):
        if not any(entry.path == name or entry.path.startswith(prefix) for entry in found):
            raise NotFound(
                f"There is nothing called “{name[:200]}” in this backup.",
                hint="Look at what the backup holds; names count exactly as they are there.",
            )
    return found


def named_here(entries: Iterable[Entry], *, windows: bool, folding: bool) -> list[Brought]:
    """Give each entry the path it can have here: its own wherever that is possible.

    ``windows``: names that system refuses are mended. ``folding``: upper and lower case,
    or accents put together and apart, are the same file here; the second gets a suffix.
    """
    places, files = Places(), set[str]()
    listed = sorted(entries, key=lambda entry: entry.path)
    wanted = [_acceptable(entry.path, windows=windows) for entry in listed]
    folders = {path for entry, path in zip(listed, wanted, strict=True) if entry.kind == "folder"}
    for path in wanted:
        while path := path.rpartition("/")[0]:
            folders.add(path)
    brought = []
    for entry, path in zip(listed, wanted, strict=True):
        if entry.kind != "folder":
            while True:
                while path in files or path in folders:  # no disk of ours wrote such a list
                    path = f"{path}_2"
                path = places.take(path) if folding else path
                if path not in files and path not in folders:
                    break
            files.add(path)
        brought.append(Brought(entry, path))
    return brought


def _acceptable(path: str, *, windows: bool) -> str:
    if is_plain(path):
        return safe_path(path) if windows else path
    return safe_path(path.replace("..", "_").replace("\\", "_"))


def is_plain(path: str) -> bool:
    """Tell whether a path stays below its folder wherever it is joined to one.

    What some system takes for a separator or a drive may be in the last name only: that is
    joined to its folder as it is, on systems where it means nothing.
    """
    folder = path.rpartition("/")[0]
    if "\0" in path or "\\" in folder or (folder and folder[1:2] == ":"):
        return False
    return not any(part in ("", ".", "..") for part in path.split("/"))


def stays_inside(path: str, target: str) -> bool:
    """Tell whether a symbolic link at ``path`` leads to somewhere below the top folder."""
    if not target or target[0] in "/\\" or target[1:2] == ":" or "\0" in target:
        return False
    depth = path.count("/")
    for part in target.replace("\\", "/").split("/"):
        if part == "..":
            depth -= 1
        elif part not in ("", "."):
            depth += 1
        if depth < 0:
            return False
    return True
