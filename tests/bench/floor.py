"""The bare floor of an import: unpack, split, decode, one file each, index; no checks at all.

Run as a program with a ZIP and an empty folder; prints the seconds it took. It is
written to be fast, not to be kept: nothing is durable, nothing is verified, nothing
is remembered but the words.
"""

from __future__ import annotations

import sqlite3
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec


def import_bare(archive: Path, folder: Path) -> None:
    """Write one file a conversation and fill a full-text index."""
    with zipfile.ZipFile(archive) as opened:
        everything = opened.read("conversations.json")
    catalog = sqlite3.connect(folder / "catalog.sqlite3", isolation_level=None)
    catalog.executescript(
        "PRAGMA journal_mode=off; PRAGMA synchronous=off; PRAGMA cache_size=-32000;"
        "CREATE VIRTUAL TABLE words USING fts5(text, conversation UNINDEXED, message UNINDEXED);"
        "BEGIN"
    )
    target = folder / "conversations"
    target.mkdir()
    for number, raw in enumerate(msgspec.json.decode(everything, type=list[msgspec.Raw])):
        conversation = msgspec.json.decode(raw)
        with open(f"{target}/{number}.json", "wb") as file:  # noqa: PTH123 - the fastest way
            file.write(raw)
        rows = texts(conversation)
        catalog.executemany("INSERT INTO words VALUES(?,?,?)", rows)
    catalog.execute("COMMIT")
    catalog.close()


def texts(conversation: dict) -> Iterator[tuple[str, str, str]]:
    """Yield the words of each message."""
    for key, node in conversation["mapping"].items():
        if message := node["message"]:
            yield "\n".join(message["content"]["parts"]), conversation["id"], key


if __name__ == "__main__":
    began = time.perf_counter()
    import_bare(Path(sys.argv[1]), Path(sys.argv[2]))
    print(time.perf_counter() - began)
