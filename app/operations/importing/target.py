"""Where an import goes: a new export under a free name, or one that is there already."""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from app.core.naming import export_name, folder_name, key, numbered
from app.core.sidecars import Account
from app.errors import Conflict, InvalidInput
from app.files.export_folder import ExportFolder, ExportRecord, find_export
from app.library import Library
from app.operations.importing.parts import Part


class Target(Struct, frozen=True):
    """The export to be: its name, its folder's name, and, if it is there, what it is now."""

    name: str
    folder: str
    base: ExportFolder | None = None
    record: ExportRecord | None = None


def choose_target(
    library: Library, parts: Sequence[Part], account: Account, name: str, into: str
) -> Target:
    """Decide where the parts go.

    Raises InvalidInput if a name cannot be one or the accounts differ, NotFound if
    ``into`` names nothing, Conflict if ``name`` is taken.
    """
    if into and name:
        raise InvalidInput(
            "Choose either a name for a new export or an export to add to.",
            hint="Leave out --name or --into. Nothing was changed.",
        )
    if into:
        return _existing(library, account, into)
    taken = {key(path.name) for path in library.exports.iterdir()}
    if name.strip():
        return named_target(name, taken)
    return _suggested(parts, taken)


def is_newest(parts: Sequence[Part], record: ExportRecord | None) -> bool:
    """Tell whether the newest part is at least as new as all the export was made of."""
    if record is None:
        return True
    undated = datetime.min.replace(tzinfo=UTC)
    before = [source.exported_at for source in record.sources if source.exported_at is not None]
    newest = max((part.exported_at or undated for part in parts), default=undated)
    return newest >= max(before, default=undated)


def _existing(library: Library, account: Account, into: str) -> Target:
    base = find_export(library.exports, into)
    record = base.record()
    require_same_account(account, record, base.name)
    return Target(base.name, base.path.name, base, record)


def require_same_account(account: Account, record: ExportRecord, name: str) -> None:
    """Raise InvalidInput if an export is known to be of another account."""
    if account.id and record.account and account.id != record.account:
        raise InvalidInput(
            f"This archive belongs to {account.label or 'another account'}, "
            f"“{name}” to {record.account_label or 'a different one'}.",
            hint="Import it as an export of its own. Nothing was changed.",
            accounts=sorted((account.id, record.account)),
        )


def named_target(typed: str, taken: Container[str]) -> Target:
    """Answer the place of a new export a person named; ``taken`` holds keys of folders.

    Raises InvalidInput if that can be no name, Conflict if it is taken.
    """
    name = export_name(typed)
    folder = folder_name(name)
    if key(folder) in taken:
        raise Conflict(
            f"There is already an export called “{name}”.",
            hint=f"Choose another name, or add to that one with --into “{name}”. "
            "Upper and lower case are one. Nothing was changed.",
            export=name,
        )
    return Target(name, folder)


def _suggested(parts: Sequence[Part], taken: set[str]) -> Target:
    newest = parts[-1].exported_at if parts else None
    name = f"ChatGPT {newest:%Y-%m-%d}" if newest else "ChatGPT"
    candidate = numbered(name, taken)
    return Target(candidate, folder_name(candidate))
