"""Importing: archives in, one export out, whole or not at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from app.errors import InvalidInput
from app.files.sources.refusals import require_room
from app.files.staging import staged, told_as_problems
from app.library import Library
from app.operations.importing.parts import Part, one_account, opened
from app.operations.importing.run import ImportRun
from app.operations.importing.target import choose_target
from app.operations.indexing.writer import CatalogWriter
from app.operations.results import ImportReport
from app.progress import Task


def import_export(
    library: Library,
    task: Task,
    *,
    sources: Annotated[list[str], "ChatGPT archives, unpacked folders or conversations.json files"],
    name: Annotated[str, "what to call the new export"] = "",
    into: Annotated[str, "an export to add to, instead of making a new one"] = "",
) -> ImportReport:
    """Import ChatGPT archives into a new export, or add them to one.

    Opens, decides where it goes, stores everything out of sight, then renames it into
    place and lets the catalog know: until that rename nothing has changed.
    """
    began = time.monotonic()
    task.step("opening")
    with told_as_problems(library.root), staged(library.staging) as folder:
        scratch = folder.parent / "scratch"
        scratch.mkdir()
        with opened(source_paths(sources), scratch) as parts, CatalogWriter() as writer:
            account = one_account(parts)
            target = choose_target(library, parts, account, name, into)
            require_room(needed_bytes(parts), library.root)
            run = ImportRun(library, task, parts, target, account, folder, writer)
            if run.store():
                run.publish()
    seconds = time.monotonic() - began
    return run.tally.report(target.name, created=target.base is None, seconds=seconds)


def source_paths(sources: Sequence[str]) -> list[Path]:
    """Turn what a person named into paths, each once. Raises InvalidInput if there is none."""
    named = [Path(source).expanduser().absolute() for source in sources if source.strip()]
    if not named:
        raise InvalidInput(
            "No archive was named.",
            hint="Name the ZIP file ChatGPT sent, or the folder it unpacks to.",
        )
    return list(dict.fromkeys(named))


def needed_bytes(parts: Sequence[Part]) -> int:
    """Estimate the room an import needs: everything once, conversations indented and indexed."""
    text = sum(entry.size_bytes for part in parts for entry in part.layout.conversations)
    return sum(part.total_bytes for part in parts) + 2 * text
