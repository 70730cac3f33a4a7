"""Unlocking encrypted backups for as long as the program runs, or for good; and locking them."""

from __future__ import annotations

from typing import Annotated

from app.core.backup.entries import label
from app.errors import InvalidInput
from app.files.desktop import keyring
from app.library import Library
from app.operations.backups.known.index import follow_backups
from app.operations.backups.known.passphrase import (
    VARIABLE,
    Passphrase,
    held,
    known_passphrase,
    lock,
    needed,
    unlock,
)
from app.operations.backups.results import Unlocked


def unlock_backups(
    library: Library,
    *,
    passphrase: Passphrase = "",
    remember: Annotated[bool, "keep it in the system's keyring, too"] = False,
) -> Unlocked:
    """Unlock encrypted backups until the program ends, or for good with the keyring."""
    found = passphrase or held(library)
    if not found:
        raise needed("A passphrase is needed.")
    unlock(library, found)
    follow_backups(library)  # what could not be listed without it now can
    kept = remember and keyring.keep(label(str(library.root)), found)
    if remember and not kept:
        raise InvalidInput(
            "This system has no keyring the program can use.",
            hint=f"Name a file with the setting backups.passphraseFile, or set {VARIABLE}. "
            "The backups are unlocked until the program ends.",
        )
    return Unlocked(True, kept)


def lock_backups(library: Library) -> Unlocked:
    """Forget the passphrase of encrypted backups, in memory and in the keyring."""
    lock(library)
    keyring.forget(label(str(library.root)))
    return Unlocked(known_passphrase(library) is not None, False)
