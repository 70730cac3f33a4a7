"""The passphrase of backups: where it comes from, and that it is written nowhere of ours.

In this order: given with the call; unlocked while the program runs; the variable
DUMPSTER_PASSPHRASE; the file named by DUMPSTER_PASSPHRASE_FILE or by the setting; the
system's keyring.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from app.core.backup.entries import label
from app.errors import InvalidInput, PassphraseNeeded, StorageProblem
from app.files.desktop import keyring
from app.library import Library
from app.parameters import ASKED_FOR
from app.settings import read_settings

VARIABLE = "DUMPSTER_PASSPHRASE"
FILE_VARIABLE = "DUMPSTER_PASSPHRASE_FILE"
LEAST = 8  # characters of a new passphrase; the archive's own protection is only as good

Passphrase = Annotated[str, "of encrypted backups, if it is not known otherwise", ASKED_FOR]

_unlocked: dict[str, str] = {}  # by library; for as long as the program runs


def unlock(library: Library, passphrase: str) -> None:
    """Hold a passphrase in memory until the program ends or `lock` is called."""
    _unlocked[str(library.root)] = passphrase


def held(library: Library) -> str:
    """Answer the passphrase held in memory; empty if there is none."""
    return _unlocked.get(str(library.root), "")


def lock(library: Library) -> None:
    """Forget the passphrase held in memory."""
    _unlocked.pop(str(library.root), None)


def known_passphrase(library: Library, given: str = "") -> str | None:
    """Answer the passphrase, from wherever it is known; None if it is not.

    Raises StorageProblem if a file that was named cannot be read.
    """
    if given:
        return given
    if unlocked := held(library):
        return unlocked
    if named := os.environ.get(VARIABLE):
        return named
    file = os.environ.get(FILE_VARIABLE) or read_settings(library.settings_file).text(
        "backups.passphraseFile"
    )
    if file:
        return _from_file(Path(file).expanduser())
    return keyring.recall(label(str(library.root)))


def require_new(library: Library, given: str) -> str:
    """Answer the passphrase to encrypt with. Raises PassphraseNeeded, or InvalidInput if weak."""
    found = known_passphrase(library, given)
    if found is None:
        raise needed("To encrypt a backup a passphrase is needed.", new=True)
    if len(found) < LEAST:
        raise InvalidInput(
            f"The passphrase is too short: at least {LEAST} characters.",
            hint="A few words in a row are good and easy to keep. Nothing was changed.",
        )
    return found


def needed(message: str, *, new: bool = False) -> PassphraseNeeded:
    """Answer the refusal that asks for a passphrase."""
    return PassphraseNeeded(
        message,
        hint=f"Unlock the backups, keep it in the keyring, or set {VARIABLE} or {FILE_VARIABLE}.",
        new=new,
    )


def _from_file(file: Path) -> str:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise StorageProblem(
            f"The passphrase file {file} cannot be read.",
            hint="Check the setting backups.passphraseFile, or the variable that names it.",
        ) from problem
    if not lines or not lines[0]:
        raise StorageProblem(
            f"The passphrase file {file} is empty.", hint="Its first line is the passphrase."
        )
    return lines[0]
