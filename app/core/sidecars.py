"""What the small files beside the conversations say; any of them may be anything.

Shapes: `user.json`, `message_feedback.json`, `shared_conversations.json` of ChatGPT's
exports, 2022 to 2026.
"""

from __future__ import annotations

from msgspec import Struct

from app.core.loose import items, mapping, string
from app.core.text import one_line


class Account(Struct, frozen=True):
    """Whose export it is; both are empty where it does not say."""

    id: str = ""
    label: str = ""


def account(user: object) -> Account:
    """Read `user.json`: the account's id, and the address or number people know it by."""
    if isinstance(user, list) and user:
        user = user[0]
    facts = mapping(user)
    label = string(facts.get("email")) or string(facts.get("phone_number"))
    return Account(string(facts.get("id")).strip(), one_line(label))


def feedback(rows: object) -> dict[str, str]:
    """Read `message_feedback.json`: message id -> "up" or "down".

    Old rows name the message in ``message_id``, new ones in ``id``.
    """
    found: dict[str, str] = {}
    for row in items(rows):
        facts = mapping(row)
        rating = string(facts.get("rating")).lower().replace("_", "")
        message = string(facts.get("message_id")) or string(facts.get("id"))
        if message and rating in ("thumbsup", "thumbsdown"):
            found[message] = rating.removeprefix("thumbs")
    return found


def share_links(rows: object) -> dict[str, tuple[str, ...]]:
    """Read `shared_conversations.json`: conversation id -> addresses it was shared under."""
    found: dict[str, tuple[str, ...]] = {}
    for row in items(rows):
        facts = mapping(row)
        share, conversation = string(facts.get("id")), string(facts.get("conversation_id"))
        if share.replace("-", "").isalnum() and conversation:
            link = f"https://chatgpt.com/share/{share}"
            found[conversation] = (*found.get(conversation, ()), link)
    return found
