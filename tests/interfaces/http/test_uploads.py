"""Uploads: whole or absent, never outside their folder, gone when imported."""

from __future__ import annotations

import io
import os
import socket
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from app.errors import InvalidInput, NotFound, StorageProblem
from app.interfaces.http import uploads as module
from app.interfaces.http.server import PageServer
from app.interfaces.http.uploads import Uploads
from app.library import Library
from tests.interfaces.serving import HOLD, Talk

PATIENCE = 60.0  # seconds until something that does not come counts as broken
BYTES = {"Content-Type": "application/octet-stream"}


def left(library: Library) -> list[str]:
    """Everything there is in the folder of uploads, also while it goes away."""
    root = library.uploads
    found = os.walk(root)  # passes by what is gone before it gets there
    places = [Path(at) / name for at, folders, files in found for name in folders + files]
    return sorted(str(place.relative_to(root)) for place in places)


def test_upload_is_imported_and_removed(talk: Talk, library: Library) -> None:
    """The archive a browser sends is imported under its own name, and not kept."""
    answer = talk("POST", "/api/upload?filename=march%20%23.zip", body=b"x" * 10, headers=BYTES)
    final = talk.finish(answer.json())

    assert answer.status == 202
    assert final["state"] == "done"
    assert final["operation"] == "export import"
    assert final["result"]["export"] == "march #"
    assert final["result"]["messages"] == 10
    assert left(library) == []


def test_name_and_into_are_passed_on(talk: Talk) -> None:
    """What the person called it reaches the import."""
    answer = talk(
        "POST", f"/api/upload?filename=a.zip&name={quote('日本 & é')}", body=b"x", headers=BYTES
    )

    assert talk.finish(answer.json())["result"]["export"] == "日本 & é"


def test_held_folder_is_imported_as_one_source(talk: Talk, library: Library) -> None:
    """Files of a folder are held one by one, then imported together and removed."""
    first = talk(
        "POST", "/api/upload?hold=1&filename=My%20data%2Fa.json", body=b"12", headers=BYTES
    ).json()
    again = talk(
        "POST",
        f"/api/upload?hold=1&filename=My%20data%2Fmedia%2Fb.png&upload={first['upload']}",
        body=b"345",
        headers=BYTES,
    ).json()

    job = talk("POST", "/api/exports", {"sources": [f"upload:{first['upload']}"]}).json()
    final = talk.finish(job)

    assert first["files"] == 1
    assert again == {"upload": first["upload"], "files": 2}
    assert final["result"]["export"] == "My data"
    assert final["result"]["messages"] == 5
    assert left(library) == []


def test_upload_is_removed_when_its_import_fails_or_is_stopped(
    talk: Talk, library: Library
) -> None:
    """Stopped while running, or before it began, the upload does not stay behind."""
    running = talk("POST", "/api/upload?filename=a.zip&name=slow", body=b"x", headers=BYTES).json()
    assert HOLD.started.wait(5)
    waiting = talk("POST", "/api/upload?filename=b.zip", body=b"x", headers=BYTES).json()

    talk("DELETE", f"/api/jobs/{waiting['id']}")
    talk("DELETE", f"/api/jobs/{running['id']}")

    assert talk.finish(running)["state"] == "cancelled"
    assert talk.finish(waiting)["state"] == "cancelled"
    assert left(library) == []


def test_held_upload_survives_a_refusal(talk: Talk, library: Library) -> None:
    """Refused for another reason, what was held can be used again."""
    held = talk("POST", "/api/upload?hold=1&filename=a.zip", body=b"x", headers=BYTES).json()

    refused = talk("POST", "/api/exports", {"sources": [f"upload:{held['upload']}"], "unknown": 1})

    assert refused.status == 400
    assert left(library) == [held["upload"], f"{held['upload']}/a.zip"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "filename=",
        "filename=..",
        "filename=..%2Fevil.zip&hold=1",
        "filename=%2Fevil.zip&hold=1",
        "filename=a%2F..%2F..%2Fevil.zip&hold=1",
        "filename=a.zip&unknown=1",
        "filename=a%00.zip",
        "filename=a.zip&upload=..",
        "filename=a.zip&upload=0123456789abcdef",
        "filename=%ff",
    ],
)
def test_senseless_uploads_are_refused(talk: Talk, library: Library, query: str) -> None:
    """A name that leads elsewhere, or nowhere, is refused and leaves nothing."""
    answer = talk("POST", f"/api/upload?{query}", body=b"x" * 100_000, headers=BYTES)

    assert answer.status in (400, 404)
    assert left(library) == []
    assert not list(library.root.rglob("evil*"))


def test_broken_off_upload_leaves_nothing(server: PageServer, library: Library) -> None:
    """A sender that hangs up half-way leaves no file, no folder and no job."""
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        head = (
            f"POST /api/upload?filename=a.zip HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"X-Token: {server.token}\r\nContent-Type: application/octet-stream\r\n"
            "Content-Length: 1000000\r\n\r\n"
        )
        link.sendall(head.encode() + b"x" * 300_000)
        deadline = time.monotonic() + PATIENCE
        while not left(library) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert left(library)

    while left(library) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert left(library) == []


def test_upload_without_length_is_streamed(talk: Talk, server: PageServer) -> None:
    """A sender that does not know the length sends it in chunks."""
    with socket.create_connection(("127.0.0.1", server.port)) as link:
        head = (
            f"POST /api/upload?filename=a.zip&hold=1 HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"X-Token: {server.token}\r\nContent-Type: application/octet-stream\r\n"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        link.sendall(head.encode() + b"5\r\nabcde\r\n3\r\nfgh\r\n0\r\n\r\n")
        answer = b"".join(iter(lambda: link.recv(65536), b""))

    assert b" 200 " in answer.partition(b"\r\n")[0]


def test_largest_file_is_a_setting(talk: Talk, library: Library) -> None:
    """A file larger than the setting allows is refused, whether it tells its length or not."""
    talk("PATCH", "/api/settings", {"key": "exports.maxFileBytes", "value": 5})

    refused = talk("POST", "/api/upload?hold=1&filename=a.zip", body=b"x" * 6, headers=BYTES)
    taken = talk("POST", "/api/upload?hold=1&filename=a.zip", body=b"x" * 5, headers=BYTES)

    assert (refused.status, refused.json()["error"]["details"]) == (400, {"most": 5})
    assert taken.status == 200
    with pytest.raises(InvalidInput):
        Uploads(library.uploads).receive(io.BytesIO(b"x" * 6), None, "a.zip", most=5)


class Endless:
    """A stream of ``length`` bytes that counts the largest piece asked for."""

    def __init__(self, length: int) -> None:
        self.left = length
        self.largest = 0

    def read(self, size: int) -> bytes:
        self.largest = max(self.largest, size)
        piece = min(size, self.left)
        self.left -= piece
        return bytes(piece)


def test_upload_is_never_in_memory(tmp_path: Path) -> None:
    """However long the file, it passes in pieces of a megabyte."""
    stream = Endless(20_000_000)

    held = Uploads(tmp_path / "uploads").receive(stream, 20_000_000, "big.zip")

    assert stream.largest <= module.CHUNK
    assert (tmp_path / "uploads" / held.upload / "big.zip").stat().st_size == 20_000_000


def test_full_disk_is_told_before_anything_is_read(tmp_path: Path) -> None:
    """A file larger than the free space is refused at once, with both figures."""
    stream = Endless(10)

    with pytest.raises(StorageProblem) as refused:
        Uploads(tmp_path / "uploads").receive(stream, 10**18, "big.zip")

    assert refused.value.details["needed"] == 10**18
    assert stream.left == 10


def test_old_uploads_are_removed_at_start(tmp_path: Path) -> None:
    """What nobody imported for a day goes; what was just sent stays."""
    store = Uploads(tmp_path / "uploads")
    old = store.receive(io.BytesIO(b"x"), 1, "old.zip")
    new = store.receive(io.BytesIO(b"x"), 1, "new.zip")
    day_ago = time.time() - module.KEPT_SECONDS - 60
    os.utime(tmp_path / "uploads" / old.upload, (day_ago, day_ago))

    store.remove_old()

    assert [each.name for each in (tmp_path / "uploads").iterdir()] == [new.upload]
    with pytest.raises(NotFound):
        store.source(old.upload)


def test_short_body_is_refused(tmp_path: Path) -> None:
    """Fewer bytes than announced are not a file."""
    with pytest.raises(InvalidInput):
        Uploads(tmp_path / "uploads").receive(io.BytesIO(b"x"), 2, "a.zip")

    assert list((tmp_path / "uploads").iterdir()) == []
