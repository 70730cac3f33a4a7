"""Where a passphrase comes from, in which order, and that it is written nowhere of ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from app.core.backup.entries import label
from app.errors import InvalidInput, PassphraseNeeded, StorageProblem
from app.files.desktop import keyring as door
from app.library import Library
from app.operations.backups.known import passphrase, unlocking
from app.operations.settings import change_settings


class Remembering(keyring.backend.KeyringBackend):
    """A keyring of the tests' own, in memory."""

    priority = 0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("none")
        del self.kept[service, username]


@pytest.fixture(autouse=True)
def _nothing_known(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (passphrase.VARIABLE, passphrase.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    yield
    passphrase.lock(library)


@pytest.fixture
def ring() -> Iterator[Remembering]:
    """A keyring that works."""
    before, ours = keyring.get_keyring(), Remembering()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(before)


def test_each_place_is_asked_in_its_turn(
    library: Library, ring: Remembering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keyring, file, variable, unlocked, given: each goes before the one behind it."""
    file = tmp_path / "passphrase.txt"
    file.write_text("from the file\nsecond line\n", encoding="utf-8")
    found = [passphrase.known_passphrase(library)]

    ring.set_password(door.SERVICE, label(str(library.root)), "from the keyring")
    found.append(passphrase.known_passphrase(library))
    change_settings(library, key="backups.passphraseFile", value=str(file))
    found.append(passphrase.known_passphrase(library))
    monkeypatch.setenv(passphrase.VARIABLE, "from the variable")
    found.append(passphrase.known_passphrase(library))
    passphrase.unlock(library, "unlocked")
    found.append(passphrase.known_passphrase(library))
    found.append(passphrase.known_passphrase(library, "given"))

    assert found == [
        None, "from the keyring", "from the file", "from the variable", "unlocked", "given",
    ]  # fmt: skip


def test_unlocking_for_good_needs_a_keyring(library: Library, ring: Remembering) -> None:
    """Remembered it is in the keyring and nowhere below the library; locked it is forgotten."""
    told = unlocking.unlock_backups(library, passphrase="four words in a row", remember=True)

    assert (told.unlocked, told.remembered) == (True, True)
    assert list(ring.kept.values()) == ["four words in a row"]
    files = [each for each in library.root.rglob("*") if each.is_file()]
    assert not any(b"four words" in each.read_bytes() for each in files)
    assert unlocking.lock_backups(library).unlocked is False
    assert ring.kept == {}


def test_without_a_keyring_it_is_unlocked_until_the_end(library: Library) -> None:
    """No keyring is no crash: the refusal says what else there is."""
    with pytest.raises(InvalidInput, match="no keyring") as refused:
        unlocking.unlock_backups(library, passphrase="four words in a row", remember=True)

    assert passphrase.VARIABLE in refused.value.hint
    assert passphrase.known_passphrase(library) == "four words in a row"


def test_a_missing_one_is_asked_for(library: Library) -> None:
    """Who wants to encrypt without one is told that a new one is needed; a short one is none."""
    with pytest.raises(PassphraseNeeded) as needed:
        passphrase.require_new(library, "")
    with pytest.raises(InvalidInput, match="too short"):
        passphrase.require_new(library, "seven77")

    assert needed.value.details["new"] is True


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe\xff"])
def test_a_file_that_cannot_be_read_is_told(
    library: Library, tmp_path: Path, content: bytes | None
) -> None:
    """A named file that is missing, empty or no text is a problem, not the same as none."""
    file = tmp_path / "passphrase.txt"
    if content is not None:
        file.write_bytes(content)
    change_settings(library, key="backups.passphraseFile", value=str(file))

    with pytest.raises(StorageProblem):
        passphrase.known_passphrase(library)
