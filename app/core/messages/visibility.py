"""Who a message is from and to, and whether it is shown, folded, hidden or told elsewhere.

`glance` decides for the ordinary message without understanding it: it runs for every
message of a conversation that is opened, and of an archive that is imported.
"""

from __future__ import annotations

import re

from app.core.blocks import Display
from app.core.loose import Json, items, mapping, string

META_TYPES = frozenset({"user_editable_context", "model_editable_context"})
HIDDEN_TYPES = frozenset(
    {"system_content", "developer_content", "system_message", "app_pairing_content"}
)
FOLDED_TYPES = frozenset(
    {
        "thoughts",
        "reasoning_recap",
        "tether_browsing_display",
        "tether_browsing_code",
        "tether_quote",
        "sonic_webpage",
        "system_error",
        "computer_output",
        "computer_initialize_state",
        "citable_code_output",
    }
)
TOOL_ROLES = frozenset({"tool", "function"})
_UNSPOKEN_ROLES = frozenset({"system", "developer"})
_BACKSTAGE_ROLES = TOOL_ROLES | {"critic"}
_MARK_FIRST = re.compile("[\ue200-\ue2ff\u3010]")
_NOTHING: Json = {}


def role_of(message: Json) -> str:
    """Return who speaks: "user", "assistant", "tool", "system", another word, or nothing."""
    author = message.get("author")
    if isinstance(author, dict):
        role = author.get("role")
        return role if isinstance(role, str) else ""
    return author if isinstance(author, str) else ""


def tool_of(message: Json) -> str:
    """Return the name of the tool that speaks, as exported."""
    author = mapping(message.get("author"))
    real = string(mapping(author.get("metadata")).get("real_author"))
    return string(author.get("name")) or real.removeprefix("tool:")


def recipient_of(message: Json) -> str:
    """Return whom the message is for: "all", or the name of a tool."""
    recipient = message.get("recipient")
    return recipient if isinstance(recipient, str) and recipient else "all"


def type_of(content: object) -> str:
    """Return the type of a content, "text" for a bare string, empty if none is stated."""
    if isinstance(content, str):
        return "text"
    return string(mapping(content).get("content_type"))


def standing(message: Json, content_type: str) -> Display:
    """Decide how a message is shown by who says it to whom, not by whether it says anything.

    What a tool gives to see is shown all the same; see `app/core/messages/understanding.py`.
    """
    metadata = message.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else _NOTHING
    if content_type in META_TYPES or metadata.get("is_user_system_message") is True:
        return "meta"
    if metadata.get("is_visually_hidden_from_conversation") is True:
        return "hide"
    role = role_of(message)
    if role in _UNSPOKEN_ROLES or content_type in HIDDEN_TYPES:
        return "hide"
    if content_type in FOLDED_TYPES or message.get("channel") == "analysis":
        return "fold"
    if role == "user":
        return "show"
    return "fold" if role in _BACKSTAGE_ROLES or recipient_of(message) != "all" else "show"


def ordinary_text(message: Json, role: str) -> str | None:
    """Return the raw text of a message that is one shown text and nothing else; else None.

    Most messages are, so this asks only what tells them apart. Something of the text is
    sure to be left when it is understood.
    """
    content = message.get("content")
    if not isinstance(content, dict) or content.get("content_type") != "text":
        return None
    parts = content.get("parts")
    if not isinstance(parts, list) or len(parts) != 1 or not _stays(parts[0]):
        return None
    metadata = message.get("metadata")
    if metadata and not (isinstance(metadata, dict) and _UNUSUAL.isdisjoint(metadata)):
        return None
    if metadata and not _spared(metadata):
        return None
    said = role == "user" or (role == "assistant" and message.get("recipient") in ("all", None))
    return parts[0] if said and message.get("channel") != "analysis" else None


def glance(message: Json | None, above: Json | None) -> Display | None:
    """Return how a message is shown, or None where that takes understanding it.

    ``above`` is the message before it on its branch. Where this answers, it answers what
    `understand` does: only for texts of which something is sure to be left.
    """
    if message is None:
        return "hide"
    if ordinary_text(message, role_of(message)) is not None:
        return "show"
    metadata = message.get("metadata")
    if metadata and not (isinstance(metadata, dict) and _TELLING.isdisjoint(metadata)):
        return None
    content = message.get("content")
    if not isinstance(content, dict):
        return None
    content_type = content.get("content_type")
    if not isinstance(content_type, str):
        return None
    display = standing(message, content_type)
    if display == "hide":
        return "hide"
    if display == "meta" or not _says(content_type, content, metadata):
        return None
    return None if above is not None and follows_picture(message, above) else display


def follows_picture(message: Json, above: Json) -> bool:
    """Tell whether a tool speaks right after a tool: perhaps only about a picture it made."""
    return role_of(message) in TOOL_ROLES and role_of(above) in TOOL_ROLES


# Metadata that can put something into a message, or take it out of sight.
_TELLING = frozenset(
    {"attachments", "chatgpt_sdk", "venus_widget_state", "image_results"}
    | {"n7jupd_crefs", "n7jupd_crefs_by_file", "content_references_by_file"}
    | {"user_context_message_data", "ada_visualizations"}
)


_UNUSUAL = _TELLING | {"is_user_system_message", "is_visually_hidden_from_conversation"}


def _says(content_type: str, content: Json, metadata: object) -> bool:
    """Tell whether a content holds text of which something is sure to be left."""
    if content_type == "text":
        parts = content.get("parts")
        says = isinstance(parts, list) and bool(parts) and _stays(parts[0])
        return says and _spared(mapping(metadata))
    if content_type == "code":
        return _stays(content.get("text"))
    if content_type == "execution_output":
        made = items(mapping(mapping(metadata).get("aggregate_result")).get("messages"))
        pictures = any(mapping(each).get("image_url") for each in made)
        return not pictures and _stays(content.get("text"))
    if content_type == "reasoning_recap":
        return _stays(content.get("content"))
    if content_type == "thoughts":
        return any(_stays(mapping(each).get("content")) for each in items(content.get("thoughts")))
    return False


def _spared(metadata: Json) -> bool:
    """Tell whether the references of a text surely leave its first character alone.

    A reference stands for the piece it matches, and may delete it; one that begins with a
    mark cannot begin where the text begins with a word.
    """
    for reference in items(metadata.get("content_references")):
        matched = string(mapping(reference).get("matched_text"))
        if matched.strip() and not _MARK_FIRST.match(matched):
            return False
    return True


def _stays(text: object) -> bool:
    """Tell whether a text surely keeps its first character when marks and dirt are removed."""
    if not isinstance(text, str):
        return False
    text = text.lstrip()
    first = text[:1]
    if not first or not first.isprintable() or first in ":\u3010":
        return False
    return first not in "cf" or not text.startswith(("cite", "filecite"))
