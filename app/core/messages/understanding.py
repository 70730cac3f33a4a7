"""Understand one message: what it says in blocks, how it is shown, what it cites."""

from __future__ import annotations

from collections.abc import Callable

from app.core.blocks import (
    AssetReference,
    Content,
    Display,
    Notice,
    Output,
    Plain,
    Prose,
    Transcript,
)
from app.core.loose import Json, items, mapping, string
from app.core.messages.attachments import add_attachments
from app.core.messages.canvas.calls import add_call
from app.core.messages.citations.rewriting import may_be_marked
from app.core.messages.context import Context
from app.core.messages.draft import Draft, words
from app.core.messages.kinds import background, cards, thinking, tools
from app.core.messages.kinds.research import report_metadata, report_of, report_parts
from app.core.messages.parts import PART_TYPES, add_parts
from app.core.messages.visibility import (
    FOLDED_TYPES,
    TOOL_ROLES,
    ordinary_text,
    recipient_of,
    role_of,
    standing,
    type_of,
)
from app.core.text import lines

Adder = Callable[[Draft, Json], None]

_READERS: dict[str, tuple[str, Adder]] = {
    "code": ("code", tools.add_code),
    "tether_browsing_code": ("code", tools.add_code),
    "execution_output": ("output", tools.add_execution),
    "tether_browsing_display": ("browsing", cards.add_browsing),
    "tether_quote": ("quote", cards.add_quote),
    "sonic_webpage": ("quote", cards.add_quote),
    "system_error": ("error", cards.add_error),
    "thoughts": ("thoughts", thinking.add_thoughts),
    "reasoning_recap": ("recap", thinking.add_recap),
    "user_editable_context": ("instructions", background.add_custom_instructions),
    "model_editable_context": ("memory", background.add_memory),
    "app_pairing_content": ("system", background.add_app_context),
    "computer_output": ("image", cards.add_computer),
    "computer_initialize_state": ("image", cards.add_computer),
    "super_widget": ("other", cards.add_widget),
    "citable_code_output": ("output", cards.add_connector_output),
    "system_content": ("system", background.add_system),
    "developer_content": ("system", background.add_system),
    "system_message": ("system", background.add_system),
}
_TEXT_TYPES = frozenset({"text", "multimodal_text"})
_UNFINISHED = ("error", "finished_partial_completion", "in_progress")
_CUT_SHORT = ("interrupted", "max_tokens")
_MEANT_TO_SAY = ("parts", "text", "result", "output_str", "content", "thoughts")


def understand(node_id: str, message: Json, context: Context) -> Content:
    """Return a message understood; any JSON at all is some content, and nothing raises.

    ``context`` is the conversation around it: citations point to other messages, and a
    tool's remark about a picture is known by the picture before it.
    """
    if (ordinary := understood_at_once(message)) is not None:
        return ordinary
    content_type = type_of(message.get("content"))
    draft = Draft(node_id, message, context)
    report = report_of(draft.metadata)
    if report is not None:
        for part in report_parts(report):
            if isinstance(part, str):
                draft.answer(part, report_metadata(report))
    kind = _add_content(draft, content_type)
    add_attachments(draft)
    display = _display(draft, content_type, reported=report is not None)
    blocks = tuple(draft.finish())
    notice = _notice(draft) if display == "show" else None
    if not blocks and (notice is None or notice.level != "error"):
        display, notice = "hide", None
    return Content(
        kind="text" if report is not None else kind,
        display=display,
        blocks=blocks if notice is None else (*blocks, notice),
        sources=draft.gathered.numbering.sources(),
        label=_label(draft, content_type) if display == "fold" else "",
        not_understood=tuple(draft.unknown),
    )


def understood_at_once(message: Json) -> Content | None:
    """Return the content of a message that is one ordinary text, as most are; else None.

    Where this answers, it answers what the long way would: a conversation that is saved or
    read is understood several times as fast for it.
    """
    role = role_of(message)
    text = ordinary_text(message, role)
    if text is None or "bio" in (message.get("recipient"), mapping(message["author"]).get("name")):
        return None
    if role != "user" and not _says_no_more(message, text):
        return None
    fit = lines(text)
    said: Plain | Prose = Plain(fit) if role == "user" else Prose(fit.strip("\n"))
    return Content("text", "show", (said,))


def _says_no_more(message: Json, text: str) -> bool:
    """Tell whether an answer ended well, cites nothing and holds no box."""
    if message.get("status") in _UNFINISHED or may_be_marked(text) or ":::" in text:
        return False
    metadata = message.get("metadata")
    if not isinstance(metadata, dict):
        return not metadata
    if metadata.get("content_references") or metadata.get("is_error") is True:
        return False
    finish = metadata.get("finish_details")
    return not isinstance(finish, dict) or finish.get("type") not in _CUT_SHORT


def _add_content(draft: Draft, content_type: str) -> str:
    """Append what the content holds; return the message's kind."""
    raw = draft.message.get("content")
    content = mapping(raw)
    if draft.recipient.startswith("canmore") and draft.role == "assistant" and add_call(draft):
        return "canvas"
    if content_type in _READERS:
        kind, add = _READERS[content_type]
        add(draft, content)
        return kind
    if content_type in _TEXT_TYPES or content_type in PART_TYPES or not isinstance(raw, dict):
        _add_text(draft, raw, content_type)
        return _kind_of_text(draft)
    _add_unknown(draft, content, content_type)
    return "other" if draft.unknown else _kind_of_text(draft)


def _add_text(draft: Draft, raw: object, content_type: str) -> None:
    """Append the parts of a text, or a content that is a text or a part itself."""
    if draft.metadata.get("is_user_system_message") is True:
        background.add_custom_instructions(draft, mapping(raw))
    if content_type in PART_TYPES:
        add_parts(draft, [raw])
    elif not isinstance(raw, dict):
        add_parts(draft, raw)
    else:
        add_parts(draft, raw["parts"] if raw.get("parts") else raw.get("text"))
    if draft.role in TOOL_ROLES:
        tools.add_visualizations(draft)
    cards.add_links(draft, items(draft.metadata.get("image_results")))


def _add_unknown(draft: Draft, content: Json, content_type: str) -> None:
    """Append what an unknown content is likely to say, and every other string it holds."""
    rest = {key: value for key, value in content.items() if key != "content_type"}
    for key in _MEANT_TO_SAY:
        before = len(draft.blocks)
        if isinstance(rest.get(key), (str, list)):
            add_parts(draft, rest[key])
            if len(draft.blocks) > before:
                del rest[key]
                break
    # parts or a text without a stated type are understood, if that is all there is
    if content_type or words(rest) or not draft.blocks:
        draft.not_understood(content_type, rest)


def _kind_of_text(draft: Draft) -> str:
    """Return the kind of a message made of parts: spoken, a picture, or text."""
    if draft.metadata.get("is_user_system_message") is True:
        return "instructions"
    if draft.role in ("system", "developer"):
        return "system"
    if "bio" in (draft.recipient, string(mapping(draft.message.get("author")).get("name"))):
        return "memory"
    if any(
        isinstance(block, Transcript)
        or (isinstance(block, AssetReference) and block.kind == "audio")
        for block in draft.blocks
    ):
        return "audio"
    if any(isinstance(block, AssetReference) and block.kind == "image" for block in draft.blocks):
        return "image"
    said_by_tool = draft.blocks and all(isinstance(block, Output) for block in draft.blocks)
    return "output" if said_by_tool else "text"


def _display(draft: Draft, content_type: str, *, reported: bool) -> Display:
    """Decide how the message is shown, by the ordered rules of hiding."""
    if reported:
        return "show"
    display = standing(draft.message, content_type)
    if display != "fold" or content_type in FOLDED_TYPES or draft.role not in TOOL_ROLES:
        return display
    spoken = draft.recipient == "all" and draft.message.get("channel") != "analysis"
    if spoken and any(_is_media(block) for block in draft.blocks):
        return "show"
    above = draft.context.above(draft.node)
    remark = draft.blocks and all(isinstance(block, Output) for block in draft.blocks)
    if content_type in _TEXT_TYPES and remark and above is not None and _made_picture(above):
        return "hide"  # "do not say anything after this": words for the model
    return "fold"


def _is_media(block: object) -> bool:
    """Tell whether a tool's block is for the person to see: no page rendered for the model."""
    return (
        isinstance(block, AssetReference)
        and block.kind != "file"
        and not block.note.startswith("page ")
    )


def _made_picture(message: Json) -> bool:
    """Tell whether a message is a tool's picture."""
    if role_of(message) not in TOOL_ROLES:
        return False
    parts = items(mapping(message.get("content")).get("parts"))
    return any("image" in string(mapping(part).get("content_type")) for part in parts)


def _notice(draft: Draft) -> Notice | None:
    """Return a quiet line on an answer that did not end well."""
    if draft.role != "assistant":
        return None
    status = draft.message.get("status")
    finish = mapping(draft.metadata.get("finish_details")).get("type")
    if status == "error" or draft.metadata.get("is_error") is True:
        return Notice("ChatGPT met an error while answering.", "error")
    if status == "finished_partial_completion" or finish == "interrupted":
        return Notice("This answer was stopped before it was finished.")
    if finish == "max_tokens":
        return Notice("This answer reached the limit of its length.")
    if status == "in_progress":
        return Notice("This answer was never finished.")
    return None


def _label(draft: Draft, content_type: str) -> str:
    """Return the line a folded message shows."""
    content = mapping(draft.message.get("content"))
    if content_type == "thoughts":
        return thinking.thinking_label(draft.metadata)
    if content_type == "reasoning_recap":
        return thinking.recap_label(content, draft.metadata)
    if content_type in ("tether_quote", "sonic_webpage"):
        return cards.card_label(content)
    if content_type == "system_error":
        return "An error of a tool"
    if content_type in ("computer_output", "computer_initialize_state"):
        return cards.computer_label(content)
    if content_type == "tether_browsing_display":
        return "Browsed the web"
    return _label_by_speaker(draft, content)


def _label_by_speaker(draft: Draft, content: Json) -> str:
    if draft.role in TOOL_ROLES:
        return tools.answer_label(draft.message)
    if recipient_of(draft.message) != "all":
        text = string(content.get("text"))
        parts = items(content.get("parts"))
        return tools.call_label(draft.recipient, text or (string(parts[0]) if parts else ""))
    return "Thought" if draft.message.get("channel") == "analysis" else "A note"
