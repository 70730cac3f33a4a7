"""One import, from its opened parts to its place in the library."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec

from app.core.sidecars import Account
from app.errors import StorageProblem
from app.files.export_folder import ASSETS, ExportFolder
from app.files.staging import exchange, link_tree, publish, require_still_there, take_back
from app.library import Library
from app.operations.importing.conversations import ConversationStore, Damage, unknown
from app.operations.importing.latest import gone_conversations
from app.operations.importing.media import MediaStore, media_total
from app.operations.importing.others import OtherFiles
from app.operations.importing.parts import Part, nothing_found
from app.operations.importing.reading import ConversationReader, reading_total
from app.operations.importing.record import new_record
from app.operations.importing.resolving import AssetResolver, attached_names, part_index
from app.operations.importing.tally import Tally
from app.operations.importing.target import Target, is_newest
from app.operations.importing.uses import Uses
from app.operations.indexing.batches import Indexer
from app.operations.indexing.figures import write_row
from app.operations.indexing.from_folder import index_folder
from app.operations.indexing.writer import CatalogWriter
from app.progress import Task
from db import assets, conversations, exports
from db.exports import Figures


class ImportRun:
    """Stores what the parts hold into ``folder``, then publishes it at ``target``.

    ``may_be_empty``: what holds media but not one conversation is stored all the same.
    ``apart`` names folders of exports that missing media are not looked for in. ``damage``
    tells of a damaged piece that is kept otherwise whether what it held was found elsewhere;
    None if it knows nothing of it.
    """

    def __init__(
        self,
        library: Library,
        task: Task,
        parts: list[Part],
        target: Target,
        account: Account,
        folder: Path,
        writer: CatalogWriter,
        *,
        may_be_empty: bool = False,
        apart: frozenset[str] = frozenset(),
        damage: Damage = unknown,
    ) -> None:
        self.tally = Tally()
        self._apart = apart
        self._library = library
        self._task = task
        self._parts = parts
        self._target = target
        self._account = account
        self._folder = folder
        self._scratch = folder.parent / "scratch"
        self._writer = writer
        self._newest = is_newest(parts, target.record)
        self._row, known = self._catalog_row()
        self._store = ConversationStore(
            folder=folder,
            base=target.base,
            known={id_: file for id_, (_, file) in known.items()},
            gone=frozenset(target.record.gone if target.record else ()),
            indexer=Indexer(writer, self._row),
            tally=self.tally,
            found=may_be_empty,
            damage=damage,
        )

    def store(self) -> bool:
        """Store everything; answer whether the export is any different for it.

        Raises NotAnExport if there is not one conversation in the parts.
        """
        for part in self._parts:
            self.tally.add([*part.source.problems, *part.layout.problems])
        reader = self._store_conversations()
        media, resolver = self._store_media(reader)
        uses = Uses(self._store, resolver, self._row)
        uses.resolve(self._task)
        others = self._store_others(reader)
        self.tally.add([*(p for part in self._parts for p in part.source.problems)])
        gone = gone_conversations(
            self._parts, self._store, self._target.record, newest=self._newest
        )
        self.tally.gone = len(gone)
        self.tally.missing = uses.missing
        self.tally.add(uses.problems())
        changed = self.tally.changed or others.stored > 0 or bool(uses.filled)
        changed = changed or gone != self._store.gone
        if not changed and self._target.base is not None:
            return False
        self._write_assets(resolver)
        self._finish(uses, media, gone)
        return True

    def publish(self) -> None:
        """Rename what was stored into its place and let the catalog show it.

        Where the catalog cannot be written, the export is as it was, too.
        """
        self._task.step("finishing")
        place = self._library.exports / self._target.folder
        if self._target.base is None:
            publish(self._folder, place)
        else:
            exchange(self._folder, place)
        try:
            self._writer.commit()
        except StorageProblem:
            take_back(self._folder, place)
            raise

    def _catalog_row(self) -> tuple[int, dict[str, tuple[int, str]]]:
        """Find or make the export's row; bring it up to date first if its folder changed."""
        target = self._target
        if target.base is not None and exports.stamps().get(target.folder) != target.base.stamp():
            index_folder(self._writer, target.base, self._task)
        key = target.record.id if target.record else ""
        row = self._writer.ask(partial(exports.begin, key, target.name, target.folder))
        return row, self._writer.ask(partial(conversations.rows_by_id, row))

    def _store_conversations(self) -> ConversationReader:
        total = reading_total(self._parts)
        reader = ConversationReader(self._store, self._scratch, self._task, total)
        for part in self._parts:
            reader.read(part)
        if not self._store.found:
            raise nothing_found(self._parts, self.tally.problems)
        self._store.indexer.flush()
        for counts in self._store.not_understood.values():
            self.tally.not_understood.update(counts)
        self.tally.messages = sum(self._store.messages.values())
        return reader

    def _store_media(self, reader: ConversationReader) -> tuple[MediaStore, AssetResolver]:
        indexes = {
            part.number: part_index(part, reader.asset_maps.get(part.number))
            for part in self._parts
        }
        store = MediaStore(
            folder=self._folder,
            base=self._target.base,
            hashes=assets.hashes(self._row),
            tally=self.tally,
            task=self._task,
            total=media_total(self._parts),
        )
        attached = attached_names(self._store.uses)
        for part in self._parts:
            store.take(part, indexes[part.number], attached)
        resolver = AssetResolver(
            indexes,
            store,
            exports=self._library.exports,
            account=self._account.id,
            apart=self._apart,
        )
        for number, named in reader.asset_maps.items():
            resolver.take_map(number, named)
        for part in self._parts:
            if part.export is not None:
                resolver.take_places(part.number, part.export.assets())
        return store, resolver

    def _store_others(self, reader: ConversationReader) -> OtherFiles:
        others = OtherFiles(self._folder, self._target.base, self._scratch, self._newest)
        for part in self._parts:
            pages = [page for owner, page in reader.kept_pages if owner is part]
            others.take(part, pages, self._task)
            others.take_asset_map(part, reader.asset_maps.get(part.number, {}))
        self.tally.add(others.problems)
        return others

    def _write_assets(self, resolver: AssetResolver) -> None:
        known = self._target.base.assets() if self._target.base else {}
        merged = dict(sorted({**known, **resolver.found}.items()))
        if merged == known and self._target.base is not None:
            return  # the file as it is comes over with the rest
        text = msgspec.json.format(msgspec.json.encode(merged), indent=2)
        (self._folder / ASSETS).write_bytes(text)

    def _finish(self, uses: Uses, media: MediaStore, gone: frozenset[str]) -> None:
        """Complete the staged folder and queue the catalog's part of it."""
        self._task.step("finishing")
        if self._target.base is not None:
            require_still_there(self._target.base.path)
            link_tree(self._target.base.path, self._folder)
        uses.write(self._writer)
        self._writer.do(partial(conversations.mark_gone, self._row, gone))
        figures: Figures = self._writer.ask(partial(exports.figures, self._row))
        missing = self._writer.ask(partial(assets.missing_count, self._row))
        folder = ExportFolder(self._folder)
        record = new_record(
            now=self._library.clock(),
            target=self._target,
            account=self._account,
            parts=self._parts,
            store=self._store,
            gone=gone,
            figures=figures,
            missing=missing,
            folder=folder,
        )
        folder.write_record(record)
        self._writer.do(
            partial(write_row, self._row, folder, record, self._target.name, media.hashes)
        )
        self._writer.wait()
