"""Names for files and folders that every file system takes, made the same way everywhere."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from datetime import datetime, timedelta, timezone

from app.errors import InvalidInput

TITLE_BYTES = 120  # UTF-8 bytes of a title within a file name
NAME_BYTES = 1024  # UTF-8 bytes of an export's name; its folder's name is cut shorter
COMPONENT_BYTES = 255  # UTF-8 bytes of one name, the least that file systems allow

# C0, DEL, C1, what Windows forbids, bidi overrides (they disguise extensions), lone surrogates,
# code points Unicode never assigns.
_CONTROLS = "\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
_FORBIDDEN = re.compile(rf'[/\\:*?"<>|{_CONTROLS}]')
_UNSHOWABLE = re.compile(rf"[{_CONTROLS}\u2028\u2029]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. -]*(?<![. ])")
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=[ .]|$)", re.IGNORECASE
)
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,16}$")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)  # noqa: UP017 - the alias costs nothing here


def key(name: str) -> str:
    """Answer what two names share if some file system takes them for the same file."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def file_name(title: str) -> str:
    """Make a title (any text) into the stem of a file name; ``Untitled`` if nothing is left.

    Letters of every script and emoji stay; runs of white space become one underscore.
    At most TITLE_BYTES long, cut between graphemes.
    """
    text = _SPACES.sub("_", title[: TITLE_BYTES * 8])
    text = _FORBIDDEN.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = text.strip("._ ")
    text = shortened(text, TITLE_BYTES).rstrip("._ ")
    return _unreserved(text) or "Untitled"


def conversation_file_name(
    title: object, *, updated: float | None = None, created: float | None = None
) -> str:
    """Name a conversation's file ``YYYY.MM.DD_Title.json``.

    The day is the UTC day of ``updated``, else of ``created`` (seconds since 1970),
    else the word ``undated``.
    """
    moment = updated if updated is not None else created
    stem = file_name(title) if isinstance(title, str) else "Untitled"
    return f"{_day(moment)}_{stem}.json"


def _day(moment: float | None) -> str:
    if moment is None:
        return "undated"
    try:
        day = _EPOCH + timedelta(seconds=moment)
    except (OverflowError, ValueError):  # NaN, or a year nobody's clock shows
        return "undated"
    return f"{day.year:04d}.{day.month:02d}.{day.day:02d}"


def export_name(typed: str) -> str:
    """Answer what an export is called that a person gave this name: NFC, no space around it.

    Raises InvalidInput, with a sentence, if it cannot be one: nothing is left of it, it
    cannot be seen, it would steer a terminal, or it is endless.
    """
    name = unicodedata.normalize("NFC", typed).strip()
    if _UNSHOWABLE.search(name):
        raise InvalidInput(
            "A name cannot hold line breaks, control letters or marks that turn the writing.",
            hint="Type it again without them. Nothing was changed.",
            name="name",
        )
    if len(name.encode()) > NAME_BYTES:
        raise InvalidInput(
            f"This name is {len(name):,} letters long.",
            hint=f"Use at most {NAME_BYTES} bytes. Nothing was changed.",
            name="name",
        )
    folder_name(name)
    return name


def is_folder_of(name: str, folder: str) -> bool:
    """Tell whether a folder is called as that of an export of this name has to be."""
    try:
        return folder_name(name) == unicodedata.normalize("NFC", folder)
    except InvalidInput:
        return False


def folder_name(name: str) -> str:
    """Make an export's name, as a person typed it, into the name of its folder.

    Raises InvalidInput if nothing of the name can be kept.
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", name))
    text = _FORBIDDEN.sub("-", text).strip(" .")
    text = shortened(text, TITLE_BYTES).rstrip(" .")
    seen = text.strip("-_ .")
    if all(unicodedata.category(letter) in _INVISIBLE for letter in seen):
        raise InvalidInput(
            f"“{name[:80]}” cannot be the name of an export." if name.strip() else "No name given.",
            hint="Use at least one letter or digit.",
        )
    return _unreserved(text)


def safe_component(name: str) -> str:
    """Make one component of a path from outside acceptable to every file system.

    An ordinary name comes back unchanged; a long one is cut before its extension.
    """
    if len(name) < 200 and _PLAIN.fullmatch(name):
        return _unreserved(name)
    text = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name))
    text = text.rstrip(" .").lstrip(" ") or "_"
    if len(text.encode()) > COMPONENT_BYTES:
        stem, extension = split_extension(text)
        text = shortened(stem, COMPONENT_BYTES - 16 - len(extension)).rstrip(" .") + extension
    return _unreserved(text)


def safe_path(relative: str) -> str:
    """Make every component of a ``/``-separated relative path acceptable everywhere."""
    return "/".join(safe_component(part) for part in relative.split("/"))


def unique(name: str, taken: Container[str], *, tag: str = "") -> str:
    """Answer ``name``, or it with a short suffix, such that its `key` is not in ``taken``.

    ``taken`` holds keys. ``tag`` (a short id) is tried first as a suffix, then numbers.
    """
    if key(name) not in taken:
        return name
    tag = safe_component(tag)[:16] if tag else ""
    if tag and key(candidate := _suffixed(name, f"_{tag}")) not in taken:
        return candidate
    number = 2
    while key(candidate := _suffixed(name, f"_{number}")) in taken:
        number += 1
    return candidate


def numbered(name: str, taken: Container[str]) -> str:
    """Answer an export's name, or it with a number, whose folder's `key` is not in ``taken``."""
    number, candidate = 1, name
    while key(folder_name(candidate)) in taken:
        number += 1
        ending = f" ({number})"
        candidate = shortened(name, TITLE_BYTES - len(ending)) + ending
    return candidate


class Places:
    """Paths taken so far: no two alike to any file system, none both a file and a folder."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._taken: set[str] = set()  # files and folders

    def take(self, wanted: str) -> str:
        """Answer ``wanted``, or it with a suffix where that is taken, and take it."""
        folder = ""
        *above, leaf = wanted.split("/")
        for part in above:
            path = unique(f"{folder}{part}", self._files)
            self._taken.add(key(path))
            folder = f"{path}/"
        path = unique(f"{folder}{leaf}", self._taken)
        self._files.add(key(path))
        self._taken.add(key(path))
        return path


def _suffixed(name: str, suffix: str) -> str:
    """Put ``suffix`` before the extension, the last component staying within its limit."""
    stem, extension = split_extension(name)
    folder, slash, leaf = stem.rpartition("/")
    room = COMPONENT_BYTES - len(suffix.encode()) - len(extension)
    return f"{folder}{slash}{shortened(leaf, room)}{suffix}{extension}"


def split_extension(name: str) -> tuple[str, str]:
    """Split ``name`` before its last extension (with its dot; empty if there is none)."""
    found = _EXTENSION.search(name)
    if found is None or found.start() == 0 or name[found.start() - 1] == "/":
        return name, ""
    return name[: found.start()], found.group()


def shortened(text: str, limit: int) -> str:
    """Cut ``text`` to at most ``limit`` UTF-8 bytes, never within a grapheme."""
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return text
    end = len(encoded[:limit].decode("utf-8", "ignore"))
    floor = max(0, end - 64)  # a longer "grapheme" is an attack, not a letter
    cut = end
    while cut > floor and _joined(text, cut):
        cut -= 1
    return text[:cut] if cut > floor else text[:end]


def _joined(text: str, cut: int) -> bool:
    """Whether the characters on both sides of ``cut`` belong to one grapheme."""
    before, after = text[cut - 1], text[cut]
    if after == "\u200d" or before == "\u200d" or unicodedata.category(after)[0] == "M":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    if "\u1160" <= after <= "\u11ff" or before == "\r":
        return True
    return _regional(after) and _regional_run(text, cut) % 2 == 1


def _regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _regional_run(text: str, cut: int) -> int:
    """Count the flag letters that end at ``cut``: two make one flag."""
    start = cut
    while start > 0 and _regional(text[start - 1]):
        start -= 1
    return cut - start


def _unreserved(name: str) -> str:
    """Give a name that Windows keeps for a device an underscore after it."""
    found = _RESERVED.match(name)
    return f"{found.group(1)}_{name[found.end(1) :]}" if found else name
