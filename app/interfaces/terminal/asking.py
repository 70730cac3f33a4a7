"""Asking for a passphrase at a terminal: never shown, never an argument others could see."""

from __future__ import annotations

import getpass
import sys

from app.errors import InvalidInput, PassphraseNeeded


def ask_passphrase(needed: PassphraseNeeded) -> str:
    """Ask a person for the passphrase; a new one twice. Raises ``needed`` where nobody is there."""
    if not sys.stdin.isatty():
        raise needed
    print(needed.message, file=sys.stderr)
    found = getpass.getpass("Passphrase: ")
    if not found:
        raise needed
    if needed.details.get("new") and getpass.getpass("Once more: ") != found:
        raise InvalidInput("The two passphrases differ.", hint="Nothing was changed. Try again.")
    return found
