"""Importing for real, and what a library and its catalog hold afterwards, as plain values."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.library import Library
from app.operations.imports import import_export
from app.operations.results import ImportReport
from app.progress import Task
from db.connection import connected
from db.models import database
from tests.archives.expected import Expected

TABLES = {  # table -> its columns that mean the same whatever the rows' numbers are
    "export": "key, name, folder, stamp, account, created_at, updated_at, conversation_count,"
    " message_count, media_count, missing_count, size_bytes, first_message_at, last_message_at,"
    " months, models, media_bytes",
    "conversation": "(SELECT folder FROM export WHERE export.row = export_id), id, file, title,"
    " title_key, created_at, updated_at, created_sort, updated_sort, message_count, models,"
    " starred, archived, gone, has_media, branches, project",
    "messageplaces": "(SELECT conversation.id FROM conversation WHERE conversation.row ="
    " conversation_id), size, modified_ns, encoded",
    "message": "(SELECT conversation.id FROM conversation WHERE conversation.row ="
    " conversation_id), id, role, kind, created_at, model, text",
    "asset": "(SELECT folder FROM export WHERE export.row = export_id), path, kind, size_bytes,"
    " name_key, created_sort, message_id, width, height",
    "assetuse": "(SELECT conversation.id FROM conversation WHERE conversation.row ="
    " conversation_id), message_id, pointer, kind, path,"
    " name, created_at, width, height",
}


@pytest.fixture
def open_library(library: Library) -> Iterator[Library]:
    """An empty library whose catalog is connected, as the table of operations has it."""
    with connected():
        yield library


def bring(
    library: Library, *archives: Path | Expected, name: str = "", into: str = "", task: Any = None
) -> ImportReport:
    """Import archives, the further sources of an expectation along with it."""
    sources: list[str] = []
    for each in archives:
        if isinstance(each, Expected):
            sources += [str(each.path), *map(str, each.sources)]
        else:
            sources.append(str(each))
    return import_export(library, task or Task(), sources=sources, name=name, into=into)


def listing(folder: Path, *, times: bool = False) -> dict[str, tuple[object, ...]]:
    """What is below a folder: relative path -> hash (and time) of each file, folders too."""
    found: dict[str, tuple[object, ...]] = {}
    for parent, folders, files in os.walk(folder):
        for each in folders:
            found[str(Path(parent, each).relative_to(folder))] = ("folder",)
        for each in files:
            path = Path(parent, each)
            facts: tuple[object, ...] = (hashlib.sha256(path.read_bytes()).hexdigest(),)
            if times:
                facts = (*facts, path.stat().st_mtime_ns)
            found[str(path.relative_to(folder))] = facts
    return found


def catalog_rows() -> dict[str, list[str]]:
    """Every row of the catalog as text, sorted; row numbers left out."""
    found = {
        table: sorted(map(repr, database.execute_sql(f"SELECT {columns} FROM {table}").fetchall()))  # noqa: S608
        for table, columns in TABLES.items()
    }
    database.execute_sql(
        "INSERT INTO messageindex(messageindex, rank) VALUES('integrity-check', 1)"
    )
    return found


def stored(export: Path) -> dict[str, dict[str, Any]]:
    """The conversations of an export's folder by id, read with nothing but json."""
    found: dict[str, dict[str, Any]] = {}
    for file in (export / "conversations").iterdir():
        talk = json.loads(file.read_bytes())
        key = talk.get("conversation_id") or talk.get("id") or file.name
        assert key not in found, f"{key} is in two files"
        found[key] = talk
    return found


def nodes(export: Path) -> dict[str, frozenset[str]]:
    """The ids of all nodes in an export's folder, by conversation."""
    return {key: frozenset(talk["mapping"]) for key, talk in stored(export).items()}


def digests(folder: Path, *, only: str = "") -> set[str]:
    """The SHA-256 of every file below a folder, or of those whose path ends so."""
    return {
        str(facts[0])
        for path, facts in listing(folder).items()
        if facts != ("folder",) and path.endswith(only)
    }
