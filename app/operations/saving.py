"""Saving conversations as files for other programs, and for people without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote

from app.core.conversation.reading import Reading
from app.core.problems import Problem
from app.errors import InvalidInput, NotFound, StorageProblem
from app.files.export_folder import ExportFolder
from app.library import Library
from app.operations.exports import export_row
from app.operations.moments import moment
from app.operations.results import SavedConversations
from app.operations.saved_media import MediaBeside, SavedFiles, with_pictures
from app.progress import Task
from app.rendering.saved.conversation import SavedConversation, SavedMessage
from app.rendering.saved.html_file import html_file
from app.rendering.saved.markdown_file import markdown_file
from app.rendering.saved.text_file import text_file
from db import conversations as catalog
from db.models import Export

Format = Literal["markdown", "html", "json", "text"]
_EXTENSIONS = {"markdown": ".md", "html": ".html", "json": ".json", "text": ".txt"}
_SEEN = ("show", "fold")


def save_conversations(
    library: Library,
    task: Task,
    *,
    export: Annotated[str, "the export's name"],
    ids: Annotated[list[str] | None, "ids of conversations; all of them if left out"] = None,
    format: Annotated[Format, "what kind of file"] = "markdown",
    to: Annotated[str, "folder to write to; one of the library's own if left out"] = "",
) -> SavedConversations:
    """Save conversations as files: Markdown, HTML, JSON or plain text.

    JSON is the conversation byte for byte as stored; the others show the branch last
    shown, with its media in ``media/`` beside them. No file is ever overwritten.
    """
    row = export_row(library, export)
    chosen = _chosen(row, ids or [])
    folder = _folder(library, row, to)
    saved: list[str] = []
    problems: list[Problem] = []
    with _all_or_nothing(folder) as files:
        writer = _Writer(ExportFolder(library.exports / row.folder), files, folder)
        for number, (id_, file) in enumerate(chosen):
            stem = Path(file).stem
            task.step("saving", number, len(chosen), stem, "conversations")
            try:
                content = writer.content(id_, file, format)
            except StorageProblem as problem:
                problems.append(_unreadable(problem, file))
                continue
            saved.append(str(files.write(stem + _EXTENSIONS[format], content, tag=id_[:8])))
        task.step("saving", len(chosen), len(chosen), unit="conversations")
    return SavedConversations(tuple(saved), tuple(problems))


class _Writer:
    """Makes the content of each file of one save."""

    def __init__(self, export: ExportFolder, files: SavedFiles, folder: Path) -> None:
        self._export = export
        self._media = MediaBeside(export, files, folder)

    def content(self, id_: str, file: str, format_: Format) -> bytes | Path:
        """Return the bytes of the file, or the file to copy. Raises StorageProblem."""
        if format_ == "json":
            return self._stored(file)
        conversation = _along_the_branch(id_, self._export.read_conversation(file))
        if format_ == "text":
            text = text_file(conversation)
        elif format_ == "markdown":
            text = markdown_file(conversation, self._media.resolver(id_))
        else:
            pictures: dict[str, Path] = {}
            text = html_file(conversation, self._media.resolver(id_, pictures))
            text = with_pictures(text, pictures)
        return text.encode("utf-8")

    def _stored(self, file: str) -> Path:
        path = self._export.conversation_path(file)
        if not path.is_file():
            raise StorageProblem(
                f"The conversation file {path.name} is gone.",
                hint="Check the export, or import its archive again.",
            )
        return path


def _along_the_branch(id_: str, stored: Mapping[str, object]) -> SavedConversation:
    """Return a conversation as it was last shown."""
    reading = Reading.of(stored)
    path = reading.path()
    shown = set(path)
    elsewhere = [
        node
        for node, message in reading.tree.messages.items()
        if message is not None and node not in shown and reading.display(node) in _SEEN
    ]
    models = dict.fromkeys(reading.model(node) for node in path)
    return SavedConversation(
        id=id_,
        title=reading.facts.title,
        created=moment(reading.facts.created),
        updated=moment(reading.facts.updated),
        models=tuple(model for model in models if model),
        url=f"https://chatgpt.com/c/{quote(id_, safe='')}",
        messages=[_message(reading, node) for node in path],
        left_out=len(elsewhere),
    )


def _message(reading: Reading, node: str) -> SavedMessage:
    content = reading.content(node)
    return SavedMessage(
        author=reading.author(node),
        role=reading.role(node),
        created=moment(reading.created(node)),
        model=reading.model(node),
        content=content,
        folded=content.display == "fold",
    )


def _chosen(row: Export, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Answer ids and files of the conversations to save, in the files' order. Raises NotFound."""
    files = {id_: file for id_, (_, file) in catalog.rows_by_id(row.row).items()}
    for id_ in ids:
        if id_ not in files:
            raise NotFound(
                f"“{row.name}” has no conversation with the id {id_[:100]}.",
                hint="The list of conversations shows the ids. Nothing was saved.",
                id=id_[:200],
            )
    return sorted(((id_, files[id_]) for id_ in set(ids or files)), key=lambda pair: pair[1])


def _folder(library: Library, row: Export, to: str) -> Path:
    """Answer the folder to write to. Raises InvalidInput if it lies within an export."""
    if not to.strip():
        return library.root / "saved" / row.folder
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


@contextmanager
def _all_or_nothing(folder: Path) -> Iterator[SavedFiles]:
    """Take back what was written if the save fails or is stopped."""
    files = SavedFiles(folder)
    try:
        yield files
    except OSError as problem:
        files.take_back()
        raise StorageProblem(
            f"The conversations could not be saved to {folder}: {problem.strerror or problem}.",
            hint="Check the free space and that the folder can be written to. Nothing was kept.",
        ) from problem
    except BaseException:
        files.take_back()
        raise


def _unreadable(problem: StorageProblem, file: str) -> Problem:
    return Problem("damaged-file", problem.message, item=file, hint=problem.hint, loss=True)
