"""The program without a window, as one file: it does the main job on a machine with no Python."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from app.demo.sample import build_sample

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 40_000_000


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The single file, just made."""
    out = tmp_path_factory.mktemp("made")
    done = subprocess.run(
        [sys.executable, str(ROOT / "build" / "make.py"), "small", "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return out / "dist" / "small" / "dumpster"


def test_small_program_does_the_main_job(program: Path, tmp_path: Path) -> None:
    """Import, read, search, save, check and serve, with nothing in the environment but a home."""
    archive = build_sample(tmp_path / "sample.zip")
    library = tmp_path / "library"

    def run(*words: str) -> Any:
        done = subprocess.run(
            [str(program), *words, "--library", str(library), "--json"],
            capture_output=True,
            text=True,
            timeout=120,
            env={"HOME": str(tmp_path)},
        )
        assert done.returncode in (0, 3), done.stderr[-3000:]  # 3: the sample lacks files
        return json.loads(done.stdout)

    report = run("import", str(archive), "--name", "Mine")
    assert report["conversations"]["added"] > 10
    assert report["conversations"]["failed"] == 0
    assert run("exports", "list")[0]["name"] == "Mine"
    hit = next(each for each in run("search", "garden")["hits"] if each["messageId"])
    talk = run("conversations", "show", "Mine", hit["conversationId"], "--limit", "100")
    assert hit["messageId"] in [message["id"] for message in talk["messages"]]
    saved = run(
        *("conversations", "save", "Mine", hit["conversationId"]),
        *("--format", "html", "--to", str(tmp_path / "saved")),
    )
    assert all(Path(file).stat().st_size > 500 for file in saved["files"])
    assert run("exports", "check", "Mine")["checked"] > 10
    assert_serves(program, library)
    assert program.stat().st_size <= MOST_BYTES


def assert_serves(program: Path, library: Path) -> None:
    """The page and the API are there."""
    server = subprocess.Popen(
        [str(program), "serve", "--json", "--library", str(library)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"HOME": str(library.parent)},
    )
    assert server.stdout is not None
    try:
        told = json.loads(server.stdout.readline())
        status, cookie, _ = ask(told["entry"], "")
        assert status in (302, 303)
        assert b"Data Dumpster Diver" in ask(told["url"], told["token"], cookie)[2]
        exports = ask(told["url"].rstrip("/") + "/api/exports", told["token"], cookie)[2]
        assert [each["name"] for each in json.loads(exports)] == ["Mine"]
    finally:
        server.terminate()
        assert server.wait(20) is not None
        server.stdout.close()


def test_what_a_killed_one_leaves_is_cleared_away(program: Path, tmp_path: Path) -> None:
    """Its folder goes with the next start; that of one that still runs does not."""
    place = tmp_path / "temporary"
    place.mkdir()
    killed, alive = started(program, place), started(program, place)
    left = {each.name for each in place.glob("_MEI*")}
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait(20)
    for mark in place.glob("_MEI*/dumpster.lock"):
        os.utime(mark, (0, 0))

    last = started(program, place)
    deadline = time.monotonic() + 20
    while len(list(place.glob("_MEI*"))) > 2 and time.monotonic() < deadline:
        time.sleep(0.05)

    now = {each.name for each in place.glob("_MEI*")}
    assert len(left) == len(now) == 2
    assert len(left & now) == 1
    for each in (alive, last):
        os.killpg(each.pid, signal.SIGTERM)
        assert each.wait(20) == 0
    assert list(place.glob("_MEI*")) == []


def started(program: Path, place: Path) -> subprocess.Popen[str]:
    """Serve a library of its own, unpacked in ``place``; it answers by then."""
    process = subprocess.Popen(
        [str(program), "serve", "--json", "--library", str(place / f"library {time.time_ns()}")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"HOME": str(place), "TMPDIR": str(place)},
        start_new_session=True,
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["url"]
    process.stdout.close()
    return process


def ask(url: str, token: str, cookie: str = "") -> tuple[int, str, bytes]:
    """Ask a server of this machine one thing: the status, the cookie it sets, the body."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.netloc, timeout=20)
    try:
        headers = {"X-Token": token, "Cookie": cookie}
        connection.request("GET", f"{where.path or '/'}?{where.query}", headers=headers)
        answer = connection.getresponse()
        set_cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
        return answer.status, set_cookie, answer.read()
    finally:
        connection.close()


def test_licences_of_what_is_bundled_lie_beside_it(program: Path) -> None:
    """Every package inside is named with its licence, and the LGPL's text is there."""
    folder = program.parent / "licences"
    lines = (folder / "licences.txt").read_text().splitlines()

    named = {line.split()[0].lower() for line in lines}
    assert {"python", "py7zr", "bottle", "cheroot", "peewee", "nh3", "msgspec"} <= named
    assert not {"pyside6", "pywebview", "pytest", "playwright"} & named
    assert list((folder / "py7zr").iterdir())
    assert (folder / "LICENSE.txt").read_text() == (ROOT / "LICENSE").read_text()
