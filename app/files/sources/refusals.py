"""The sentences people read when a source can't be opened or read."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from app.core.sizes import readable_size
from app.errors import InvalidInput, NotAnExport, NotFound, StorageProblem

AGAIN = (
    "Download it again from the link in OpenAI's e-mail (it works for about a day; a new one "
    "can be asked for in ChatGPT's settings), then choose the new file."
)
SPARE_BYTES = 64 << 20  # left free on a disk whatever is unpacked there
MAX_ENTRIES = 5_000_000  # no export has this many files; a list of them would fill the memory


def incomplete(path: Path) -> NotAnExport:
    """Say that a file ends before the archive does."""
    return NotAnExport(
        f"The download is incomplete: the end of “{path.name}” is missing.", hint=AGAIN
    )


def damaged(path: Path, why: str = "") -> NotAnExport:
    """Say that an archive can't be read, though nothing of it is missing."""
    return NotAnExport(
        f"“{path.name}” is damaged and can't be opened.", hint=AGAIN, reason=why[:200]
    )


def encrypted(path: Path) -> InvalidInput:
    """Say that an archive wants a password."""
    return InvalidInput(
        f"“{path.name}” is protected with a password.",
        hint="Unpack it with its password, then choose the folder it makes.",
    )


def unknown_kind(path: Path, *, hint: str = "") -> NotAnExport:
    """Say that a file is of no kind an export comes in."""
    return NotAnExport(
        f"“{path.name}” is not a ChatGPT export.",
        hint=hint
        or "Choose the ZIP file ChatGPT sent, the folder it unpacks to, or its conversations.json.",
    )


def empty(path: Path) -> NotAnExport:
    """Say that there is nothing in a file or folder."""
    return NotAnExport(
        f"“{path.name}” is empty.",
        hint="If it is a download, it did not arrive: download it again.",
    )


def missing(path: Path) -> NotFound:
    """Say that there is no file or folder at a path."""
    return NotFound(
        f"“{path}” can't be found.", hint="Check that it was not moved, renamed or deleted."
    )


def too_many(path: Path) -> InvalidInput:
    """Say that an archive lists more files than anything real does."""
    return InvalidInput(
        f"“{path.name}” lists more than {MAX_ENTRIES:,} files, which no ChatGPT export does.",
        hint="If it really is one, unpack it and choose the folder.",
    )


def reading_failed(path: Path, error: OSError) -> StorageProblem:
    """Say that the disk did not give a source's bytes."""
    if isinstance(error, PermissionError):
        return StorageProblem(
            f"“{path.name}” may not be read.", hint="Check its permissions, or copy it elsewhere."
        )
    return StorageProblem(
        f"“{path.name}” can't be read: {error.strerror or 'the disk answered with an error'}.",
        hint="Check that its disk is still connected, then try again.",
    )


def writing_failed(path: Path, error: OSError) -> StorageProblem:
    """Say that a file could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageProblem(
            "The disk is full.", hint="Free some space on it, then try again. Nothing was changed."
        )
    return StorageProblem(
        f"“{path.name}” can't be written: {error.strerror or 'the disk answered with an error'}.",
        hint="Check the disk and its permissions, then try again.",
    )


def require_room(needed: int, folder: Path) -> None:
    """Refuse to unpack ``needed`` bytes to the disk of ``folder`` if they don't fit there.

    Raises StorageProblem, with both numbers in its details.
    """
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise StorageProblem(
            f"Unpacked, this takes {readable_size(needed)}, and only {readable_size(free)} "
            "are free on the disk.",
            hint="Free some space, or put the library on another disk.",
            needed=needed,
            free=free,
        )
