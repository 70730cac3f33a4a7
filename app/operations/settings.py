"""Showing and changing the settings of a library."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from msgspec.structs import replace

from app.errors import InvalidInput, StorageProblem
from app.files.atomic import replaced
from app.files.lock import briefly
from app.library import Library
from app.operations.backups.known.folder import choose_folder
from app.operations.backups.known.index import follow_backups
from app.operations.results import SettingShown
from app.settings import SETTINGS, Settings, find_setting, read_settings


def show_settings(library: Library) -> list[SettingShown]:
    """Show every setting with its value, its default and what it means."""
    return _shown(read_settings(library.settings_file))


def change_settings(
    library: Library,
    *,
    key: Annotated[str, "which setting, as the list of settings names it"],
    value: Annotated[object, "its new value: a text, a whole number, true or false"],
) -> list[SettingShown]:
    """Change one setting; answers them all as they are now."""
    setting = find_setting(key)
    if setting.fixed:
        raise InvalidInput(f"{key} cannot be changed.", hint=setting.fixed, key=key)
    wanted = setting.read(value)
    if key == "backups.directory":
        choose_folder(library, str(wanted))
    file = library.settings_file
    with briefly(file.with_name(f".{file.name}.lock")):
        settings = read_settings(file)
        if settings.damaged:
            _keep_aside(library)
        changed = replace(settings, values={**settings.values, key: wanted}, damaged=False)
        _write(file, changed)
    if key == "backups.directory":
        follow_backups(library)
    return _shown(changed)


def _shown(settings: Settings) -> list[SettingShown]:
    return [
        SettingShown(
            setting.key,
            settings.values[setting.key],
            setting.default,
            f"{setting.meaning} {setting.fixed}".strip(),
            not setting.fixed,
        )
        for setting in SETTINGS
    ]


def _write(file: Path, settings: Settings) -> None:
    values: dict[str, object] = dict(settings.others)
    for each in SETTINGS:
        if settings.values[each.key] != each.default:
            values[each.key] = settings.values[each.key]
    text = json.dumps(values, ensure_ascii=True, indent=2) + "\n"
    try:
        with replaced(file) as draft:
            draft.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise StorageProblem(
            f"The settings could not be written: {problem.strerror}.",
            hint="Check that the library folder can be written. Nothing was changed.",
        ) from problem


def _keep_aside(library: Library) -> None:
    """Keep what could not be read, under another name: someone may know what it was."""
    stamp = library.clock().strftime("%Y%m%dT%H%M%SZ")
    file = library.settings_file
    with suppress(FileNotFoundError):
        file.replace(file.with_name(f"{file.stem}.damaged-{stamp}{file.suffix}"))
