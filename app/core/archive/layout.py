"""Which file of a source is what: told by names and a look inside, never by dates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from app.core.archive import known_files, providers
from app.core.archive.entries import Entry, shown
from app.core.problems import Problem
from app.errors import AppError, NotAnExport

Era = Literal["classic", "sharded", "portal", "page", "separate", "legacy", "export"]
Read = Callable[[Entry, int], bytes]

_MANIFEST_BYTES = 64 << 20  # more than a manifest of any real export
_HEAD_BYTES = 1 << 16
_HEADS = 200  # JSON files looked into when no name tells which hold conversations

_ASSET = re.compile(r"file[-_][A-Za-z0-9]{8,}")
_MEDIA_FOLDERS = frozenset({"dalle-generations", "audio", "video", "media"})
_UPLOADS_FOLDER = re.compile(r"user-[A-Za-z0-9]+")
_MEDIA_EXTENSION = re.compile(
    r"\.(?:png|jpe?g|gif|webp|heic|heif|avif|bmp|tiff?|svg|wav|mp3|m4a|ogg|opus|flac|aac|mp4|mov|"
    r"webm|mkv|avi|pdf|dat|docx?|xlsx?|pptx?|odt|epub|zip)",
    re.IGNORECASE,
)
_FILE_NAME_TIME = re.compile(r"(20\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)")
_USER_FILES = "personal/files/"
# what the privacy portal packs besides conversations and files: "Ads__5f1e.zip"
_PORTAL_ARCHIVE = re.compile(r"[A-Z][A-Za-z ]*__[A-Za-z0-9-]+\.zip")


class Layout(Struct, frozen=True):
    """One export found within a source: its files by what they are.

    ``root`` is its folder, empty at the top. ``conversations`` are in the order to read
    them; if there are none, ``chat_html`` holds the only copy. ``sidecars`` are by the name
    `known_files` gives them. Every entry below the root is in exactly one field.
    """

    root: str
    era: Era
    conversations: tuple[Entry, ...]
    missing_shards: tuple[str, ...] = ()
    chat_html: Entry | None = None
    sidecars: Mapping[str, Entry] = {}
    textdocs: tuple[Entry, ...] = ()
    media: tuple[Entry, ...] = ()
    others: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()

    def relative(self, entry: Entry) -> str:
        """Answer an entry's name below this root, as pointers give it."""
        name = entry.name
        if entry.part and name.startswith(f"{entry.part}/"):
            name = name[len(entry.part) + 1 :]
        if self.root and name.startswith(f"{self.root}/"):
            name = name[len(self.root) + 1 :]
        return name

    def safe_relative(self, entry: Entry) -> str:
        """Answer the same with names every file system takes, no two alike below this root."""
        above = entry.name.count("/") - self.relative(entry).count("/")
        return entry.safe_name.split("/", above)[above]


def read_layouts(entries: Sequence[Entry], read: Read) -> tuple[Layout, ...]:
    """Find the exports within a source: one for each folder that has conversation files.

    The parts of a privacy-portal archive are one. ``read(entry, limit)`` answers an entry's
    first bytes. Raises NotAnExport, saying what there was instead, if there is none.
    """
    usable = [entry for entry in entries if not _is_user_file(entry)]
    roots = _roots(entry for entry in usable if known_files.is_conversation_file(entry.leaf))
    if roots:
        _refuse_others([e for e in usable if known_files.is_conversation_file(e.leaf)], read)
    elif pages := [entry for entry in usable if entry.leaf.lower() == known_files.PAGE]:
        roots = _roots(pages)
    elif separate := _separate(usable, read):
        return (_separate_layout(entries, separate),)
    else:
        raise _not_found(entries, read)
    if any(entry.part for entry in entries):
        return (_portal(entries, roots, read),)
    groups = _by_root(entries, roots)
    return tuple(sorted_layout(root, groups[root], read) for root in roots)


def exported_at(file_name: str) -> datetime | None:
    """Answer the UTC time that the name of a downloaded archive tells, if it does."""
    found = _FILE_NAME_TIME.search(file_name)
    try:
        return datetime(*map(int, found.groups()), tzinfo=UTC) if found else None  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def _is_user_file(entry: Entry) -> bool:
    """Whether an entry is a file of the person's own, whatever it is called."""
    return _USER_FILES in entry.name


def _folder(entry: Entry) -> str:
    folder = entry.name.rpartition("/")[0]
    above, _, last = folder.rpartition("/")
    return above if last == "tmp" else folder  # some archives put files one deeper


def _roots(entries: Iterable[Entry]) -> list[str]:
    """List the folders of entries, those of fewest components first."""
    folders = {_folder(entry) for entry in entries}
    return sorted(folders, key=lambda folder: (folder.count("/") + bool(folder), folder))


def _by_root(entries: Sequence[Entry], roots: list[str]) -> dict[str, list[Entry]]:
    """Give every entry to the deepest root above it; what is above none, to the first."""
    groups: dict[str, list[Entry]] = {root: [] for root in roots}
    known = set(roots)
    for entry in entries:
        folder = entry.name.rpartition("/")[0]
        while folder and folder not in known:
            folder = folder.rpartition("/")[0]
        groups[folder if folder in known else roots[0]].append(entry)
    return groups


def _portal(entries: Sequence[Entry], roots: list[str], read: Read) -> Layout:
    """Make one layout of the parts of a privacy-portal archive."""
    groups = _by_root(entries, roots)
    parts = [sorted_layout(root, groups[root], read) for root in roots]
    sidecars: dict[str, Entry] = {}
    others: list[Entry] = []
    for part in parts:
        for name, entry in part.sidecars.items():
            if sidecars.setdefault(name, entry) is not entry:
                others.append(entry)
        others += part.others
    pages = [part.chat_html for part in parts if part.chat_html]
    return Layout(
        root="",
        era="portal",
        conversations=tuple(entry for part in parts for entry in part.conversations),
        missing_shards=tuple(shard for part in parts for shard in part.missing_shards),
        chat_html=pages[0] if pages else None,
        sidecars=sidecars,
        textdocs=tuple(entry for part in parts for entry in part.textdocs),
        media=tuple(entry for part in parts for entry in part.media),
        others=(*others, *pages[1:]),
        problems=tuple(problem for part in parts for problem in part.problems),
    )


def sorted_layout(root: str, entries: Sequence[Entry], read: Read) -> Layout:
    """Sort the entries of one root by what they are; there may be no conversations."""
    kinds: dict[str, list[Entry]] = {
        kind: [] for kind in ("conversations", "page", "sidecar", "textdoc", "media", "other")
    }
    for entry in entries:
        kinds[_kind(root, entry)].append(entry)
    sidecars: dict[str, Entry] = {}
    for entry in sorted(kinds["sidecar"], key=lambda entry: entry.name.count("/")):
        name = known_files.sidecar_name(entry.leaf)
        if sidecars.setdefault(name, entry) is not entry:
            kinds["other"].append(entry)
    named, problems = _manifest_list(sidecars.get("export_manifest"), read)
    ordered, missing = _ordered(kinds["conversations"], named)
    pages = kinds["page"]
    return Layout(
        root=root,
        era=_era(ordered),
        conversations=ordered,
        missing_shards=missing,
        chat_html=pages[0] if pages else None,
        sidecars=sidecars,
        textdocs=tuple(kinds["textdoc"]),
        media=tuple(kinds["media"]),
        others=(*kinds["other"], *pages[1:]),
        problems=(*problems, *(_missing_shard(name) for name in missing)),
    )


def _era(conversations: tuple[Entry, ...]) -> Era:
    if not conversations:
        return "page"
    sharded = any(known_files.shard_number(entry.leaf) >= 0 for entry in conversations)
    return "sharded" if sharded else "classic"


def _kind(root: str, entry: Entry) -> str:
    """Answer what an entry of a root is."""
    leaf, folder = entry.leaf, entry.name.rpartition("/")[0]
    if _folder(entry) == root and not _is_user_file(entry):
        if known_files.is_conversation_file(leaf):
            return "conversations"
        if leaf.lower() == known_files.PAGE:
            return "page"
        if known_files.sidecar_name(leaf):
            return "sidecar"
    inside = folder.removeprefix(root).strip("/")
    if inside in ("textdocs", "tmp/textdocs") and leaf.lower().endswith(".json"):
        return "textdoc"
    return "media" if _is_media(inside, leaf) else "other"


def _is_media(folder: str, leaf: str) -> bool:
    if _ASSET.match(leaf) or _USER_FILES in f"{folder}/":
        return True
    for part in folder.split("/"):
        if part in _MEDIA_FOLDERS or _UPLOADS_FOLDER.fullmatch(part):
            return True
    if _PORTAL_ARCHIVE.fullmatch(leaf):
        return False
    extension = "." + leaf.rpartition(".")[2]
    return _MEDIA_EXTENSION.fullmatch(extension) is not None


def _ordered(found: list[Entry], named: Sequence[str]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Order conversation files as the manifest does, then those it does not name by number."""
    rest = sorted(found, key=lambda e: (known_files.shard_number(e.leaf), e.leaf, e.name))
    ordered: list[Entry] = []
    missing: list[str] = []
    for name in named:
        leaf = name.rpartition("/")[2].lower()
        match = next((entry for entry in rest if entry.leaf.lower() == leaf), None)
        if match is None:
            missing.append(name)
        else:
            rest.remove(match)
            ordered.append(match)
    return (*ordered, *rest), tuple(missing)


def _manifest_list(manifest: Entry | None, read: Read) -> tuple[list[str], list[Problem]]:
    """Read the manifest's list of shards; one that makes no sense is told and not used."""
    if manifest is None:
        return [], []
    try:
        value = json.loads(read(manifest, _MANIFEST_BYTES))
        files = value["logical_files"]["conversations.json"]["files"]
        names = [name for name in files if isinstance(name, str)]
    except (ValueError, LookupError, TypeError, RecursionError, AppError):
        return [], [_odd_manifest(manifest)]
    return list(dict.fromkeys(names)), []


def _odd_manifest(entry: Entry) -> Problem:
    return Problem(
        "odd-manifest",
        "The list of files in the archive makes no sense; files were found by their names.",
        item=entry.name,
    )


def _missing_shard(name: str) -> Problem:
    return Problem(
        "missing-shard",
        f"“{shown(name)}” should be in the archive and is not: its conversations are missing.",
        item=shown(name),
        hint="Download the archive again and import it too; what is here already stays.",
        loss=True,
    )


def _separate(entries: Sequence[Entry], read: Read) -> list[Entry]:
    """Find files that hold a conversation each: other programs, and this one, keep them so."""
    looked_at = 0
    found: list[Entry] = []
    for entry in entries:
        if not entry.leaf.lower().endswith((".json", ".jsonl")):
            continue
        if known_files.sidecar_name(entry.leaf) or _ASSET.match(entry.leaf):
            continue
        looked_at += 1
        if looked_at > _HEADS and not found:
            break
        if looked_at > _HEADS or providers.is_conversation(read(entry, _HEAD_BYTES)):
            found.append(entry)
    return found


def _separate_layout(entries: Sequence[Entry], conversations: list[Entry]) -> Layout:
    kept = {entry.name for entry in conversations}
    rest = [entry for entry in entries if entry.name not in kept]
    named = [entry for entry in rest if entry.leaf.lower() in known_files.SIDECARS]
    root = _roots(named)[0] if named else ""
    sidecars: dict[str, Entry] = {}
    for entry in sorted(named, key=lambda entry: entry.name.count("/")):
        sidecars.setdefault(known_files.sidecar_name(entry.leaf), entry)
    rest = [entry for entry in rest if entry not in sidecars.values()]
    return Layout(
        root=root,
        era="separate",
        conversations=tuple(sorted(conversations, key=lambda entry: entry.name)),
        sidecars=sidecars,
        media=tuple(entry for entry in rest if _is_media(*entry.name.rpartition("/")[::2])),
        others=tuple(entry for entry in rest if not _is_media(*entry.name.rpartition("/")[::2])),
    )


def _refuse_others(conversations: Sequence[Entry], read: Read) -> None:
    """Refuse files that are called like ChatGPT's and are another provider's."""
    for entry in conversations[:1]:
        provider = providers.by_content(read(entry, _HEAD_BYTES))
        if provider:
            raise providers.refusal(provider)


def _not_found(entries: Sequence[Entry], read: Read) -> NotAnExport:
    """Say that there are no conversations, and what there is."""
    provider = providers.by_names([entry.name for entry in entries])
    for entry in entries[:_HEADS]:
        if provider:
            break
        if entry.leaf.lower().endswith(".json"):
            provider = providers.by_content(read(entry, _HEAD_BYTES))
    if provider:
        return providers.refusal(provider)
    names = sorted((entry.name for entry in entries), key=lambda name: (name.count("/"), name))
    found = ", ".join(shown(name) for name in names[:5]) or "nothing"
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return NotAnExport(
        f"There are no ChatGPT conversations in it; it holds {found}{more}.",
        hint="Choose the ZIP file ChatGPT sent, the folder it unpacks to, or conversations.json.",
        found=[shown(name) for name in names[:50]],
    )
