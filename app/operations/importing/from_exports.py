"""Exports of the library as the parts of an import, so that merging them is importing them.

What an archive cannot say, an export's record does: whose it is, what it was made of, what
was gone, and exactly which file each pointer means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from app.core.archive.entries import Entry
from app.core.archive.known_files import SIDECARS
from app.core.archive.layout import Layout
from app.core.sidecars import Account
from app.files.export_folder import ASSETS, CONVERSATIONS, MEDIA, RECORD, ExportFolder, ExportRecord
from app.files.sources.contract import ExportSource
from app.files.sources.folder import FolderSource
from app.operations.importing.parts import Part


class ExportLayout(Layout, frozen=True):
    """The files of an export's folder; media are named as `assets.json` names them."""

    def relative(self, entry: Entry) -> str:
        """Answer an entry's name, a medium's below media/."""
        return entry.name.removeprefix(f"{MEDIA}/")


@dataclass(frozen=True)
class ExportPart(Part):
    """An export of the library as a part; ``told`` is its record."""

    folder: ExportFolder
    told: ExportRecord

    @property
    def name(self) -> str:
        """What the export is called."""
        return self.folder.name

    @property
    def export(self) -> ExportFolder:
        """Where it is."""
        return self.folder

    @property
    def record(self) -> ExportRecord:
        """What its record tells."""
        return self.told

    @cached_property
    def exported_at(self) -> datetime | None:
        """When the newest of its sources was made."""
        dated = [each.exported_at for each in self.told.sources if each.exported_at is not None]
        return max(dated, default=None)

    @cached_property
    def account(self) -> Account:
        """Whose it is."""
        return Account(self.told.account, self.told.account_label)


@contextmanager
def opened_exports(folders: Sequence[ExportFolder]) -> Iterator[list[Part]]:
    """Open exports as parts, the oldest first. Raises StorageProblem if a record is lost."""
    with ExitStack() as stack:
        parts: list[ExportPart] = []
        for folder in folders:
            record = folder.record()
            source = stack.enter_context(FolderSource(folder.path))
            parts.append(ExportPart(source, _layout(source), 0, folder, record))
        undated = datetime.min.replace(tzinfo=UTC)
        parts.sort(key=lambda part: part.exported_at or undated)
        yield [
            ExportPart(part.source, part.layout, number, part.folder, part.told)
            for number, part in enumerate(parts)
        ]


def _layout(source: ExportSource) -> ExportLayout:
    conversations, media, others = [], [], []
    sidecars: dict[str, Entry] = {}
    for entry in source.entries():
        top, _, rest = entry.name.partition("/")
        if top == CONVERSATIONS and "/" not in rest and rest.endswith(".json"):
            conversations.append(entry)
        elif top == MEDIA and rest:
            media.append(entry)
        elif entry.name in SIDECARS and entry.name != ASSETS:
            sidecars[SIDECARS[entry.name]] = entry
        elif entry.name not in (RECORD, ASSETS) and not top.startswith("."):
            others.append(entry)
    return ExportLayout(
        root="",
        era="export",
        conversations=tuple(conversations),
        sidecars=sidecars,
        media=tuple(media),
        others=tuple(others),
    )
