"""Looking inside a backup: folders, bytes, a conversation as it was."""

from __future__ import annotations

import pytest

from app.errors import InvalidInput, NotFound
from app.library import Library
from app.operations.backups.browsing import (
    browse_backup,
    open_backed_up_file,
    show_backed_up_conversation,
)
from app.operations.backups.creating import create_backup
from app.operations.backups.showing import show_backup
from app.operations.conversations import show_conversation
from app.progress import Task
from db.connection import connected
from tests.operations.backups.making import PICTURE, back_up, write_conversation


def test_folders_are_listed_with_what_they_hold(garden: Library) -> None:
    """Folders first, with the files below them counted; then files, with sizes."""
    made = back_up(garden)

    top = browse_backup(garden, export="Garden", id=made.id)
    media = browse_backup(garden, export="Garden", id=made.id, path="media/")

    assert [(each.name, each.kind, each.files) for each in top.entries] == [
        ("conversations", "folder", 3),
        ("media", "folder", 1),
        ("assets.json", "file", 0),
        ("empty.json", "file", 0),
        ("export.json", "file", 0),
    ]
    assert [(each.path, each.size_bytes) for each in media.entries] == [
        ("media/audio", 0), ("media/mint.png", len(PICTURE)),
    ]  # fmt: skip
    assert browse_backup(garden, export="Garden", id=made.id, path="media/audio").entries == ()


def test_pages_are_the_whole_list_in_parts(garden: Library) -> None:
    """Page by page come the same lines as at once, by folder, by search and in the manifest."""
    made = back_up(garden)

    def lines(**asked: str) -> list[str]:
        found: list[str] = []
        after: str | None = ""
        while after is not None:
            page = browse_backup(garden, export="Garden", id=made.id, limit=2, after=after, **asked)
            assert len(page.entries) <= 2
            found += [each.path for each in page.entries]
            after = page.next
            total = page.total
        assert len(found) == total
        return found

    whole = show_backup(garden, export="Garden", id=made.id)
    paths, after = [], ""
    while True:
        page = show_backup(garden, export="Garden", id=made.id, limit=3, after=after)
        paths += [each.path for each in page.files]
        if page.next is None:
            break
        after = page.next

    assert paths == [each.path for each in whole.files]
    assert lines() == ["conversations", "media", "assets.json", "empty.json", "export.json"]
    assert lines(search="JSON", path="") == sorted(
        (path for path in paths if path.endswith(".json")), key=str.casefold
    )
    assert lines(search="MINT", path="media") == ["media/mint.png"]
    assert lines(search="nothing has this") == []
    with pytest.raises(InvalidInput):
        browse_backup(garden, export="Garden", id=made.id, after="bm8")


@pytest.mark.parametrize("path", ["none", "media/mint.png", "../exports", "/etc"])
def test_folders_that_are_not_there(garden: Library, path: str) -> None:
    """What is no folder of the backup is not found, wherever it would lead."""
    made = back_up(garden)

    with pytest.raises(NotFound):
        browse_backup(garden, export="Garden", id=made.id, path=path)


def test_bytes_are_those_backed_up(garden: Library) -> None:
    """The file as it was then, whatever became of it since; what is not there is not found."""
    made = back_up(garden)
    (garden.exports / "Garden" / "media" / "mint.png").write_bytes(b"changed")

    found = open_backed_up_file(garden, "Garden", made.id, "media/mint.png")
    with found.file as file:
        assert file.read() == PICTURE

    for path in ("media/none.png", "../catalog.sqlite3", "media"):
        with pytest.raises(NotFound):
            open_backed_up_file(garden, "Garden", made.id, path)


def test_a_conversation_is_shown_as_it_was(garden: Library) -> None:
    """The words of then; a file that is no conversation is none."""
    made = back_up(garden)
    file = write_conversation(garden.exports / "Garden", 0, "Changed since")

    view = show_backed_up_conversation(
        garden, export="Garden", id=made.id, path=f"conversations/{file.name}"
    )

    assert view.title == "Mint 0"
    assert view.messages[0].text == "How do I grow mint?"
    for path in ("export.json", "conversations/none.json", "media/mint.png"):
        with pytest.raises(NotFound):
            show_backed_up_conversation(garden, export="Garden", id=made.id, path=path)


def test_media_of_a_conversation_are_those_of_the_backup(demo_library: Library) -> None:
    """Every picture a conversation shows in the library it shows in the backup, from there."""
    with connected():
        made = create_backup(demo_library, Task(), export="Sample", level="store")
        seen = 0
        for entry in browse_backup(
            demo_library, export="Sample", id=made.id, path="conversations"
        ).entries:
            inside = show_backed_up_conversation(
                demo_library, export="Sample", id=made.id, path=entry.path, limit=200
            )
            live = show_conversation(demo_library, export="Sample", id=inside.id, limit=200)
            then = [asset for message in inside.messages for asset in message.assets]
            assert then == [asset for message in live.messages for asset in message.assets]
            html = "".join(message.html for message in inside.messages)
            assert "/api/media/" not in html
            seen += html.count(f"/api/backups/media/Sample/{made.id}/media/")
    assert seen > 3
