"""Which export is meant: one of the library, or one that only backups still hold."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from msgspec import Struct

from app.errors import NotFound
from app.library import Library
from app.operations.backups.known.index import IndexedBackup, find_indexed, indexed
from app.operations.backups.known.passphrase import needed
from app.operations.named import export_row
from db import backups as index
from db import exports as catalog


class Subject(Struct, frozen=True):
    """An export as backups know it: its id, its name, and its folder; None if it is gone."""

    key: str
    name: str
    folder: Path | None

    @property
    def gone(self) -> bool:
        """Whether the library no longer has it."""
        return self.folder is None


def live_exports(library: Library) -> dict[str, Subject]:
    """Answer the exports of the library by their ids; the catalog may know some that are gone."""
    found = (Subject(row.key, row.name, library.exports / row.folder) for row in catalog.every())
    return {each.key: each for each in found if each.folder is not None and each.folder.is_dir()}


def find_live(library: Library, name: str) -> Subject:
    """Answer the export of the library called so. Raises NotFound."""
    row = export_row(library, name)
    folder = library.exports / row.folder
    if not folder.is_dir():
        raise NotFound(
            f"There is no export called “{name}” any more.",
            hint="The list of exports shows what there is; its backups can be restored.",
            export=name,
        )
    return Subject(row.key, row.name, folder)


def find_subject(library: Library, name: str) -> Subject:
    """Answer the export called so, of the library or of backups only. Raises NotFound."""
    try:
        return find_live(library, name)
    except NotFound:
        wanted, live = name.strip().casefold(), live_exports(library)
        for each in indexed(library):
            if each.head.name.casefold() == wanted and each.head.export not in live:
                return Subject(each.head.export, each.head.name, None)
        raise


def find_backup(library: Library, export: str, id_: str) -> tuple[IndexedBackup, Subject]:
    """Answer a backup and the export it is of. Raises NotFound or PassphraseNeeded."""
    found = find_indexed(library, id_)
    if found is None:
        if index.unopened().get(f"{id_}.7z", (0, 0, ""))[2] == "encrypted":
            raise needed("This backup is encrypted.")
        raise NotFound(
            f"There is no backup {id_[:80]}.",
            hint="The list of backups shows what there is.",
            backup=id_[:80],
        )
    subject = subject_of(found, live_exports(library))
    if export.strip().casefold() not in _names(found, subject):
        raise NotFound(
            f"“{export[:200]}” has no backup {id_[:80]}.",
            hint=f"It is one of “{subject.name}”.",
            backup=id_[:80],
        )
    return found, subject


def subject_of(backup: IndexedBackup, live: dict[str, Subject]) -> Subject:
    """Answer the export a backup is of."""
    head = backup.head
    return live.get(head.export) or Subject(head.export, head.name, None)


def _names(backup: IndexedBackup, subject: Subject) -> Collection[str]:
    names = {backup.head.name, subject.name}
    if subject.folder is not None:
        names.add(subject.folder.name)
    return {name.casefold() for name in names}
