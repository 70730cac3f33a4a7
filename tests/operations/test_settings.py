"""Settings: defaults, changing, and a file that is damaged."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import InvalidInput, NotFound
from app.library import Library
from app.operations.health import show_health
from app.operations.results import SettingShown
from app.operations.settings import change_settings, show_settings
from app.settings import SETTINGS, read_settings
from db.connection import connected

PROMISED = {
    "appearance.theme": "system",
    "exports.maxFileBytes": 0,
    "backups.directory": "",
    "backups.maxBackups": 10,
    "backups.compressionLevel": 6,
    "backups.incremental": True,
    "migration.verify": True,
    "migration.preserveOriginals": True,
}


def by_key(shown: list[SettingShown]) -> dict[str, SettingShown]:
    return {each.key: each for each in shown}


def status_of(library: Library) -> str:
    with connected():
        return show_health(library).status


def test_promised_settings_are_there(library: Library) -> None:
    """Every setting that was promised is shown with its default."""
    shown = by_key(show_settings(library))

    assert {key: shown[key].default for key in PROMISED} == PROMISED
    assert all(each.value == each.default and each.meaning for each in shown.values())


def test_change_is_kept(library: Library) -> None:
    """A changed setting is in the file, and only it."""
    change_settings(library, key="appearance.theme", value="dark")
    shown = change_settings(library, key="exports.maxFileBytes", value="5000000")

    assert by_key(shown)["exports.maxFileBytes"].value == 5_000_000
    assert by_key(show_settings(library)) == by_key(shown)
    assert json.loads(library.settings_file.read_text()) == {
        "appearance.theme": "dark",
        "exports.maxFileBytes": 5_000_000,
    }


def test_back_to_default_leaves_the_file(library: Library) -> None:
    """A setting put back to its default is not written any more."""
    change_settings(library, key="appearance.theme", value="dark")
    change_settings(library, key="appearance.theme", value="system")

    assert json.loads(library.settings_file.read_text()) == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("appearance.theme", "pink"),
        ("appearance.theme", 5),
        ("exports.maxFileBytes", -1),
        ("exports.maxFileBytes", True),
        ("exports.maxFileBytes", "many"),
        ("exports.maxFileBytes", "٣"),
        ("exports.maxFileBytes", 2**60),
        ("migration.preserveOriginals", False),
    ],
)
def test_senseless_values_change_nothing(library: Library, key: str, value: object) -> None:
    """A value that makes no sense, or a setting that is fixed, is refused with the reason."""
    with pytest.raises(InvalidInput) as refused:
        change_settings(library, key=key, value=value)

    assert refused.value.hint
    assert not library.settings_file.exists()


def test_unknown_setting_names_the_known(library: Library) -> None:
    """Mistyped, the keys there are are told."""
    with pytest.raises(NotFound) as refused:
        change_settings(library, key="theme", value="dark")

    assert "appearance.theme" in refused.value.hint


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"null", b"[" * 100_000, b'{"appearance.theme": 5}']
)
def test_damaged_file_means_defaults_and_is_kept(library: Library, content: bytes) -> None:
    """What cannot be read is told, replaced by defaults, and kept aside at the next change."""
    library.settings_file.write_bytes(content)

    assert by_key(show_settings(library))["appearance.theme"].value == "system"
    assert status_of(library) == "settings-damaged"
    change_settings(library, key="appearance.theme", value="dark")

    kept = list(library.root.glob("settings.damaged-*.json"))
    assert [each.read_bytes() for each in kept] == [content]
    assert status_of(library) == "good"


def test_settings_of_another_version_do_no_harm(library: Library) -> None:
    """Keys nobody knows, and values for fixed ones, are passed over, and kept."""
    stored = {"future.setting": [1], "migration.preserveOriginals": False}
    library.settings_file.write_text(json.dumps(stored))

    settings = read_settings(library.settings_file)
    change_settings(library, key="appearance.theme", value="dark")

    assert not settings.damaged
    assert settings.flag("migration.preserveOriginals")
    assert json.loads(library.settings_file.read_text()) == {**stored, "appearance.theme": "dark"}


def test_values_have_their_kinds(library: Library) -> None:
    """Whoever asks for a number gets a number."""
    settings = read_settings(library.settings_file)

    assert settings.number("exports.maxFileBytes") == 0
    assert settings.text("appearance.theme") == "system"
    assert {setting.kind for setting in SETTINGS} == {"flag", "number", "text"}


def test_changes_at_the_same_time_are_all_kept(library: Library) -> None:
    """Two settings changed at once, again and again: neither change is lost to the other."""

    def change(key: str, values: range) -> None:
        for value in values:
            change_settings(library, key=key, value=value)

    with ThreadPoolExecutor(2) as threads:
        done = [
            threads.submit(change, "backups.maxBackups", range(20, 60)),
            threads.submit(change, "backups.compressionLevel", range(9)),
        ]
        for each in done:
            each.result()

    shown = by_key(show_settings(library))
    assert shown["backups.maxBackups"].value == 59
    assert shown["backups.compressionLevel"].value == 8
