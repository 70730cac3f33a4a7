"""Taking out: conversations, whole exports and what a search finds, as files for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from app.core.naming import safe_component
from app.core.saved_places import Layout, Names
from app.errors import InvalidInput
from app.library import Library
from app.operations.saving.chosen import of_export, of_exports, of_search
from app.operations.saving.options import Format, options
from app.operations.saving.results import SavedConversations
from app.operations.saving.run import save
from app.progress import Task
from app.rendering.saved.markdown_file import Links

_QUERY_LETTERS = 60


def save_conversations(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name"],
    ids: Annotated[list[str] | None, "ids of conversations; all of them if left out"] = None,
    format: Annotated[Format, "what kind of file"] = "markdown",
    to: Annotated[str, "folder to write to; one of the library's own if left out"] = "",
    naming: Annotated[Names | None, "what files are called; else as the settings say"] = None,
    layout: Annotated[Layout | None, "folders for them; else as the settings say"] = None,
    links: Annotated[Links | None, "how Markdown names media; else as the settings say"] = None,
) -> SavedConversations:
    """Save conversations as files: Markdown, HTML, linked pages, PDF, text or JSON.

    JSON is the conversation byte for byte as stored; the others show the branch last
    shown, then what is on other branches, with media in ``media/`` beside them. Files of
    an earlier save are brought up to date; no other file is ever overwritten.
    """
    chosen = of_export(library, export, ids or [])
    folder = _folder(library, to, chosen.path.name)
    return save(library, task, [chosen], options(library, format, naming, layout, links), folder)


def save_exports(
    library: Library,
    task: Task,
    *,
    names: Annotated[list[str], "the exports' names"],
    format: Annotated[Format, "what kind of file"] = "markdown",
    to: Annotated[str, "folder to write to; one of the library's own if left out"] = "",
    naming: Annotated[Names | None, "what files are called; else as the settings say"] = None,
    layout: Annotated[Layout | None, "folders for them; else as the settings say"] = None,
    links: Annotated[Links | None, "how Markdown names media; else as the settings say"] = None,
) -> SavedConversations:
    """Save whole exports as files, each in a folder of its own."""
    chosen = of_exports(library, names)
    folder = _folder(library, to, "")
    return save(library, task, chosen, options(library, format, naming, layout, links), folder)


def save_found(
    library: Library,
    task: Task,
    *,
    q: Annotated[str, "the words to find; in quotes, words that stand together"],
    export: Annotated[str, "only in this export"] = "",
    role: Annotated[str, "only messages of this role: user, assistant, tool"] = "",
    format: Annotated[Format, "what kind of file"] = "markdown",
    to: Annotated[str, "folder to write to; one of the library's own if left out"] = "",
    naming: Annotated[Names | None, "what files are called; else as the settings say"] = None,
    layout: Annotated[Layout | None, "folders for them; else as the settings say"] = None,
    links: Annotated[Links | None, "how Markdown names media; else as the settings say"] = None,
) -> SavedConversations:
    """Save every conversation in which a search finds something, whole."""
    chosen = of_search(library, q, export, role)
    folder = _folder(library, to, safe_component(f"Search {q.strip()[:_QUERY_LETTERS]}"))
    return save(library, task, chosen, options(library, format, naming, layout, links), folder)


def _folder(library: Library, to: str, own: str) -> Path:
    """Answer the folder to write to. Raises InvalidInput if it lies within an export."""
    if not to.strip():
        return library.root / "saved" / own
    try:
        folder = Path(to).expanduser().absolute()
        inside = folder.resolve().is_relative_to(library.exports.resolve())
    except (OSError, RuntimeError) as problem:
        raise InvalidInput(
            f"{to[:200]} is not a folder that can be written to.", hint="Nothing was saved."
        ) from problem
    if inside:
        raise InvalidInput(
            "Conversations cannot be saved into an export's own folder.",
            hint="Choose a folder outside the library's exports.",
        )
    return folder
