"""Which file of a source is what: every era, and names made to be mistaken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.archive.entries import Entry, Found, listed
from app.core.archive.layout import Layout, exported_at, read_layouts
from app.errors import NotAnExport

CONVERSATION = b'[{"id": "c", "current_node": "n", "mapping": {}}]'


def layouts(*names: str, texts: Mapping[str, bytes] | None = None) -> tuple[Layout, ...]:
    entries, _ = listed(Found(name, 10, None, n) for n, name in enumerate(names))
    known = texts or {}
    return read_layouts(entries, lambda entry, limit: known.get(entry.name, CONVERSATION)[:limit])


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.name for entry in entries]


def manifest(*files: str) -> bytes:
    return json.dumps({"logical_files": {"conversations.json": {"files": files}}}).encode()


def test_classic_archive():
    """One file of conversations, sidecars, media of every grammar, and the rest."""
    (layout,) = layouts(
        "conversations.json", "chat.html", "user.json", "message_feedback.json",
        "file-AbCdefgh1234-plan.png", "dalle-generations/file-Q1-1.webp",
        "6f0c/audio/file_00aa-1.wav", "6f0c/video/clip.mp4", "user-Xy/file_00bb-1.png",
        "textdocs/0b7e.json", "notes.xyz",
    )  # fmt: skip

    assert layout.era == "classic"
    assert names(layout.conversations) == ["conversations.json"]
    assert set(layout.sidecars) == {"user", "message_feedback"}
    assert len(layout.media) == 5
    assert names(layout.textdocs) == ["textdocs/0b7e.json"]
    assert names(layout.others) == ["notes.xyz"]


@pytest.mark.parametrize("order", [1, -1])
def test_share_lists_are_never_taken_for_conversations(order: int):
    """They end in the same letters: the old program lost everything by that."""
    both = ["shared_conversations.json", "sectioned_conversations.json", "conversations.json"]

    (layout,) = layouts(*both[::order])

    assert names(layout.conversations) == ["conversations.json"]
    assert set(layout.sidecars) == {"shared_conversations", "sectioned_conversations"}


def test_share_list_alone_is_no_export():
    """And the refusal says what there was."""
    with pytest.raises(NotAnExport, match=r"shared_conversations\.json"):
        layouts(
            "shared_conversations.json",
            "my_conversations.json",
            texts={"my_conversations.json": b"[1]", "shared_conversations.json": b'[{"id": 1}]'},
        )


def test_share_list_beside_a_page_is_recovered_from_the_page():
    """chat.html holds all conversations once more."""
    (layout,) = layouts("chat.html", "shared_conversations.json")

    assert layout.era == "page"
    assert layout.conversations == ()
    assert layout.chat_html is not None


def test_shards_are_in_numerical_order():
    """With gaps, and numbers of three digits or four."""
    shards = [f"conversations-{n:03}.json" for n in (0, 2, 10, 100, 999, 1000, 1001)]

    (layout,) = layouts(*sorted(shards, reverse=True))

    assert layout.era == "sharded"
    assert names(layout.conversations) == shards


def test_manifest_orders_names_what_is_missing_and_hides_nothing():
    """Its order first, then shards it does not name; those it names in vain are told."""
    (layout,) = layouts(
        "conversations-000.json", "conversations-001.json", "conversations-002.json",
        "export_manifest.json", "sites/export_manifest.json",
        texts={"export_manifest.json": manifest(
            "conversations-002.json", "conversations-000.json", "conversations-007.json"
        )},
    )  # fmt: skip

    assert [name[14:17] for name in names(layout.conversations)] == ["002", "000", "001"]
    assert layout.missing_shards == ("conversations-007.json",)
    assert [(p.code, p.loss) for p in layout.problems] == [("missing-shard", True)]
    assert names(layout.others) == ["sites/export_manifest.json"]


@pytest.mark.parametrize(
    "text", [b"", b"null", b"[]", b"{}", b'{"logical_files": 5}', b"{", b"\xff", b"[" * 100_000]
)
def test_manifest_that_makes_no_sense_is_told_and_not_used(text: bytes):
    """The names of the files are enough."""
    (layout,) = layouts(
        "conversations-001.json",
        "conversations-000.json",
        "export_manifest.json",
        texts={"export_manifest.json": text},
    )

    assert names(layout.conversations) == ["conversations-000.json", "conversations-001.json"]
    assert [problem.code for problem in layout.problems] == ["odd-manifest"]
    assert not layout.problems[0].loss


def test_folder_around_everything_is_the_root():
    """Macs add one when they pack a folder."""
    (layout,) = layouts("My export/conversations.json", "My export/user-Xy/file_00aa-1.png")

    assert layout.root == "My export"
    assert [layout.relative(entry) for entry in layout.media] == ["user-Xy/file_00aa-1.png"]


def test_folder_of_media_is_not_a_root():
    """An archive whose only folder is dalle-generations/ keeps it."""
    (layout,) = layouts("conversations.json", "dalle-generations/a.webp")

    assert layout.root == ""
    assert [layout.relative(entry) for entry in layout.media] == ["dalle-generations/a.webp"]


def test_several_exports_in_one_folder_are_several():
    """Each with its own files; what is above all of them goes with the first."""
    first, second = layouts(
        "b/conversations.json", "b/file-Q1w2e3r4.png", "a/conversations-000.json", "readme.md"
    )

    assert (first.root, second.root) == ("a", "b")
    assert names(first.others) == ["readme.md"]
    assert names(second.media) == ["b/file-Q1w2e3r4.png"]


def test_sidecars_may_be_under_tmp():
    """Some archives of late 2025 have them there."""
    (layout,) = layouts("conversations.json", "tmp/sora.json", "tmp/shopping.json")

    assert layout.root == ""
    assert set(layout.sidecars) == {"sora", "shopping"}


def test_persons_own_file_is_never_an_export():
    """A program in a chat may write a file of any name."""
    own = "personal/files/c-1/n-1/mnt/data/conversations.json"

    (layout,) = layouts("conversations.json", own)

    assert names(layout.conversations) == ["conversations.json"]
    assert names(layout.media) == [own]


def test_copies_a_browser_numbered_are_known():
    """A second download is called " (1)"."""
    (layout,) = layouts("Conversations (1).JSON", "user (1).json")

    assert names(layout.conversations) == ["Conversations (1).JSON"]
    assert set(layout.sidecars) == {"user"}


def test_one_file_for_each_conversation_is_known_by_content():
    """As this program and its predecessor keep them."""
    (layout,) = layouts(
        "conversations/2024.01.01_a.json", "conversations/2024.01.02_b.json", "assets.json",
        "media/file-Q1w2e3r4.png", "broken.json",
        texts={"assets.json": b"{}", "broken.json": b"{"},
    )  # fmt: skip

    assert layout.era == "separate"
    assert len(layout.conversations) == 2
    assert set(layout.sidecars) == {"assets"}
    assert names(layout.media) == ["media/file-Q1w2e3r4.png"]
    assert names(layout.others) == ["broken.json"]


@pytest.mark.parametrize(
    ("name", "text", "provider"),
    [
        ("conversations.json", b'[{"uuid": "1", "name": "n", "chat_messages": []}]', "Claude"),
        (
            "conversations.json",
            b'[{"inserted_at": "2025", "mapping": {"n": {"message": {"fragments": []}}}}]',
            "DeepSeek",
        ),
        ("prod-grok-backend.json", b'{"conversations": [{"conversation": {}}]}', "Grok"),
        ("Takeout/My Activity.json", b"[]", "Google Gemini"),
        ("chats.json", b'[{"chat": {"history": {"messages": {}}}}]', "Open WebUI"),
        ("a.json", b'{"conversationId": "x", "messages": []}', "LibreChat"),
        ("chat-0a1b2c3d4e.json", b"[]", "Mistral Le Chat"),
    ],
)
def test_other_providers_are_named(name: str, text: bytes, provider: str):
    """A person who chose the wrong download learns which one it is."""
    with pytest.raises(NotAnExport, match=provider):
        layouts(name, texts={name: text})


def test_nothing_known_lists_what_was_found():
    """The message names some, the details more."""
    with pytest.raises(NotAnExport, match=r"a0\.txt") as refused:
        layouts(*[f"a{n}.txt" for n in range(60)])

    assert "55 more" in refused.value.message
    assert len(refused.value.details["found"]) == 50


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ab12-2026-03-04-05-06-07-ff.zip", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("data-2026-03-04-05-06-07-batch-0000", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-13-04-05-06-07.zip", None),
        ("export.zip", None),
    ],
)
def test_time_of_an_export_is_in_its_name(name: str, expected: datetime | None):
    """The best there is; a number that is no date is none."""
    assert exported_at(name) == expected


PARTS = st.sampled_from(
    ["conversations.json", "conversations-000.json", "shared_conversations.json", "chat.html", "a",
     "tmp", "user.json", "textdocs", "x.png", "file-Q1w2e3r4.dat", "personal", "files",
     "é", "__MACOSX"]
)  # fmt: skip
PATHS = st.lists(PARTS, min_size=1, max_size=4).map("/".join)


@settings(deadline=None)
@given(st.lists(PATHS, max_size=12, unique=True))
def test_every_file_is_in_exactly_one_place(paths: list[str]):
    """Whatever the names, nothing is lost and nothing is twice."""
    entries, _ = listed(Found(path, 1, None, n) for n, path in enumerate(paths))
    try:
        found = read_layouts(entries, lambda entry, limit: CONVERSATION[:limit])
    except NotAnExport:
        return

    places = [
        entry.name
        for layout in found
        for entry in (
            *layout.conversations, *layout.sidecars.values(), *layout.textdocs, *layout.media,
            *layout.others, *([layout.chat_html] if layout.chat_html else []),
        )
    ]  # fmt: skip
    assert sorted(places) == sorted(entry.name for entry in entries)
