"""Two archives imported one after the other: what the second may add, change or not lose."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

from tests.archives.expected import Expected, expect
from tests.archives.messages import Json, assistant, conversation, grow, image, mixed, simple, user
from tests.archives.writing import USER, classic_files, png, write_zip

LATER = 86_400.0


@dataclass(frozen=True)
class Pair:
    """Two archives, and what the library must hold once both are in (in either order).

    ``texts`` must all be readable afterwards; ``gone`` are the conversations the second
    archive no longer has; ``accounts`` tells whether both are of one account.
    """

    first: Expected
    second: Expected
    both: Expected
    texts: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    accounts: int = 1


def _pair(first: Expected, second: Expected, **told: object) -> Pair:
    nodes = {
        key: first.nodes.get(key, frozenset()) | second.nodes.get(key, frozenset())
        for key in {**first.nodes, **second.nodes}
    }
    both = Expected(second.path, nodes, first.media | second.media)
    return Pair(first, second, both, **told)  # type: ignore[arg-type]


def older_richer_newer_poorer(folder: Path) -> Pair:
    """The later archive has a new message, but lost thoughts, a picture and metadata."""
    name, pointer = (
        "file-Kite1Kite2Kite3Kite4Ki-kite.png",
        "file-service://file-Kite1Kite2Kite3Kite4Ki",
    )
    thoughts = [{"summary": "Wind", "content": "A kite wants four metres a second."}]
    rich = conversation(
        "c-kite",
        user("How much wind does a kite want?"),
        assistant({"content_type": "thoughts", "thoughts": thoughts}),
        assistant(
            "Four metres a second.", metadata={"model_slug": "o3", "citations": [{"start_ix": 1}]}
        ),
        assistant(mixed(image(pointer, prompt="a kite over hills"), "Here is one.")),
        title="Kites",
    )
    poor = copy.deepcopy(rich)
    poor["update_time"] += LATER
    poor["title"] = "Kites and wind"
    messages = [node["message"] for node in poor["mapping"].values() if node["message"]]
    messages[1]["content"] = {"content_type": "thoughts", "thoughts": []}
    messages[2]["metadata"] = {"model_slug": "o3"}
    messages[3]["content"] = {"content_type": "multimodal_text", "parts": ["Here is one."]}
    poor["current_node"] = grow(poor, "c-kite-n4", user("Thank you for the kite!"))
    old = write_zip(folder / "rich.zip", classic_files([rich], {name: png(7)}, {pointer: name}))
    new = write_zip(folder / "poor.zip", classic_files([poor]))
    kept = ("A kite wants four metres a second.", "a kite over hills", "Thank you for the kite!")
    return _pair(expect(old, [rich], [png(7)]), expect(new, [poor]), texts=kept)


def deleted_upstream(folder: Path) -> Pair:
    """The later archive lacks a conversation and has another, and a picture returns in it."""
    pointer = "sediment://file_00000000feed0001"
    seen = conversation("c-pic", user(mixed(image(pointer), "my plan")), title="Picture")
    path = "user-7HqW9zPp3Lk2/file_00000000feed0001-77.png"
    old = write_zip(
        folder / "before.zip", classic_files([simple(1), simple(2), seen], {path: png(8)})
    )
    new = write_zip(folder / "after.zip", classic_files([simple(2), simple(3), seen]))
    first = expect(old, [simple(1), simple(2), seen], [png(8)])
    second = expect(new, [simple(2), simple(3), seen])
    return _pair(
        first, second, texts=("Which herb is number 1?",), gone=frozenset({"c-simple-0001"})
    )


def edited_since(folder: Path) -> Pair:
    """Each archive has a branch the other lacks; the later one is renamed and archived."""
    old = conversation("c-edit", user("Which herbs?"), assistant("Mint."), title="Herbs")
    new: Json = copy.deepcopy(old)
    grow(old, "c-edit-n1", assistant("Mint, said the first."))
    new |= {"title": "Herbs of the north wall", "is_archived": True}
    new["update_time"] += LATER
    branch = grow(
        new, "c-edit-n0", user("Which herbs *there*?"), assistant("Chervil."), prefix="c-later-"
    )
    new["current_node"] = branch
    first = expect(write_zip(folder / "one.zip", classic_files([old])), [old])
    second = expect(write_zip(folder / "two.zip", classic_files([new])), [new])
    return _pair(first, second, texts=("Mint, said the first.", "Chervil."))


def two_accounts(folder: Path) -> Pair:
    """Archives of two people."""
    other = {"id": "user-Other", "email": "kim@example.org", "chatgpt_plus_user": False}
    first = write_zip(folder / "sam.zip", classic_files([simple(1)], account=USER))
    second = write_zip(folder / "kim.zip", classic_files([simple(2)], account=other))
    return _pair(expect(first, [simple(1)]), expect(second, [simple(2)]), accounts=2)


def same_archive_twice(folder: Path) -> Pair:
    """The very same archive, downloaded again under another name."""
    files = classic_files([simple(1), simple(2)])
    first = write_zip(folder / "export.zip", files)
    second = write_zip(folder / "export (1).zip", files)
    return _pair(expect(first, [simple(1), simple(2)]), expect(second, [simple(1), simple(2)]))


PAIRS = (
    older_richer_newer_poorer,
    deleted_upstream,
    edited_since,
    two_accounts,
    same_archive_twice,
)
