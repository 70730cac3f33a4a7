"""A library with one small export, its catalog connected, and no passphrase lying about."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.library import Library
from app.operations.backups.known import passphrase
from db.connection import connected
from tests.operations.backups.making import make_export


@pytest.fixture(autouse=True)
def _nothing_known(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (passphrase.VARIABLE, passphrase.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    yield
    passphrase.lock(library)


@pytest.fixture
def garden(library: Library) -> Iterator[Library]:
    """A library that holds the export "Garden"."""
    make_export(library)
    with connected():
        yield library
