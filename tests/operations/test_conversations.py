"""Reading: the list page by page in every order, and one conversation along its branches."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.errors import InvalidInput, NotFound
from app.files.light_reading import lightly_read
from app.library import Library
from app.operations.conversations import (
    MOST_LISTED,
    MOST_SHOWN,
    list_conversations,
    outline_conversation,
    show_conversation,
    show_message,
)
from app.operations.paging import write_cursor
from app.operations.results import ConversationSummary, ShownMessage
from tests.archives import contents, hostile, pairs
from tests.archives.messages import assistant, conversation, hidden, user
from tests.archives.odd_conversations import ODD
from tests.archives.writing import classic_files, write_zip
from tests.operations.conftest import bring, stored
from tests.operations.test_import_archives import odd_archive

SORTS = ("updated", "created", "title", "messages")


def every_page(library: Library, **asked: Any) -> list[ConversationSummary]:
    """Walk through all pages of a list."""
    found: list[ConversationSummary] = []
    after = ""
    while True:
        page = list_conversations(library, after=after, **asked)
        assert len(page.items) <= asked["limit"]
        found += page.items
        if page.next is None:
            return found
        after = page.next


@pytest.fixture
def many(open_library: Library, tmp_path: Path) -> Library:
    """Conversations with equal and missing times, titles and lengths."""
    talks = []
    for number in range(40):
        said = [user(f"question {n}") for n in range(number % 5)]
        talks.append(
            conversation(
                f"c-many-{number}",
                *said,
                title=("Herbs", "herbs", "Ärger", "北京", None, "zoo")[number % 6],
                create_time=None if number % 7 == 0 else 1_700_000_000 + number % 10,
                update_time=None if number % 11 == 0 else 1_710_000_000.5 + number % 3,
            )
        )
    bring(open_library, write_zip(tmp_path / "many.zip", classic_files(talks)), name="Many")
    return open_library


@pytest.mark.parametrize("limit", [1, 7, 40, 100])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_the_list_hold_each_conversation_once(
    many: Library, sort: str, limit: int
) -> None:
    """In every order and page size, all pages together are the whole list, in that order."""
    whole = list_conversations(many, export="Many", sort=sort).items  # type: ignore[arg-type]

    found = every_page(many, export="Many", sort=sort, limit=limit)

    assert found == list(whole)
    assert len({each.id for each in found}) == 40


@pytest.mark.parametrize("sort", SORTS)
def test_lists_are_in_order(many: Library, sort: str) -> None:
    """Newest or longest first, the undated last; titles from A to Z in any case."""
    items = list_conversations(many, export="Many", sort=sort).items  # type: ignore[arg-type]

    if sort == "title":
        assert [each.title.lower() for each in items] == sorted(
            each.title.lower() for each in items
        )
    elif sort == "messages":
        counts = [each.message_count for each in items]
        assert counts == sorted(counts, reverse=True)
    else:
        times = [getattr(each, f"{sort}_at") for each in items]
        dated = [time for time in times if time is not None]
        assert dated == sorted(dated, reverse=True)
        assert times[: len(dated)] == dated


@pytest.mark.parametrize(
    ("search", "count"), [("HERB", 14), ("är", 7), ("京", 7), ("", 40), ("%", 0), ("nothing", 0)]
)
def test_list_is_narrowed_by_title(many: Library, search: str, count: int) -> None:
    """Any part of a title is found, in any case; signs mean themselves."""
    page = list_conversations(many, export="Many", search=search, limit=5)

    assert page.total == count
    assert len(every_page(many, export="Many", search=search, limit=3)) == count


def test_list_is_bounded(many: Library) -> None:
    """However much is asked for, a page has an end; nothing asked for is one."""
    assert len(list_conversations(many, export="Many", limit=10**9).items) <= MOST_LISTED
    assert len(list_conversations(many, export="Many", limit=-5).items) == 1


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [7, 40])
def test_list_begins_near_a_conversation(many: Library, sort: str, limit: int) -> None:
    """Begun near any conversation, and walked both ways, the list is the same."""
    whole = [each.id for each in every_page(many, export="Many", sort=sort, limit=500)]
    for index in range(0, len(whole), 9):
        asked = {"export": "Many", "sort": sort, "limit": limit}
        page = list_conversations(many, at=whole[index], **asked)  # type: ignore[arg-type]
        found = [each.id for each in page.items]
        assert whole[index] in found
        assert found == whole[page.position : page.position + len(found)]
        while page.previous:
            page = list_conversations(many, before=page.previous, **asked)  # type: ignore[arg-type]
            found = [each.id for each in page.items] + found
            assert whole.index(found[0]) == page.position
        assert found == whole[: len(found)]


def test_list_near_what_is_not_there_begins_at_its_beginning(many: Library) -> None:
    """An unknown conversation is no reason to show no list."""
    page = list_conversations(many, export="Many", at="no such")

    assert (page.position, page.previous) == (0, None)
    assert page.items


@pytest.mark.parametrize(
    "cursor", ["x", "%%%", "AAAA", "ä", "W10", write_cursor("a", 1), "9" * 9999]
)
def test_cursor_that_makes_no_sense_is_refused(many: Library, cursor: str) -> None:
    """A cursor that is none, or of another list, is told."""
    with pytest.raises(InvalidInput) as refused:
        list_conversations(many, export="Many", after=cursor)
    assert refused.value.hint
    with pytest.raises(InvalidInput):
        show_conversation(many, export="Many", id="c-many-4", after=cursor)


def test_flags_of_conversations_are_listed(open_library: Library, tmp_path: Path) -> None:
    """Project, starred and archived are told in the list."""
    bring(open_library, contents.projects_gpts_flags(tmp_path), name="Mine")

    items = {each.title: each for each in list_conversations(open_library, export="Mine").items}
    assert items["archived"].archived
    assert items["starred"].starred
    assert items["project"].project
    assert not items["voice"].project


def pages(library: Library, **asked: Any) -> list[ShownMessage]:
    """Walk a conversation from its first page to its last, and back again the same way."""
    found: list[ShownMessage] = []
    view = show_conversation(library, **asked)
    assert view.previous is None
    sizes = [len(view.messages)]
    found += view.messages
    while view.next is not None:
        view = show_conversation(library, after=view.next, **asked)
        found += view.messages
        sizes.append(len(view.messages))
    assert all(size == asked["limit"] for size in sizes[:-1])
    back = list(view.messages)
    while view.previous is not None:
        view = show_conversation(library, after=view.previous, **asked)
        back = [*view.messages, *back]
    assert [each.id for each in back] == [each.id for each in found]
    return found


@pytest.fixture
def long(open_library: Library, tmp_path: Path) -> Library:
    """A conversation of 60 messages, every fourth of them hidden."""
    said = [
        hidden("tool", f"hidden {n}") if n % 4 == 3 else (user, assistant)[n % 2](f"word {n}")
        for n in range(60)
    ]
    talk = conversation("c-long", *said)
    bring(open_library, write_zip(tmp_path / "long.zip", classic_files([talk])), name="Long")
    return open_library


@pytest.mark.parametrize("with_hidden", [False, True])
@pytest.mark.parametrize("limit", [1, 7, 45, 100])
def test_pages_of_a_conversation_cover_its_branch_once(
    long: Library, limit: int, with_hidden: bool
) -> None:
    """Forwards and backwards, the pages hold each message of the branch exactly once."""
    found = pages(long, export="Long", id="c-long", limit=limit, hidden=with_hidden)

    kept = [n for n in range(60) if with_hidden or n % 4 != 3]
    assert [each.id for each in found] == [f"c-long-n{n + 1}" for n in kept]
    assert [each.hidden for each in found] == [n % 4 == 3 for n in kept]


def test_outline_counts_what_is_hidden(long: Library) -> None:
    """It says how many messages the switch would reveal, and lists the questions."""
    outline = outline_conversation(long, export="Long", id="c-long")

    assert (outline.shown_count, outline.hidden_count) == (45, 15)
    assert [each.text for each in outline.questions][:2] == ["word 0", "word 2"]


@pytest.mark.parametrize("limit", [1, 8, 40])
@pytest.mark.parametrize("place", [0, 1, 30, 59])
def test_page_begins_where_asked(long: Library, place: int, limit: int) -> None:
    """The page with a certain message holds it, and its neighbours follow on both sides."""
    node = f"c-long-n{place + 1}"
    whole = [each.id for each in pages(long, export="Long", id="c-long", limit=100, hidden=True)]

    view = show_conversation(long, export="Long", id="c-long", at=node, limit=limit, hidden=True)

    around = [each.id for each in view.messages]
    assert node in around
    for cursor, joined in ((view.next, True), (view.previous, False)):
        if cursor is not None:
            more = show_conversation(
                long, export="Long", id="c-long", after=cursor, limit=limit, hidden=True
            )
            ids = [each.id for each in more.messages]
            around = [*around, *ids] if joined else [*ids, *around]
    start = whole.index(around[0])
    assert around == whole[start : start + len(around)]


def test_page_is_bounded(long: Library) -> None:
    """However much is asked for, also by a cursor, a page has an end."""
    asked = show_conversation(long, export="Long", id="c-long", limit=10**9, hidden=True)
    assert len(asked.messages) == 60 <= MOST_SHOWN
    far = write_cursor(-(10**30), 10**30)
    assert len(show_conversation(long, export="Long", id="c-long", after=far).messages) <= 45


def test_cursor_asks_for_no_more_than_a_page(open_library: Library, tmp_path: Path) -> None:
    """A cursor made by hand gets no more messages than the largest page."""
    talk = conversation("c-deep", *(user(f"m {n}") for n in range(3 * MOST_SHOWN)))
    bring(open_library, write_zip(tmp_path / "a.zip", classic_files([talk])), name="Mine")

    view = show_conversation(open_library, export="Mine", id="c-deep", after=write_cursor(0, 10**9))

    assert len(view.messages) == MOST_SHOWN


def test_branches_are_switched_by_leaf(open_library: Library, tmp_path: Path) -> None:
    """Each switch leads to a branch through that message, which shows the same switch."""
    bring(open_library, contents.branches(tmp_path), name="Mine")
    asked: dict[str, Any] = {"export": "Mine", "id": "c-branches"}
    first = show_conversation(open_library, **asked).messages
    switches = [each for each in first if each.branch is not None]
    assert switches

    for message in switches:
        assert message.branch is not None
        assert message.branch.siblings[message.branch.index - 1] == message.id
        assert message.branch.count == len(message.branch.siblings) > 1
        for sibling in message.branch.siblings:
            view = show_conversation(open_library, **asked, leaf=sibling)
            (same,) = (each for each in view.messages if each.id == sibling)
            assert same.branch is not None
            assert same.branch.siblings == message.branch.siblings


def test_message_on_another_branch_brings_its_branch(open_library: Library, tmp_path: Path) -> None:
    """Asked for by a search hit, a message is shown although its branch is not the active one."""
    bring(open_library, contents.branches(tmp_path), name="Mine")
    (talk,) = stored(open_library.exports / "Mine").values()
    answers = [key for key, node in talk["mapping"].items() if node["message"]]

    for node in answers:
        view = show_conversation(open_library, export="Mine", id="c-branches", at=node, hidden=True)
        assert node in {each.id for each in view.messages}


@pytest.mark.parametrize(
    "asked", [{"leaf": "nobody"}, {"at": "nobody"}, {"leaf": "\0", "at": "x" * 9999}]
)
def test_unknown_messages_show_the_active_branch(long: Library, asked: dict[str, str]) -> None:
    """A link to a message that is gone opens the conversation all the same."""
    view = show_conversation(long, export="Long", id="c-long", **asked)

    assert view.messages[0].id == "c-long-n1"


def test_message_is_shown_raw(open_library: Library, tmp_path: Path) -> None:
    """Behind each message is its node, every key of it, as JSON."""
    expected = contents.all_content_types(tmp_path)
    bring(open_library, expected, name="Mine")
    talk = stored(open_library.exports / "Mine")["c-contents"]

    for key, node in talk["mapping"].items():
        raw = show_message(open_library, export="Mine", id="c-contents", message=key)
        assert (raw.id, json.loads(raw.json)) == (key, node)


@pytest.mark.parametrize(
    ("id_", "message"), [("c-long", "nobody"), ("nobody", "c-long-n1"), ("", ""), ("../x", "\0")]
)
def test_what_is_not_there_is_not_found(long: Library, id_: str, message: str) -> None:
    """An unknown conversation or message is told, with what to do."""
    with pytest.raises(NotFound) as refused:
        show_message(long, export="Long", id=id_, message=message)
    assert refused.value.hint


def test_conversation_remembers_what_it_was_called(open_library: Library, tmp_path: Path) -> None:
    """An earlier title and links it was shared under are shown with it."""
    pair = pairs.edited_since(tmp_path)
    bring(open_library, pair.first, name="Mine")
    share = [{"id": "3f3f-77", "conversation_id": "c-edit"}]
    (talk,) = (t for t in stored(open_library.exports / "Mine").values())
    talk |= {"title": "Renamed", "update_time": talk["update_time"] + 5}
    files = {**classic_files([talk]), "shared_conversations.json": share}
    bring(open_library, write_zip(tmp_path / "b.zip", files), into="Mine")

    view = show_conversation(open_library, export="Mine", id="c-edit")

    assert (view.title, view.previous_titles) == ("Renamed", ("Herbs",))
    assert view.share_links == ("https://chatgpt.com/share/3f3f-77",)
    assert view.original_url == "https://chatgpt.com/c/c-edit"


@pytest.fixture
def odd(open_library: Library, tmp_path: Path) -> Library:
    """All odd conversations in one export."""
    odd_archive(tmp_path)
    bring(open_library, tmp_path / "odd.zip", name="Odd")
    return open_library


def test_odd_conversations_are_all_listed_and_shown(odd: Library) -> None:
    """Each of them is in the list, and every page of each shows, hidden messages and not."""
    listed = every_page(odd, export="Odd", sort="title", limit=50)
    assert len({each.id for each in listed}) == len(listed) == len(ODD)

    for each in listed:
        asked: dict[str, Any] = {"export": "Odd", "id": each.id, "limit": 2}
        shown = pages(odd, **asked)
        everything = pages(odd, **asked, hidden=True)
        assert {m.id for m in shown} <= {m.id for m in everything}
        outline = outline_conversation(odd, export="Odd", id=each.id)
        assert outline.shown_count == len(shown)
        assert outline.shown_count + outline.hidden_count == len(everything)


@pytest.mark.parametrize(
    "builder",
    [contents.broken_dags, contents.unicode_surrogates, hostile.hostile_titles],
    ids=lambda builder: builder.__name__,
)
def test_strange_conversations_show_every_message(
    builder: Any, open_library: Library, tmp_path: Path
) -> None:
    """With hidden ones asked for on every branch, each message of the tree is to be seen."""
    bring(open_library, builder(tmp_path), name="Mine")

    for key, talk in stored(open_library.exports / "Mine").items():
        said = {n for n, node in talk["mapping"].items() if node and node.get("message")}
        seen = set()
        for node in said:
            view = show_conversation(
                open_library, export="Mine", id=key, at=node, hidden=True, limit=MOST_SHOWN
            )
            seen |= {each.id for each in view.messages}
        assert said <= seen


@pytest.fixture
def long_talk(open_library: Library, tmp_path: Path) -> Library:
    """A conversation of more bytes than are read for one page of it."""
    said = [(user, assistant)[n % 2](f"{n} " + "words " * 1200) for n in range(400)]
    talk = conversation("c-long", *said, title="Long")
    bring(open_library, write_zip(tmp_path / "long.zip", classic_files([talk])), name="Mine")
    return open_library


def test_page_of_a_long_conversation_does_not_read_its_file(
    long_talk: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a page needs is found by the places the import noted; whole, it is the same page."""
    whole: list[Path] = []
    monkeypatch.setattr(
        "app.files.light_reading.lightly_read",
        lambda path: whole.append(path) or lightly_read(path),
    )
    page = show_conversation(long_talk, export="Mine", id="c-long", limit=50)
    assert len(page.messages) == 50
    assert whole == []

    (file,) = (long_talk.exports / "Mine" / "conversations").iterdir()
    os.utime(file)  # another time: the places are not believed any more

    assert show_conversation(long_talk, export="Mine", id="c-long", limit=50) == page
    assert whole == [file]
    assert len(pages(long_talk, export="Mine", id="c-long", limit=90)) == 400
