"""Files that are neither conversations nor media: kept byte for byte at the export's root.

Where a newer source brings another version of a file, the older one moves below
`earlier/`; where an older source does, its version goes there itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.core.archive.entries import Entry
from app.core.naming import key, unique
from app.core.problems import Problem
from app.files.export_folder import DAMAGED, EARLIER, OWN_NAMES, ExportFolder
from app.files.paths import join_inside
from app.files.staging import link_or_copy
from app.operations.importing.parts import Part
from app.progress import Task

CHAT_ASSETS = "chat-assets.json"  # the map of assets that chat.html held, as it held it


@dataclass
class OtherFiles:
    """Stores them into a staged folder; ``base`` is the export being added to."""

    folder: Path
    base: ExportFolder | None
    scratch: Path
    newest: bool  # whether what is imported is at least as new as what the base has
    problems: list[Problem] = field(default_factory=list)
    stored: int = 0
    _placed: dict[str, Path] = field(default_factory=dict)  # key of name -> file in folder

    def take(self, part: Part, pages: list[Entry], task: Task) -> None:
        """Store a part's small files, and those of its ``pages`` that have to be kept."""
        layout = part.layout
        entries = [*layout.sidecars.values(), *layout.textdocs, *layout.others, *pages]
        drafts = {entry: self.scratch / f"other-{n}" for n, entry in enumerate(entries)}
        with closing(part.source.extract_all(drafts.items())) as extracted:
            for done, (entry, outcome) in enumerate(extracted):
                task.step("other files", done, len(entries), entry.leaf, "files")
                if isinstance(outcome, Problem):
                    self.problems.append(outcome)
                else:
                    self._place(layout.safe_relative(entry), drafts[entry], outcome, part)

    def take_asset_map(self, part: Part, assets: dict[str, object]) -> None:
        """Store the map of assets that a part's `chat.html` held."""
        if assets:
            draft = self.scratch / CHAT_ASSETS
            raw = msgspec.json.format(msgspec.json.encode(assets), indent=2)
            draft.write_bytes(raw)
            self._place(CHAT_ASSETS, draft, hashlib.sha256(raw).hexdigest(), part)

    def _place(self, name: str, draft: Path, digest: str, part: Part) -> None:
        top = name.partition("/")[0]
        ours = part.export is not None and top in (DAMAGED, EARLIER)
        if key(top) in OWN_NAMES and not ours:
            name = f"other/{name}"
        name = self._fitting(name)
        if any(_digest(there) == digest for there in self._versions(name)):
            draft.unlink()
            return
        current = self._current(name)
        if current is not None and not self.newest and key(name) not in self._placed:
            name = self._free(f"{EARLIER}/{_label(part)}", name)
        elif current is not None:
            self._put(self._free(f"{EARLIER}/before-{_label(part)}", name), current, link=True)
        self._put(name, draft, link=False)
        self.stored += 1

    def _free(self, folder: str, name: str) -> str:
        """Answer a place for an earlier version that holds nothing yet."""
        number, place = 1, f"{folder}/{name}"
        while any((root / place).exists() for root in self._roots):
            number += 1
            place = f"{folder}-{number}/{name}"
        return place

    def _fitting(self, name: str) -> str:
        """Answer a name that needs no file where a folder stands, nor the other way round."""
        place = ""
        *above, leaf = name.split("/")
        for part in above:
            place = f"{_beside(f'{place}{part}', self._roots, Path.is_file)}/"
        return _beside(f"{place}{leaf}", self._roots, Path.is_dir)

    @property
    def _roots(self) -> list[Path]:
        return [self.folder] if self.base is None else [self.folder, self.base.path]

    def _current(self, name: str) -> Path | None:
        """Answer the version of a file that stands at the root now."""
        staged = self._placed.get(key(name))
        if staged is not None:
            return staged
        if self.base is not None and (there := self.base.path / name).is_file():
            return there
        return None

    def _versions(self, name: str) -> Iterator[Path]:
        """Yield every version of a file that the export has."""
        current = self._current(name)
        if current is not None:
            yield current
        for root in self._roots:
            if (root / EARLIER).is_dir():
                for label in sorted((root / EARLIER).iterdir()):
                    if (label / name).is_file():
                        yield label / name

    def _put(self, name: str, source: Path, *, link: bool) -> None:
        target = join_inside(self.folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        if link:
            target.unlink(missing_ok=True)
            link_or_copy(source, target)
            return
        source.replace(target)
        self._placed[key(name)] = target


def _label(part: Part) -> str:
    moment = part.exported_at
    return moment.strftime("%Y-%m-%d-%H-%M-%S") if moment else f"source-{part.number + 1}"


def _beside(name: str, roots: list[Path], blocked: Callable[[Path], bool]) -> str:
    """Answer ``name``, with a suffix if what stands there in any of the roots is in its way."""
    in_the_way: set[str] = set()
    while any(blocked(root / (found := unique(name, in_the_way))) for root in roots):
        in_the_way.add(key(found))
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
