"""What can be set: each setting's key, default, meaning and form, and reading their file.

The values live in ``settings.json`` in the library; only those that differ from their
default are written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from app.errors import InvalidInput, NotFound

Value = str | int | bool


class Setting(Struct, frozen=True):
    """One thing that can be set.

    ``choices`` closes a text, ``least`` and ``most`` bound a number; ``fixed`` says why
    a setting is shown but cannot be changed, empty if it can.
    """

    key: str
    default: Value
    meaning: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 2**53
    fixed: str = ""

    @property
    def kind(self) -> Literal["flag", "number", "text"]:
        """What its values are."""
        if isinstance(self.default, bool):
            return "flag"
        return "number" if isinstance(self.default, int) else "text"

    def read(self, value: object) -> Value:
        """Check a value, or its text from the command line. Raises InvalidInput."""
        found: Value | None = None
        match self.kind:
            case "flag":
                found = _flag(value)
            case "number":
                found = _number(value)
                if found is not None and not self.least <= found <= self.most:
                    found = None
            case "text" if isinstance(value, str) and value in (self.choices or (value,)):
                found = value
        if found is None:
            raise InvalidInput(
                f"{self.key} must be {self._expected()}.", hint="Nothing was changed.", key=self.key
            )
        return found

    def _expected(self) -> str:
        if self.kind == "flag":
            return "true or false"
        if self.kind == "number":
            return f"a whole number from {self.least} to {self.most}"
        return " or ".join(self.choices) if self.choices else "a text"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "appearance.theme",
        "system",
        "How the page looks: as the system does, light, or dark.",
        choices=("system", "light", "dark"),
    ),
    Setting(
        "exports.maxFileBytes",
        0,
        "The largest file the page may send for an import, in bytes; 0 means any size.",
    ),
    Setting(
        "backups.directory",
        "",
        "Where backups are kept; empty means backups-exports in the library. "
        "Another disk is safer.",
    ),
    Setting(
        "backups.maxBackups",
        10,
        "How many of the last backups of an export are kept; 0 means any number.",
    ),
    Setting(
        "backups.compressionLevel",
        6,
        "How hard backups are compressed: 0 not at all, 1 fast, 6 balanced, 9 smallest.",
        most=9,
    ),
    Setting("backups.incremental", True, "Store only what no earlier backup holds already."),
    Setting(
        "backups.encrypt",
        False,
        "Encrypt backups made by the schedule; their passphrase comes from the keyring, from "
        "backups.passphraseFile or from DUMPSTER_PASSPHRASE.",
    ),
    Setting(
        "backups.passphraseFile",
        "",
        "A file whose first line is the passphrase of backups; empty means none.",
    ),
    Setting("backups.keepLast", 0, "Backups of an export to keep; 0 means as maxBackups says."),
    Setting("backups.keepDaily", 0, "Of how many days the last backup is kept as well."),
    Setting("backups.keepWeekly", 0, "Of how many weeks the last backup is kept as well."),
    Setting("backups.keepMonthly", 0, "Of how many months the last backup is kept as well."),
    Setting(
        "backups.every",
        "never",
        "How often each export is backed up by itself.",
        choices=("never", "hourly", "daily", "weekly", "monthly"),
    ),
    Setting("backups.afterImport", False, "Back an export up after every import into it."),
    Setting("backups.afterMigration", False, "Back an export up after a migration made it."),
    Setting(
        "backups.verifyEvery",
        30,
        "After how many days every block of a backup is read again when nothing else is to do; "
        "0 means never.",
        most=3650,
    ),
    Setting(
        "saving.names",
        "date-title",
        "What saved conversations are called: day and title as in the export, only the title, "
        "or title and id.",
        choices=("date-title", "title", "title-id"),
    ),
    Setting(
        "saving.layout",
        "flat",
        "Folders for saved conversations: none, one a year, or one a project.",
        choices=("flat", "by-year", "by-project"),
    ),
    Setting(
        "saving.links",
        "markdown",
        "How saved Markdown names its media: for every program, or for Obsidian.",
        choices=("markdown", "obsidian"),
    ),
    Setting(
        "saving.browser",
        "",
        "The browser that makes PDF files; empty means the first one that is found.",
    ),
    Setting(
        "migration.verify",
        True,
        "Compare every migrated conversation and file with its original.",
    ),
    Setting(
        "migration.source",
        "",
        "The old program's folder; empty means wherever it is found.",
    ),
    Setting(
        "migration.offer",
        True,
        "Offer on the first page to bring over sessions of the old program.",
    ),
    Setting(
        "migration.preserveOriginals",
        True,
        "Leave what is imported as it is.",
        fixed="This is a promise: originals are never touched.",
    ),
)

_BY_KEY = {setting.key: setting for setting in SETTINGS}


class Settings(Struct, frozen=True):
    """The values in force.

    ``damaged``: what could not be read of their file is at its default. ``others`` is what
    the file holds of another version's settings, kept as it is.
    """

    values: Mapping[str, Value]
    damaged: bool = False
    others: Mapping[str, object] = {}

    def text(self, key: str) -> str:
        """Answer the value of a text setting."""
        return str(self.values[key])

    def number(self, key: str) -> int:
        """Answer the value of a number setting."""
        return int(self.values[key])

    def flag(self, key: str) -> bool:
        """Answer the value of a flag setting."""
        return bool(self.values[key])


def find_setting(key: str) -> Setting:
    """Answer the setting of this key. Raises NotFound."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise NotFound(
            f"There is no setting called {key}.",
            hint=f"There are: {', '.join(_BY_KEY)}.",
            key=key,
        ) from None


def read_settings(file: Path) -> Settings:
    """Read the settings of a library; what is missing or makes no sense is its default."""
    defaults = {setting.key: setting.default for setting in SETTINGS}
    try:
        stored = json.loads(file.read_bytes())
    except FileNotFoundError:
        return Settings(defaults)
    except (OSError, ValueError, RecursionError):
        return Settings(defaults, damaged=True)
    if not isinstance(stored, dict):
        return Settings(defaults, damaged=True)
    values, damaged, others = defaults, False, {}
    for key, value in stored.items():
        setting = _BY_KEY.get(key)
        if setting is None or setting.fixed:
            others[key] = value  # of another version: neither used nor a fault
            continue
        try:
            values[key] = setting.read(value)
        except InvalidInput:
            damaged = True
    return Settings(values, damaged, others)


def _flag(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(value) if isinstance(value, str) else None


def _number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
