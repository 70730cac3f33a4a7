"""Encrypted backups: nothing in the clear, no way in without the passphrase, all else the same."""

import pytest

from app.errors import InvalidInput
from app.files.backup.sevenzip.archive import Locked
from app.progress import Task
from tests.files.backup.test_using import flip
from tests.files.backup.trees import noise, state

SECRET = "Grüße aus dem Garten"


def test_encrypted_chain_restores(bench):
    """Full and incremental, checked and restored with the passphrase, to the byte."""
    bench.write("film.mp4", noise(5 << 20))
    bench.backed_up(passphrase=SECRET)
    bench.write("new.json", "new")
    backup = bench.backed_up(passphrase=SECRET)

    assert bench.store.manifest(backup, passphrase=SECRET).type == "incremental"
    assert len(bench.store.manifest(backup, passphrase=SECRET).blobs) == 1
    assert bench.back_up(passphrase=SECRET).snapshot is None
    assert bench.store.verify(task=Task(), passphrase=SECRET).ok
    assert bench.store.verify(task=Task(), quick=True, passphrase=SECRET).ok
    assert state(bench.restored(backup, passphrase=SECRET)) == state(bench.live)


@pytest.mark.parametrize("passphrase", [None, "", "wrong"])
def test_without_the_passphrase_nothing_is_opened(bench, passphrase):
    """A missing or wrong passphrase is refused, and the list says what is locked."""
    backup = bench.backed_up(passphrase=SECRET)
    store = bench.fresh()

    for attempt in (
        lambda: store.manifest(backup, passphrase=passphrase),
        lambda: store.open_file(backup, "export.json", passphrase=passphrase),
        lambda: store.verify([backup], task=Task(), passphrase=passphrase),
        lambda: bench.restored(backup, passphrase=passphrase),
    ):
        with pytest.raises(Locked) as refused:
            attempt()
        assert isinstance(refused.value, InvalidInput)
    assert [each.encrypted for each in store.look(passphrase=passphrase).unopened] == [True]


def test_nothing_is_in_the_clear(bench):
    """Neither names nor contents are in the file, nor the passphrase anywhere beside it."""
    backup = bench.backed_up(passphrase=SECRET, level="store")
    raw = bench.archive(backup).read_bytes()

    for secret in ("export.json", "Garden", "formatVersion", "naïve"):
        assert secret.encode() not in raw
        assert secret.encode("utf-16-le") not in raw
    for path in bench.store.folder.iterdir():
        assert SECRET.encode() not in path.read_bytes()


def test_plain_and_encrypted_do_not_build_on_each_other(bench):
    """Switching encryption on or off begins a new full backup that needs nothing of the other."""
    bench.backed_up()
    sealed = bench.backed_up(passphrase=SECRET)
    plain = bench.backed_up(force=True)

    assert bench.store.manifest(sealed, passphrase=SECRET).archives == (f"{sealed}.7z",)
    assert f"{sealed}.7z" not in bench.store.manifest(plain).archives


def test_encrypted_backups_are_cleaned_up(bench):
    """Old encrypted backups are joined and dropped, and the rest restores."""
    states = {}
    for number in range(5):
        bench.write("media/changing.webp", noise(90_000, number + 100))
        states[bench.backed_up(passphrase=SECRET)] = state(bench.live)
    drop, kept = list(states)[:4], list(states)[4]

    with pytest.raises(Locked):
        bench.store.clean_up(drop, task=Task())
    bench.store.clean_up(drop, task=Task(), passphrase=SECRET)

    assert [path.stem for path in bench.store.folder.glob("*.7z")] == [kept]
    assert state(bench.restored(kept, passphrase=SECRET)) == states[kept]


def test_damage_in_an_encrypted_archive_is_named_and_healed(bench):
    """A changed byte costs its block; the live export gives it back."""
    backup = bench.backed_up(passphrase=SECRET)
    manifest = bench.store.manifest(backup, passphrase=SECRET)
    flip(bench.archive(backup), manifest.blocks[0].position + 40)

    told = bench.fresh().verify(task=Task(), passphrase=SECRET)
    healed = bench.store.heal(f"{backup}.7z", task=Task(), live=[bench.live], passphrase=SECRET)

    assert told.damages
    assert all(each.path for each in told.damages)
    assert (healed.lost, set(healed.healed)) == ((), {each.path for each in told.damages})
    assert state(bench.restored(backup, passphrase=SECRET)) == state(bench.live)
