"""The system's keyring, where there is one: the only place a passphrase is ever written to."""

from __future__ import annotations

from types import ModuleType

SERVICE = "Data Dumpster Diver backups"


def recall(name: str) -> str | None:
    """Answer the passphrase kept under a name; None if there is none, or no keyring."""
    keyring = _keyring()
    if keyring is None:
        return None
    try:
        found = keyring.get_password(SERVICE, name)
    except keyring.errors.KeyringError:
        return None
    return found if isinstance(found, str) else None


def keep(name: str, passphrase: str) -> bool:
    """Keep a passphrase; answer whether there is a keyring that took it."""
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.set_password(SERVICE, name, passphrase)
    except keyring.errors.KeyringError:
        return False
    return True


def forget(name: str) -> bool:
    """Forget a passphrase; answer whether one was kept."""
    keyring = _keyring()
    if keyring is None:
        return False
    try:
        keyring.delete_password(SERVICE, name)
    except keyring.errors.KeyringError:
        return False
    return True


def _keyring() -> ModuleType | None:
    """Answer the library that speaks to the system's keyring; None where it is not installed."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return None
    return keyring
