"""Looking into archives: what an import would do, with nothing written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from app.core.archive.entries import Entry
from app.core.conversation.facts import conversation_id
from app.core.loose import mapping
from app.core.problems import Problem
from app.files.chat_html import read_page
from app.files.json_stream import elements
from app.library import Library
from app.operations.importing.parts import Part, is_conversation, nothing_found, opened
from app.operations.importing.reading import is_empty_list
from app.operations.imports import source_paths
from app.operations.results import Inspection
from app.progress import Task


def inspect_sources(
    library: Library,
    task: Task,
    *,
    sources: Annotated[list[str], "ChatGPT archives, unpacked folders or conversations.json files"],
) -> Inspection:
    """Look into ChatGPT archives and say what an import would bring; nothing is kept."""
    del library  # nothing of it is needed, or touched
    task.step("opening")
    with (
        TemporaryDirectory(prefix="dumpster-") as scratch,
        opened(source_paths(sources), Path(scratch)) as parts,
    ):
        counts, found = _Counts(), False
        for part in parts:
            _count_part(part, Path(scratch), counts, task)
            found = found or counts.found
        if not found:
            raise nothing_found(parts, counts.problems)
        return _inspection(parts, counts)


class _Counts:
    """What has been counted so far; a conversation met twice counts once."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.messages = 0
        self.problems: list[Problem] = []
        self.found = False  # whether the part has one, or a damaged piece an import would keep


def _count_part(part: Part, scratch: Path, counts: _Counts, task: Task) -> None:
    """Count what a part's files hold; its page, where they are damaged or hold nothing."""
    told = len(counts.problems)
    counts.found = False
    for entry in part.layout.conversations:
        copy = _unpacked(part, entry, scratch / "conversations.json", counts)
        if copy is not None:
            _count(copy, entry, counts, task)
    page = part.layout.chat_html
    if page is None or (counts.found and len(counts.problems) == told):
        return
    copy = _unpacked(part, page, scratch / "chat.html", counts)
    if copy is not None:
        with copy.open("rb") as stream:
            repeated = read_page(stream, scratch).conversations
        if repeated is not None:
            _count(repeated, page, counts, task)


def _unpacked(part: Part, entry: Entry, copy: Path, counts: _Counts) -> Path | None:
    for _, outcome in part.source.extract_all([(entry, copy)]):
        if isinstance(outcome, Problem):
            counts.problems.append(outcome)
            return None
    return copy


def _count(copy: Path, entry: Entry, counts: _Counts, task: Task) -> None:
    """Count the conversations and messages of one file."""
    size = copy.stat().st_size
    counts.found = counts.found or is_empty_list(copy)
    for element in elements(copy):
        task.step("conversations", element.offset, size, entry.leaf, "bytes")
        counts.found = counts.found or bool(element.broken) or is_conversation(element.value)
        if element.broken:
            counts.problems.append(_broken(entry, element.offset, element.broken))
            continue
        id_ = conversation_id(element.value)
        if id_ not in counts.ids:
            counts.ids.add(id_)
            nodes = mapping(element.value.get("mapping")).values()
            counts.messages += sum(bool(mapping(node).get("message")) for node in nodes)
    copy.unlink()


def _broken(entry: Entry, offset: int, why: str) -> Problem:
    return Problem(
        "damaged-conversation",
        f"A conversation in {entry.leaf} at byte {offset:,} cannot be read: {why}.",
        entry.leaf,
        "An import keeps its bytes; another download of the archive may have it whole.",
        loss=True,
    )


def _inspection(parts: list[Part], counts: _Counts) -> Inspection:
    told = [*(p for part in parts for p in (*part.source.problems, *part.layout.problems))]
    labels = {part.account.label or part.account.id for part in parts} - {""}
    return Inspection(
        kind=", ".join(dict.fromkeys(part.source.kind for part in parts)),
        layout=", ".join(dict.fromkeys(part.layout.era for part in parts)),
        conversations=len(counts.ids),
        messages=counts.messages,
        assets=sum(len(part.layout.media) for part in parts),
        bytes=sum(part.total_bytes for part in parts),
        account=", ".join(sorted(labels)),
        exported_at=max((p.exported_at for p in parts if p.exported_at), default=None),
        problems=tuple(dict.fromkeys((*told, *counts.problems))),
    )
