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
    found = _typed("Passphrase: ")
    if not found:
        raise needed
    if needed.details.get("new") and _typed("Once more: ") != found:
        raise InvalidInput("The two passphrases differ.", hint="Nothing was changed. Try again.")
    return found


def _typed(prompt: str) -> str:
    """Answer what a person types unseen; nothing where they end the input instead (Ctrl-D)."""
    try:
        return getpass.getpass(prompt)
    except EOFError:
        print(file=sys.stderr)
        return ""
