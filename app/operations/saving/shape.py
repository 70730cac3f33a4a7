"""A stored conversation in the shape a saved file is made of."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from app.core.conversation.reading import Reading
from app.core.messages.speakers import author_of
from app.core.messages.visibility import role_of
from app.core.timestamps import read_seconds
from app.operations.moments import moment
from app.rendering.saved.conversation import SavedBranch, SavedConversation, SavedMessage

_SEEN = ("show", "fold")


def shaped(id_: str, stored: Mapping[str, object]) -> SavedConversation:
    """Return a conversation as it was last shown, with all that is on its other branches."""
    reading = Reading.of(stored)
    reading.understand_all()
    path = reading.path()
    messages = [_message(reading, node) for node in path]
    branches = _branches(reading, path)
    models = dict.fromkeys(message.model for message in messages)
    return SavedConversation(
        id=id_,
        title=reading.facts.title,
        created=moment(reading.facts.created),
        updated=moment(reading.facts.updated),
        models=tuple(model for model in models if model),
        url=f"https://chatgpt.com/c/{quote(id_, safe='')}",
        messages=messages,
        branches=branches,
        project=reading.facts.project,
    )


def _branches(reading: Reading, path: list[str]) -> list[SavedBranch]:
    """Gather the messages beside the path, each run of them that follow each other."""
    places = {node: number for number, node in enumerate(path, start=1)}
    messages = reading.tree.messages
    beside = [node for node in messages if node not in places and node not in messages.without]
    seen = {node for node in beside if reading.display(node) in _SEEN}
    if not seen:
        return []
    order = dict.fromkeys((*reading.tree.order, *reading.tree.detached))
    runs: list[tuple[str, list[str]]] = []
    last = ""
    for node in order:
        if node not in seen:
            continue
        above = _above(reading, node, places, seen)
        if above != last or not runs or above in places:
            runs.append((_told(above, places), []))
        runs[-1][1].append(node)
        last = node
    return [SavedBranch(told, [_message(reading, node) for node in run]) for told, run in runs]


def _above(reading: Reading, node: str, places: Mapping[str, int], seen: set[str]) -> str:
    """Answer the nearest message before one that is saved too; empty if there is none."""
    above = reading.tree.parents[node]
    while above is not None and above not in places and above not in seen:
        above = reading.tree.parents[above]
    return above or ""


def _told(above: str, places: Mapping[str, int]) -> str:
    if above in places:
        return f"Another way on after message {places[above]}:"
    return "Another way on from this branch:" if above else "Another beginning:"


def _message(reading: Reading, node: str) -> SavedMessage:
    content = reading.content(node)
    message = reading.tree.messages[node] or {}
    return SavedMessage(
        author=author_of(message, reading.display(node)),
        role=role_of(message),
        created=moment(read_seconds(message.get("create_time"))),
        model=reading.model(node),
        content=content,
        folded=content.display == "fold",
    )
