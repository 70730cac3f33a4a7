"""Backups over REST: promised addresses, bytes inside a backup, and what follows an import."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from app.api import OPERATIONS
from app.interfaces.http.server import PageServer
from app.jobs import JobRunner
from app.library import Library
from app.operations.backups import attending
from app.operations.backups.known import passphrase
from app.operations.settings import change_settings
from tests.archives.layouts import classic
from tests.interfaces.serving import Talk
from tests.operations.backups.making import PICTURE, make_export, write_conversation

SECRET = "four words in a row"
HERE = "/api/exports/Garden/backups"


@pytest.fixture
def real(library: Library, jobs: JobRunner, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    """Speak to a server over the real table, on a library that holds the export "Garden"."""
    for name in (passphrase.VARIABLE, passphrase.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(attending, "FIRST", 0.05)
    make_export(library)
    server = PageServer(library, OPERATIONS, jobs)
    server.start()
    yield Talk(server)
    server.stop()
    passphrase.lock(library)


def made(real: Talk, **values: object) -> dict[str, object]:
    """Make a backup and answer it."""
    job = real("POST", HERE, values)
    assert job.status == 202
    end = real.finish(job.json())
    assert end["state"] == "done", end["error"]
    return end["result"]


def test_the_whole_way(real: Talk, library: Library) -> None:
    """Every promised address does what it says."""
    first = made(real, level=1)
    write_conversation(library.exports / "Garden", 0, "Dill?")
    second = made(real, incremental=True)
    one = f"{HERE}/{first['id']}"

    assert [each["id"] for each in real("GET", HERE).json()] == [second["id"], first["id"]]
    assert real("GET", "/api/backups").json() == real("GET", HERE).json()
    assert len(real("GET", one).json()["files"]) > 7
    assert real.finish(real("GET", f"{one}/preview").json())["result"]["changes"]["changed"]
    assert real("GET", f"{one}/files?path=media").json()["entries"]
    for address in (f"{one}/verify", f"{HERE}/verify", "/api/backups/verify"):
        assert real.finish(real("POST", address, {"quick": True}).json())["result"]["ok"]
    assert real("POST", f"{one}/pin").json()["pinned"]
    dry = real("POST", f"{HERE}/cleanup", {"keepLast": 1, "dryRun": True}).json()
    assert [each["keep"] for each in real.finish(dry)["result"]["backups"]] == [True, True]
    assert not real("POST", f"{one}/unpin").json()["pinned"]
    restored = real.finish(real("POST", f"{one}/restore", {"as": "Then"}).json())["result"]
    assert restored["export"] == "Then"
    in_place = real.finish(real("POST", f"{one}/restore", {"only": ["media"]}).json())["result"]
    assert in_place["previous"]
    assert len(real("POST", f"{HERE}/settle").json()) == 1
    assert real("GET", "/api/backups/stats").json()["backups"] == 2
    assert real("GET", "/api/backups/status").json()["exports"][0]["state"] == "good"
    assert real.finish(real("POST", "/api/backups/reindex").json())["result"]["backups"] == 2
    assert real("DELETE", f"{HERE}/{second['id']}").json()["freedBytes"] > 0
    bulk = real.finish(real("POST", "/api/backups/bulk", {}).json())["result"]
    assert {each["export"] for each in bulk["items"]} == {"Garden", "Then"}
    listed = real("GET", "/api/exports").json()
    assert all(each["lastBackupAt"] for each in listed)


def test_bytes_inside_a_backup(real: Talk, library: Library) -> None:
    """Pictures are shown, ranges answered, strangers kept out of the page, as with media."""
    id_ = made(real)["id"]
    (library.exports / "Garden" / "media" / "mint.png").unlink()
    inside = f"/api/backups/media/Garden/{id_}"

    whole = real("GET", f"{inside}/media/mint.png")
    part = real("GET", f"{inside}/media/mint.png", headers={"Range": "bytes=8-11"})
    again = real(
        "GET", f"{inside}/media/mint.png", headers={"If-None-Match": whole.headers["ETag"]}
    )
    text = real("GET", f"{inside}/conversations/2026.01.01_Mint_0.json")
    saved = real("GET", f"{inside}/media/mint.png?download=1")

    assert (whole.status, whole.body, whole.headers["Content-Type"]) == (200, PICTURE, "image/png")
    assert (part.status, part.body) == (206, PICTURE[8:12])
    assert again.status == 304
    assert text.headers["Content-Type"].startswith("text/plain")
    assert "sandbox" in text.headers["Content-Security-Policy"]
    assert "attachment" in saved.headers["Content-Disposition"]
    for path in ("media/none.png", "..%2F..%2Fcatalog.sqlite3", "media"):
        assert real("GET", f"{inside}/{path}").status == 404
    assert real("GET", f"/api/backups/media/Kitchen/{id_}/media/mint.png").status == 404


def test_a_conversation_inside_a_backup(real: Talk) -> None:
    """It is answered as one of the library is."""
    id_ = made(real)["id"]
    path = quote("conversations/2026.01.01_Mint_0.json", safe="")

    view = real("GET", f"{HERE}/{id_}/conversation?path={path}").json()

    assert (view["title"], len(view["messages"])) == ("Mint 0", 2)


def test_passphrase_is_in_the_body_only(real: Talk, library: Library) -> None:
    """In a job's values it is not shown; in an address it is refused; unlocked it is known."""
    refused = real.finish(real("POST", HERE, {"encrypt": True}).json())["error"]
    job = real("POST", HERE, {"encrypt": True, "passphrase": SECRET}).json()
    id_ = real.finish(job)["result"]["id"]

    assert (refused["code"], refused["details"]["new"]) == ("passphrase-needed", True)
    assert SECRET not in real("GET", "/api/jobs").body.decode()
    locked = real("GET", f"{HERE}/{id_}")
    assert (locked.status, locked.json()["error"]["code"]) == (400, "passphrase-needed")
    in_address = f"?passphrase={quote(SECRET)}"
    assert real("GET", f"{HERE}/{id_}{in_address}").status == 400
    assert "body" in real("POST", f"{HERE}{in_address}", {}).json()["error"]["hint"]
    assert real("POST", "/api/backups/unlock", {"passphrase": SECRET}).json()["unlocked"]
    assert real("GET", f"{HERE}/{id_}").status == 200
    assert real("GET", f"/api/backups/media/Garden/{id_}/media/mint.png").body == PICTURE
    assert not real("POST", "/api/backups/lock").json()["unlocked"]
    assert real("GET", f"/api/backups/media/Garden/{id_}/media/mint.png").status == 400


def test_an_import_is_backed_up_when_the_settings_say_so(
    real: Talk, library: Library, tmp_path: Path
) -> None:
    """The job that follows the import is a backup of what was imported, and of nothing else."""
    made(real)
    change_settings(library, key="backups.afterImport", value=True)
    archive = classic(tmp_path)

    job = real("POST", "/api/exports", {"sources": [str(archive.path)], "name": "Imported"})
    real.finish(job.json())
    deadline = time.monotonic() + 60
    while not (found := real("GET", "/api/exports/Imported/backups").json()):
        assert time.monotonic() < deadline
        time.sleep(0.05)

    assert found[0]["base"] == ""
    assert len(real("GET", HERE).json()) == 1


def test_what_was_missed_is_caught_up_at_the_start(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a schedule and no backup yet, opening the program makes one by itself."""
    monkeypatch.setattr(attending, "FIRST", 0.05)
    make_export(library)
    change_settings(library, key="backups.every", value="daily")
    runner = JobRunner()
    server = PageServer(library, OPERATIONS, runner)
    server.start()
    talk = Talk(server)

    deadline = time.monotonic() + 60
    while not talk("GET", HERE).json():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    jobs = talk("GET", "/api/jobs").json()
    server.stop()

    assert {each["operation"] for each in jobs} == {"backup run"}


def test_refusals(real: Talk) -> None:
    """What is not there is 404, what makes no sense 400."""
    assert real("GET", "/api/exports/None/backups").status == 404
    assert real("GET", f"{HERE}/backup-none").status == 404
    assert real("GET", f"{HERE}/..%2F..%2Fsettings").status == 404
    assert real("POST", HERE, {"level": [1]}).status == 400
    assert real("POST", HERE, {"levle": 1}).status == 400
    assert real("PATCH", "/api/backups/schedule", {"every": "sometimes"}).status == 400
    folder = {"key": "backups.directory", "value": "relative/folder"}
    assert real("PATCH", "/api/settings", folder).status == 400
