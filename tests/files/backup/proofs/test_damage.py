"""Bits flipped and archives cut off anywhere: all of it is found and named, the rest restored."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from app.progress import Task
from tests.files.backup.proofs.conftest import Chain

FLIPS = int(os.environ.get("FLIPPED_BITS", "40"))
CUTS = int(os.environ.get("TRUNCATIONS", "10"))
SEED = 20260301


def archives(chain: Chain) -> list[Path]:
    return sorted(chain.bench.store.folder.glob("*.7z"))


@pytest.mark.parametrize("part", range(4))
def test_every_flipped_bit_is_found(part: int, chain: Chain) -> None:
    """One bit, anywhere in any archive: a full check finds it; nothing wrong is ever restored."""
    luck = random.Random(SEED + part)  # noqa: S311 - the same every time
    for _ in range(max(1, FLIPS // 4)):
        archive = luck.choice(archives(chain))
        whole = archive.read_bytes()
        place, bit = luck.randrange(len(whole)), 1 << luck.randrange(8)
        spoilt = bytearray(whole)
        spoilt[place] ^= bit
        archive.write_bytes(spoilt)

        told = chain.bench.fresh().verify(task=Task())

        assert not told.ok, f"bit {bit} of byte {place} of {len(whole)} was not found"
        assert {damage.archive for damage in told.damages} == {archive.name}
        assert all(damage.why for damage in told.damages)
        assert_rest_restores(chain, told.damages)
        archive.write_bytes(whole)


@pytest.mark.parametrize("part", range(2))
def test_every_cut_is_found(part: int, chain: Chain) -> None:
    """Cut off anywhere: a full check tells it, and what other archives hold is restored."""
    luck = random.Random(SEED + part)  # noqa: S311
    for _ in range(max(1, CUTS // 2)):
        archive = luck.choice(archives(chain))
        whole = archive.read_bytes()
        archive.write_bytes(whole[: luck.randrange(len(whole))])

        told = chain.bench.fresh().verify(task=Task())

        assert not told.ok
        assert {damage.archive for damage in told.damages} <= {archive.name, ""}  # "": in none
        assert_rest_restores(chain, told.damages)
        archive.write_bytes(whole)


def assert_rest_restores(chain: Chain, damages: tuple) -> None:
    """Whatever was not named is there, right to the byte."""
    unreadable = {damage.backup for damage in damages if not damage.path}
    for backup in chain.states:
        if backup in unreadable:
            continue
        lost = {damage.path for damage in damages if damage.backup == backup}
        chain.assert_partly_right(backup, lost)
