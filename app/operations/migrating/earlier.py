"""What exports were before a run added to them: kept, so that the run can be taken back.

Only files the run replaced are kept, in `<library>/migrations/<run>/<export's folder>/`, as
second names of the same bytes where the file system has those; all else is in the export.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from app.files.legacy.fingerprint import FileFacts, files_below, listing
from app.files.staging import link_or_copy, remove_tree
from app.library import Library


class EarlierState(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """An export before a run: ``tree`` a word for its files, ``added`` those it did not have."""

    tree: str
    added: tuple[str, ...] = ()


class EarlierStates:
    """Keeps what one run replaces in exports that were there before it."""

    def __init__(self, library: Library, run: str) -> None:
        self._library = library
        self._run = run
        self._states: dict[str, EarlierState] = {}  # by the export's folder

    def of(self, folder: str) -> EarlierState | None:
        """Answer what an export was before the run; None if the run made it."""
        return self._states.get(folder)

    @contextmanager
    def keeping(self, export: Path, staged: Path) -> Iterator[None]:
        """Keep what ``staged`` will replace of an export; forget it if that does not happen."""
        before = self._states.get(export.name)
        state, replaced = _difference(export, staged, before)
        place = kept_place(self._library, self._run, export.name)
        fresh = [place / name for name in replaced if not (place / name).exists()]
        try:
            for path in fresh:
                path.parent.mkdir(parents=True, exist_ok=True)
                link_or_copy(export / path.relative_to(place), path)
            yield
        except BaseException:
            for path in fresh:
                path.unlink(missing_ok=True)
            if before is None:
                remove_tree(place)
            raise
        self._states[export.name] = state

    def close(self) -> None:
        """Remove the run's folder where nothing had to be kept in it."""
        if not self._states:
            remove_tree(self._library.migrations / self._run)


def kept_place(library: Library, run: str, folder: str) -> Path:
    """Answer where the replaced files of an export are kept."""
    return library.migrations / run / folder


def _difference(
    export: Path, staged: Path, before: EarlierState | None
) -> tuple[EarlierState, list[str]]:
    """Answer the state before the run, and the files that were there then and are replaced now."""
    old, new = _by_name(export), _by_name(staged)
    added = {name for name in new if name not in old} | set(before.added if before else ())
    replaced = [
        name
        for name, facts in old.items()
        if not facts.is_link and name not in added and not _same(facts, new.get(name))
    ]
    tree = before.tree if before else listing(old.values(), export)
    return EarlierState(tree=tree, added=tuple(sorted(added))), replaced


def _by_name(folder: Path) -> dict[str, FileFacts]:
    return {facts.path.relative_to(folder).as_posix(): facts for facts in files_below([folder])}


def _same(old: FileFacts, new: FileFacts | None) -> bool:
    return new is not None and (old.size, old.modified) == (new.size, new.modified)
