"""Which file a pointer in a message means."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct

from app.core.archive.asset_lists import LibraryFile
from app.core.archive.sniffing import by_extension

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?://)?", re.IGNORECASE)
_ID = re.compile(r"file[-_][A-Za-z0-9]+")
_BARE = re.compile(r"[A-Za-z0-9]+")
_PAGE = re.compile(r"p_(\d+)")
_ENDINGS = re.compile(r"\.(?:dat|wav|mp3|m4a)$", re.IGNORECASE)
_PART = re.compile(r"\.part\d+\.")
_BARE_LETTERS = 12  # a shorter id without its prefix could be a word
_NO_ASSET = frozenset({"http", "https", "data", "canmore", "javascript", "mailto", "blob"})


class Pointer(Struct, frozen=True):
    """A pointer taken apart. ``id`` keeps its ``file-`` or ``file_``; empty if it has none.

    ``page`` is set for a rendered page of a document, ``path`` for a file a program wrote.
    """

    raw: str
    scheme: str
    id: str
    page: int | None = None
    path: str = ""


class Hints(Struct, frozen=True):
    """What the message says of the file it points to; all of it may be unknown.

    ``attachments`` are the message's, as ``(id, name)``; ``generated`` tells a picture the
    model made.
    """

    kind: str = ""  # image, audio, video, file
    size_bytes: int | None = None
    conversation_id: str = ""
    message_id: str = ""
    generated: bool = False
    attachments: Sequence[tuple[str, str]] = ()


NO_HINTS = Hints()
Older = Callable[[Pointer, Hints], str | None]


def parse(pointer: object) -> Pointer | None:
    """Take a pointer apart; None for what can't mean a file: no text, or a web address."""
    if not isinstance(pointer, str) or not pointer.strip():
        return None
    raw = pointer.strip()
    found = _SCHEME.match(raw)
    scheme = found[1].lower() if found else ""
    if scheme in _NO_ASSET:
        return None
    rest = raw[found.end() :] if found else raw
    if scheme == "sandbox":
        return Pointer(raw, scheme, "", path=unquote(rest.partition("?")[0]).lstrip("/"))
    pieces = unquote(rest.partition("?")[0]).split("#")
    page = next((int(m[1][:6]) for p in pieces[1:] if (m := _PAGE.match(p))), None)
    piece = next((p for p in pieces if _ID.match(p)), pieces[0])
    piece = _ENDINGS.sub("", piece)
    named = _ID.match(piece)
    return Pointer(raw, scheme, named.group() if named else "", page)


def asset_id(name: str) -> str:
    """Answer the id a file's name begins with; empty if it begins with none."""
    found = _ID.match(name.rpartition("/")[2])
    return found.group() if found else ""


class AssetIndex:
    """The files of one export, found by path, by name and by id. Made once, asked often.

    ``sizes`` maps every file's relative path to its size in bytes. ``assets_json`` maps
    pointers to paths, ``names`` ids to the names people gave, ``library`` lists files;
    `asset_lists` reads them. ``older`` is asked for what this export does not hold, and
    answers a path of its own.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        *,
        assets_json: Mapping[str, str] | None = None,
        names: Mapping[str, str] | None = None,
        library: Sequence[LibraryFile] = (),
        older: Older | None = None,
    ) -> None:
        self._sizes = sizes
        self._assets = dict(assets_json or {})
        self._by_asset_id = _unambiguous((asset_id_of(k), v) for k, v in self._assets.items())
        self._names = dict(names or {})
        self._library = library
        self._older = older
        self._by_path = {_nfc(path): path for path in sizes}
        self._by_leaf: dict[str, list[str]] = defaultdict(list)
        self._by_id: dict[str, list[str]] = defaultdict(list)
        self._by_bare: dict[str, list[str]] = defaultdict(list)
        for path in sorted(sizes):
            leaf = _leaf(path)
            self._by_leaf[_nfc(leaf)].append(path)
            if found := _ID.match(leaf):
                self._by_id[found.group()].append(path)
            elif (bare := _BARE.match(leaf)) and len(bare.group()) >= _BARE_LETTERS:
                self._by_bare[bare.group()].append(path)
        self._owners: dict[str, set[str]] = defaultdict(set)
        for owner, name in self._all_names():
            self._owners[_nfc(_leaf(name))].add(owner)

    def resolve(self, pointer: object, hints: Hints = NO_HINTS) -> str | None:
        """Answer the path of the file a pointer means; None if no source holds it."""
        parsed = parse(pointer)
        if parsed is None:
            return None
        if parsed.path:
            return self._sandbox(parsed, hints) or self._from_older(parsed, hints)
        return (
            self._by_assets_json(parsed)
            or self._by_file_id(parsed.id, parsed, hints)
            or self._by_known_name(parsed.id)
            or self._by_attachment(parsed.id, hints)
            or self._by_swapped_id(parsed, hints)
            or self._from_older(parsed, hints)
        )

    def known_name(self, name_or_id: str) -> str:
        """Answer the name a list of the export gives a file; empty if none does."""
        wanted = asset_id(name_or_id)
        if not wanted:
            return ""
        if wanted in self._names:
            return self._names[wanted]
        return next((f.name for f in self._library if f.file_id == wanted and f.name), "")

    def _all_names(self) -> Iterable[tuple[str, str]]:
        yield from self._names.items()
        for file in self._library:
            if file.file_id and file.name and file.file_id not in self._names:
                yield file.file_id, file.name

    def _by_assets_json(self, pointer: Pointer) -> str | None:
        path = self._assets.get(pointer.raw) or self._assets.get(pointer.raw.partition("?")[0])
        if path is None and pointer.page is None and pointer.id:
            path = self._by_asset_id.get(pointer.id)
        if path is None:
            return None
        return self._by_relative(path) or self._by_relative(unquote(path))

    def _by_relative(self, path: str) -> str | None:
        """Find a path, also where folders stand before it, else a file called so."""
        wanted = _nfc(path.replace("\\", "/").removeprefix("./").strip("/"))
        if wanted in self._by_path:
            return self._by_path[wanted]
        same = self._by_leaf.get(_leaf(wanted), [])
        for found in same:
            ours = _nfc(found)
            if ours.endswith("/" + wanted) or wanted.endswith("/" + ours):
                return found
        return same[0] if len(same) == 1 else None

    def _by_file_id(self, wanted: str, pointer: Pointer, hints: Hints) -> str | None:
        if not wanted:
            return None
        packed = self._by_path.get(f"{wanted}.dat")
        if packed is not None and pointer.page is None:
            return packed
        found = self._by_id.get(wanted, ())
        return min(found, key=lambda path: self._rank(path, pointer, hints), default=None)

    def _rank(self, path: str, pointer: Pointer, hints: Hints) -> tuple[object, ...]:
        """Order several files of one id: the smallest is the one meant."""
        leaf = _leaf(path)
        page = f"p_{pointer.page}." in leaf if pointer.page is not None else "#p_" not in leaf
        return (
            not page,
            hints.size_bytes is None or self._sizes[path] != hints.size_bytes,
            not _fits_folder(path, hints),
            bool(hints.kind) and by_extension(leaf).kind != hints.kind,
            _PART.search(leaf) is not None,
            path,
        )

    def _by_known_name(self, wanted: str) -> str | None:
        return self._by_own_name(self.known_name(wanted))

    def _by_own_name(self, name: str) -> str | None:
        """Find a file by a name, unless two assets have it or two files are called so."""
        if not name:
            return None
        leaf = _nfc(_leaf(name))
        if "/" in name and (exact := self._by_path.get(_nfc(name))) is not None:
            return exact
        same = self._by_leaf.get(leaf, [])
        return same[0] if len(same) == 1 and len(self._owners.get(leaf, ())) < 2 else None

    def _by_attachment(self, wanted: str, hints: Hints) -> str | None:
        for given_id, name in hints.attachments:
            if wanted and asset_id_of(given_id) == wanted and name:
                return self._by_own_name(name)
        return None

    def _by_swapped_id(self, pointer: Pointer, hints: Hints) -> str | None:
        if not pointer.id:
            return None
        other = {"-": "_", "_": "-"}[pointer.id[4]]
        bare = pointer.id[5:]
        found = self._by_file_id(f"file{other}{bare}", pointer, hints)
        if found is not None:
            return found
        same = self._by_bare.get(bare, ())
        return min(same, key=lambda path: self._rank(path, pointer, hints), default=None)

    def _from_older(self, pointer: Pointer, hints: Hints) -> str | None:
        return self._older(pointer, hints) if self._older is not None else None

    def _sandbox(self, pointer: Pointer, hints: Hints) -> str | None:
        """Find a file a program wrote: the library lists it, or a portal archive holds it."""
        name = _nfc(_leaf(pointer.path))
        listed = self._library_file(name, hints)
        if listed is not None:
            wanted = asset_id_of(listed.file_id)
            found = self._by_file_id(wanted, Pointer(pointer.raw, "", wanted), hints)
            if found is not None:
                return found
        folder = f"personal/files/{hints.conversation_id}/"
        same = [p for p in self._by_leaf.get(name, ()) if hints.conversation_id and folder in p]
        return same[0] if len(same) == 1 else None

    def _library_file(self, name: str, hints: Hints) -> LibraryFile | None:
        named = [file for file in self._library if _nfc(file.name) == name]
        message = [f for f in self._library if f.message_id and f.message_id == hints.message_id]
        thread = [
            f for f in named if f.conversation_id and f.conversation_id == hints.conversation_id
        ]
        for choice in ([f for f in message if f in named], message, thread, named):
            if len(choice) == 1:
                return choice[0]
        return None


def asset_id_of(pointer: str) -> str:
    """Answer the id within a pointer of any form; empty if there is none."""
    parsed = parse(pointer)
    return parsed.id if parsed else ""


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map ids to paths, but for ids that stand for two."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for name, path in pairs:
        if name and found.setdefault(name, path) != path:
            doubtful.add(name)
    return {name: path for name, path in found.items() if name not in doubtful}


def _fits_folder(path: str, hints: Hints) -> bool:
    if hints.generated:
        return "dalle-generations/" in path or "user-" in path
    if hints.kind in ("audio", "video") and hints.conversation_id:
        return f"{hints.conversation_id}/{hints.kind}/" in path
    return True


def _leaf(path: str) -> str:
    return path.rpartition("/")[2]


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
