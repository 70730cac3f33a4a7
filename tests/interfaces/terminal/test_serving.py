"""The program as a process: serving, stopping, the demo."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[3]
Started = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    """Start the program with a library, a home and a temporary folder of its own."""
    running: list[subprocess.Popen[str]] = []
    (tmp_path / "tmp").mkdir()

    def start(*words: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        environment |= {"TMPDIR": str(tmp_path / "tmp"), "BROWSER": "false"}
        environment.pop("DISPLAY", None)
        environment.pop("WAYLAND_DISPLAY", None)
        process = subprocess.Popen(
            [sys.executable, "-m", "app.main", *words],
            cwd=tmp_path,
            env=environment,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def ask(told: dict[str, str], path: str, token: str = "") -> tuple[int, bytes, str]:
    link = http.client.HTTPConnection("127.0.0.1", urlsplit(told["url"]).port, timeout=10)
    link.request("GET", path, headers={"X-Token": token} if token else {})
    answer = link.getresponse()
    found = (answer.status, answer.read(), answer.headers.get("Location", ""))
    link.close()
    return found


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_tells_a_script_all_it_needs_and_stops(
    started: Started, tmp_path: Path, number: signal.Signals
) -> None:
    """One line of JSON: address, entry, token, pid; a signal ends it cleanly, also told twice."""
    process = started("serve", "--json", "--library", str(tmp_path / "library"))

    told = json.loads(first_line(process))
    entry = urlsplit(told["entry"])
    entered = ask(told, f"{entry.path}?{entry.query}")
    health = ask(told, "/api/health", told["token"])
    for _time in range(1000):  # a single file is told by the terminal and by its starter
        process.send_signal(number)
    out, err = process.communicate(timeout=15)

    assert set(told) == {"url", "entry", "token", "pid"}
    assert told["pid"] == process.pid
    assert entered[0] == 303
    assert entered[2] == f"/#k={told['token']}"
    assert json.loads(health[1])["library"] == str(tmp_path / "library")
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_serve_tells_a_person_where_to_go(started: Started) -> None:
    """Without --json the entry address stands alone on a line."""
    process = started("serve")

    lines = [first_line(process), first_line(process)]

    assert "works once" in lines[0]
    assert lines[1].strip().startswith("http://127.0.0.1:")


def test_taken_port_is_refused(started: Started, tmp_path: Path) -> None:
    """A port something else holds is a refusal, not a traceback."""
    told = json.loads(first_line(started("serve", "--json")))
    port = str(urlsplit(told["url"]).port)

    second = started("serve", "--json", "--port", port)
    out, err = second.communicate(timeout=15)

    assert second.returncode == 2
    assert json.loads(out)["error"]["code"] == "conflict"
    assert "Traceback" not in err


def test_demo_shows_the_sample(started: Started, tmp_path: Path) -> None:
    """The demo serves an invented export and sessions to migrate, and leaves nothing behind."""
    process = started("demo", "--json")

    told = json.loads(first_line(process))
    exports = json.loads(ask(told, "/api/exports", told["token"])[1])

    assert [each["name"] for each in exports] == ["Sample"]
    assert exports[0]["conversationCount"] > 50
    sessions = json.loads(ask(told, "/api/migration/sessions", told["token"])[1])
    assert [each["canMigrate"] for each in sessions] == [True, True]
    process.terminate()
    process.communicate(timeout=15)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "Data Dumpster Diver").exists()


def test_folder_renamed_by_hand_is_followed(started: Started, tmp_path: Path) -> None:
    """An export renamed in the file manager has its new name at the next look."""
    library = tmp_path / "library"
    told = json.loads(first_line(started("demo", "--json", "--library", str(library))))
    (library / "exports" / "Sample").rename(library / "exports" / "Mine")

    names: list[str] = []
    deadline = time.monotonic() + 60
    while names != ["Mine"] and time.monotonic() < deadline:
        names = [each["name"] for each in json.loads(ask(told, "/api/exports", told["token"])[1])]
        time.sleep(0.2)

    assert names == ["Mine"]


def test_no_command_and_no_display_prints_the_address(started: Started, tmp_path: Path) -> None:
    """Where no browser can open, the address is printed instead; the library is in the home."""
    process = started()

    lines = [first_line(process), first_line(process)]

    assert lines[1].strip().startswith("http://127.0.0.1:")
    assert (tmp_path / "Data Dumpster Diver" / "catalog.sqlite3").is_file()


def test_output_cut_short_is_no_fault(started: Started) -> None:
    """Whoever reads only the first line does not make the program fail loudly."""
    process = started("settings", "--json")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None

    assert "Traceback" not in process.communicate(timeout=15)[1]
    assert process.returncode in (0, 1)


def test_library_that_cannot_be_made_is_told(started: Started, tmp_path: Path) -> None:
    """A library where a file stands is one sentence, and exit code 1."""
    (tmp_path / "file").write_text("x")

    process = started("exports", "list", "--library", str(tmp_path / "file"), "--json")
    out, err = process.communicate(timeout=15)

    assert json.loads(out)["error"]["code"] == "storage-problem"
    assert process.returncode == 1
    assert "Traceback" not in err
